"""Writes persons, identities and memberships; in bulk, because every message of every group passes here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery

from qunying.people.cards import Shown, do_read
from qunying.people.layers import do_forget_layers
from qunying.people.merging import do_settle_persons
from qunying.people.models import Card, CardCorrection, Identity, Membership, Person
from qunying.people.outliving import do_say, list_words
from qunying.people.search import PEOPLE_INDEX, findable
from qunying.people.segments import do_forget_segments
from qunying.people.tags import do_forget_tags
from qunying.store import rows


class Account(NamedTuple):
    """A carrier account of somebody, by the platform's reference. A tuple: it is a key for every message of an import."""

    carrier: str
    ref: str


class Seat(NamedTuple):
    """Somebody's place in a group."""

    group_id: int
    identity_id: int


@dataclass(frozen=True, slots=True)
class SeatNews:
    """How a membership begins where we have none yet: ``is_present`` is False for somebody who is only just joining."""

    community_id: int
    name: str
    card: str
    role: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Spoke:
    """How much somebody said in a group within one batch."""

    messages: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody joined."""

    at: datetime
    via: str = ""
    inviter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Went:
    """Somebody left."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """An identity as others work with it."""

    id: int
    name: str


def do_know(accounts: Mapping[Account, str], now: datetime, *, are_bots: bool = False) -> dict[Account, Known]:
    """Who these accounts (with their names) are; strangers get an identity and a person. A changed name is taken over."""
    known = _known(accounts)
    strangers = [account for account in accounts if account not in known]
    if strangers:
        _do_add_strangers(strangers, accounts, now, are_bots=are_bots)
        known.update(_known(strangers))
    renamed = {a: accounts[a][:200] for a, who in known.items() if accounts[a] and accounts[a][:200] != who.name}
    do_rename({known[account].id: name for account, name in renamed.items()})
    return {account: Known(who.id, renamed.get(account, who.name)) for account, who in known.items()}


def do_rename(names: Mapping[int, str]) -> None:
    """These identities are now called so, and are found under it; so are the persons born with them, unless somebody named those."""
    if not names:
        return
    held = Membership.objects.filter(identity__in=rows.among(names)).values_list(
        "pk", "identity_id", "identity__name", "card"
    )
    seats = list(held.order_by("pk"))
    read = _do_hold_cards(pk for pk, *_ in seats)
    before = Identity.objects.filter(pk__in=rows.among(names)).order_by("pk").values_list("pk", "name")
    persons = [
        (names[pk][:200], pk, name) for pk, name in before
    ]  # not whom they were merged into: that ends with the merge
    PEOPLE_INDEX.remove((pk, findable(name, card, read.get(pk, ""))) for pk, _, name, card in seats)
    rows.update(Identity, ["name"], ["id"], [(names[pk][:200], pk) for pk in sorted(names)])
    rows.update(Person, ["name"], ["id", "name"], persons)
    _do_find_under([Shown(pk, names[identity_id][:200], card) for pk, identity_id, _, card in seats], read)


def _do_hold_cards(membership_ids: Iterable[int]) -> dict[int, str]:
    """Holds these memberships, so that their cards are not read meanwhile; answers the words of those that were read."""
    read = Card.objects.filter(pk=OuterRef("pk")).values("words")
    held = Membership.objects.filter(pk__in=rows.among(membership_ids)).select_for_update().order_by("pk")
    words = held.annotate(words=Subquery(read)).values_list("pk", "words")
    return {pk: found for pk, found in words if found is not None}


def _do_find_under(shown: Sequence[Shown], read: Collection[int]) -> None:
    """These are found under what they show now; cards that were read are read anew, the others will be."""
    words = do_read([one for one in shown if one.id in read])
    PEOPLE_INDEX.add((one.id, findable(one.name, one.card, words.get(one.id, ""))) for one in shown)


def _known(accounts: Collection[Account]) -> dict[Account, Known]:
    key = ["carrier", "ref"]
    found = rows.select(Identity, ["carrier", "ref", "id", "name"], key, [(one.carrier, one.ref) for one in accounts])
    return {Account(carrier, ref): Known(pk, name) for carrier, ref, pk, name in found}


def _do_add_strangers(
    strangers: Sequence[Account], names: Mapping[Account, str], now: datetime, *, are_bots: bool
) -> None:
    """A person is born with their first identity and takes its id; merging later changes ``person_id`` only.

    Two groups may meet the same stranger at the same moment: the second one takes over what the first has written.
    """
    ids = rows.next_ids(Identity, len(strangers))
    shown = {account: (names[account] or account.ref)[:200] for account in strangers}
    rows.insert(
        Identity,
        ["id", "person_id", "carrier", "ref", "name", "is_bot", "created_at"],
        [
            (pk, pk, account.carrier, account.ref, shown[account], are_bots, now)
            for pk, account in zip(ids, strangers, strict=True)
        ],
        ignore=True,
    )
    ours = set(Identity.objects.filter(pk__in=rows.among(ids)).values_list("pk", flat=True))
    rows.insert(
        Person,
        ["id", "name", "created_at"],
        [(pk, shown[account], now) for pk, account in zip(ids, strangers, strict=True) if pk in ours],
    )


@dataclass(frozen=True, slots=True)
class Seated:
    """A membership as others work with it."""

    id: int
    card: str
    role: str
    is_present: bool
    joined_at: datetime | None
    left_at: datetime | None
    messages: int = 0


def do_seat(news: Mapping[Seat, SeatNews]) -> dict[Seat, Seated]:
    """The memberships of these people in these groups; missing ones begin as told."""
    if not news:
        return {}
    found = _seats(news)
    missing = [seat for seat in news if seat not in found]
    if missing:
        ids = rows.next_ids(Membership, len(missing))
        rows.insert(
            Membership,
            ["id", "community_id", "group_id", "identity_id", "card", "role", "is_present", "via", "messages"],
            [_seat_row(pk, seat, news[seat]) for pk, seat in zip(ids, missing, strict=True)],
        )
        found.update(_seats(missing))
        names = _names(missing)
        PEOPLE_INDEX.add((found[seat].id, findable(names[seat.identity_id], found[seat].card)) for seat in missing)
    return found


def _names(seats: Collection[Seat]) -> dict[int, str]:
    ids = {seat.identity_id for seat in seats}
    return dict(Identity.objects.filter(pk__in=rows.among(ids)).values_list("pk", "name"))


def _seat_row(pk: int, seat: Seat, news: SeatNews) -> tuple[object, ...]:
    role = news.role or "member"
    return (pk, news.community_id, seat.group_id, seat.identity_id, news.card[:200], role, news.is_present, "", 0)


def _seats(seats: Collection[Seat]) -> dict[Seat, Seated]:
    columns = ["group_id", "identity_id", "id", "card", "role", "is_present", "joined_at", "left_at", "messages"]
    wanted = {(seat.group_id, seat.identity_id) for seat in seats}
    found = rows.select(Membership, columns, ("group_id", "identity_id"), wanted)
    return {
        Seat(group_id, identity_id): Seated(pk, card, role, bool(is_present), joined_at, left_at, messages)
        for group_id, identity_id, pk, card, role, is_present, joined_at, left_at, messages in found
    }


def do_count_talk(spoken: Mapping[Seat, Spoke]) -> None:
    """Adds what was said to each speaker's membership."""
    table = Membership._meta.db_table
    low, high = ("MIN", "MAX") if connection.vendor == "sqlite" else ("LEAST", "GREATEST")
    sql = (
        f"UPDATE {table} SET messages = messages + %s, "
        f"first_spoke_at = {low}(COALESCE(first_spoke_at, %s), %s), "
        f"last_spoke_at = {high}(COALESCE(last_spoke_at, %s), %s) WHERE group_id = %s AND identity_id = %s"
    )
    values = []
    adapt = rows.moment_adapter()
    for seat, spoke in spoken.items():
        first, last = adapt(spoke.first_at), adapt(spoke.last_at)
        values.append((spoke.messages, first, first, last, last, seat.group_id, seat.identity_id))
    if not values:
        return
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def do_move(moves: Iterable[tuple[Seat, Came | Went]]) -> None:
    """Writes comings and goings, in order; of each member the last coming and, where it is later, the last going."""
    came: dict[Seat, Came] = {}
    went: dict[Seat, Went] = {}
    for seat, move in moves:
        if isinstance(move, Came):
            came[seat] = move
            went.pop(seat, None)
        else:
            went[seat] = move
    rows.update(
        Membership,
        ["is_present", "joined_at", "left_at", "via", "inviter_id"],
        ["group_id", "identity_id"],
        [
            (True, one.at, None, one.via[:64], one.inviter_id, seat.group_id, seat.identity_id)
            for seat, one in came.items()
        ],
    )
    rows.update(
        Membership,
        ["is_present", "left_at"],
        ["group_id", "identity_id"],
        [(False, one.at, seat.group_id, seat.identity_id) for seat, one in went.items()],
    )


@dataclass(frozen=True, slots=True)
class NewCard:
    """A member's group card, and their role where it is known ("" where not)."""

    card: str
    role: str = ""


def do_change_cards(changes: Iterable[tuple[Seat, NewCard]]) -> None:
    """Members' cards and roles are now these, in order; they are found under the new card."""
    changes = list(changes)
    if not changes:
        return
    before = _seats({seat for seat, _ in changes})
    after = dict(before)
    for seat, new in changes:
        after[seat] = replace(after[seat], card=new.card[:200], role=new.role or after[seat].role)
    changed = {seat: row for seat, row in after.items() if row != before[seat]}
    if not changed:
        return
    names = _names(changed)
    read = _do_hold_cards(row.id for row in changed.values())
    PEOPLE_INDEX.remove(
        (row.id, findable(names[seat.identity_id], before[seat].card, read.get(row.id, "")))
        for seat, row in changed.items()
    )
    rows.update(Membership, ["card", "role"], ["id"], [(row.card, row.role, row.id) for row in changed.values()])
    _do_find_under([Shown(row.id, names[seat.identity_id], row.card) for seat, row in changed.items()], read)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody who is in a group before our story begins, as its member list says."""

    ref: str
    name: str
    card: str = ""
    role: str = "member"
    joined_at: datetime | None = None


@transaction.atomic
def do_enrol(carrier: str, community_id: int, group_id: int, members: Sequence[Enrolled], now: datetime) -> None:
    """Takes over a group's member list: identities, persons and memberships with their joining dates."""
    known = do_know({Account(carrier, one.ref): one.name for one in members}, now)
    seats = {Seat(group_id, known[Account(carrier, one.ref)].id): one for one in members}
    do_seat(
        {seat: SeatNews(community_id, one.name, one.card, one.role, is_present=True) for seat, one in seats.items()}
    )
    dated = [(one.joined_at, seat.group_id, seat.identity_id) for seat, one in seats.items() if one.joined_at]
    rows.update(Membership, ["joined_at"], ["group_id", "identity_id"], dated)


def do_move_in_the_past(moves: Sequence[tuple[Seat, Came | Went]]) -> None:
    """Writes comings and goings read from a file, in whatever order files are read.

    A membership keeps its latest coming and its latest going; a going before the coming is an earlier stay and forgotten.
    """
    came: dict[Seat, Came] = {}
    went: dict[Seat, Went] = {}
    for seat, move in moves:
        if isinstance(move, Came):
            came[seat] = max(came.get(seat, move), move, key=_moment)
        else:
            went[seat] = max(went.get(seat, move), move, key=_moment)
    known = _seats({*came, *went})
    newer = [(seat, one) for seat, one in came.items() if seat in known and _is_after(one, known[seat].joined_at)]
    do_come_in_the_past(newer)
    do_go_in_the_past([(seat, one) for seat, one in went.items() if seat in known])


def do_come_in_the_past(moves: Sequence[tuple[Seat, Came]]) -> None:
    """The latest comings of these members; who left before that is present again."""
    for seat, one in moves:
        row = Membership.objects.filter(group=seat.group_id, identity=seat.identity_id)
        row.update(joined_at=one.at, via=one.via[:64], inviter_id=one.inviter_id)
        row.filter(left_at__lt=one.at).update(left_at=None, is_present=True)


def do_go_in_the_past(moves: Sequence[tuple[Seat, Went]]) -> None:
    """The latest goings of these members, where nothing newer is known of them."""
    for seat, one in moves:
        Membership.objects.filter(
            Q(joined_at=None) | Q(joined_at__lte=one.at),
            Q(left_at=None) | Q(left_at__lt=one.at),
            group=seat.group_id,
            identity=seat.identity_id,
        ).update(left_at=one.at, is_present=False)


def _moment(move: Came | Went) -> datetime:
    return move.at


def _is_after(move: Came | Went, moment: datetime | None) -> bool:
    return moment is None or move.at > moment


def do_see_who_is_back(group_id: int) -> None:
    """Who spoke after leaving has come back unseen: they are present, and when they came is not known."""
    Membership.objects.filter(
        group=group_id, is_present=False, left_at__isnull=False, last_spoke_at__gt=F("left_at")
    ).update(is_present=True)


def do_forget_people_of(community_ids: Sequence[int], at_most: int) -> int:
    """Removes up to so many memberships of communities that are being removed, and whoever is a member nowhere else then;
    answers how many rows. What was counted and noted of people goes first."""
    for forget in (do_forget_layers, do_forget_tags, do_forget_segments):
        if done := forget(community_ids, at_most):
            return done
    seats = Membership.objects.filter(community__in=community_ids).order_by("pk")
    gone = list(seats.values_list("pk", "identity_id", "identity__name", "card")[:at_most])
    ids = [pk for pk, *_ in gone]
    read = _do_hold_cards(ids)
    PEOPLE_INDEX.remove((pk, findable(name, card, read.get(pk, ""))) for pk, _identity, name, card in gone)
    CardCorrection.objects.filter(membership__in=rows.among(ids)).delete()
    Card.objects.filter(pk__in=rows.among(ids)).delete()
    Membership.objects.filter(pk__in=rows.among(ids)).delete()
    identities = {identity for _pk, identity, *_ in gone}
    stays = Membership.objects.filter(identity__in=rows.among(identities)).values_list("identity_id", flat=True)
    _do_forget_identities(identities - set(stays))
    return len(gone)


def do_forget_strangers(carrier: str, at_most: int) -> int:
    """Removes up to so many who were only named on that carrier and sit in no group, such as our own account there;
    answers how many."""
    seated = Membership.objects.values("identity_id")
    strangers = Identity.objects.filter(carrier=carrier).exclude(pk__in=seated).values_list("pk", flat=True)
    gone = set(strangers[:at_most])
    _do_forget_identities(gone)
    return len(gone)


def _do_forget_identities(ids: Collection[int]) -> None:
    """Their merges go with them: what stays of a person that they held together falls apart, but where it is somebody's word
    or vouched for without them."""
    persons = Identity.objects.filter(pk__in=rows.among(ids)).values("person_id")
    left = list(
        Identity.objects.filter(person__in=persons).exclude(pk__in=rows.among(ids)).values_list("pk", flat=True)
    )
    words = list_words(ids, left)
    Identity.objects.filter(pk__in=rows.among(ids)).delete()
    do_say(words)
    do_settle_persons(left)
    Person.objects.filter(pk__in=rows.among(ids)).delete()
