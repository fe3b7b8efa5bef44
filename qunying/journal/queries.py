"""Reads the journal and checks its chain."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from qunying.journal.actions import NO_DIGEST, digest_of, digest_of_personal, seal_digest
from qunying.journal.models import Fact, PersonalPart, Seal


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the chain that is not as it was sealed."""

    community_id: int | None
    place: str
    what: str


def find_flaws() -> Iterator[Flaw]:
    """Recomputes every digest and every seal. Nothing yielded means: nothing was changed, removed or put in between."""
    for community_id in Seal.objects.values_list("community_id", flat=True).distinct().order_by("community_id"):
        yield from _flaws_of_chain(community_id)
    for fact in Fact.objects.filter(seal=None).iterator():
        yield from _flaws_of_fact(fact)


def _flaws_of_chain(community_id: int | None) -> Iterator[Flaw]:
    before, expected = NO_DIGEST, 1
    for seal in Seal.objects.filter(community_id=community_id).order_by("number").iterator():
        facts = list(Fact.objects.filter(seal=seal).order_by("id"))
        for fact in facts:
            yield from _flaws_of_fact(fact)
        place = f"seal {seal.number}"
        if seal.number != expected:
            yield Flaw(community_id, place, f"seal {expected} is missing")
        if len(facts) != seal.count:
            yield Flaw(community_id, place, f"{seal.count} facts were sealed, {len(facts)} are left")
        elif seal_digest(before, [fact.digest for fact in facts]) != seal.digest:
            yield Flaw(community_id, place, "the chain does not fit")
        before, expected = seal.digest, seal.number + 1


def _flaws_of_fact(fact: Fact) -> Iterator[Flaw]:
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
    )
    if digest_of(fact.salt, said, fact.personal_digest) != fact.digest:
        yield Flaw(fact.community_id, f"fact {fact.pk}", "was changed")
    personal = PersonalPart.objects.filter(pk=fact.pk).first()
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
    return [_move(*row) for row in values[:limit]]


def _move(
    pk: int, community: int, group: int, identity: int, at: datetime, name: str, words: dict[str, object]
) -> Move:
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


def last_fact_id() -> int:
    """The highest id among facts; 0 when there is none."""
    return Fact.objects.order_by("-id").values_list("id", flat=True).first() or 0
