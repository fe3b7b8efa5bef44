"""Where everybody stands in every group and community, computed in a few questions for all of them, and kept.

Once a day by the keeper, and when somebody asks. What is kept is what ``layers.read_layers`` answers for the same moment:
now, or the end of a record that ended long ago.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import pyarrow as pa

from qunying.communities.queries import CountedGroup, list_community_zones, list_counted_groups
from qunying.insights.asking import whole_span
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Session
from qunying.insights.engines.views import read_sql
from qunying.insights.measure import Open
from qunying.insights.scope import Scope, days_earlier, local_day
from qunying.insights.tables import table_of_rows
from qunying.insights.thresholds import Thresholds, thresholds_of
from qunying.insights.world import see
from qunying.people.layers import (
    LayerChange,
    LayerCounts,
    Place,
    counted_last,
    do_change_layers,
    do_note_layers,
    list_layers_kept,
)
from qunying.talk.placing import is_behind
from qunying.talk.threads import list_openings

SOURCES = ("messages", "events", "memberships")
AT_ONCE = 5_000  # changes in one transaction: nobody else can write meanwhile
READ_AT_ONCE = 100_000
OPENINGS = pa.schema(
    [
        ("community_id", pa.int64()),
        ("group_id", pa.int64()),
        ("identity_id", pa.int64()),
        ("openings", pa.int64()),
    ]
)
LIMITS = pa.schema([(name, pa.int64()) for name in ("community_id", "openings", "days_spoken", "messages")])
KEPT = pa.schema(
    [
        pa.field("community_id", pa.int64()),
        pa.field("group_id", pa.int64()),
        pa.field("person_id", pa.int64()),
        pa.field("layer", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of it: places looked at, people in communities, who stands elsewhere now, and facts of that."""

    places: int = 0
    members: int = 0
    changed: int = 0
    facts: int = 0


def step(now: datetime) -> int:
    """Computes the layers of communities of which they are of a day that has passed, or were never computed.

    Not while an import's talk waits to be put into threads: who begins conversations is not known before. Answers how
    many stand elsewhere than before.
    """
    old = list_old(now)
    return do_keep_layers(now, old).changed if old and not is_behind(now) else 0


def list_old(now: datetime) -> list[int]:
    """The communities whose layers were not computed on this day of their clocks."""
    counted, zones = counted_last(), list_community_zones()
    return [
        pk for pk, zone in zones.items() if pk not in counted or local_day(counted[pk], zone) != local_day(now, zone)
    ]


def do_keep_layers(
    now: datetime, community_ids: Collection[int] | None = None, *, open_session: Open = chosen.open
) -> Kept:
    """Computes the layers of these communities (None: of all that stay) anew; who stands elsewhere than before is a fact."""
    homes: dict[int, list[CountedGroup]] = defaultdict(list)
    for group in list_counted_groups(community_ids=community_ids):
        homes[group.community_id].append(group)
    limits = thresholds_of(homes)
    asked: dict[tuple[datetime, datetime], list[int]] = defaultdict(list)
    for pk, groups in homes.items():
        until = whole_span(groups, now)[1]
        asked[days_earlier(until, limits[pk].days, groups[0].timezone), until].append(pk)
    found = [
        _do_keep(
            Scope(tuple(group for pk in ids for group in homes[pk]), *span),
            {pk: limits[pk] for pk in ids},
            now,
            open_session,
        )
        for span, ids in asked.items()
    ]
    _do_note_empty(set(list_community_zones(community_ids)) - homes.keys(), now)
    return Kept(
        *(sum(parts) for parts in zip(*((k.places, k.members, k.changed, k.facts) for k in found), strict=True))
    )


def _do_keep(scope: Scope, limits: Mapping[int, Thresholds], now: datetime, open_session: Open) -> Kept:
    """One question for all communities that are looked at over the same span."""
    with _standing(scope, limits, kept=_kept(limits), open_session=open_session) as session:
        counts = _counts(session)
        changes = [LayerChange(**row) for row in session.ask(read_sql("layers_changed"), {})]
    facts = sum(do_change_layers(changes[first : first + AT_ONCE], now) for first in range(0, len(changes), AT_ONCE))
    told = {pk: asdict(one) for pk, one in limits.items()}
    do_note_layers(limits, counts, told, until=scope.until, at=now)
    members = sum(many.members for place, many in counts.items() if not place.group_id)
    return Kept(len(counts), members, len(changes), facts)


def count_layers(
    scope: Scope, limits: Mapping[int, Thresholds], *, open_session: Open = chosen.open
) -> dict[Place, LayerCounts]:
    """How many would stand in which layer of these groups, and of them together per community, under other thresholds.

    The scope's ``since`` follows from them: see ``span_of``.
    """
    with _standing(scope, limits, kept=KEPT.empty_table(), open_session=open_session) as session:
        return _counts(session)


def span_of(groups: Sequence[CountedGroup], limits: Thresholds, now: datetime) -> tuple[datetime, datetime]:
    """The span in which these groups of one community are looked at."""
    until = whole_span(groups, now)[1]
    return days_earlier(until, limits.days, groups[0].timezone if groups else "UTC"), until


@contextmanager
def _standing(
    scope: Scope, limits: Mapping[int, Thresholds], *, kept: pa.Table, open_session: Open = chosen.open
) -> Iterator[Session]:
    """A session that holds ``stands``: everybody's layer in every place of the scope."""
    world = see(scope, SOURCES)
    openings = list_openings(scope.community_ids, scope.since, scope.until)
    bounds = [(pk, one.openings, one.days_spoken, one.messages) for pk, one in limits.items()]
    tables = {
        **world.tables,
        "openings": table_of_rows(openings, OPENINGS),
        "limits": table_of_rows(bounds, LIMITS),
        "kept": kept,
    }
    with open_session(replace(world, tables=tables)) as session:
        session.hold("stands", read_sql("layers"), {})
        yield session


def _counts(session: Session) -> dict[Place, LayerCounts]:
    rows = session.ask(read_sql("layers_counted"), {})
    return {
        Place(row["community_id"], row["group_id"]): LayerCounts(*(row[name] for name in LayerCounts._fields))
        for row in rows
    }


def _kept(community_ids: Collection[int]) -> pa.Table:
    parts = [table_of_rows(some, KEPT) for some in list_layers_kept(community_ids, READ_AT_ONCE)]
    return pa.concat_tables(parts) if parts else KEPT.empty_table()


def _do_note_empty(community_ids: Collection[int], now: datetime) -> None:
    """Communities without groups have been looked at, too."""
    if community_ids:
        counts = {Place(pk, 0): LayerCounts() for pk in community_ids}
        do_note_layers(community_ids, counts, {pk: {} for pk in community_ids}, until=now, at=now)
