"""What an engine needs besides the lake's files to count what people did outside the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from qunying.deeds.queries import get_last_deed_id, list_deeds, list_deeds_taken_back
from qunying.insights.scope import MICROSECOND, Scope, stretches
from qunying.insights.tables import DEEDS, MOMENT, table_of_rows
from qunying.people.queries import list_seats_in

HOMES = pa.schema(
    [
        ("community_id", pa.int64()),
        ("from_at", MOMENT),
        ("until_at", MOMENT),
        ("offset_us", pa.int64()),
        ("is_whole", pa.bool_()),
    ]
)
PEOPLE = pa.schema([("community_id", pa.int64()), ("person_id", pa.int64())])
TAKEN = pa.schema([("deed_id", pa.int64())])


def tables_of_deeds(
    scope: Scope, flushed: int, apart: Sequence[tuple[int, int, str]], persons: Mapping[int, int], at_most: int
) -> dict[str, pa.Table]:
    """The communities with their zones, who counts in those that are not seen whole, who never does, what was taken back,
    and the rows that are in no file yet.

    ``apart`` are (group, identity, standing) of staff and programs; ``persons`` maps merged identities.
    """
    whole = {home.id for home in scope.homes}
    homes = [
        (home.id, one.since, one.until, one.offset // MICROSECOND, home.id in whole)
        for home in scope.all_homes
        for one in stretches(home.timezone, scope.since, scope.until)
    ]
    home_of = {group.id: group.community_id for group in scope.groups}
    outside = {(home_of[g], persons.get(pk, pk)) for g, pk, _ in apart if g in home_of}
    last = get_last_deed_id()
    return {
        "homes": table_of_rows(homes, HOMES),
        "dwellers": table_of_rows(sorted(_dwellers(scope, whole, persons)), PEOPLE),
        "outside": table_of_rows(sorted(outside), PEOPLE),
        "taken": table_of_rows([(pk,) for pk in list_deeds_taken_back(scope.community_ids)], TAKEN),
        "tail_deeds": table_of_rows(list_deeds(flushed, last, at_most) if last > flushed else [], DEEDS),
    }


def _dwellers(scope: Scope, whole: set[int], persons: Mapping[int, int]) -> set[tuple[int, int]]:
    """(community, person) of whoever sat in the scope's groups, of communities that are not seen whole."""
    groups = [group.id for group in scope.groups if group.community_id not in whole]
    communities, _, identities, *_ = list_seats_in(groups)
    return {(community, persons.get(one, one)) for community, one in zip(communities, identities, strict=True)}
