"""Sign-ins to the console: who has one, with which role where; made, changed and ended by an owner."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from qunying.communities.access import Role
from qunying.communities.models import Grant
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.ui.sign_in_given import do_mark_given

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0 o 1 l i: they are read out over the phone
BLOCKS, BLOCK = 4, 4


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds; ``community_id`` None means everywhere."""

    grant_id: int
    role: str
    community_id: int | None
    community: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in. ``sessions`` is how many devices are signed in now."""

    id: int
    name: str
    shown_name: str
    is_active: bool
    last_login: datetime | None
    sessions: int
    roles: tuple[Held, ...] = field(default=())


def list_sign_ins(now: datetime) -> list[SignIn]:
    """All sign-ins by name, in a constant number of queries."""
    roles: dict[int, list[Held]] = defaultdict(list)
    for grant in Grant.objects.select_related("community").order_by("id"):
        community = grant.community.name if grant.community else ""
        roles[grant.user_id].append(Held(grant.pk, grant.role, grant.community_id, community))
    sessions = Counter(user_id for _, user_id in _sessions(now))
    return [
        SignIn(
            user.pk,
            user.username,
            user.get_full_name() or user.username,
            user.is_active,
            user.last_login,
            sessions[str(user.pk)],
            tuple(roles[user.pk]),
        )
        for user in User.objects.order_by("username")
    ]


def find_sign_in(user_id: int, now: datetime) -> SignIn | None:
    """That sign-in, None where there is none."""
    return next((one for one in list_sign_ins(now) if one.id == user_id), None)


def names_of_users(user_ids: Collection[int]) -> dict[int, str]:
    """What these people are called; unknown ids are absent."""
    users = User.objects.filter(pk__in=user_ids)
    return {user.pk: user.get_full_name() or user.username for user in users}


def do_create_sign_in(
    name: str, *, shown_name: str, role: Role, community_id: int | None, at: datetime, actor: str
) -> tuple[int, str]:
    """A new sign-in with a role; answers its id and its password, which nobody will be able to read again.

    Raises ``BadUse`` for a name that is taken or cannot be one.
    """
    _check_name(name)
    password = make_password()
    with transaction.atomic():
        user = User.objects.create_user(name, password=password, first_name=shown_name[:150])
        do_mark_given(user)
        Grant.objects.create(user=user, role=role.value, community_id=community_id)
        words = {"user": user.pk, "role": role.value, "community": community_id}
        _do_note("user.created", user.pk, at, actor, words)
    return user.pk, password


def do_renew_password(name: str, *, at: datetime, actor: str) -> str:
    """A new password for that sign-in; it ends its sessions. Raises ``BadUse`` where there is no such sign-in."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=name).first()
        if user is None:
            raise BadUse(mark("没有叫「%(name)s」的登录账号"), name=name)
        password = make_password()
        user.set_password(password)
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
        do_mark_given(user)
        Authenticator.objects.filter(user=user).delete()  # whoever lost the phone as well would stay outside
        _do_end_sessions(user.pk, at)
        _do_note("settings.changed", user.pk, at, actor, {"what": "password"})
    return password


def do_set_active(user_id: int, *, is_active: bool, at: datetime, actor: str) -> None:
    """Lets somebody in again, or no longer; then their sessions end. Raises ``BadUse`` for the last owner."""
    with transaction.atomic():
        if not is_active:
            _check_owners_without(user_id)
        changed = User.objects.filter(pk=user_id).exclude(is_active=is_active).update(is_active=is_active)
        if changed:
            if not is_active:
                _do_end_sessions(user_id, at)
            what = "activated" if is_active else "deactivated"
            _do_note("settings.changed", user_id, at, actor, {"what": what})


def do_end_sessions(user_id: int, *, at: datetime, actor: str) -> int:
    """Signs somebody out everywhere; answers on how many devices."""
    with transaction.atomic():
        ended = _do_end_sessions(user_id, at)
        if ended:
            _do_note("settings.changed", user_id, at, actor, {"what": "sessions", "ended": ended})
    return ended


def do_add_role(user_id: int, role: Role, *, community_id: int | None, at: datetime, actor: str) -> bool:
    """One more role; False where they hold it already."""
    with transaction.atomic():
        is_new = not Grant.objects.filter(user=user_id, role=role.value, community=community_id).exists()
        if is_new:
            Grant.objects.create(user_id=user_id, role=role.value, community_id=community_id)
            words = {"what": "role", "added": role.value, "community": community_id}
            _do_note("settings.changed", user_id, at, actor, words)
    return is_new


def do_take_role(user_id: int, grant_id: int, *, at: datetime, actor: str) -> bool:
    """One role less; False where they do not hold it. Raises ``BadUse`` for the last owner."""
    with transaction.atomic():
        grant = Grant.objects.filter(pk=grant_id, user=user_id).first()
        if grant is None:
            return False
        if grant.role == Role.OWNER and grant.community_id is None:
            _check_owners_without(user_id)
        grant.delete()
        words = {"what": "role", "removed": grant.role, "community": grant.community_id}
        _do_note("settings.changed", user_id, at, actor, words)
    return True


def make_password() -> str:
    """Four blocks of letters and figures that are not taken for one another: about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(BLOCK)) for _ in range(BLOCKS))


def _check_name(name: str) -> None:
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError as error:
        raise BadUse(mark("账号名只能用文字、数字和 @ . + - _")) from error
    if User.objects.filter(username__iexact=name).exists():
        raise BadUse(mark("已经有叫「%(name)s」的账号"), name=name)


def _check_owners_without(user_id: int) -> None:
    owners = Grant.objects.filter(role=Role.OWNER.value, community=None, user__is_active=True)
    is_owner = owners.filter(user=user_id).exists()
    if is_owner and not owners.exclude(user=user_id).exists():
        raise BadUse(mark("这是最后一位所有者，先让别人也当所有者"))


def _sessions(now: datetime) -> list[tuple[str, str]]:
    """(session key, user id as kept there) of every session that is still good."""
    rows = Session.objects.filter(expire_date__gt=now)
    found = ((row.session_key, str(row.get_decoded().get("_auth_user_id", ""))) for row in rows)
    return [(key, user_id) for key, user_id in found if user_id]


def _do_end_sessions(user_id: int, at: datetime) -> int:
    keys = [key for key, owner in _sessions(at) if owner == str(user_id)]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _do_note(name: str, user_id: int, at: datetime, actor: str, words: Mapping[str, object]) -> None:
    key = f"{name}:user:{user_id}:{words.get('what', '')}:{at.isoformat()}"
    said = {"user": user_id, **words}
    do_record_facts([Fact(name=name, at=at, community_id=None, actor=actor, key=key, words=said)])
