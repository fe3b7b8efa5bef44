"""Who of us may see and do what: permission × role as data, and the only functions that fetch for a signed-in person.

What somebody may not see does not exist for them: every refusal is a 404.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists
from django.http import Http404

from qunying.communities.models import Community, Grant, Group
from qunying.communities.queries import list_leaving_communities, list_staying_communities


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
    """Where somebody holds a permission: everywhere, or in these communities; but never in those that are being removed."""

    is_everywhere: bool
    community_ids: frozenset[int]
    leaving: frozenset[int] = frozenset()

    def covers(self, community_id: int) -> bool:
        """Whether that community is within reach."""
        return (self.is_everywhere or community_id in self.community_ids) and community_id not in self.leaving

    @property
    def is_nowhere(self) -> bool:
        """Whether nothing is within reach."""
        return not self.is_everywhere and not self.community_ids

    @property
    def ids(self) -> Collection[int] | None:
        """The communities within reach as a bound of lists, None where nothing has to be left out."""
        if not self.is_everywhere:
            return self.community_ids
        return list_staying_communities() if self.leaving else None


def reach_of(user: Signed, permission: Permission) -> Reach:
    """Where this person holds the permission, by all their roles."""
    if not user.is_authenticated or user.pk is None:
        return Reach(is_everywhere=False, community_ids=frozenset())
    roles = [role for role, allowed in PERMISSIONS.items() if permission in allowed]
    is_any_leaving = Exists(Community.objects.exclude(leaving_since=None))  # seldom, so it costs no query of its own
    grants = Grant.objects.filter(user=user.pk, role__in=roles).annotate(leaving=is_any_leaving)
    rows = list(grants.values_list("community_id", "leaving"))
    places = {community_id for community_id, _ in rows}
    leaving = frozenset(list_leaving_communities() if any(is_leaving for _, is_leaving in rows) else ())
    return Reach(is_everywhere=None in places, community_ids=frozenset(places - {None}) - leaving, leaving=leaving)


def visible_communities(user: Signed, permission: Permission = Permission.READ) -> list[Community]:
    """The communities where this person holds the permission, oldest first."""
    reach = reach_of(user, permission)
    communities = Community.objects.filter(leaving_since=None).order_by("id")
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
