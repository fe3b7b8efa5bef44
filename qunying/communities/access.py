"""Who of us may see and do what: permission × role as data, and the only functions that fetch for a signed-in person.

What somebody may not see does not exist for them: every refusal is a 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import Http404

from qunying.communities.models import Community, Grant, Group


class Role(StrEnum):
    """What a sign-in is trusted with, everywhere or in one community."""

    OWNER = "owner"
    LEAD = "lead"
    OPERATOR = "operator"
    WATCHER = "watcher"
    ANALYST = "analyst"


class Permission(StrEnum):
    """One kind of thing that can be done."""

    READ = "read"
    SPEAK = "speak"
    DECIDE = "decide"
    IMPORT = "import"
    SETTINGS = "settings"
    OWN = "own"


_ALL = frozenset(Permission)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.OWNER: _ALL,
        Role.LEAD: _ALL - {Permission.OWN},
        Role.OPERATOR: frozenset({Permission.READ, Permission.SPEAK, Permission.DECIDE, Permission.IMPORT}),
        Role.WATCHER: frozenset({Permission.READ, Permission.SPEAK, Permission.DECIDE}),
        Role.ANALYST: frozenset({Permission.READ}),
    }
)

Signed = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody holds a permission: everywhere, or in these communities."""

    is_everywhere: bool
    community_ids: frozenset[int]

    def covers(self, community_id: int) -> bool:
        """Whether that community is within reach."""
        return self.is_everywhere or community_id in self.community_ids


def reach_of(user: Signed, permission: Permission) -> Reach:
    """Where this person holds the permission, by all their roles."""
    if not user.is_authenticated or user.pk is None:
        return Reach(is_everywhere=False, community_ids=frozenset())
    roles = [role for role, allowed in PERMISSIONS.items() if permission in allowed]
    places = list(Grant.objects.filter(user=user.pk, role__in=roles).values_list("community_id", flat=True))
    return Reach(is_everywhere=None in places, community_ids=frozenset(places) - {None})


def visible_communities(user: Signed, permission: Permission = Permission.READ) -> list[Community]:
    """The communities where this person holds the permission, oldest first."""
    reach = reach_of(user, permission)
    communities = Community.objects.order_by("id")
    return list(communities if reach.is_everywhere else communities.filter(pk__in=reach.community_ids))


def access_community(user: Signed, community_id: int, permission: Permission = Permission.READ) -> Community:
    """That community. Raises ``Http404`` where it is not there or not for this person."""
    community = Community.objects.filter(pk=community_id).first()
    if community is None or not reach_of(user, permission).covers(community.pk):
        raise Http404
    return community


def access_group(user: Signed, group_id: int, permission: Permission = Permission.READ) -> Group:
    """That group with its community. Raises ``Http404`` where it is not there or not for this person."""
    group = Group.objects.select_related("community", "account").filter(pk=group_id).first()
    if group is None or not reach_of(user, permission).covers(group.community_id):
        raise Http404
    return group


def access_everything(user: Signed, permission: Permission) -> None:
    """Raises ``Http404`` unless this person holds the permission everywhere."""
    if not reach_of(user, permission).is_everywhere:
        raise Http404


def role_of(user: Signed) -> Role | None:
    """The widest role somebody has, for showing; None for nobody."""
    if not user.is_authenticated or user.pk is None:
        return None
    held = set(Grant.objects.filter(user=user.pk).values_list("role", flat=True))
    return next((role for role in Role if role.value in held), None)
