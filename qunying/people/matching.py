"""Who sits in a community with such a card, in such a role, brought by whom: as ids, for those who count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from qunying.people.models import Identity, Membership
from qunying.store import rows

_EXACT = frozenset({"city", "industry"})


def list_by_card(field: str, words: Sequence[str], community_ids: Collection[int]) -> list[int]:
    """Accounts that sit in these communities and of whose cards that field says one of these words.

    ``city`` and ``industry`` say exactly so; in ``company``, ``job`` and ``card`` (as it stands, or the shown name where
    there is none) a word may be a part of what is said.
    """
    if field in _EXACT:
        wanted = Q(**{f"read__{field}__in": list(words)}) & ~Q(**{f"read__{field}": ""})  # as the index says
    else:
        column = "text" if field == "card" else field
        wanted = reduce(or_, (Q(**{f"read__{column}__icontains": word}) for word in words))
    return _ids(wanted, community_ids)


def list_invited_by(person_ids: Sequence[int], community_ids: Collection[int]) -> list[int]:
    """Accounts that sit in these communities and were brought there by one of these people."""
    inviters = Identity.objects.filter(person__in=person_ids).values("pk")
    return _ids(Q(inviter__in=inviters), community_ids)


def list_odd_roles(community_ids: Collection[int]) -> list[tuple[int, int, str]]:
    """(group, account, role) of everybody there who is more than a member."""
    seats = Membership.objects.filter(is_present=True, community__in=community_ids).exclude(role="member")
    return [(group, identity, role) for group, identity, role in rows.read(seats, ("group_id", "identity_id", "role"))]


def _ids(wanted: Q, community_ids: Collection[int]) -> list[int]:
    seats = Membership.objects.filter(wanted, is_present=True, community__in=community_ids)
    return [pk for (pk,) in rows.read(seats, ("identity_id",))]
