"""What stands in the course of somebody's time beside the facts: deeds, conversations they began, notes of private talks.

Each comes from a table with ids of its own, so a place in the whole course is (moment, key) with the source in the key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries import GroupInfo
from qunying.console.people.context import CourseItem
from qunying.console.people.words import group_href, tell_deed, tell_money
from qunying.deeds.queries import DeedLine, list_deeds_of
from qunying.people.notes import list_notes_of
from qunying.people.roll import RollLine
from qunying.talk.courses import list_begun_by

SOURCE_BITS = 48
LAST = 2**62
Cursor = tuple[datetime, int]
Page = tuple[list[CourseItem], int]


@dataclass(frozen=True, slots=True)
class Trail:
    """Whose course it is: their seats within reach, the communities of that reach and of notes, and the groups' names."""

    person_id: int
    seats: Sequence[RollLine]
    community_ids: Collection[int] | None
    note_ids: Collection[int] | None
    groups: Mapping[int, GroupInfo]

    @property
    def accounts(self) -> set[int]:
        """The accounts within reach."""
        return {seat.identity_id for seat in self.seats}

    def group_name(self, group_id: int | None) -> str:
        """What that group is called; empty for one outside reach."""
        group = self.groups.get(group_id or 0)
        return group.name if group else ""


@dataclass(frozen=True, slots=True)
class Source:
    """A table of the course. ``rank`` orders it among others at the same moment."""

    rank: int
    read: Callable[[Trail, Cursor | None, int, int], Page]

    def page(self, trail: Trail, before: Cursor | None, limit: int) -> Page:
        """The latest of it below that place, and how many there are."""
        return self.read(trail, below(before, self.rank), limit, self.rank << SOURCE_BITS)


def below(before: Cursor | None, rank: int) -> Cursor | None:
    """The same place among the ids of the source of that rank."""
    if before is None:
        return None
    at, key = before
    theirs = key >> SOURCE_BITS
    if theirs == rank:
        return at, key - (rank << SOURCE_BITS)
    return at, LAST if rank < theirs else 0


def _deeds(trail: Trail, before: Cursor | None, limit: int, shift: int) -> Page:
    deeds, total = list_deeds_of(trail.person_id, trail.community_ids, before=before, limit=limit)
    return [
        CourseItem(
            at=one.at,
            key=shift + one.id,
            dot="on" if one.kind == "order" else "",
            what=" · ".join(part for part in (tell_deed(one.kind), _amount(one), _score(one.score)) if part),
            where=one.source,
        )
        for one in deeds
    ], total


def _amount(one: DeedLine) -> str:
    many = ngettext("%(n)d 件", "%(n)d 件", one.quantity) % {"n": one.quantity} if one.quantity > 1 else ""
    paid = tell_money(one.amount, one.currency) if one.amount is not None else ""
    return " · ".join(part for part in (paid, many) if part)


def _score(score: int | None) -> str:
    return "" if score is None else ngettext("%(n)s 分", "%(n)s 分", score) % {"n": score}


def _begun(trail: Trail, before: Cursor | None, limit: int, shift: int) -> Page:
    items = []
    threads, total = list_begun_by(trail.accounts, trail.community_ids, before=before, limit=limit)
    for one in threads:
        size = ngettext("%(n)d 条", "%(n)d 条", one.messages) % {"n": one.messages}
        people = ngettext("%(n)d 个人", "%(n)d 个人", one.people) % {"n": one.people}
        items.append(
            CourseItem(
                at=one.at,
                key=shift + one.id,
                dot="",
                what=_("带起一段话"),
                where=" · ".join((trail.group_name(one.group_id), size, people)),
                where_href=group_href(one.group_id),
                quote=one.words[:120],
            )
        )
    return items, total


def _notes(trail: Trail, before: Cursor | None, limit: int, shift: int) -> Page:
    notes, total = list_notes_of(trail.accounts, trail.note_ids, before=before, limit=limit)
    return [
        CourseItem(
            at=one.talked_at,
            key=shift + one.id,
            dot="",
            what=_("私下聊过"),
            where=one.by,
            quote=one.text,
            note_id=one.id,
        )
        for one in notes
    ], total


DEEDS, BEGUN, NOTES = Source(1, _deeds), Source(2, _begun), Source(3, _notes)
SOURCES = (DEEDS, BEGUN, NOTES)
