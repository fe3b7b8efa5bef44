"""People whom we want to win as seed users: lists that somebody made, renames, adds to and takes from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Q

from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.models import Membership, Person, Shortlist, Shortlisted
from qunying.people.whoever import accounts_of, whoever
from qunying.store import rows

PEOPLE_AT_MOST = 100
NAME_LETTERS = 60


@dataclass(frozen=True, slots=True)
class ShortlistRow:
    """A list with how many are on it."""

    id: int
    community_id: int
    name: str
    made_at: datetime
    made_by: int | None
    people: int
    dropped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShortlistedRow:
    """Somebody on a list since a moment. ``listed_as`` is the id they were put there with, and by which what was planned for
    them is known: the same as long as nobody joined their accounts."""

    person_id: int
    name: str
    added_at: datetime
    listed_as: int = 0


def list_shortlists(community_id: int) -> list[ShortlistRow]:
    """The lists of a community that nobody dropped, the newest first."""
    return _lists(Q(community=community_id, dropped_at=None))


def find_shortlist(community_id: int, shortlist_id: int) -> ShortlistRow | None:
    """That list of that community, also where it was dropped."""
    return next(iter(_lists(Q(community=community_id, pk=shortlist_id))), None)


def _lists(wanted: Q) -> list[ShortlistRow]:
    people = Count("pk", filter=Q(taken_off_at=None))
    found = list(Shortlist.objects.filter(wanted).order_by("-made_at", "-pk"))
    on = Shortlisted.objects.filter(shortlist__in=[one.pk for one in found]).order_by().values("shortlist_id")
    counts = dict(on.annotate(people=people).values_list("shortlist_id", "people"))
    return [
        ShortlistRow(
            one.pk, one.community_id, one.name, one.made_at, one.made_by_id, counts.get(one.pk, 0), one.dropped_at
        )
        for one in found
    ]


def list_shortlisted(shortlist_id: int) -> list[ShortlistedRow]:
    """Who is on a list, in the order in which they were put there; people as they are now, each once."""
    on = Shortlisted.objects.filter(shortlist=shortlist_id, taken_off_at=None).order_by("added_at", "pk")
    told = on.annotate(who=whoever("person_id")).values_list("who", "person__name", "added_at", "person_id")
    first: dict[int, ShortlistedRow] = {}
    for row in told:
        first.setdefault(row[0], ShortlistedRow(*row))
    return list(first.values())


def list_shortlisted_among(community_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """Which of these people are on a list of the community that nobody dropped, with the newest such list."""
    return {who: one.list_id for who, one in list_listed(community_id, person_ids).items()}


class ListedAs(NamedTuple):
    """A shortlist on which somebody is, and the id they were put there with."""

    list_id: int
    name: str
    listed_as: int


def list_listed(community_id: int, person_ids: Collection[int]) -> dict[int, ListedAs]:
    """As ``list_shortlisted_among``, with the list's name."""
    now = accounts_of(person_ids)
    on = Shortlisted.objects.filter(
        shortlist__community=community_id,
        shortlist__dropped_at=None,
        taken_off_at=None,
        person__in=rows.among(now),
    )
    found = on.order_by("shortlist").values_list("person_id", "shortlist_id", "shortlist__name")
    return {now[who]: ListedAs(listed, name, who) for who, listed, name in found}


@transaction.atomic
def do_make_shortlist(community_id: int, name: str, person_ids: Sequence[int], *, user_id: int, at: datetime) -> int:
    """A new list; answers its id. Raises ``BadUse`` without people, with too many, or with somebody who is no member."""
    ids = list(dict.fromkeys(person_ids))
    if not ids:
        raise BadUse(mark("先勾上要放进名单的人"))
    name = _checked(name)
    _check_people(community_id, ids, 0)
    shortlist = Shortlist.objects.create(community_id=community_id, name=name, made_at=at, made_by_id=user_id or None)
    rows.insert(Shortlisted, ["shortlist_id", "person_id", "added_at"], [(shortlist.pk, pk, at) for pk in ids])
    _do_note("shortlist.made", shortlist, user_id, at, {"people": len(ids)})
    return shortlist.pk


@transaction.atomic
def do_rename_shortlist(shortlist_id: int, name: str, *, user_id: int, at: datetime) -> bool:
    """A list is called so now; False where it was before. Raises ``BadUse`` for an empty or too long name."""
    name = _checked(name)
    changed = Shortlist.objects.filter(pk=shortlist_id).exclude(name=name).update(name=name)
    if changed:
        _do_note("shortlist.changed", Shortlist.objects.get(pk=shortlist_id), user_id, at, {"changed": "name"})
    return bool(changed)


@transaction.atomic
def do_put_on_shortlist(shortlist_id: int, person_ids: Sequence[int], *, user_id: int, at: datetime) -> int:
    """Puts people on a list; answers how many were not on it. Raises ``BadUse`` as ``do_make_shortlist``.

    Who was taken off before begins anew.
    """
    shortlist = Shortlist.objects.select_for_update().get(pk=shortlist_id)
    on = Shortlisted.objects.filter(shortlist=shortlist_id)
    known = set(on.filter(taken_off_at=None).values_list("person_id", flat=True))
    new = [pk for pk in dict.fromkeys(person_ids) if pk not in known]
    _check_people(shortlist.community_id, new, len(known))
    on.filter(person__in=new).delete()
    rows.insert(Shortlisted, ["shortlist_id", "person_id", "added_at"], [(shortlist_id, pk, at) for pk in new])
    if new:
        _do_note("shortlist.changed", shortlist, user_id, at, {"changed": "on", "people": len(new)})
    return len(new)


@transaction.atomic
def do_take_off_shortlist(shortlist_id: int, person_id: int, *, user_id: int, at: datetime) -> bool:
    """Takes somebody off a list; False where they are not on it."""
    on = Shortlisted.objects.filter(shortlist=shortlist_id, person__in=accounts_of([person_id]), taken_off_at=None)
    taken = on.update(taken_off_at=at)
    if taken:
        _do_note("shortlist.changed", Shortlist.objects.get(pk=shortlist_id), user_id, at, {"changed": "off"})
    return bool(taken)


@transaction.atomic
def do_put_back_on_shortlist(shortlist_id: int, person_id: int, *, user_id: int, at: datetime) -> bool:
    """Takes the taking off back: since when somebody is on the list stays as it was; False where they are on it."""
    theirs = accounts_of([person_id])
    off = Shortlisted.objects.filter(shortlist=shortlist_id, person__in=theirs).exclude(taken_off_at=None)
    back = off.update(taken_off_at=None)
    if back:
        _do_note("shortlist.changed", Shortlist.objects.get(pk=shortlist_id), user_id, at, {"changed": "on"})
    return bool(back)


@transaction.atomic
def do_drop_shortlist(shortlist_id: int, *, is_back: bool = False, user_id: int, at: datetime) -> bool:
    """Puts a list away, or (``is_back``) takes that back; False where it was so already."""
    found = Shortlist.objects.filter(pk=shortlist_id)
    changed = (found.exclude(dropped_at=None) if is_back else found.filter(dropped_at=None)).update(
        dropped_at=None if is_back else at
    )
    if changed:
        _do_note("shortlist.changed", found.get(), user_id, at, {"changed": "back" if is_back else "dropped"})
    return bool(changed)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadUse(mark("给名单起个名字"))
    if len(name) > NAME_LETTERS:
        raise BadUse(mark("名单的名字太长了，最多 60 个字"))
    return name


def _check_people(community_id: int, person_ids: Sequence[int], before: int) -> None:
    if before + len(person_ids) > PEOPLE_AT_MOST:
        raise BadUse(mark("一份名单最多 %(most)s 人：私聊是一个一个聊的"), most=str(PEOPLE_AT_MOST))
    seats = Membership.objects.filter(community=community_id, identity__person__in=rows.among(person_ids))
    strangers = set(person_ids) - set(seats.values_list("identity__person_id", flat=True))
    if strangers:
        named = Person.objects.filter(pk__in=strangers).values_list("name", flat=True)[:1]
        who = next(iter(named), f"#{min(strangers)}")
        raise BadUse(mark("「%(name)s」不是这个社群的成员"), name=who)


def _do_note(name: str, shortlist: Shortlist, user_id: int, at: datetime, words: dict[str, object]) -> None:
    key = f"{name}:{shortlist.pk}:{at.isoformat()}:{words.get('changed', '')}"
    told = {"shortlist": shortlist.pk, **words}
    actor = f"user:{user_id}" if user_id else "system"
    do_record_facts([Fact(name=name, at=at, community_id=shortlist.community_id, key=key, actor=actor, words=told)])


def list_people_by_list(shortlist_ids: Collection[int]) -> dict[int, list[int]]:
    """Who is on each of these lists; empty ones are absent."""
    on = Shortlisted.objects.filter(shortlist__in=shortlist_ids, taken_off_at=None).order_by("added_at", "pk")
    found: dict[int, list[int]] = {}
    for shortlist, person in on.values_list("shortlist_id", "person_id"):
        found.setdefault(shortlist, []).append(person)
    return found
