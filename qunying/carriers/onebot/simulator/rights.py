"""Who may do what in a group: every refusal that QQ itself would give."""

from __future__ import annotations

from . import refusals
from .parts import RANKS, Group, Member, Message
from .refusals import Refusal
from .state import State

RECALL_WITHIN = 120  # seconds, for one's own messages
MUTE_AT_MOST = 30 * 24 * 3600


def need_member(state: State, group_id: int, user_id: int) -> Member:
    """Whoever acts sits in the group; who does not is told that there is no such group."""
    if user_id not in state.group(group_id).members:
        raise refusals.no_group(group_id)
    return state.member(group_id, user_id)


def need_admin(state: State, group_id: int, user_id: int) -> Member:
    """Whoever acts is owner or administrator."""
    member = need_member(state, group_id, user_id)
    if not RANKS[member.role]:
        raise refusals.not_admin()
    return member


def need_owner(state: State, group_id: int, user_id: int) -> Member:
    """Whoever acts is the owner."""
    member = need_member(state, group_id, user_id)
    if member.role != "owner":
        raise refusals.not_owner()
    return member


def need_above(state: State, group_id: int, actor_id: int, target_id: int) -> Member:
    """Whoever acts stands above the target; answers the target."""
    actor = need_admin(state, group_id, actor_id)
    target = state.member(group_id, target_id)
    if RANKS[actor.role] <= RANKS[target.role]:
        raise refusals.protected(target.role)
    return target


def need_voice(state: State, group: Group, user_id: int) -> Member:
    """Whoever speaks is in the group and not muted."""
    member = need_member(state, group.group_id, user_id)
    if member.muted_until > state.now():
        raise Refusal("send failed: muted", f"发言失败，你已被禁言到{member.muted_until}")
    if group.is_muted and not RANKS[member.role]:
        raise Refusal("send failed: whole group muted", "发言失败，全员禁言中")
    return member


def need_recall(state: State, message: Message, actor_id: int) -> None:
    """One's own within two minutes; in a group also what stands below oneself, at any time."""
    own = message.sender_id == actor_id
    if own and state.now() - message.at <= RECALL_WITHIN:
        return
    if not message.group_id:
        raise (
            Refusal("recall failed: too late", "超过两分钟，不能撤回")
            if own
            else refusals.no_message(message.message_id)
        )
    actor = need_member(state, message.group_id, actor_id)
    if not RANKS[actor.role]:
        raise Refusal("recall failed: too late", "超过两分钟，不能撤回") if own else refusals.not_admin()
    author = state.group(message.group_id).members.get(message.sender_id)
    if not own and author is not None and RANKS[author.role] >= RANKS[actor.role]:
        raise refusals.protected(author.role)
