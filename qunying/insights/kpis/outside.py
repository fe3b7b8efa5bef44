"""Numbers that were brought from outside, put into the spans they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from qunying.communities.queries import CountedHome
from qunying.insights.chain import Span
from qunying.insights.kpis.figures import Outside
from qunying.insights.scope import local_day

COST_LAG = 30  # days: what somebody cost is told by those who stayed so long
MOMENT = timedelta(microseconds=1)


def days_of(span: Span, home: CountedHome) -> tuple[date, date]:
    """The days of numbers from outside that belong to a span: so many whole days, the last one that of its end."""
    first = local_day(span[0] - MOMENT, home.timezone) + timedelta(days=1)
    return first, local_day(span[1] - MOMENT, home.timezone)


def outside_of(
    numbers: Iterable[tuple[str, date, int]], span: Span, home: CountedHome, answers: Mapping[tuple[str, int], int]
) -> Outside:
    """What was brought for a span; ``answers`` were brought one by one; they are added to those that came as numbers."""
    first, last = days_of(span, home)
    lag = timedelta(days=COST_LAG)
    here = sums_of(numbers, first, last, "")
    return Outside(
        satisfaction=_scores(here, "satisfaction", answers),
        satisfaction_asked=here.get("asked:satisfaction", 0),
        nps=_scores(here, "nps", answers),
        nps_asked=here.get("asked:nps", 0),
        costs={
            series.removeprefix("cost:"): value
            for series, value in sums_of(numbers, first - lag, last - lag, "cost:").items()
        },
    )


def _scores(sums: Mapping[str, int], what: str, answers: Mapping[tuple[str, int], int]) -> dict[int, int]:
    found = {int(series.rpartition(":")[2]): n for series, n in sums.items() if series.startswith(f"score:{what}:")}
    for (kind, score), count in answers.items():
        if kind == what:
            found[score] = found.get(score, 0) + count
    return found


def sums_of(numbers: Iterable[tuple[str, date, int]], first: date, last: date, beginning: str) -> dict[str, int]:
    """The sums per series whose name begins so, of these days."""
    found: dict[str, int] = defaultdict(int)
    for series, day, value in numbers:
        if first <= day <= last and series.startswith(beginning):
            found[series] += value
    return dict(found)
