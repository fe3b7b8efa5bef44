"""Who on the team knows somebody: colleagues who sit in the same group, and private talk with the community's account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max

from qunying.communities.queries import staff_of
from qunying.people.queries import list_present_seats
from qunying.talk.models import Whisper

COLLEAGUES_AT_MOST = 20  # of one person


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the official roster who sits in groups with a person."""

    identity_id: int
    name: str
    duty: str
    group_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PrivateTalk:
    """What a person and the account of a community said to each other."""

    community_id: int
    messages: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Knowing:
    """Who knows a person: colleagues by groups shared, and communities whose account talked with them, latest first."""

    colleagues: tuple[Colleague, ...] = ()
    talks: tuple[PrivateTalk, ...] = ()


def who_knows(
    people: Mapping[int, Collection[tuple[int, int, int]]], community_ids: Collection[int] | None
) -> dict[int, Knowing]:
    """Per key of ``people`` who knows them; its values are their seats where they are present, as (community, group,
    identity). Private talk is told only of those communities (None: of all). A few queries however many people."""
    seats = [seat for some in people.values() for seat in some]
    staff = _staff_by_group(seats)
    talks = _private_talks({identity for *_, identity in seats}, community_ids)
    return {
        who: Knowing(_colleagues(some, staff), _talks({identity for *_, identity in some}, talks))
        for who, some in people.items()
    }


def colleagues_who_know(people: Mapping[int, Collection[tuple[int, int, int]]]) -> dict[int, tuple[Colleague, ...]]:
    """The same without private talk, in two queries."""
    staff = _staff_by_group([seat for some in people.values() for seat in some])
    return {who: _colleagues(some, staff) for who, some in people.items()}


_Sitting = tuple[int, str, str]  # identity, name, duty


def _staff_by_group(seats: Collection[tuple[int, int, int]]) -> dict[int, list[_Sitting]]:
    """Colleagues who sit in these groups now."""
    roster = [line for lines in staff_of({community for community, *_ in seats}).values() for line in lines]
    if not roster:
        return {}
    duties = {(line.community_id, line.carrier, line.ref): line for line in roster}
    accounts = {(line.carrier, line.ref) for line in roster}
    found: dict[int, list[_Sitting]] = defaultdict(list)
    for community, group, identity, carrier, ref in list_present_seats(accounts, {group for _, group, _ in seats}):
        line = duties.get((community, carrier, ref))
        if line is not None:
            found[group].append((identity, line.name, line.duty))
    return found


def _colleagues(seats: Collection[tuple[int, int, int]], staff: Mapping[int, list[_Sitting]]) -> tuple[Colleague, ...]:
    """Who shares most groups first; nobody is their own acquaintance."""
    own = {identity for *_, identity in seats}
    shared: dict[_Sitting, list[int]] = defaultdict(list)
    for _, group, _ in seats:
        for sitting in staff.get(group, ()):
            if sitting[0] not in own:
                shared[sitting].append(group)
    most = sorted(shared.items(), key=lambda item: -len(item[1]))[:COLLEAGUES_AT_MOST]
    return tuple(Colleague(*sitting, tuple(groups)) for sitting, groups in most)


@dataclass(frozen=True, slots=True)
class WhisperLine:
    """A private message as a page shows it."""

    at: datetime
    text: str


def find_whisper(community_id: int, identity_id: int, source_key: str) -> WhisperLine | None:
    """That private message of a person; None where it is not kept."""
    found = Whisper.objects.filter(community=community_id, identity=identity_id, source_key=source_key)
    row = found.values_list("at", "text").first()
    return WhisperLine(*row) if row else None


def _private_talks(
    identity_ids: Collection[int], community_ids: Collection[int] | None
) -> dict[int, list[PrivateTalk]]:
    whispers = Whisper.objects.filter(identity__in=identity_ids)
    if community_ids is not None:
        whispers = whispers.annotate(home=F("community_id") + 0).filter(home__in=community_ids)
    counted = whispers.order_by().values("identity_id", "community_id").annotate(said=Count("pk"), last=Max("at"))
    found: dict[int, list[PrivateTalk]] = defaultdict(list)
    for identity, community, said, last in counted.values_list("identity_id", "community_id", "said", "last"):
        found[identity].append(PrivateTalk(community, said, last))
    return found


def _talks(identity_ids: Collection[int], talks: Mapping[int, list[PrivateTalk]]) -> tuple[PrivateTalk, ...]:
    """Of several accounts of one person each community once."""
    found: dict[int, PrivateTalk] = {}
    for one in [talk for identity in identity_ids for talk in talks.get(identity, ())]:
        held = found.get(one.community_id)
        found[one.community_id] = (
            PrivateTalk(one.community_id, one.messages + held.messages, max(one.last_at, held.last_at)) if held else one
        )
    return tuple(sorted(found.values(), key=lambda talk: talk.last_at, reverse=True))
