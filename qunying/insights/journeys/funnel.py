"""Funnels: how many people went from the first step to the next ones within a window, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from qunying.insights.engines import chosen
from qunying.insights.engines.base import Row, Session
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.did import hold_did
from qunying.insights.journeys.steps import parts_of, sources_of
from qunying.insights.measure import Open
from qunying.insights.scope import Scope
from qunying.insights.world import see
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MICROSECOND = timedelta(microseconds=1)
BY = ("", "day", "week", "month", "community", "source")


@dataclass(frozen=True, slots=True)
class Funnel:
    """Steps within ``window`` of the first one; the window's end still belongs to it.

    In order, each step comes after the one before or at the same moment, the same thing done again strictly later. In any
    order, the steps up to one may be done in whatever order, all within the window. A person counts once per community,
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
    funnel: Funnel, scope: Scope, by: str = "", *, open_session: Open = chosen.open
) -> dict[str, list[Stage]]:
    """The stages per part of the breakdown, «» where nothing is broken down. Raises ``BadUse`` for an unknown one."""
    with _opened(funnel, scope, by, open_session) as session:
        rows = session.ask(funnel_sql(funnel, by), _params(funnel, by))
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["slot"], []).append(row)
    parts = {slot: _stages(funnel.steps, some) for slot, some in sorted(found.items())}
    return parts or ({"": _stages(funnel.steps, [])} if not by else {})


def list_people_of_stage(
    funnel: Funnel, scope: Scope, by: str, slot: str, n: int, *, open_session: Open = chosen.open
) -> list[tuple[int, bool]]:
    """(person, came so far) of everybody who came to the step before the n-th, in the order in which they began.

    Of the first step, everybody who did it. Raises ``BadUse`` as ``count_funnel`` does.
    """
    with _opened(funnel, scope, by, open_session) as session:
        rows = session.ask(_with_end(funnel, by, "people_of_stage"), {**_params(funnel, by), "slot": slot, "n": n})
    return [(row["person_id"], row["is_there"]) for row in rows]


@contextmanager
def _opened(funnel: Funnel, scope: Scope, by: str, open_session: Open) -> Iterator[Session]:
    if by not in BY:
        raise BadUse(mark("漏斗不能按 %(by)s 拆开；可以按 %(known)s"), by=by, known=BY[1:])
    if funnel.in_any_order and len(set(funnel.steps)) < len(funnel.steps):
        raise BadUse(mark("不分先后时，同一步不能写两遍"))
    sources = {*sources_of(funnel.steps), *(("events",) if by == "source" else ())}
    with open_session(see(scope, tuple(sources))) as session:
        hold_did(session, funnel.steps, with_clocks=bool(by), with_way=by == "source")
        yield session


def _params(funnel: Funnel, by: str) -> dict[str, object]:
    params: dict[str, object] = {"by": by, "window_us": funnel.window // MICROSECOND}
    return params | {f"step_{n}": list(parts_of(step)) for n, step in enumerate(funnel.steps, 1)}


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


def funnel_sql(funnel: Funnel, by: str) -> str:
    """The question of ``did`` in SQL: rows of slot, step, people, median and 90th percentile of the time taken."""
    return _with_end(funnel, by, "funnel_told")


def _with_end(funnel: Funnel, by: str, end: str) -> str:
    reached = _any_order(len(funnel.steps)) if funnel.in_any_order else _in_order(funnel.steps)
    slot = "slot($by, e.local_at, NULL::BIGINT, f.member // 1099511627776, coalesce(c.via, ''))" if by else "''"
    entered = read_sql("journeys/funnel_entered") if by else ""
    return f"WITH {reached},\n{read_sql(f'journeys/{end}').format(slot=slot, entered=entered)}"


def _in_order(steps: Sequence[str]) -> str:
    """``reached`` in order: of every step's doing, the latest first step that leads there, found by nearness in time."""
    found = [read_sql("journeys/funnel_first")]
    for n in range(2, len(steps) + 1):
        is_later = ">" if set(parts_of(steps[n - 1])) & set(parts_of(steps[n - 2])) else ">="
        found.append(read_sql("journeys/funnel_next").format(n=n, before=n - 1, later=is_later))
    reached = "\nUNION ALL ".join(f"FROM (SELECT {n} AS step, * FROM chain_{n})" for n in range(1, len(steps) + 1))
    return ",\n".join([*found, f"reached AS NOT MATERIALIZED ({reached})"])


def _any_order(count: int) -> str:
    """``reached`` in any order: at every doing, when each step was last done before."""
    numbers = range(1, count + 1)
    marks = "\n    ".join(f"WHEN list_contains($step_{n}, name) THEN {n}" for n in numbers)
    last = ",\n        ".join(f"max(CASE WHEN step = {n} THEN at_us END) OVER so_far AS last_{n}" for n in numbers)
    reached = "\nUNION ALL ".join(
        f"SELECT {n} AS step, member, at_us, least({', '.join(f'last_{m}' for m in range(1, n + 1))})"
        f" AS start_us FROM seen WHERE {' AND '.join(f'last_{m} IS NOT NULL' for m in range(1, n + 1))}"
        f" AND at_us - start_us <= $window_us"
        for n in numbers
    )
    seen = read_sql("journeys/funnel_any_order").format(marks=marks, last=last)
    return f"{seen},\nreached AS NOT MATERIALIZED ({reached})"
