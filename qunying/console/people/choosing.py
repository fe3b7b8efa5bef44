"""Tags and segments that the members' list is narrowed by, as far as they are within reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.http import Http404
from django.utils.translation import gettext as _

from qunying.communities.access import Permission, Signed, reach_of, visible_communities
from qunying.console.people.context import Option
from qunying.console.segments.reaching import list_reachable, people_in
from qunying.people.segments import SegmentLine
from qunying.people.tagging import list_tag_names
from qunying.people.tags import list_people_tagged

TagName = tuple[int, str, int | None]
Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Place:
    """What lies within reach of whoever looks at the list: communities, tags, segments.

    ``community_ids`` None means all communities there are; ``can_decide`` whether this person may decide somewhere.
    """

    homes: Sequence[tuple[int, str]]
    community_ids: Collection[int] | None
    tags: Sequence[TagName]
    segments: Sequence[SegmentLine]
    can_decide: bool = False
    is_everywhere: bool = False

    @property
    def ids(self) -> list[int]:
        """The communities by id."""
        return [pk for pk, _name in self.homes]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom the list is narrowed to: people with a tag, of a segment, or both; None: to nobody in particular.

    ``why`` tells why a segment cannot be asked.
    """

    tag: TagName | None = None
    segment: SegmentLine | None = None
    people: Collection[int] | None = None
    why: str = ""


def place_of(user: Signed, permission: Permission = Permission.READ) -> Place:
    """What this person may look at, or (with another permission) do something with."""
    reach = reach_of(user, permission)
    homes = [(one.pk, one.name) for one in visible_communities(user, permission)]
    can_decide = not reach_of(user, Permission.DECIDE).is_nowhere
    tags = list_tag_names(None if reach.is_everywhere else reach.community_ids)
    return Place(homes, reach.ids, tags, list_reachable(user), can_decide, reach.is_everywhere)


def read_chosen(asked: Mapping[str, str], place: Place, now: datetime) -> Chosen:
    """What an address narrows the list to. Raises ``Http404`` for a tag or a segment that is not within reach."""
    tag = _one(asked.get("tag", ""), {str(one[0]): one for one in place.tags})
    segment = _one(asked.get("segment", ""), {str(one.id): one for one in place.segments})
    sets, why = list[set[int]](), ""
    if tag is not None:
        sets.append(set(list_people_tagged([tag[0]], place.ids, now)))
    if segment is not None:
        people, why = people_in(segment)
        sets.append(set(people))
    return Chosen(tag, segment, set.intersection(*sets) if sets else None, why)


def _one(wanted: str, known: Mapping[str, Known]) -> Known | None:
    if wanted and wanted not in known:
        raise Http404
    return known.get(wanted)


def tag_options(place: Place, chosen: TagName | None) -> list[Option]:
    """The tags to choose from; those of one community with its name where there are several."""
    names = dict(place.homes)
    offered = []
    for one in place.tags:
        pk, name, home = one
        is_plain = home is None or len(names) < 2
        offered.append(Option(str(pk), name if is_plain else f"{name} · {names.get(home or 0, '')}", one == chosen))
    return [Option("", _("有没有标签都要"), chosen is None), *offered] if offered else []


def segment_options(place: Place, chosen: SegmentLine | None) -> list[Option]:
    """The segments to choose from, likewise."""
    names = dict(place.homes)
    offered = []
    for one in place.segments:
        home = _("所有社群") if one.community_id is None else names.get(one.community_id, "")
        offered.append(Option(str(one.id), one.name if len(names) < 2 else f"{one.name} · {home}", one == chosen))
    return [Option("", _("所有人"), chosen is None), *offered] if offered else []


def tell_heading(chosen: Chosen) -> str:
    """Whom the list shows."""
    told = [_("成员")]
    if chosen.tag:
        told.append(_("带「%(tag)s」标签") % {"tag": chosen.tag[1]})
    if chosen.segment:
        told.append(_("只看「%(segment)s」") % {"segment": chosen.segment.name})
    return _("，").join(told)
