"""Finds groups, people and messages within somebody's reach; quick enough to be asked at every key."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo, GroupLine, infos_of_groups, list_group_lines
from qunying.console.groups.matching import find_like, fits
from qunying.console.people.card import tell_fields
from qunying.console.search.context import GroupHit, MessageHit, PersonHit
from qunying.console.search.marks import excerpt, mark
from qunying.console.search.wanted import Wanted, fold
from qunying.people.finding import FoundPerson, Where, search_people
from qunying.people.queries import count_present_by_group, names_of
from qunying.talk.knowing import colleagues_who_know
from qunying.talk.traces import Said, find_said

KNOWN_AT_MOST = 3
ENOUGH = 5  # where so many are found, nothing was mistyped


def find_groups(wanted: Wanted, community_ids: Collection[int]) -> list[GroupLine]:
    """Groups that keep every condition and have every word in what we noted, or as initials; where few do, those with a
    name like it too.

    Those whose name begins with the first word stand in front, then by weight; what is only like it comes last.
    """
    lines = list_group_lines(community_ids)
    found = [line for line in lines if fits(line, wanted)]
    if not wanted.words:
        return found
    first = wanted.words[0]
    found.sort(key=lambda line: not fold(line.name).startswith(first))
    if len(found) >= ENOUGH:
        return found
    known = {line.id for line in found}
    return found + find_like([line for line in lines if line.id not in known], wanted)


def show_groups(lines: Sequence[GroupLine], wanted: Wanted) -> list[GroupHit]:
    """Groups with their names marked and their members counted; one query."""
    counts = count_present_by_group([line.id for line in lines]) if lines else {}
    return [
        GroupHit(
            id=line.id,
            href=group_href(line.id),
            name=line.name,
            title=mark(line.name, wanted.words),
            about=mark(_about(line), wanted.words),
            members=counts.get(line.id, 0),
        )
        for line in lines
    ]


def _about(line: GroupLine) -> str:
    carrier_name = line.carrier_name if line.carrier_name != line.name else ""
    return " · ".join(part for part in (carrier_name, line.community, *_noted(line)) if part)


def _noted(line: GroupLine) -> tuple[str, ...]:
    """What was noted and is not in the name: where only that fits, it must be seen why the group was found."""
    parts = (line.city, line.industry, line.company, line.noted_on.isoformat() if line.noted_on else "", line.tags)
    return tuple(part for part in parts if part and part not in line.name)


def find_people(wanted: Wanted, community_ids: Collection[int] | None, limit: int) -> list[FoundPerson]:
    """Different people, those who fit best first."""
    return search_people(wanted.phrase, Where(community_ids), limit=limit) if wanted.words else []


def show_people(found: Sequence[FoundPerson], wanted: Wanted) -> list[PersonHit]:
    """People with names and cards marked, what their cards say, and who of us knows them; a few queries."""
    groups = infos_of_groups({one.group_id for one in found}) if found else {}
    known = colleagues_who_know({one.person_id: one.sitting for one in found}) if found else {}
    return [
        PersonHit(
            id=one.person_id,
            name=one.name,
            title=mark(one.name, wanted.words),
            card=mark(one.card, wanted.words),
            fields=tell_fields(one.fields),
            group=_name(groups, one.group_id),
            groups=one.groups,
            known_by=_("、").join(colleague.name for colleague in known[one.person_id][:KNOWN_AT_MOST]),
        )
        for one in found
    ]


def find_messages(wanted: Wanted, community_ids: Collection[int] | None, limit: int) -> list[Said]:
    """Messages in which every word occurs, newest first."""
    return find_said(wanted.phrase, community_ids, limit=limit) if wanted.words else []


def show_messages(found: Sequence[Said], wanted: Wanted) -> list[MessageHit]:
    """Messages as one marked line each; two queries."""
    groups = infos_of_groups({one.group_id for one in found}) if found else {}
    senders = {one.sender_id for one in found if one.sender_id is not None}
    names = names_of(senders) if senders else {}
    return [
        MessageHit(
            id=one.id,
            href=message_href(one, groups.get(one.group_id)),
            sender=names[one.sender_id].name
            if one.sender_id in names
            else (_("小助手") if one.is_own else _("系统提示")),
            sender_id=one.sender_id or 0,
            text=mark(excerpt(one.text, wanted.words), wanted.words),
            group=_name(groups, one.group_id),
            at=one.at,
        )
        for one in found
    ]


def group_href(group_id: int) -> str:
    """The page of a group; the list of groups where that screen was taken out."""
    try:
        return reverse("console:group", args=[group_id])
    except NoReverseMatch:
        return "/"


def message_href(said: Said, group: GroupInfo | None) -> str:
    """The day a message was said, in its group."""
    if group is None:
        return "/"
    try:
        page = reverse("console:group-messages", args=[said.group_id])
    except NoReverseMatch:
        return group_href(said.group_id)
    return f"{page}?day={said.at.astimezone(group.zone).date().isoformat()}#i-message{said.id}"


def _name(groups: dict[int, GroupInfo], group_id: int) -> str:
    group = groups.get(group_id)
    return group.name if group else ""
