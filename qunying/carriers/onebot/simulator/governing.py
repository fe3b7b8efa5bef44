"""What owners and administrators do to members and to the group itself."""

from __future__ import annotations

from typing import Any

from . import rights
from .parts import Group, Role
from .refusals import Refusal, protected
from .state import State


def do_mute(state: State, group_id: int, user_id: int, actor_id: int, seconds: int) -> None:
    """Silences somebody for so many seconds, thirty days at most; zero lets them speak again."""
    if not 0 <= seconds <= rights.MUTE_AT_MOST:
        raise Refusal("invalid duration", "禁言时长要在 0 秒到 30 天之间")
    target = rights.need_above(state, group_id, actor_id, user_id)
    target.muted_until = state.now() + seconds if seconds else 0
    _tell_mute(state, state.group(group_id), user_id, actor_id, seconds)


def _tell_mute(state: State, group: Group, user_id: int, actor_id: int, seconds: int) -> None:
    kind = "ban" if seconds else "lift_ban"
    words = {"notice_type": "group_ban", "sub_type": kind, "user_id": user_id, "operator_id": actor_id}
    _tell(state, group, {**words, "duration": seconds})


def do_mute_all(state: State, group_id: int, actor_id: int, *, enable: bool = True) -> None:
    """Silences everybody but owner and administrators, or lets them speak again. In the notice the user is 0."""
    rights.need_admin(state, group_id, actor_id)
    group = state.group(group_id)
    if group.is_muted != enable:
        group.is_muted = enable
        _tell_mute(state, group, 0, actor_id, -1 if enable else 0)


def do_set_admin(state: State, group_id: int, user_id: int, actor_id: int, *, enable: bool = True) -> None:
    """The owner makes somebody administrator, or a member again."""
    rights.need_owner(state, group_id, actor_id)
    member = state.member(group_id, user_id)
    if member.role == "owner":
        raise protected("owner")
    role: Role = "admin" if enable else "member"
    if member.role != role:
        member.role = role
        words = {"notice_type": "group_admin", "sub_type": "set" if enable else "unset", "user_id": user_id}
        _tell(state, state.group(group_id), words)


def do_set_card(state: State, group_id: int, user_id: int, actor_id: int, card: str) -> None:
    """Names somebody in the group; one's own always, others' only from above. Empty takes the card away."""
    if user_id == actor_id:
        rights.need_member(state, group_id, actor_id)
    else:
        rights.need_above(state, group_id, actor_id, user_id)
    member = state.member(group_id, user_id)
    old, member.card = member.card, card
    if old != card:
        words = {"notice_type": "group_card", "user_id": user_id, "card_new": card, "card_old": old}
        _tell(state, state.group(group_id), words)


def do_set_title(state: State, group_id: int, user_id: int, actor_id: int, title: str) -> None:
    """The owner gives somebody a title of their own."""
    rights.need_owner(state, group_id, actor_id)
    state.member(group_id, user_id).title = title
    words = {"notice_type": "notify", "sub_type": "title", "user_id": user_id, "title": title}
    _tell(state, state.group(group_id), words)


def do_rename(state: State, group_id: int, actor_id: int, name: str) -> None:
    """Gives the group another name."""
    rights.need_admin(state, group_id, actor_id)
    if not name:
        raise Refusal("empty name", "群名不能是空的")
    group = state.group(group_id)
    group.name = name
    _tell(state, group, {"notice_type": "notify", "sub_type": "group_name", "user_id": actor_id, "name_new": name})


def do_hand_over(state: State, group_id: int, actor_id: int, heir_id: int) -> None:
    """The owner makes somebody else the owner and is a member from now on."""
    owner = rights.need_owner(state, group_id, actor_id)
    heir = state.member(group_id, heir_id)
    owner.role, heir.role = "member", "owner"


def list_muted(state: State, group_id: int) -> list[int]:
    """Who may not speak now, except for the mute of everybody."""
    members = state.group(group_id).members.values()
    return [each.user_id for each in members if each.muted_until > state.now()]


def do_notify(state: State, group_id: int, words: dict[str, Any]) -> None:
    """Any other notice of a group, word by word: honours, lucky kings, grey tips and what is yet to be invented."""
    _tell(state, state.group(group_id), words)


def _tell(state: State, group: Group, words: dict[str, Any]) -> None:
    state.tell_all(state.accounts_in(group), {"post_type": "notice", "group_id": group.group_id, **words})
