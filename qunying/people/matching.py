"""Which memberships have such a card or role, or were brought by whom: as ids, for those who count."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from qunying.people.models import Card, Identity, Membership
from qunying.store import rows

_EXACT = frozenset({"city", "industry"})


def list_seats_by_card(field: str, words: Sequence[str]) -> list[int]:
    """Memberships on whose cards that field says one of these words.

    ``city`` and ``industry`` say exactly so; in ``company``, ``job`` and ``card`` (as it stands, or the shown name where
    there is none) a word may be a part of what is said.
    """
    column = "text" if field == "card" else field
    kind = "in" if field in _EXACT else "icontains"
    each = [words] if field in _EXACT else words
    cards = Card.objects.filter(reduce(or_, (Q(**{f"{column}__{kind}": one}) for one in each)))
    if field != "card":
        cards = cards.exclude(**{column: ""})  # as the index says
    return _ids(cards, "membership_id")


def list_seats_invited_by(person_ids: Sequence[int]) -> list[int]:
    """Memberships of whoever was brought by one of these people."""
    return _ids(
        Membership.objects.filter(inviter__in=Identity.objects.filter(person__in=person_ids).values("pk")), "id"
    )


def list_odd_roles() -> list[tuple[int, str]]:
    """(membership, role) of everybody who is more than a member."""
    return [(pk, role) for pk, role in rows.read(Membership.objects.exclude(role="member"), ("id", "role"))]


def _ids(found: QuerySet[Any], column: str) -> list[int]:
    return [pk for (pk,) in rows.read(found, (column,))]
