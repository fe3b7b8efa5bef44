"""Many communities at a glance, as their boards were last counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from qunying.communities.queries import CountedHome
from qunying.communities.queries_chain import list_numbers_of, list_targets_of
from qunying.deeds.queries import count_scores
from qunying.insights.kpis.board import Counted, KpiLine, falls, is_true, read_counted
from qunying.insights.kpis.catalogue import KPIS
from qunying.insights.kpis.figures import Ratio
from qunying.insights.kpis.outside import COST_LAG, outside_of
from qunying.insights.models import Board


@dataclass(frozen=True, slots=True)
class Glance:
    """How a community does, as its board was last counted: who spoke in the last seven days and in those before, the KPIs
    that have a target, and the questions that nobody has answered (None of a record that has ended)."""

    active: Ratio
    active_before: Ratio
    kpis: tuple[KpiLine, ...]
    waiting: int | None
    as_of: datetime


def list_glances(homes: Sequence[CountedHome], days: int, now: datetime) -> dict[int, Glance]:
    """What the kept boards say of these communities; those whose board is not counted, or no longer true, are absent.

    A few queries, however many communities there are.
    """
    zones = {home.id: home for home in homes}
    rows = [
        row
        for row in Board.objects.filter(community_id__in=zones, days=days)
        if is_true(row, zones[row.community_id], now)
    ]
    kept = {row.community_id: read_counted(row, zones[row.community_id]) for row in rows}
    targets = list_targets_of(kept, days)
    answers = count_scores({pk: counted.spans[-2:] for pk, counted in kept.items()})
    ends = [span for counted in kept.values() for span in counted.spans[-2:]]
    first, last = min(ends, default=(now, now))[0], max((span[1] for span in ends), default=now)
    numbers = list_numbers_of(targets, first.date() - timedelta(days=COST_LAG + 1), last.date() + timedelta(days=1))
    return {
        pk: _glance(zones[pk], counted, targets.get(pk, {}), numbers.get(pk, ()), answers[pk])
        for pk, counted in kept.items()
    }


def _glance(
    home: CountedHome,
    counted: Counted,
    targets: Mapping[str, Decimal],
    numbers: Iterable[tuple[str, date, int]],
    answers: Sequence[Mapping[tuple[str, int], int]],
) -> Glance:
    spans = zip(counted.spans[-2:], answers, strict=True)
    outside = [outside_of(numbers, span, home, told) for span, told in spans]
    before, latest = counted.figures[-2:]
    lines = []
    for kpi in KPIS:
        if kpi.name in targets:
            values = (kpi.read(before, outside[0]), kpi.read(latest, outside[1]))
            lines.append(KpiLine(kpi, values, targets[kpi.name], falls(kpi, [one.value for one in values])))
    return Glance(latest.active_week, before.active_week, tuple(lines), counted.waiting, counted.as_of)
