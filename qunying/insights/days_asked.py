"""Which local days a metric of days is asked for, on each place's clocks, and from where on an engine must see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from qunying.insights.engines.base import Session
from qunying.insights.metric import Metric
from qunying.insights.scope import MICROSECOND, Scope, local_day, midnight
from qunying.insights.tables import table_of_rows

EPOCH = date(1970, 1, 1).toordinal()
ENDS = pa.schema([("asked", pa.string()), *((name, pa.int64()) for name in ("community_id", "from_day", "last_day"))])
DAYS = pa.schema([("later", pa.int64())])


def give_days(session: Session, scope: Scope, bys: Sequence[str]) -> None:
    """Gives the session ``day_ends``: per breakdown and community the first and last day asked for, counted from 1970; and
    ``each_day``: every day between the earliest and the latest of them."""
    ends = {(by, home.id): _ends(scope, by, home.timezone) for by in bys for home in scope.all_homes}
    numbers = {place: (first.toordinal() - EPOCH, last.toordinal() - EPOCH) for place, (first, last) in ends.items()}
    session.take("day_ends", table_of_rows([(*place, *days) for place, days in numbers.items()], ENDS))
    firsts, lasts = zip(*numbers.values(), strict=True) if numbers else ((0,), (-1,))
    days = range(min(firsts), max(lasts) + 1)
    session.take("each_day", table_of_rows([(day,) for day in days], DAYS))


def params_of_days(metric: Metric, by: str) -> dict[str, object]:
    """What a question of ``day_ends`` wants to know: the breakdown, the one beside days, and how many days one looks at."""
    return {"by": by, "part": "" if by == "day" else by, "days": metric.days}


def seen_from(metric: Metric, scope: Scope, bys: Sequence[str]) -> datetime:
    """From where on the engine must see: of a metric of days, from the first of those that the first figure looks at."""
    if not metric.days:
        return scope.since
    before = timedelta(days=metric.days - 1)
    asked = "day" if "day" in bys else ""
    starts = [midnight(_ends(scope, asked, zone)[0] - before, zone) for zone in scope.zones]
    return min(starts, default=scope.since)


def _ends(scope: Scope, by: str, zone: str) -> tuple[date, date]:
    """The first and the last local day that figures are of: the same where days are not told apart."""
    last = local_day(scope.until - MICROSECOND, zone)
    return (local_day(scope.since, zone) if by == "day" else last), last
