"""What somebody's account holds, and how it came to that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from qunying.ledger.models import Entry

DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of the deposits paid to one community in one currency, in parts of money (``kernel.money``)."""

    community_id: int
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One movement of a deposit; ``amount`` as it changes what is left, ``act`` the key of what moved it."""

    id: int
    community_id: int
    identity_id: int
    kind: str
    amount: int
    currency: str
    at: datetime
    actor: str
    act: str
    ref: str


_LINE = ("pk", "community_id", "identity_id", "kind", "amount", "currency", "at", "actor", "act", "ref")


def list_balances_of(identity_ids: Collection[int], community_ids: Collection[int] | None) -> list[Balance]:
    """What is left of the deposits of these accounts in those communities (None: in all), also where it is nothing any
    more. Never added up over communities or currencies."""
    sums = _moved(identity_ids, community_ids).order_by().values("community_id", "currency")
    found = sums.annotate(left=Sum("amount")).order_by("community_id", "currency")
    return [Balance(*row) for row in found.values_list("community_id", "currency", "left")]


def list_entries_of(
    identity_ids: Collection[int], community_ids: Collection[int] | None, *, limit: int
) -> list[EntryLine]:
    """The latest movements of the deposits of these accounts in those communities, newest first."""
    moved = _moved(identity_ids, community_ids).order_by("-at", "-pk")
    return [EntryLine(*row) for row in moved.values_list(*_LINE)[:limit]]


def _moved(identity_ids: Collection[int], community_ids: Collection[int] | None) -> QuerySet[Entry]:
    moved = Entry.objects.filter(identity__in=identity_ids, account=DEPOSIT).exclude(amount=0)
    return moved if community_ids is None else moved.filter(community__in=community_ids)
