"""Who of us may see and do what: permission × role as data, and the only functions that fetch for a signed-in person.

What somebody may not see does not exist for them: every refusal is a 404.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, Q
from django.http import Http404

from qunying.communities.bulk import Edit, find_bulk_edit
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


@dataclass(frozen=True, slots=True)
class Holdings:
    """All roles somebody holds, everywhere (None) or in a community; read once, asked about as often as needed."""

    grants: tuple[tuple[str, int | None], ...] = ()
    leaving: frozenset[int] = frozenset()

    def reach(self, permission: Permission) -> Reach:
        """Where this person holds the permission, by all their roles."""
        enough = {role for role, allowed in PERMISSIONS.items() if permission in allowed}
        places = {place for role, place in self.grants if role in enough}
        return Reach(
            None in places, frozenset(place for place in places if place is not None) - self.leaving, self.leaving
        )

    @property
    def role(self) -> Role | None:
        """The widest role, for showing; None for nobody."""
        held = {role for role, _ in self.grants}
        return next((role for role in Role if role.value in held), None)


def holdings_of(user: Signed) -> Holdings:
    """What this person holds: nothing for somebody who is not signed in.

    Read once for each ``user`` that Django made, so once a request, as Django does with its own permissions.
    """
    if not user.is_authenticated or user.pk is None:
        return Holdings()
    known: Holdings | None = getattr(user, "_holdings", None)
    if known is None:
        known = _read_holdings(user.pk)
        user._holdings = known  # type: ignore[attr-defined]
    return known


def _read_holdings(user_id: int) -> Holdings:
    is_any_leaving = Exists(Community.objects.exclude(leaving_since=None))  # seldom, so it costs no query of its own
    grants = Grant.objects.filter(user=user_id).annotate(leaving=is_any_leaving)
    rows = list(grants.values_list("role", "community_id", "leaving"))
    leaving = frozenset(list_leaving_communities() if any(is_leaving for *_, is_leaving in rows) else ())
    return Holdings(tuple((role, place) for role, place, _ in rows), leaving)


def reach_of(user: Signed, permission: Permission) -> Reach:
    """Where this person holds the permission, by all their roles."""
    return holdings_of(user).reach(permission)


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


def find_group(holdings: Holdings, group_id: int, permission: Permission = Permission.READ) -> Group:
    """That group with its community. Raises ``Http404`` where it is not there or not for somebody who holds this."""
    group = Group.objects.select_related("community", "account").filter(pk=group_id).first()
    if group is None or not holdings.reach(permission).covers(group.community_id):
        raise Http404
    return group


def access_group(user: Signed, group_id: int, permission: Permission = Permission.READ) -> Group:
    """That group with its community. Raises ``Http404`` where it is not there or not for this person."""
    return find_group(holdings_of(user), group_id, permission)


def access_some(user: Signed, permission: Permission) -> None:
    """Raises ``Http404`` unless this person holds the permission somewhere."""
    if reach_of(user, permission).is_nowhere:
        raise Http404


def access_bulk_edit(user: Signed, edit_id: int) -> Edit:
    """That edit of many groups. Raises ``Http404`` unless this person may set up every community it touched."""
    found, reach = find_bulk_edit(edit_id), reach_of(user, Permission.SETTINGS)
    if found is None or not found[1] or not all(reach.covers(home) for home in found[1]):
        raise Http404
    return found[0]


def access_everything(user: Signed, permission: Permission) -> None:
    """Raises ``Http404`` unless this person holds the permission everywhere."""
    if not reach_of(user, permission).is_everywhere:
        raise Http404


def list_users_with(permission: Permission, community_id: int) -> list[int]:
    """Who may do that in a community and still signs in: leads first, then owners, then the others."""
    ranked = (Role.LEAD, Role.OWNER, Role.OPERATOR, Role.WATCHER, Role.ANALYST)
    wanted = {role.value: rank for rank, role in enumerate(ranked) if permission in PERMISSIONS[role]}
    held = Grant.objects.filter(Q(community=None) | Q(community=community_id), role__in=wanted, user__is_active=True)
    found: dict[int, int] = {}
    for user, role in held.values_list("user_id", "role"):
        found[user] = min(found.get(user, len(ranked)), wanted[role])
    return sorted(found, key=lambda user: (found[user], user))


def role_of(user: Signed) -> Role | None:
    """The widest role somebody has, for showing; None for nobody."""
    return holdings_of(user).role
