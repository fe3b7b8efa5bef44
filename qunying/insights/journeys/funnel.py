"""Funnels: how many people went from the first step to the next ones within a window, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pyarrow as pa

from qunying.insights.engines import chosen
from qunying.insights.engines.base import Row, Session
from qunying.insights.engines.slots import slot_of
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.did import hold_did, hold_ways, name_did
from qunying.insights.journeys.parting import PART, PARTED, Parts, standing_in
from qunying.insights.journeys.steps import parts_of, sources_of
from qunying.insights.journeys.walking import Doings, walk
from qunying.insights.measure import Open
from qunying.insights.scope import Scope
from qunying.insights.world import MOST_HERE, see
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MICROSECOND = timedelta(microseconds=1)
BY = ("", "day", "week", "month", "community", "source")


@dataclass(frozen=True, slots=True)
class Funnel:
    """Steps within ``window`` of the first one; the window's end still belongs to it.

    In order, each step comes after the one before or at the same moment, the same thing done again strictly later. In any
    order, the steps up to one may be done in goes_together order, all within the window. A person counts once per community,
    where they came furthest; a breakdown puts them where they first did the first step.
    """

    steps: tuple[str, ...]
    window: timedelta
    in_any_order: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """The ``n``-th step of a funnel: who came so far, their share of the first and of the step before, and the time it took.

    Times are seconds from the first step of the quickest way there; None for the first step and where nobody came.
    """

    n: int
    step: str
    people: int
    of_first: float | None
    of_previous: float | None
    median_s: float | None
    p90_s: float | None


def count_funnel(
    funnel: Funnel, scope: Scope, by: str = "", *, in_parts: Parts | None = None, open_session: Open = chosen.open
) -> dict[str, list[Stage]]:
    """The stages per part of the breakdown, «» where nothing is broken down. Raises ``BadUse`` for an unknown one.

    By ``part``, and by what stands on no doing, people stand where ``in_parts`` puts them, «» being the rest.
    """
    with _opened(funnel, scope, by, in_parts, open_session) as session:
        return _counted(session, funnel, by)


def count_funnel_with_total(
    funnel: Funnel, scope: Scope, by: str, *, in_parts: Parts | None = None, open_session: Open = chosen.open
) -> tuple[dict[str, list[Stage]], list[Stage]]:
    """The same, and the stages where nothing is broken down, read once for both."""
    with _opened(funnel, scope, by, in_parts, open_session) as session:
        return _counted(session, funnel, by), _counted(session, funnel, "")[""]


def _counted(session: Session, funnel: Funnel, by: str) -> dict[str, list[Stage]]:
    rows = session.ask(_told("funnel_told", by), {"by": standing_in(by)})
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["slot"], []).append(row)
    parts = {slot: _stages(funnel.steps, some) for slot, some in sorted(found.items())}
    return parts or ({"": _stages(funnel.steps, [])} if not by else {})


def list_people_of_stage(
    funnel: Funnel,
    scope: Scope,
    by: str,
    slot: str,
    n: int,
    *,
    in_parts: Parts | None = None,
    open_session: Open = chosen.open,
) -> list[tuple[int, bool]]:
    """(person, came so far) of everybody who came to the step before the n-th, in the order in which they began.

    Of the first step, everybody who did it. Raises ``BadUse`` as ``count_funnel`` does.
    """
    try:
        part = slot_of(slot, standing_in(by))
    except ValueError:
        return []
    with _opened(funnel, scope, by, in_parts, open_session) as session:
        params = {"by": standing_in(by), "slot": part, "n": n, "step_1": _params(funnel)["step_1"]}
        rows = session.ask(_told("people_of_stage", by), params)
    return [(row["person_id"], row["is_there"]) for row in rows]


@contextmanager
def _opened(funnel: Funnel, scope: Scope, by: str, in_parts: Parts | None, open_session: Open) -> Iterator[Session]:
    if by not in {*BY, PART, *PARTED}:
        raise BadUse(mark("漏斗不能按 %(by)s 拆开；可以按 %(known)s"), by=by, known=(*BY[1:], *PARTED))
    if funnel.in_any_order and len(set(funnel.steps)) < len(funnel.steps):
        raise BadUse(mark("不分先后时，同一步不能写两遍"))
    sources = {*sources_of(funnel.steps), *(("events",) if by == "source" else ())}
    world = see(scope, tuple(sources))
    with open_session(world) as session:
        is_here = session.is_near and world.rows <= MOST_HERE
        (name_did if is_here else hold_did)(session, funnel.steps, with_clocks=bool(by))
        hold_ways(session, with_way=by == "source", in_parts=(in_parts or {}) if by in {PART, *PARTED} else None)
        if by:
            session.hold("entered", read_sql("journeys/funnel_entries"), _params(funnel))
        (_walk if is_here else _hold_furthest)(session, funnel)
        yield session


def _walk(session: Session, funnel: Funnel) -> None:
    """Counts here how far everybody came, and gives it back."""
    marks = " + ".join(
        f"CASE WHEN list_contains($step_{n}, name) THEN {1 << (n - 1)} ELSE 0 END"
        for n in range(1, len(funnel.steps) + 1)
    )
    columns = session.arrays(f"SELECT member, at_us, {marks} AS marks FROM did", _params(funnel))
    doings = Doings(columns["member"], columns["at_us"], columns["marks"])  # type: ignore[arg-type]
    found = walk(doings, _again(funnel.steps), funnel.window // MICROSECOND, in_any_order=funnel.in_any_order)
    session.take("furthest", pa.table({"step": found.steps, "member": found.members, "took_us": found.took_us}))


def _hold_furthest(session: Session, funnel: Funnel) -> None:
    session.hold("furthest", furthest_sql(funnel), _params(funnel) | {"window_us": funnel.window // MICROSECOND})


def _params(funnel: Funnel) -> dict[str, object]:
    return {f"step_{n}": list(parts_of(step)) for n, step in enumerate(funnel.steps, 1)}


def _again(steps: Sequence[str]) -> list[bool]:
    """Of each step whether it shares something with the one before, so that one doing may not be both."""
    parts = [set(parts_of(step)) for step in steps]
    return [False, *(bool(one & other) for one, other in pairwise(parts))]


def _stages(steps: Sequence[str], rows: Sequence[Row]) -> list[Stage]:
    by_step = {row["step"]: row for row in rows}
    people = [int(by_step[n]["people"]) if n in by_step else 0 for n in range(1, len(steps) + 1)]
    found = []
    for n, step in enumerate(steps):
        row = by_step.get(n + 1, {})
        found.append(
            Stage(
                n=n + 1,
                step=step,
                people=people[n],
                of_first=people[n] / people[0] if people[0] else None,
                of_previous=(people[n] / people[n - 1] if people[n - 1] else None) if n else None,
                median_s=_seconds(row.get("median_us")) if n else None,
                p90_s=_seconds(row.get("p90_us")) if n else None,
            )
        )
    return found


def _seconds(microseconds: float | None) -> float | None:
    return None if microseconds is None else round(float(microseconds) / 1e6, 3)


def _told(end: str, by: str) -> str:
    """The question of ``furthest`` that ends so: rows of slot, step, people and times, or the people of a step."""
    slot = "slot($by, e.local_at, NULL::BIGINT, f.member // 1099511627776, coalesce(c.via, ''))" if by else "''"
    entered = read_sql("journeys/funnel_entered") if by else ""
    return read_sql(f"journeys/{end}").format(slot=slot, entered=entered)


def furthest_sql(funnel: Funnel) -> str:
    """``furthest`` asked of ``did``: the shortest time from a first step to each step that somebody reached."""
    reached = _any_order(len(funnel.steps)) if funnel.in_any_order else _in_order(funnel.steps)
    return f"WITH {reached}\n{read_sql('journeys/funnel_furthest')}"


def _in_order(steps: Sequence[str]) -> str:
    """``reached`` in order: of every step's doing, the latest first step that leads there, carried forward step by step."""
    found = [
        "way_1 AS (SELECT member, at_us, name, CASE WHEN list_contains($step_1, name) THEN at_us END AS start_1 FROM did)"
    ]
    for n, is_again in enumerate(_again(steps)[1:], 2):
        until = "1 PRECEDING" if is_again else "CURRENT ROW"
        found.append(read_sql("journeys/funnel_way").format(n=n, before=n - 1, until=until))
    reached = "\n    UNION ALL ".join(
        f"SELECT {n} AS step, member, at_us, start_{n} AS start_us FROM way_{len(steps)} WHERE start_{n} IS NOT NULL"
        for n in range(1, len(steps) + 1)
    )
    return ",\n".join([*found, f"reached AS (\n    {reached}\n)"])


def _any_order(count: int) -> str:
    """``reached`` in any order: at every doing, when each step was last done before."""
    numbers = range(1, count + 1)
    last = ",\n        ".join(
        f"max(CASE WHEN list_contains($step_{n}, name) THEN at_us END) OVER so_far AS last_{n}" for n in numbers
    )
    reached = "\n    UNION ALL ".join(
        f"SELECT {n} AS step, member, at_us, {_earliest(n)} AS start_us FROM seen"
        f" WHERE {' AND '.join(f'last_{m} IS NOT NULL' for m in range(1, n + 1))} AND at_us - {_earliest(n)} <= $window_us"
        for n in numbers
    )
    return f"{read_sql('journeys/funnel_any_order').format(last=last)},\nreached AS (\n    {reached}\n)"


def _earliest(n: int) -> str:
    return f"least({', '.join(f'last_{m}' for m in range(1, n + 1))})" if n > 1 else "last_1"
