"""The KPIs of a community with their trends and targets, and its chain with counts; what is dear is kept with its moment.

What comes out of the lake is counted once and kept; numbers from outside, targets and the chain's order are read as they are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from qunying.communities.chains import Link
from qunying.communities.queries import CountedGroup, CountedHome, list_counted_groups, list_counted_homes
from qunying.communities.queries_chain import (
    TargetLine,
    list_links,
    list_numbers,
    list_targets,
)
from qunying.deeds.queries import count_scores
from qunying.insights.asking import whole_span
from qunying.insights.chain import LinkCount, Span, codes_of, count_codes, lay_chain
from qunying.insights.kpis.catalogue import KPIS, Kpi
from qunying.insights.kpis.counting import count_figures, spans_of
from qunying.insights.kpis.figures import Figures, Outside, Value
from qunying.insights.kpis.outside import COST_LAG, days_of, outside_of, sums_of
from qunying.insights.models import Board
from qunying.insights.scope import Scope, local_day
from qunying.insights.talks import read_talks
from qunying.insights.world import FEW_GROUPS, seats_noted_at
from qunying.people.leaving import count_whys

SPAN_DAYS = (7, 28)
FRESH = timedelta(minutes=5)  # of a few groups, which are counted while one waits
KEPT_FOR = timedelta(hours=1)
REMEMBERED = timedelta(hours=1)
WEEK = timedelta(days=7)
TALKS_LOOKED_AT = 500  # more open questions than that are no work for one week
FALLS = 0.2


@dataclass(frozen=True, slots=True)
class KpiLine:
    """A KPI over the spans, oldest first, and what it shall be. ``falls``: clearly worse than the span before."""

    kpi: Kpi
    values: tuple[Value, ...]
    target: Decimal | None
    falls: bool

    @property
    def now(self) -> Value:
        """The latest span."""
        return self.values[-1]

    @property
    def misses(self) -> bool | None:
        """Whether the latest span is worse than the target; None where there is no target, or no value."""
        if self.target is None or self.now.value is None:
            return None
        ahead = self.now.value - float(self.target)
        return ahead < 0 if self.kpi.is_better_up else ahead > 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a community: spans, oldest first, with their figures, and per code what its links count.

    ``as_of`` is the moment it is of. ``chain`` are the counts of the last span and ``chain_before`` of the one before.
    ``waiting`` are the questions of the last week that nobody has answered, None of a record that has ended.
    """

    spans: tuple[Span, ...]
    figures: tuple[Figures, ...]
    chain: Mapping[str, int]
    chain_before: Mapping[str, int]
    waiting: int | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class BoardOf:
    """Everything the page of a community tells in numbers."""

    days: int
    spans: tuple[Span, ...]
    kpis: tuple[KpiLine, ...]
    chain: tuple[LinkCount, ...]
    chain_before: tuple[LinkCount, ...]
    waiting: int | None
    as_of: datetime


def find_board(community_id: int, days: int, now: datetime) -> BoardOf | None:
    """The board as it was last counted, where that is still true enough to be shown at once; None: count it."""
    row = Board.objects.filter(community_id=community_id, days=days).first()
    links = list_links(community_id)
    if row is None or not set(codes_of(links)) <= set(row.codes):
        return None
    (home,) = list_counted_homes([community_id])
    if not is_true(row, home, now):
        return None
    if row.asked_at is None or now - row.asked_at > REMEMBERED:
        Board.objects.filter(pk=row.pk).update(asked_at=now)
    return _board(home, days, read_counted(row, home), links)


def get_board(community_id: int, days: int, now: datetime) -> BoardOf:
    """The board: kept where it is fresh, else counted now, which may take a second or two."""
    row = Board.objects.filter(community_id=community_id, days=days).first()
    links = list_links(community_id)
    (home,) = list_counted_homes([community_id])
    groups = list_counted_groups(community_ids=[community_id])
    fresh_for = FRESH if len(groups) <= FEW_GROUPS else KEPT_FOR
    is_fresh = (
        row is not None
        and set(codes_of(links)) <= set(row.codes)
        and is_true(row, home, now)
        and now - row.counted_at <= fresh_for
    )
    counted = (
        read_counted(row, home)
        if row is not None and is_fresh
        else do_count_board(home, groups, links, days, now, asked_at=now)
    )
    return _board(home, days, counted, links)


def is_true(row: Board, home: CountedHome, now: datetime) -> bool:
    """Whether what is kept is of today; a record that ended long ago stays as it is."""
    is_of_today = local_day(row.counted_at, home.timezone) == local_day(now, home.timezone)
    return is_of_today or row.until < row.counted_at - WEEK


def do_count_board(
    home: CountedHome,
    groups: Sequence[CountedGroup],
    links: Sequence[Link],
    days: int,
    now: datetime,
    *,
    asked_at: datetime | None = None,
) -> Counted:
    """Counts and keeps what a board is made of. ``asked_at``: when somebody wanted to see it, where nobody did before."""
    began_at, until = whole_span(groups, now, [home])
    spans = spans_of(until, days, home.timezone)
    codes = codes_of(links)
    scope = Scope(tuple(groups), spans[-2][0], until, (home,))
    before, chain = count_codes(codes, scope, began_at, spans[-2:])
    as_of = seats_noted_at(scope) or now
    waiting = len(read_talks(groups, until - WEEK, until, now, most=TALKS_LOOKED_AT).waiting) if until == now else None
    counted = Counted(spans, count_figures(home, groups, spans), chain, before, waiting, as_of)
    figures = [one.to_words() for one in counted.figures]
    words = {"figures": figures, "chain": chain, "chain_before": before, "waiting": waiting, "as_of": as_of.isoformat()}
    values: dict[str, Any] = {"codes": list(codes), "words": json.dumps(words), "until": until, "counted_at": now}
    Board.objects.update_or_create(
        community_id=home.id, days=days, defaults=values, create_defaults={**values, "asked_at": asked_at}
    )
    return counted


def read_counted(row: Board, home: CountedHome) -> Counted:
    """What was kept."""
    words = json.loads(row.words)
    figures = tuple(Figures.of_words(one) for one in words["figures"])
    spans = spans_of(row.until, row.days, home.timezone, len(figures))
    return Counted(
        spans, figures, words["chain"], words["chain_before"], words["waiting"], datetime.fromisoformat(words["as_of"])
    )


def _board(home: CountedHome, days: int, counted: Counted, links: Sequence[Link]) -> BoardOf:
    spans = counted.spans
    numbers = list_numbers(home.id, days_of(spans[0], home)[0] - timedelta(days=COST_LAG), days_of(spans[-1], home)[1])
    targets = list_targets(home.id)
    answers = count_scores({home.id: spans})[home.id]
    whys = count_whys(home.id, spans)
    outside = [
        replace(outside_of(numbers, span, home, told), whys=dict(why))
        for span, told, why in zip(spans, answers, whys, strict=True)
    ]
    told, told_before = (sums_of(numbers, *days_of(span, home), "link:") for span in (spans[-1], spans[-2]))
    return BoardOf(
        days=days,
        spans=spans,
        kpis=tuple(_line(kpi, counted.figures, outside, targets.get((kpi.name, days))) for kpi in KPIS),
        chain=lay_chain(links, counted.chain, told),
        chain_before=lay_chain(links, counted.chain_before, told_before),
        waiting=counted.waiting,
        as_of=counted.as_of,
    )


def _line(kpi: Kpi, figures: Sequence[Figures], outside: Sequence[Outside], target: TargetLine | None) -> KpiLine:
    values = tuple(kpi.read(*pair) for pair in zip(figures, outside, strict=True))
    return KpiLine(kpi, values, target.value if target else None, falls(kpi, [one.value for one in values]))


def falls(kpi: Kpi, values: Sequence[float | None]) -> bool:
    """Whether the last value is clearly worse than the one before."""
    *_, before, now = values
    if before is None or now is None or not before:
        return False
    change = (now - before) / abs(before)
    return change <= -FALLS if kpi.is_better_up else change >= FALLS


def shown_of(board: BoardOf, purposes: Collection[str]) -> tuple[KpiLine, ...]:
    """The KPIs of a board that follow from these purposes."""
    return tuple(line for line in board.kpis if set(line.kpi.purposes) & set(purposes))
