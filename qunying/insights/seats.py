"""Who sits where as of a moment, so that questions about half a million memberships need not read them from the database.

A file of the lake per community, written anew whenever something went into the lake, and how many different people there
are per set of communities. Questions about a few groups read the database itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from django.db import transaction

from qunying.communities.queries import list_counted_groups
from qunying.insights.engines import chosen
from qunying.insights.models import Crowd, Part
from qunying.insights.parts import KEPT_RETIRED, drop_files, write_seats
from qunying.insights.scope import Scope
from qunying.insights.tables import SEATED, SEATS, table_of_columns
from qunying.insights.world import see
from qunying.people.queries import count_persons_by_community, count_persons_present, list_seats_in
from qunying.store import rows

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class People:
    """How many different people, counted at ``as_of``; None: just now."""

    count: int
    as_of: datetime | None


def do_note_seats(now: datetime, folder: Path) -> int:
    """Writes down who sits where in every community, and counts everybody once; answers how many seats there are."""
    groups = tuple(list_counted_groups())
    written = 0
    for community_id in sorted({group.community_id for group in groups}):
        here = [group.id for group in groups if group.community_id == community_id]
        written += _do_write(community_id, table_of_columns(list_seats_in(here), SEATS), now, folder)
    _do_drop_old(now, folder)
    _do_count_crowds(Scope(groups, now - MOMENT, now), now)
    return written


def _do_write(community_id: int, seats: pa.Table, now: datetime, folder: Path) -> int:
    """Names the new file in place of the one before; readers that had just asked for that one may still finish."""
    part = write_seats(seats, SEATED, community_id, folder, now)
    with transaction.atomic():
        Part.objects.filter(table=SEATED.name, community_id=community_id, retired_at=None).update(retired_at=now)
        part.save()
    return part.rows


def _do_drop_old(now: datetime, folder: Path) -> None:
    old = list(Part.objects.filter(table=SEATED.name, retired_at__lte=now - KEPT_RETIRED))
    drop_files(old, folder)
    Part.objects.filter(pk__in=[part.pk for part in old]).delete()


def _do_count_crowds(scope: Scope, now: datetime) -> None:
    with chosen.open(see(scope, ("memberships",), may_lag=True)) as session:
        found = session.run("crowds", {})
    with transaction.atomic():
        Crowd.objects.all().delete()
        rows.insert(
            Crowd, ["communities", "people", "counted_at"], [(row["communities"], row["people"], now) for row in found]
        )


def count_people(community_ids: Collection[int]) -> People:
    """Different people who sit in groups of these communities, programs left out; everybody once, wherever they sit."""
    crowds = list(Crowd.objects.values_list("communities", "people", "counted_at"))
    if not crowds:
        return People(count_persons_present(community_ids), None)
    wanted = set(community_ids)
    return People(sum(people for homes, people, _ in crowds if wanted.intersection(homes)), _oldest(crowds))


def count_people_by_community(community_ids: Collection[int]) -> dict[int, int]:
    """Different people who sit in groups of each of these communities, programs left out; as old as ``count_people``."""
    crowds = list(Crowd.objects.values_list("communities", "people"))
    if not crowds:
        return count_persons_by_community(community_ids)
    found = dict.fromkeys(community_ids, 0)
    for homes, people in crowds:
        for home in found.keys() & set(homes):
            found[home] += people
    return found


def _oldest(crowds: Iterable[tuple[list[int], int, datetime]]) -> datetime:
    return min(counted_at for _, _, counted_at in crowds)
