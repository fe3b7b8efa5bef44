"""People are found by anything on their cards, in any group; who fits best comes first. Bounded however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import F

from qunying.judgement.cards import FIELDS
from qunying.judgement.folding import folded
from qunying.people.asked import LIKE_ENOUGH, Term, likeness, read_terms
from qunying.people.cards import FIELDS_OF_SEAT, Field, fields_told
from qunying.people.models import Membership
from qunying.people.search import IN_INITIALS, PEOPLE_INDEX, short
from qunying.store import rows
from qunying.store.search import Way

LOOKED_AT = 500  # memberships that are compared; as many as anybody may ask for
SEARCHED_AT_ONCE = (LOOKED_AT, 4000, 20_000)  # where the first lies outside somebody's reach, a larger one is taken
ENOUGH = 5  # where so many are found, nothing was mistyped
ASKED_ONE_BY_ONE = 5000  # members of the groups that are asked about
MISTYPED_AT_MOST = 2  # words of one search
SEATS_AT_MOST = 50  # of one person


@dataclass(frozen=True, slots=True)
class Where:
    """Where people are looked for; None is everywhere."""

    community_ids: Collection[int] | None = None
    group_ids: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class FoundSeat:
    """A group that somebody who was found is or was in, and what their card says there."""

    id: int
    identity_id: int
    community_id: int
    group_id: int
    card: str
    role: str
    is_present: bool
    messages: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person that a search found: how well they fit (0 to 1), by which card, and their groups, that one first."""

    person_id: int
    name: str
    score: float
    seats: tuple[FoundSeat, ...]

    @property
    def card(self) -> str:
        """The card by which they were found."""
        return self.seats[0].card

    @property
    def group_id(self) -> int:
        """The group of that card."""
        return self.seats[0].group_id

    @property
    def groups(self) -> int:
        """In how many groups they sit now."""
        return sum(seat.is_present for seat in self.seats)

    @property
    def sitting(self) -> list[tuple[int, int, int]]:
        """(community, group, identity) where they sit now."""
        return [(seat.community_id, seat.group_id, seat.identity_id) for seat in self.seats if seat.is_present]

    @property
    def fields(self) -> tuple[Field, ...]:
        """What their cards say, of each field what is surest; what one of us wrote goes before everything."""
        best: dict[str, Field] = {}
        for seat in self.seats:
            for one in seat.fields:
                held = best.get(one.name)
                if held is None or (one.is_corrected, one.confidence) > (held.is_corrected, held.confidence):
                    best[one.name] = one
        return tuple(best[name] for name in FIELDS if name in best)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A membership that the index has for the words."""

    id: int
    person_id: int
    name: str
    card: str
    is_present: bool
    messages: int
    fields: tuple[Field, ...]


def search_people(words: str, where: Where, *, limit: int) -> list[FoundPerson]:
    """Different people who fit every word: by name, card, any field of it, or initials; then those with a name like it.

    Of very common words only the latest memberships are looked at.
    """
    terms = read_terms(words)
    found = _ranked(_look_up([term.ways for term in terms], where, limit), terms)
    if len(found) < min(ENOUGH, limit):
        found |= {who: one for who, one in _mistyped(terms, where).items() if who not in found}
    best = sorted(found.items(), key=lambda item: item[1], reverse=True)[:limit]
    return _told(best, where)


_Rank = tuple[float, bool, int, int, str]  # score, present, messages, membership, name


def _look_up(wanted: Sequence[Sequence[Way]], where: Where, enough: int) -> list[_Seen]:
    members = _members(where)
    if members is not None:
        return _seen(PEOPLE_INDEX.find_any(wanted, limit=LOOKED_AT, within=members), where)
    seen: list[_Seen] = []
    for at_once in SEARCHED_AT_ONCE:
        ids = PEOPLE_INDEX.find_any(wanted, limit=at_once)
        seen = _seen(ids, where)
        is_everywhere = where.community_ids is None and where.group_ids is None
        if len(seen) >= enough or len(ids) < at_once or is_everywhere:
            break
    return seen


def _members(where: Where) -> list[int] | None:
    """The memberships of the groups asked about, so that common words find those too; None where they are too many."""
    if where.group_ids is None:
        return None
    seats = Membership.objects.filter(group__in=rows.among(where.group_ids)).values_list("pk", flat=True)
    found = list(seats[: ASKED_ONE_BY_ONE + 1])
    return found if len(found) <= ASKED_ONE_BY_ONE else None


def _seen(ids: Sequence[int], where: Where) -> list[_Seen]:
    """Those of these memberships that lie there; who is present and talks most goes before, where there are many."""
    if not ids:
        return []
    seats = Membership.objects.filter(pk__in=rows.among(ids))
    # the sums keep the database on the ids
    if where.community_ids is not None:
        seats = seats.annotate(home=F("community_id") + 0).filter(home__in=where.community_ids)
    if where.group_ids is not None:
        seats = seats.annotate(place=F("group_id") + 0).filter(place__in=rows.among(where.group_ids))
    columns = ("pk", "identity__person_id", "identity__name", "card", "is_present", "messages")
    found = seats.order_by("-is_present", "-messages", "-pk").values_list(*columns, *FIELDS_OF_SEAT)[:LOOKED_AT]
    return [_Seen(*(*row[: len(columns)], fields_told(*row[len(columns) :]))) for row in found]


def _ranked(seen: Sequence[_Seen], terms: Sequence[Term]) -> dict[int, _Rank]:
    """Per person the best of their memberships."""
    best: dict[int, _Rank] = {}
    for one in seen:
        said = {field.name: field.value for field in one.fields if field.value}
        hay = _Hay(folded(one.name), folded(one.card), [folded(value) for value in said.values()], said, one)
        score = sum(hay.score(term) for term in terms) / len(terms)
        rank = (round(score, 3), one.is_present, one.messages, one.id, one.name)
        best[one.person_id] = max(best.get(one.person_id, rank), rank)
    return best


@dataclass(frozen=True, slots=True)
class _Hay:
    """What a term is compared with."""

    name: str
    card: str
    values: Sequence[str]
    fields: Mapping[str, str]
    seen: _Seen

    def score(self, term: Term) -> float:
        """How well it fits: a whole field or name best, a part of the card less, letters somewhere least."""
        if any(form in self.values or form == self.name for form in term.forms):
            return 1.0
        word = term.forms[0]
        if self.name.startswith(word):
            return 0.9
        if word.isascii() and len(word) > 1 and self._is_short_for(word):
            return 0.85
        if any(form in value for form in term.forms for value in self.values) or word in self.name:
            return 0.7
        return 0.6 if word in self.card else 0.4

    def _is_short_for(self, word: str) -> bool:
        """Whether these are the initials of a field, of two, or of the name, which take longest and come last."""
        each = [short(self.fields[name]) for name in IN_INITIALS if name != "name" and name in self.fields]
        if word in each or any(one + other == word for one, other in combinations(each, 2)):
            return True
        names = [short(name) for name in {self.seen.name, self.fields.get("name", "")} if name]
        return any(word in (name, *(one + name for one in each)) for name in names)


def _mistyped(terms: Sequence[Term], where: Where) -> dict[int, _Rank]:
    """Who fits when one of the words is a name with a mistake in it."""
    best: dict[int, _Rank] = {}
    for term in [term for term in terms if term.may_be_mistyped][:MISTYPED_AT_MOST]:
        wanted = [one.ways_mistyped if one is term else one.ways for one in terms]
        seen = _seen(PEOPLE_INDEX.find_any(wanted, limit=LOOKED_AT, within=_members(where)), where)
        for one in seen:
            names = [one.name, *(field.value for field in one.fields if field.name == "name")]
            alike = max(likeness(term.forms[0], folded(name)) for name in names)
            if alike >= LIKE_ENOUGH:
                rank = (round(alike / 2, 3), one.is_present, one.messages, one.id, one.name)
                best[one.person_id] = max(best.get(one.person_id, rank), rank)
    return best


def _told(best: Sequence[tuple[int, _Rank]], where: Where) -> list[FoundPerson]:
    """With all groups of these people that lie within the communities asked about."""
    by_person = _seats([person for person, _ in best], where.community_ids)
    found = []
    for person, (score, _present, _messages, pk, name) in best:
        seats = sorted(by_person[person], key=lambda seat: (seat.id != pk, not seat.is_present, -seat.messages))
        if seats:
            found.append(FoundPerson(person, name, score, tuple(seats[:SEATS_AT_MOST])))
    return found


def _seats(person_ids: Sequence[int], community_ids: Collection[int] | None) -> dict[int, list[FoundSeat]]:
    seats = Membership.objects.filter(identity__person__in=person_ids)
    if community_ids is not None:
        seats = seats.annotate(home=F("community_id") + 0).filter(home__in=community_ids)
    columns = ("pk", "identity_id", "community_id", "group_id", "card", "role", "is_present", "messages")
    read = seats.values_list("identity__person_id", *columns, *FIELDS_OF_SEAT)[: len(person_ids) * SEATS_AT_MOST]
    found: dict[int, list[FoundSeat]] = defaultdict(list)
    for person, *seat in read:
        found[person].append(FoundSeat(*(*seat[: len(columns)], fields_told(*seat[len(columns) :]))))
    return found
