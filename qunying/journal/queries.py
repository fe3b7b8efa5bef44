"""Reads the journal and checks its chain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Max, Q, QuerySet, Value
from django.db.models.functions import Concat

from qunying.journal.actions import NO_DIGEST, digest_of, digest_of_personal, seal_digest
from qunying.journal.models import Fact, PersonalPart, Seal
from qunying.store import rows
from qunying.store.moment import one_moment
from qunying.store.rows import among

FACTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the chain that is not as it was sealed."""

    community_id: int | None
    place: str
    what: str


def find_flaws() -> Iterator[Flaw]:
    """Recomputes every digest and every seal. Nothing yielded means: nothing was changed, removed or put in between."""
    with one_moment():  # a community that is removed meanwhile must not look torn
        for community_id in Seal.objects.values_list("community_id", flat=True).distinct().order_by("community_id"):
            yield from _flaws_of_chain(community_id)
        yield from _flaws_of_facts(Fact.objects.filter(seal=None).iterator())
        for fact in Fact.objects.exclude(seal=None).exclude(seal__in=Seal.objects.all()).iterator():
            yield Flaw(fact.community_id, f"fact {fact.pk}", "its seal is gone")


def _flaws_of_chain(community_id: int | None) -> Iterator[Flaw]:
    before, expected = NO_DIGEST, 1
    for seal in Seal.objects.filter(community_id=community_id).order_by("number").iterator():
        facts = list(Fact.objects.filter(seal=seal).order_by("id"))
        yield from _flaws_of_facts(facts)
        place = f"seal {seal.number}"
        if seal.number != expected:
            yield Flaw(community_id, place, f"seal {expected} is missing")
        if len(facts) != seal.count:
            yield Flaw(community_id, place, f"{seal.count} facts were sealed, {len(facts)} are left")
        elif seal_digest(before, seal, [fact.digest for fact in facts]) != seal.digest:
            yield Flaw(community_id, place, "the chain does not fit")
        before, expected = seal.digest, seal.number + 1


def _flaws_of_facts(facts: Iterable[Fact]) -> Iterator[Flaw]:
    left = iter(facts)
    while some := list(islice(left, FACTS_AT_ONCE)):
        personal = PersonalPart.objects.in_bulk([fact.pk for fact in some])
        for fact in some:
            yield from _flaws_of_fact(fact, personal.get(fact.pk))


def _flaws_of_fact(fact: Fact, personal: PersonalPart | None) -> Iterator[Flaw]:
    said = (
        fact.key,
        fact.name,
        fact.at,
        fact.community_id,
        fact.group_id,
        fact.identity_id,
        fact.message_key,
        fact.actor,
        fact.words,
        fact.recorded_at,
    )
    if digest_of(fact.salt, said, fact.personal_digest) != fact.digest:
        yield Flaw(fact.community_id, f"fact {fact.pk}", "was changed")
    if personal and digest_of_personal(fact.salt, personal.words) != fact.personal_digest:
        yield Flaw(fact.community_id, f"fact {fact.pk}", "its personal part was changed")


def count_sealed() -> tuple[int, int]:
    """How many facts are sealed, and how many wait for the sealer."""
    sealed = Fact.objects.exclude(seal=None).count()
    return sealed, Fact.objects.count() - sealed


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact as readers of the stream take it."""

    id: int
    name: str
    at: datetime
    recorded_at: datetime
    community_id: int | None
    group_id: int | None
    words: dict[str, object]


def last_fact_before(moment: datetime, position: int) -> int:
    """The highest fact up to which all were recorded by ``moment``; ``position`` where none after it was."""
    young = Fact.objects.filter(pk__gt=position, recorded_at__gt=moment).order_by("id").values_list("id", flat=True)
    first_young = young.first()
    old = Fact.objects.filter(pk__gt=position, **({"pk__lt": first_young} if first_young else {}))
    return old.aggregate(last=Max("id"))["last"] or position


def list_facts_after(position: int, names: Collection[str], limit: int) -> list[StoredFact]:
    """Facts of these names with a higher id, oldest first: what a reader of the stream takes next."""
    facts = Fact.objects.filter(pk__gt=position, name__in=names).order_by("id")
    values = facts.values_list("id", "name", "at", "recorded_at", "community_id", "group_id", "words")
    return [StoredFact(*row) for row in values[:limit]]


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody came into a group or left it, as those who count read it."""

    fact_id: int
    community_id: int
    group_id: int
    identity_id: int
    at: datetime
    name: str
    via: str
    inviter_id: int | None
    operator_id: int | None


MOVES = ("member.joined", "member.left")


def list_moves(after: int, until: int, limit: int) -> list[Move]:
    """Comings and goings among the facts with ``after < id <= until``, in the order of ids."""
    facts = Fact.objects.filter(
        pk__gt=after, pk__lte=until, name__in=MOVES, group_id__isnull=False, identity_id__isnull=False
    ).order_by("id")
    values = facts.values_list("id", "community_id", "group_id", "identity_id", "at", "name", "words")
    return [_move(row) for row in values[:limit]]


def list_joins_in(group_ids: Collection[int], since: datetime, until: datetime) -> list[tuple[datetime, int, int]]:
    """(moment, group, identity) of who came into these groups in that time, oldest first."""
    came = Fact.objects.filter(group_id__in=group_ids, name="member.joined", at__gte=since, at__lt=until)
    known = came.exclude(identity_id=None).order_by("at", "id").values_list("at", "group_id", "identity_id")
    return [(at, group, who) for at, group, who in known if group is not None and who is not None]


def _move(row: tuple[Any, ...]) -> Move:
    pk, community, group, identity, at, name, words = row
    via, inviter, operator = words.get("via"), words.get("inviter"), words.get("operator")
    return Move(
        fact_id=pk,
        community_id=community,
        group_id=group,
        identity_id=identity,
        at=at,
        name=name,
        via=via if isinstance(via, str) else "",
        inviter_id=inviter if isinstance(inviter, int) else None,
        operator_id=operator if isinstance(operator, int) else None,
    )


def find_remover(group_id: int, identity_id: int, left_at: datetime) -> int | None:
    """The account that made that account leave that group at that moment; None where it went by itself, or nobody knows."""
    facts = Fact.objects.filter(identity_id=identity_id, group_id=group_id, name="member.left", at=left_at)
    words: dict[str, Any] = facts.values_list("words", flat=True).first() or {}
    operator = words.get("operator")
    return operator if isinstance(operator, int) and operator != identity_id else None


def last_fact_id() -> int:
    """The highest id among facts; 0 when there is none."""
    return Fact.objects.order_by("-id").values_list("id", flat=True).first() or 0


def has_fact(key: str) -> bool:
    """Whether a fact of that key was recorded."""
    return Fact.objects.filter(key=key).exists()


@dataclass(frozen=True, slots=True)
class GroupFact:
    """A fact of one group as its page tells it. ``event_key`` is what joins the facts of one event."""

    id: int
    name: str
    key: str
    at: datetime
    identity_id: int | None
    message_key: str
    actor: str
    words: dict[str, Any]

    @property
    def event_key(self) -> str:
        """The key of the event behind it: the part after the fact's own name."""
        return self.key.partition(":")[2]


def list_group_facts(
    group_id: int,
    names: Collection[str],
    *,
    since: datetime,
    until: datetime | None = None,
    after_id: int = 0,
    limit: int,
) -> list[GroupFact]:
    """The latest facts of these names in a group, newest first: at or after ``since``, before ``until``, id above ``after_id``."""
    facts = Fact.objects.filter(group_id=group_id, name__in=names, at__gte=since, pk__gt=after_id)
    if until is not None:
        facts = facts.filter(at__lt=until)
    values = facts.order_by("-at", "-id").values_list(
        "id", "name", "key", "at", "identity_id", "message_key", "actor", "words"
    )
    return [GroupFact(*row) for row in values[:limit]]


def list_facts_of(
    identity_ids: Collection[int], group_ids: Collection[int], names: Collection[str], since: datetime, until: datetime
) -> list[tuple[int, int, datetime, dict[str, Any]]]:
    """(identity, group, when, words) of the facts of these names about these identities in these groups in that time."""
    # the joined text keeps the database on what these people are in: walking every fact of a name would be slower by far
    facts = Fact.objects.annotate(called=Concat("name", Value(""))).filter(
        called__in=names, at__gte=since, at__lt=until
    )
    facts = facts.filter(identity_id__in=among(identity_ids), group_id__in=among(group_ids))
    found = facts.values_list("identity_id", "group_id", "at", "words")
    return [(identity or 0, group or 0, at, words) for identity, group, at, words in found]


@dataclass(frozen=True, slots=True)
class FactAbout:
    """A fact about one person as their page tells it; ``personal`` is what was noted apart and may have been erased."""

    id: int
    name: str
    at: datetime
    group_id: int | None
    identity_id: int | None
    actor: str
    words: dict[str, Any]
    personal: dict[str, Any]


def list_facts_about(
    identity_ids: Collection[int],
    community_ids: Collection[int] | None,
    *,
    names: Collection[str] = (),
    before: tuple[datetime, int] | None = None,
    limit: int,
) -> list[FactAbout]:
    """The latest facts about these identities in those communities (None: anywhere), newest first; two queries.

    Only of these names where some are given; ``before`` (moment, fact id) goes on below a fact.
    """
    facts = _about(identity_ids, community_ids, names, before)
    values = facts.order_by("-at", "-id").values_list("id", "name", "at", "group_id", "identity_id", "actor", "words")
    found = list(values[:limit])
    personal = dict(PersonalPart.objects.filter(pk__in=[row[0] for row in found]).values_list("pk", "words"))
    return [FactAbout(*row, personal.get(row[0], {})) for row in found]


def list_facts_of_home(
    community_id: int, names: Collection[str], since: datetime, until: datetime, limit: int
) -> list[FactAbout]:
    """The latest facts of these names in a community in [since, until), so many at most, in the order in which they happened;
    without what was noted apart."""
    facts = Fact.objects.filter(community_id=community_id, name__in=names, at__gte=since, at__lt=until)
    values = facts.order_by("-at", "-id").values_list("id", "name", "at", "group_id", "identity_id", "actor", "words")
    return [FactAbout(*row, {}) for row in reversed(values[:limit])]


def list_page_of_facts(
    identity_ids: Collection[int],
    community_ids: Collection[int] | None,
    *,
    names: Collection[str] = (),
    before: tuple[datetime, int] | None = None,
    limit: int,
) -> tuple[list[FactAbout], int]:
    """As ``list_facts_about``, with how many there are; two queries."""
    facts = _about(identity_ids, community_ids, names, before)
    total = facts.annotate(total=rows.counted(facts)).order_by("-at", "-id")
    columns = ("id", "name", "at", "group_id", "identity_id", "actor", "words")
    found: list[tuple[Any, ...]] = list(total.values_list("total", *columns)[:limit])
    personal = dict(PersonalPart.objects.filter(pk__in=[row[1] for row in found]).values_list("pk", "words"))
    return [FactAbout(*(*row[1:], personal.get(row[1], {}))) for row in found], found[0][0] if found else 0


def _about(
    identity_ids: Collection[int],
    community_ids: Collection[int] | None,
    names: Collection[str],
    before: tuple[datetime, int] | None,
) -> QuerySet[Fact]:
    facts = Fact.objects.filter(identity_id__in=identity_ids)
    if before is not None:
        facts = facts.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    if community_ids is not None:
        facts = facts.filter(community_id__in=community_ids)
    return facts.filter(name__in=names) if names else facts
