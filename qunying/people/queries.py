"""Who is who, and where they sit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from qunying.people.models import Identity, Membership


@dataclass(frozen=True, slots=True)
class Names:
    """What an outbox or a page needs to name somebody."""

    ref: str
    name: str


def latest_group_of(carrier: str, ref: str) -> int | None:
    """The community of the group that somebody was last in (also after leaving it); None for strangers."""
    return (
        Membership.objects.filter(identity__carrier=carrier, identity__ref=ref)
        .order_by("-joined_at", "-id")
        .values_list("community_id", flat=True)
        .first()
    )


def names_of(identity_ids: Collection[int]) -> dict[int, Names]:
    """References and names of these identities, in one query."""
    rows = Identity.objects.filter(pk__in=identity_ids).values_list("pk", "ref", "name")
    return {pk: Names(ref, name) for pk, ref, name in rows}


def refs_of(carrier: str) -> dict[int, str]:
    """All identities of a carrier by id; for small worlds such as a drill's."""
    return dict(Identity.objects.filter(carrier=carrier).values_list("pk", "ref"))
