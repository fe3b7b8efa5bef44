"""The layers in which people stand, as ``insights`` computed them: kept with the moment since when, their changes as facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction

from qunying.journal.actions import do_record_facts
from qunying.kernel.facts import Fact
from qunying.people.models import LayerOfPerson, LayersOfPlace
from qunying.store import rows

CHANGED = "layer.changed"
WHOLE = 0  # in the place of a group: the whole community, where everybody stands once
_PLACE = ("community_id", "group_id", "person_id")


class Layer(StrEnum):
    """From those who carry a group to those who have left it in all but name."""

    OPENER = "opener"
    FOLLOWER = "follower"
    LURKER = "lurker"
    DORMANT = "dormant"


class Place(NamedTuple):
    """A group, or with ``group_id`` ``WHOLE`` its whole community."""

    community_id: int
    group_id: int


class LayerChange(NamedTuple):
    """Somebody stands in ``after`` now; "" before: nothing was known of them there, "" after: they sit there no more."""

    community_id: int
    group_id: int
    person_id: int
    before: str
    after: str

    @property
    def place(self) -> Place:
        """Where."""
        return Place(self.community_id, self.group_id)

    @property
    def key(self) -> tuple[int, int, int]:
        """What the row is known by."""
        return self.community_id, self.group_id, self.person_id


class LayerCounts(NamedTuple):
    """How many stand in which layer of a place; ``never`` of the dormant have not said a word there."""

    opener: int = 0
    follower: int = 0
    lurker: int = 0
    dormant: int = 0
    never: int = 0

    @property
    def members(self) -> int:
        """Everybody."""
        return self.opener + self.follower + self.lurker + self.dormant


class LayersAt(NamedTuple):
    """The counts of a place as of ``until``, under these thresholds."""

    counts: LayerCounts
    limits: Mapping[str, int]
    until: datetime
    counted_at: datetime


@transaction.atomic
def do_change_layers(changes: Sequence[LayerChange], at: datetime) -> int:
    """Writes down where people stand now, with a fact of each who stood elsewhere before; answers how many facts.

    Somebody of whom nothing was known in a place, because they are new there or nobody computed it yet, has changed nothing.
    """
    come = [one for one in changes if not one.before]
    moved = [one for one in changes if one.before and one.after]
    gone = [one.key for one in changes if not one.after]
    rows.insert(
        LayerOfPerson,
        [*_PLACE, "layer", "since"],
        [(*one.key, one.after, at) for one in come if one.after],
        ignore=True,
    )
    rows.update(LayerOfPerson, ["layer", "since"], _PLACE, [(one.after, at, *one.key) for one in moved])
    ids = rows.select(LayerOfPerson, ["id"], _PLACE, gone)
    LayerOfPerson.objects.filter(pk__in=rows.among(pk for (pk,) in ids)).delete()
    return do_record_facts([_fact(one, at) for one in moved])


def _fact(one: LayerChange, at: datetime) -> Fact:
    return Fact(
        name=CHANGED,
        at=at,
        community_id=one.community_id,
        group_id=one.group_id or None,
        identity_id=one.person_id,
        key=f"{CHANGED}:{one.community_id}:{one.group_id}:{one.person_id}:{at.isoformat()}",
        words={"from": one.before, "to": one.after, "person": one.person_id},
    )


@transaction.atomic
def do_note_layers(
    community_ids: Collection[int],
    counts: Mapping[Place, LayerCounts],
    limits: Mapping[int, Mapping[str, int]],
    *,
    until: datetime,
    at: datetime,
) -> None:
    """These are the counts of these communities and their groups from now on; places that are not named have none.

    ``limits`` are the thresholds of each community.
    """
    LayersOfPlace.objects.filter(community_id__in=community_ids).delete()
    columns = ["community_id", "group_id", *LayerCounts._fields, "limits", "until", "counted_at"]
    told = [(*place, *many, dict(limits[place.community_id]), until, at) for place, many in counts.items()]
    rows.insert(LayersOfPlace, columns, told)


def list_layers_kept(community_ids: Collection[int], at_once: int) -> Iterator[list[tuple[int, int, int, str]]]:
    """(community, group, person, layer) of everybody who stands in these communities, so many at a time."""
    kept = LayerOfPerson.objects.filter(community_id__in=community_ids).order_by()
    found = kept.values_list(*_PLACE, "layer").iterator(chunk_size=at_once)
    while some := [row for _, row in zip(range(at_once), found, strict=False)]:
        yield some


def layers_of_places(community_ids: Collection[int] | None, *, group_id: int | None = None) -> dict[Place, LayersAt]:
    """The counts of these communities' (None: all) groups and of them as a whole, or only of that ``group_id``."""
    kept = LayersOfPlace.objects.all()
    if community_ids is not None:
        kept = kept.filter(community_id__in=community_ids)
    if group_id is not None:
        kept = kept.filter(group_id=group_id)
    columns = ("community_id", "group_id", *LayerCounts._fields, "limits", "until", "counted_at")
    return {
        Place(home, group): LayersAt(LayerCounts(*many), limits, until, counted_at)
        for home, group, *many, limits, until, counted_at in rows.read(kept, columns)
    }


def counted_last() -> dict[int, datetime]:
    """Of each community whose layers are kept, when they were last computed."""
    return dict(LayersOfPlace.objects.filter(group_id=WHOLE).values_list("community_id", "counted_at"))


class StandsIn(NamedTuple):
    """Where one person stands in a place, and since when at least."""

    community_id: int
    group_id: int
    layer: str
    since: datetime


def layers_of_person(person_id: int, community_ids: Collection[int] | None) -> list[StandsIn]:
    """Where that person stands within these communities (None: all), communities before their groups."""
    kept = LayerOfPerson.objects.filter(person_id=person_id)
    if community_ids is not None:
        kept = kept.filter(community_id__in=community_ids)
    return [StandsIn(*row) for row in rows.read(kept.order_by("community_id", "group_id"), StandsIn._fields)]


def list_people_in_layer(place: Place, layer: str, *, start: int, limit: int) -> list[int]:
    """A slice of the people in that layer of a place, by id."""
    kept = LayerOfPerson.objects.filter(community_id=place.community_id, group_id=place.group_id, layer=layer)
    return list(kept.order_by("person_id").values_list("person_id", flat=True)[start : start + limit])


def list_people_standing(layers: Collection[str], community_ids: Collection[int], group_id: int = WHOLE) -> list[int]:
    """The people who stand in one of these layers in that group, or in one of these communities as a whole."""
    kept = LayerOfPerson.objects.filter(community_id__in=community_ids, group_id=group_id, layer__in=layers)
    return [pk for (pk,) in rows.read(kept, ("person_id",))]


def do_forget_layers(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many rows of communities that are being removed; answers how many."""
    ids = list(LayerOfPerson.objects.filter(community_id__in=community_ids).values_list("pk", flat=True)[:at_most])
    LayerOfPerson.objects.filter(pk__in=rows.among(ids)).delete()
    if not ids:
        LayersOfPlace.objects.filter(community_id__in=community_ids).delete()
    return len(ids)
