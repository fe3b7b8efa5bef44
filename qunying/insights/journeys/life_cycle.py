"""Who is new, comes again, is back after a while, or has fallen silent: period by period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from qunying.insights.engines import chosen
from qunying.insights.engines.slots import first_day_of
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.did import hold_did
from qunying.insights.journeys.retention import EVERY, give_ends
from qunying.insights.journeys.steps import CAME, SAID, sources_of
from qunying.insights.measure import Open
from qunying.insights.scope import Scope
from qunying.insights.world import see
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark


@dataclass(frozen=True, slots=True)
class Period:
    """One day, week or month by its first day. ``there`` = ``new`` + ``returning`` + ``resurrected``.

    New: their first time ever, joining or speaking. Returning: there in the period before, too. Resurrected: not there in the
    one before, but earlier. Dormant: there in the one before and not in this.
    """

    first_day: str
    there: int
    new: int
    returning: int
    resurrected: int
    dormant: int


def count_life_cycle(
    scope: Scope,
    began_at: datetime,
    every: str = "week",
    active: tuple[str, ...] = (CAME, SAID),
    *,
    open_session: Open = chosen.open,
) -> list[Period]:
    """Every period of the span in which somebody was there or was missed, in order; who did one of ``active`` was there.

    ``began_at`` is where the record begins, so that nobody is new who was there before the span. Raises ``BadUse``.
    """
    if every not in EVERY:
        raise BadUse(mark("--every 只能是 %(known)s"), known=EVERY)
    whole = replace(scope, since=min(began_at, scope.since))
    with open_session(see(whole, sources_of(active))) as session:
        hold_did(session, active)
        give_ends(session, scope, every)
        rows = session.ask(read_sql("journeys/life_cycle"), {"every": every})
    return [
        Period(
            first_day_of(row["period"], every).isoformat(),
            row["value"],
            row["new"],
            row["returning"],
            row["resurrected"],
            row["dormant"],
        )
        for row in rows
    ]
