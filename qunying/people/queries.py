"""Who is who, and where they sit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from qunying.people.models import Card, CardCorrection, Identity, Membership
from qunying.people.search import PEOPLE_INDEX
from qunying.store import rows as tables


@dataclass(frozen=True, slots=True)
class Names:
    """What an outbox or a page needs to name somebody."""

    ref: str
    name: str


def find_latest_homes(carrier: str, refs: Collection[str]) -> dict[str, int]:
    """Per account the community of the group it was last in (also after leaving it), in one query; strangers are absent."""
    seats = Membership.objects.filter(identity__carrier=carrier, identity__ref__in=refs)
    ordered = seats.order_by(F("joined_at").asc(nulls_first=True), "id")
    return dict(ordered.values_list("identity__ref", "community_id"))  # of several the last one stays


def find_latest_group(identity_id: int) -> int | None:
    """The group somebody came into last, also after leaving it; None for strangers."""
    seats = Membership.objects.filter(identity=identity_id)
    ordered = seats.order_by(F("is_present").desc(), F("joined_at").desc(nulls_last=True), "-id")
    return ordered.values_list("group_id", flat=True).first()


def names_of(identity_ids: Collection[int]) -> dict[int, Names]:
    """References and names of these identities, in one query."""
    rows = Identity.objects.filter(pk__in=identity_ids).values_list("pk", "ref", "name")
    return {pk: Names(ref, name) for pk, ref, name in rows}


def refs_of(carrier: str) -> dict[int, str]:
    """All identities of a carrier by id; for small worlds such as a drill's."""
    return dict(Identity.objects.filter(carrier=carrier).values_list("pk", "ref"))


def list_odd_identities(group_ids: Collection[int] | None = None) -> list[tuple[int, int, bool]]:
    """(identity, person, program or not) of programs and of identities merged into the person of another one.

    Narrowed to who sits or sat in these groups, where given. All others are members and their own person.
    """
    everybody = Identity.objects.all()
    if group_ids is not None:
        everybody = everybody.filter(pk__in=Membership.objects.filter(group__in=group_ids).values("identity_id"))
    # each half has an index of its own, which «or» would not take
    programs, merged = (
        everybody.filter(odd).values_list("pk", "person_id", "is_bot") for odd in (Q(is_bot=True), ~Q(person=F("pk")))
    )
    return [(pk, person or pk, is_bot) for pk, person, is_bot in programs.union(merged)]


def ids_of_accounts(accounts: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Identities by (carrier, reference); unknown ones are absent."""
    found: dict[tuple[str, str], int] = {}
    for carrier in {carrier for carrier, _ in accounts}:
        refs = [ref for place, ref in accounts if place == carrier]
        rows = Identity.objects.filter(carrier=carrier, ref__in=refs).values_list("ref", "pk")
        found.update({(carrier, ref): pk for ref, pk in rows})
    return found


def list_accounts_by_ref(refs: Collection[str]) -> dict[str, dict[str, int]]:
    """Per reference the identities that have it, by carrier; unknown ones are absent."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for carrier in Identity.objects.order_by().values_list("carrier", flat=True).distinct():
        wanted = [(carrier, ref) for ref in refs]
        for ref, pk in tables.select(Identity, ["ref", "id"], ["carrier", "ref"], wanted):
            found[ref][carrier] = pk
    return dict(found)


def list_seats_of(identity_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """(community, group, identity) of every membership these identities have or had."""
    rows = Membership.objects.filter(identity__in=identity_ids)
    return list(rows.values_list("community_id", "group_id", "identity_id"))


def list_groups_of(identity_id: int, community_id: int) -> list[int]:
    """The groups of a community in which this identity sits now."""
    seats = Membership.objects.filter(identity=identity_id, community=community_id, is_present=True)
    return list(seats.order_by("group_id").values_list("group_id", flat=True))


def list_seats_in(group_ids: Collection[int]) -> list[list[Any]]:
    """Memberships of these groups as those who count take them.

    Ten columns of equal length: community, group, identity, present, joined, left, first word, last word, via, membership.
    Times are datetimes or, where the database keeps times as text, that text in UTC; a truth may be a number.
    """
    seats = Membership.objects.filter(group__in=tables.among(group_ids))
    times = {f"{name}_time": _time(name) for name in ("joined_at", "left_at", "first_spoke_at", "last_spoke_at")}
    return tables.read_columns(
        seats.annotate(**times).values_list(
            "community_id", "group_id", "identity_id", "is_present", *times, "via", "pk"
        )
    )


def _time(name: str) -> Any:
    return F(name) if connection.vendor == "postgresql" else Cast(name, TextField())


def count_present_by_group(group_ids: Collection[int] | None = None) -> dict[int, int]:
    """How many sit in each of these groups (None: in each) now, programs and staff included."""
    rows = _present(group_ids).order_by().values("group_id").annotate(seats=Count("pk"))
    return dict(rows.values_list("group_id", "seats"))


def count_identities_present(group_ids: Collection[int] | None = None) -> int:
    """How many different accounts sit in these groups (None: in any) now, programs and staff included."""
    return _present(group_ids).aggregate(people=Count("identity_id", distinct=True))["people"] or 0


def _present(group_ids: Collection[int] | None) -> QuerySet[Membership]:
    present = Membership.objects.filter(is_present=True)
    return present if group_ids is None else present.filter(group__in=group_ids)


def count_seats(community_ids: Collection[int]) -> int:
    """Memberships in these communities, past ones too."""
    return Membership.objects.filter(community__in=community_ids).count()


def count_persons_present(community_ids: Collection[int]) -> int:
    """How many different people sit in the groups of these communities now, programs left out."""
    present = Membership.objects.filter(is_present=True, community__in=community_ids, identity__is_bot=False)
    return present.aggregate(people=Count("identity__person_id", distinct=True))["people"] or 0


def count_persons_by_community(community_ids: Collection[int]) -> dict[int, int]:
    """How many different people sit in the groups of each of these communities now, programs left out."""
    present = Membership.objects.filter(is_present=True, community__in=community_ids, identity__is_bot=False)
    counts = present.order_by().values("community_id").annotate(people=Count("identity__person_id", distinct=True))
    return dict(counts.values_list("community_id", "people"))


def list_present_seats(
    accounts: Collection[tuple[str, str]], group_ids: Collection[int]
) -> list[tuple[int, int, int, str, str]]:
    """(community, group, identity, carrier, reference) of these accounts where they sit in these groups now."""
    refs: dict[str, list[str]] = defaultdict(list)
    for carrier, ref in accounts:
        refs[carrier].append(ref)
    known = Identity.objects.none()
    for carrier, some in refs.items():
        known |= Identity.objects.filter(carrier=carrier, ref__in=some)
    seats = Membership.objects.filter(identity__in=known, group__in=group_ids, is_present=True)
    columns = ("community_id", "group_id", "identity_id", "identity__carrier", "identity__ref")
    return list(seats.values_list(*columns))


class Seen(NamedTuple):
    """Somebody in some communities: name, a card of theirs, in how many groups they sit, what they said, and when last."""

    name: str
    card: str
    groups: int
    messages: int
    last_spoke_at: datetime | None


def list_seen(person_ids: Collection[int], community_ids: Collection[int]) -> dict[int, Seen]:
    """These people as members of those communities, in one query; whoever never sat there is absent.

    Name and card are those of the membership in which they say most.
    """
    seats = Membership.objects.filter(identity__person__in=person_ids, community__in=community_ids)
    columns = ("identity__person_id", "identity__name", "card", "is_present", "messages", "last_spoke_at")
    found: dict[int, Seen] = {}
    for person, name, card, is_present, messages, last in seats.order_by("-messages", "id").values_list(*columns):
        known = found.get(person, Seen(name, card, 0, 0, None))
        lasts = [at for at in (known.last_spoke_at, last) if at]
        found[person] = Seen(
            known.name,
            known.card or card,
            known.groups + is_present,
            known.messages + messages,
            max(lasts, default=None),
        )
    return found


def list_on_cards(
    field: str, community_ids: Collection[int], group_ids: Collection[int] | None
) -> list[tuple[int, int, str]]:
    """(community, person, what the card says) of everybody on whose card that field is, those to be believed most last.

    Of these communities, narrowed to groups where some are given; also of who left. What one of us wrote comes after what
    was read, newer memberships after older ones.
    """
    cards = Card.objects.filter(membership__community__in=community_ids).exclude(**{field: ""})
    corrected = CardCorrection.objects.filter(
        membership__community__in=community_ids, field=field, taken_back_at=None
    ).exclude(value="")
    if group_ids is not None:
        cards = cards.filter(membership__group__in=group_ids)
        corrected = corrected.filter(membership__group__in=group_ids)
    home, person = "membership__community_id", "membership__identity__person_id"
    read = cards.order_by("membership_id").values_list(home, person, field)
    return [*read, *corrected.order_by("membership_id").values_list(home, person, "value")]


def list_inviters(community_ids: Collection[int], group_ids: Collection[int] | None) -> list[tuple[int, int, int]]:
    """(community, person, person who brought them) of everybody whom somebody else brought; who came first last.

    Of these communities, narrowed to groups where some are given; also of who left.
    """
    brought = Membership.objects.filter(community__in=community_ids).exclude(inviter=None)
    brought = brought.exclude(inviter__person_id=F("identity__person_id"))
    if group_ids is not None:
        brought = brought.filter(group__in=group_ids)
    latest_first = brought.order_by(F("joined_at").desc(nulls_first=True), "-id")
    return list(latest_first.values_list("community_id", "identity__person_id", "inviter__person_id"))


def list_identities_found(words: str, limit: int) -> list[int]:
    """Accounts in whose names or cards the words occur, newest memberships first; no words find nothing."""
    rows = Membership.objects.filter(pk__in=PEOPLE_INDEX.find(words, limit=limit)).values_list("identity_id", flat=True)
    return list(dict.fromkeys(rows))


def list_people_seated(group_ids: Collection[int]) -> dict[int, bool]:
    """Every person who sits or sat in these groups, and whether they sit in one of them now."""
    seats = Membership.objects.filter(group__in=group_ids).order_by()
    found = seats.values_list("identity__person_id", "identity_id", "is_present")
    people: dict[int, bool] = {}
    for person, identity, is_present in found.iterator(chunk_size=10_000):
        who = person or identity
        people[who] = people.get(who, False) or is_present
    return people


def list_identities_of(person_ids: Collection[int]) -> dict[int, int]:
    """Every account of these people, with the person."""
    found = Identity.objects.filter(person__in=tables.among(person_ids)).values_list("pk", "person_id")
    return {pk: person for pk, person in found if person}


def list_present_people(person_ids: Collection[int], community_id: int) -> set[int]:
    """Who of these people sits in a group of that community now."""
    seats = Membership.objects.filter(
        identity__person__in=tables.among(person_ids), community=community_id, is_present=True
    )
    return set(seats.values_list("identity__person_id", flat=True))


def list_people_in_group(person_ids: Collection[int], group_id: int) -> set[int]:
    """Who of these people sits in that group now."""
    seats = Membership.objects.filter(identity__person__in=tables.among(person_ids), group=group_id, is_present=True)
    return set(seats.values_list("identity__person_id", flat=True))


def list_accounts_on(person_ids: Collection[int], carrier: str) -> dict[int, int]:
    """The newest account of each of these people on that carrier; who has none is absent."""
    found = Identity.objects.filter(person__in=tables.among(person_ids), carrier=carrier).order_by("id")
    return {person: pk for person, pk in found.values_list("person_id", "pk") if person}


def list_people_seated_in(identity_ids: Collection[int], community_id: int) -> set[int]:
    """Which of these accounts belong to somebody who sits or sat in a group of that community."""
    persons = Identity.objects.filter(pk__in=tables.among(identity_ids)).values_list("pk", "person_id")
    known = {pk: person or pk for pk, person in persons}
    seats = Membership.objects.filter(community=community_id, identity__person__in=tables.among(known.values()))
    seated = set(seats.values_list("identity__person_id", flat=True))
    return {pk for pk, person in known.items() if person in seated}


def list_present_named(person_ids: Collection[int], group_ids: Collection[int]) -> dict[int, str]:
    """Who of these people sits in one of these groups now, by the name of the account they sit there with."""
    seats = Membership.objects.filter(
        identity__person__in=tables.among(person_ids), group__in=group_ids, is_present=True
    )
    found = seats.order_by("-pk").values_list("identity__person_id", "identity__name")
    return {person: name for person, name in found if person}
