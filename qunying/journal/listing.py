"""The journal as people read it: filtered, in slices, and how far it is sealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

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
MERGED_AT_MOST = 16
SYSTEM = "system"
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
    return _lines(_ids(wish, start, limit, Q() if before_id is None else Q(pk__lt=before_id)))


def list_newer_facts(wish: FactWish, fact_id: int, limit: int) -> list[FactLine]:
    """Facts that the wish describes and that were recorded after that one, newest first."""
    return _lines(_ids(wish, 0, limit, Q(pk__gt=fact_id)))


def count_wished_facts(wish: FactWish) -> int:
    """How many facts the wish describes; ``FACTS_COUNTED_AT_MOST`` for that many or more."""
    found = 0
    for part in _parts(wish):
        found += _wished_facts(part)[: FACTS_COUNTED_AT_MOST - found].count()
        if found >= FACTS_COUNTED_AT_MOST:
            break
    return found


def _lines(ids: Sequence[int]) -> list[FactLine]:
    rows = Fact.objects.filter(pk__in=ids).order_by("-id").values_list(*_FACT_LINE)
    return [FactLine(*row) for row in rows]


def _ids(wish: FactWish, start: int, limit: int, bound: Q) -> list[int]:
    """Walks along one index; for several communities along one per community, because no index orders them together."""
    parts = _parts(wish)
    order = (F("id") + 0).desc() if _is_gathered(wish) else F("id").desc()  # the sum keeps it from walking all ids
    rows = [_wished_facts(part).filter(bound).order_by(order).values_list("pk", flat=True) for part in parts]
    if len(rows) == 1:
        return list(rows[0][start : start + limit])
    found = [pk for some in rows for pk in some[: start + limit]]
    return sorted(found, reverse=True)[start : start + limit]


def _is_gathered(wish: FactWish) -> bool:
    """Whether few facts remain after group, people or day, so that these are collected and sorted."""
    return wish.group_id is not None or wish.identity_ids is not None or wish.since is not None


def _parts(wish: FactWish) -> list[FactWish]:
    several = wish.community_ids
    if several is None or not 1 < len(several) <= MERGED_AT_MOST or _is_gathered(wish) or _is_of_others(wish):
        return [wish]
    return [replace(wish, community_ids=[one]) for one in several]


def _is_of_others(wish: FactWish) -> bool:
    """Whether it is about what people did, which is little beside what the system does."""
    return bool(wish.actor) and wish.actor != SYSTEM


def list_chains(community_ids: Collection[int] | None) -> list[Chain]:
    """The chains of these communities (None: all, the installation's own too), in two queries."""
    seals, loose = Seal.objects.all(), Fact.objects.filter(seal=None)
    if community_ids is not None:
        seals = seals.filter(community_id__in=community_ids)
        loose = loose.annotate(home=F("community_id") + 0).filter(home__in=community_ids)  # few are loose
    sums = seals.order_by().values("community_id").annotate(n=Count("pk"), facts=Sum("count"), at=Max("sealed_at"))
    sealed = {one: (links, facts, at) for one, links, facts, at in sums.values_list("community_id", "n", "facts", "at")}
    waiting = dict(loose.order_by().values("community_id").annotate(n=Count("pk")).values_list("community_id", "n"))
    ids = sorted({*sealed, *waiting}, key=lambda one: one or 0)
    return [Chain(one, *sealed.get(one, (0, 0, None)), unsealed=waiting.get(one, 0)) for one in ids]


def _wished_facts(wish: FactWish) -> QuerySet[Fact]:
    """Columns that have an index but are not to be walked by it are wrapped: they only sift what another one yields."""
    facts, is_sifted = Fact.objects.all(), _is_gathered(wish) or _is_of_others(wish)
    if wish.community_ids is not None:
        if is_sifted or len(wish.community_ids) > MERGED_AT_MOST:
            facts = facts.annotate(home=F("community_id") + 0).filter(home__in=wish.community_ids)
        else:
            facts = facts.filter(community_id__in=wish.community_ids)
    if wish.names:
        column = "told" if is_sifted else "name"
        facts = facts.annotate(told=Coalesce("name", Value(""))) if is_sifted else facts
        facts = facts.filter(**{f"{column}__in": wish.names})
    if wish.group_id is not None:
        facts = facts.filter(group_id=wish.group_id)
    if wish.identity_ids is not None:
        facts = facts.filter(identity_id__in=wish.identity_ids)
    if _is_of_others(wish):
        facts = facts.exclude(actor=SYSTEM)
    if wish.actor:
        facts = (
            facts.filter(actor__startswith=wish.actor) if wish.actor.endswith(":") else facts.filter(actor=wish.actor)
        )
    if wish.since is not None:
        facts = facts.filter(at__gte=wish.since)
    return facts.filter(at__lt=wish.until) if wish.until is not None else facts
