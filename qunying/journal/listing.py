"""The journal as people read it: filtered, in slices, and how far it is sealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from qunying.journal.models import Fact, Seal


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as the journal lists it. ``seal`` is the number of the link that seals it, None for one not sealed yet."""

    id: int
    name: str
    at: datetime
    recorded_at: datetime
    community_id: int | None
    group_id: int | None
    identity_id: int | None
    message_key: str
    actor: str
    words: dict[str, Any]
    digest: str
    seal: int | None


@dataclass(frozen=True, slots=True)
class FactWish:
    """Which facts a list shows. ``community_ids`` None: of all, the installation's own too."""

    community_ids: Collection[int] | None
    names: Collection[str] = ()
    group_id: int | None = None
    identity_ids: Collection[int] | None = None
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """How far one community's chain (None: the installation's) is sealed."""

    community_id: int | None
    links: int
    sealed: int
    sealed_at: datetime | None
    unsealed: int


FACTS_COUNTED_AT_MOST = 5000
_FACT_LINE = (
    "id",
    "name",
    "at",
    "recorded_at",
    "community_id",
    "group_id",
    "identity_id",
    "message_key",
    "actor",
    "words",
    "digest",
    "seal__number",
)


def list_wished_facts(wish: FactWish, *, start: int = 0, limit: int, before_id: int | None = None) -> list[FactLine]:
    """A slice of the facts that the wish describes, newest first; ``before_id`` goes on below a fact."""
    facts = _wished_facts(wish)
    if before_id is not None:
        facts = facts.filter(pk__lt=before_id)
    return [FactLine(*row) for row in facts.order_by("-id").values_list(*_FACT_LINE)[start : start + limit]]


def list_newer_facts(wish: FactWish, fact_id: int, limit: int) -> list[FactLine]:
    """Facts that the wish describes and that were recorded after that one, newest first."""
    facts = _wished_facts(wish).filter(pk__gt=fact_id).order_by("-id")
    return [FactLine(*row) for row in facts.values_list(*_FACT_LINE)[:limit]]


def count_wished_facts(wish: FactWish) -> int:
    """How many facts the wish describes; ``FACTS_COUNTED_AT_MOST`` for that many or more."""
    return _wished_facts(wish)[:FACTS_COUNTED_AT_MOST].count()


def list_chains(community_ids: Collection[int] | None) -> list[Chain]:
    """The chains of these communities (None: all, the installation's own too), in two queries."""
    seals, loose = Seal.objects.all(), Fact.objects.filter(seal=None)
    if community_ids is not None:
        seals = seals.filter(community_id__in=community_ids)
        loose = loose.filter(community_id__in=community_ids)
    sums = seals.order_by().values("community_id").annotate(n=Count("pk"), facts=Sum("count"), at=Max("sealed_at"))
    sealed = {one: (links, facts, at) for one, links, facts, at in sums.values_list("community_id", "n", "facts", "at")}
    waiting = dict(loose.order_by().values("community_id").annotate(n=Count("pk")).values_list("community_id", "n"))
    ids = sorted({*sealed, *waiting}, key=lambda one: one or 0)
    return [Chain(one, *sealed.get(one, (0, 0, None)), unsealed=waiting.get(one, 0)) for one in ids]


def _wished_facts(wish: FactWish) -> QuerySet[Fact]:
    facts = Fact.objects.all()
    if wish.community_ids is not None:
        facts = facts.filter(community_id__in=wish.community_ids)
    if wish.names:
        facts = facts.filter(name__in=wish.names)
    if wish.group_id is not None:
        facts = facts.filter(group_id=wish.group_id)
    if wish.identity_ids is not None:
        facts = facts.filter(identity_id__in=wish.identity_ids)
    if wish.actor:
        facts = (
            facts.filter(actor__startswith=wish.actor) if wish.actor.endswith(":") else facts.filter(actor=wish.actor)
        )
    if wish.since is not None:
        facts = facts.filter(at__gte=wish.since)
    return facts.filter(at__lt=wish.until) if wish.until is not None else facts
