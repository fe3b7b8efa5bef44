"""Who comes back: of everybody whose first time was in a span, how many were there again so many periods later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from qunying.insights.columns import to_us
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Session
from qunying.insights.engines.slots import period_of, slot_of
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.did import hold_did, hold_ways
from qunying.insights.journeys.parting import PART, PARTED, Parts, standing_in
from qunying.insights.journeys.steps import CAME, SAID, parts_of, sources_of
from qunying.insights.measure import Open
from qunying.insights.scope import MICROSECOND, Scope, local_day
from qunying.insights.tables import table_of_rows
from qunying.insights.world import see
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

EVERY = ("day", "week", "month")
MOST = {"day": 90, "week": 52, "month": 24}
BY = ("", "day", "week", "month", "community", "source")
ENDS = pa.schema([(name, pa.int64()) for name in ("community_id", "since_period", "last_period", "until_period")])

Counts = dict[int, int]


@dataclass(frozen=True, slots=True)
class Retention:
    """Of those who did ``start`` for the first time ever, who did ``back`` in the n-th period after it.

    Periods are calendar days, weeks from Monday or months; period 0 is the one of the first time, and everybody is there.
    ``or_later``: in the n-th period or any later one. Only people count whose n-th period is over.
    """

    start: str = CAME
    back: str = SAID
    every: str = "day"
    or_later: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cohort after ``n`` periods: how many people's period is over, how many of them were back, and the share."""

    n: int
    size: int
    returned: int

    @property
    def value(self) -> float | None:
        """The share; None where there is nobody."""
        return self.returned / self.size if self.size else None


def count_retention(
    asked: Retention,
    scope: Scope,
    began_at: datetime,
    by: str = "",
    *,
    in_parts: Parts | None = None,
    open_session: Open = chosen.open,
) -> dict[str, list[Cell]]:
    """The cells per part of the breakdown (of the first time), «» where nothing is broken down.

    ``began_at`` is where the record begins: first times before the span are looked for from there. By ``part``,
    and by what stands on no doing, people stand where ``in_parts`` puts them; whoever it does not name stands under «».
    Raises ``BadUse``.
    """
    _check(asked, by)
    with _opened(asked, scope, began_at, by, in_parts, open_session) as session:
        sql = f"WITH {read_sql('journeys/periods')},\n{read_sql('journeys/retention')}"
        rows = session.ask(sql, _params(asked, scope, by))
    sizes, backs = defaultdict[str, Counts](dict), defaultdict[str, Counts](dict)
    for row in rows:
        (backs if row["is_back"] else sizes)[row["slot"]][row["n"]] = row["people"]
    return {slot: _cells(asked, sizes[slot], backs[slot]) for slot in sorted(sizes)}


def _cells(asked: Retention, passed: Counts, backs: Counts) -> list[Cell]:
    """Every n of which somebody's period is over; ``passed`` and ``backs`` count people by their periods."""
    cells = [Cell(0, sum(passed.values()), sum(passed.values()))]
    for n in range(1, min(max(passed) - 1, MOST[asked.every]) + 1):
        size = sum(people for periods, people in passed.items() if periods > n)
        later = sum(people for last, people in backs.items() if last >= n) if asked.or_later else backs.get(n, 0)
        cells.append(Cell(n, size, later))
    return cells


def list_people_of_cell(
    asked: Retention,
    scope: Scope,
    began_at: datetime,
    by: str,
    slot: str,
    n: int,
    *,
    in_parts: Parts | None = None,
    open_session: Open = chosen.open,
) -> list[tuple[int, bool]]:
    """(person, is back) of everybody who counts in that cell, in the order of their first time. Raises ``BadUse``."""
    _check(asked, by)
    try:
        part = slot_of(slot, standing_in(by))
    except ValueError:
        return []
    with _opened(asked, scope, began_at, by, in_parts, open_session) as session:
        sql = f"WITH {read_sql('journeys/periods')},\n{read_sql('journeys/people_of_cell')}"
        rows = session.ask(sql, {**_params(asked, scope, by), "slot": part, "n": n})
    return [(row["person_id"], row["is_back"]) for row in rows]


def _check(asked: Retention, by: str) -> None:
    if asked.every not in EVERY:
        raise BadUse(mark("--every 只能是 %(known)s"), known=EVERY)
    if by not in {*BY, PART, *PARTED}:
        raise BadUse(mark("留存不能按 %(by)s 拆开；可以按 %(known)s"), by=by, known=(*BY[1:], *PARTED))


@contextmanager
def _opened(
    asked: Retention, scope: Scope, began_at: datetime, by: str, in_parts: Parts | None, open_session: Open
) -> Iterator[Session]:
    steps = {asked.start, asked.back}
    sources = {*sources_of(steps), *(("events",) if by == "source" else ())}
    whole = replace(scope, since=min(began_at, scope.since))
    with open_session(see(whole, tuple(sources))) as session:
        hold_did(session, steps)
        hold_ways(session, with_way=by == "source", in_parts=(in_parts or {}) if by in {PART, *PARTED} else None)
        give_ends(session, scope, asked.every)
        yield session


def give_ends(session: Session, scope: Scope, every: str) -> None:
    """Gives the session ``ends``: in which period the span begins on each community's clocks, its last one, and the one that
    its end lies in, which is the next one where the end is a midnight."""
    rows = [
        (home.id, *(period_of(local_day(moment, home.timezone), every) for moment in _moments(scope)))
        for home in scope.all_homes
    ]
    session.take("ends", table_of_rows(rows, ENDS))


def _moments(scope: Scope) -> tuple[datetime, ...]:
    return scope.since, scope.until - MICROSECOND, scope.until


def _params(asked: Retention, scope: Scope, by: str) -> dict[str, object]:
    return {
        "by": standing_in(by),  # all of them stand in ``came_by``
        "every": asked.every,
        "start": list(parts_of(asked.start)),
        "back": list(parts_of(asked.back)),
        "since_us": to_us(scope.since),
        "or_later": asked.or_later,
    }
