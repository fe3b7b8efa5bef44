"""How people come into groups and leave them: asking, being invited, being removed."""

from __future__ import annotations

from typing import Any, Literal

from . import refusals, rights
from .parts import RANKS, Group, Member, Request
from .refusals import Refusal
from .state import State


def do_enter(
    state: State, group_id: int, user_id: int, operator_id: int, kind: Literal["approve", "invite"] = "approve"
) -> Member:
    """Somebody is in. Refused where they are in already or the group is full."""
    group = state.group(group_id)
    state.person(user_id)
    if user_id in group.members:
        raise Refusal("already in group", f"{user_id}已经在群里")
    if len(group.members) >= group.capacity:
        raise Refusal("group is full", "群已经满员")
    member = group.members[user_id] = Member(user_id, joined_at=state.now())
    words = {"notice_type": "group_increase", "sub_type": kind, "user_id": user_id, "operator_id": operator_id}
    state.tell_all(state.accounts_in(group), _notice(group, words))
    return member


def _notice(group: Group, words: dict[str, Any]) -> dict[str, Any]:
    return {"post_type": "notice", "group_id": group.group_id, **words}


def do_ask(state: State, group_id: int, user_id: int, comment: str) -> Request:
    """Somebody asks to come in; the accounts with rights there hear it. Refused to who was shut out."""
    group = state.group(group_id)
    state.person(user_id)
    if user_id in group.blocked:
        raise Refusal("blocked", "对方已被拒绝再次申请加群")
    if user_id in group.members:
        raise Refusal("already in group", f"{user_id}已经在群里")
    request = Request(state.next_flag(), "add", user_id, comment, state.now(), group_id)
    state.requests.append(request)
    state.tell_all(_accounts_with_rights(state, group), _asked(request))
    return request


def _accounts_with_rights(state: State, group: Group) -> list[int]:
    return [each for each in state.accounts_in(group) if RANKS[group.members[each].role]]


def _asked(request: Request) -> dict[str, Any]:
    words: dict[str, Any] = {"post_type": "request", "request_type": "friend" if request.kind == "friend" else "group"}
    if request.kind != "friend":
        words |= {"sub_type": request.kind, "group_id": request.group_id}
    return words | {"user_id": request.user_id, "comment": request.comment, "flag": request.flag}


def do_invite(state: State, group_id: int, user_id: int, inviter_id: int) -> Request | Member:
    """A member brings somebody: an account of ours is asked first, anybody else is in at once."""
    rights.need_member(state, group_id, inviter_id)
    if user_id not in state.accounts:
        return do_enter(state, group_id, user_id, inviter_id, "invite")
    request = Request(state.next_flag(), "invite", inviter_id, "", state.now(), group_id, to_id=user_id)
    state.requests.append(request)
    state.tell(user_id, _asked(request))
    return request


def do_befriend(state: State, user_id: int, account_id: int, comment: str) -> Request:
    """Somebody wants to be an account's friend."""
    state.person(user_id)
    request = Request(state.next_flag(), "friend", user_id, comment, state.now(), to_id=account_id)
    state.requests.append(request)
    state.tell(account_id, _asked(request))
    return request


def do_settle(state: State, flag: str, actor_id: int, *, approve: bool, reason: str = "") -> Request:
    """Lets somebody in or turns them down. Refused where it is not the actor's to decide, or decided already."""
    request = state.request(flag)
    _need_say(state, request, actor_id)
    if request.is_approved is not None:
        raise Refusal("request already handled", "这条申请已经处理过了")
    if approve:
        _do_let_in(state, request, actor_id)
    request.is_approved, request.handled_by, request.reason = approve, actor_id, reason
    return request


def _need_say(state: State, request: Request, actor_id: int) -> None:
    if request.kind == "add":
        rights.need_admin(state, request.group_id, actor_id)
    elif request.to_id != actor_id:
        raise refusals.no_request()


def _do_let_in(state: State, request: Request, actor_id: int) -> None:
    match request.kind:
        case "add":
            do_enter(state, request.group_id, request.user_id, actor_id)
        case "invite":
            do_enter(state, request.group_id, request.to_id, request.user_id, "invite")
        case "friend":
            state.friends.add(frozenset((request.user_id, actor_id)))
            state.tell(actor_id, {"post_type": "notice", "notice_type": "friend_add", "user_id": request.user_id})


def do_leave(state: State, group_id: int, user_id: int) -> None:
    """Somebody goes. The owner cannot, except by dismissing the group."""
    member = rights.need_member(state, group_id, user_id)
    if member.role == "owner":
        raise Refusal("owner cannot leave", "群主不能退群，只能解散群")
    _do_part(state, state.group(group_id), user_id, user_id, "leave")


def do_remove(state: State, group_id: int, user_id: int, actor_id: int, *, block: bool = False) -> None:
    """Somebody is removed by who stands above them; ``block`` also keeps them from asking again."""
    rights.need_above(state, group_id, actor_id, user_id)
    group = state.group(group_id)
    if block:
        group.blocked.add(user_id)
    _do_part(state, group, user_id, actor_id, "kick")


def _do_part(state: State, group: Group, user_id: int, operator_id: int, kind: str) -> None:
    hearers = state.accounts_in(group)
    del group.members[user_id]
    for self_id in hearers:
        seen = "kick_me" if kind == "kick" and self_id == user_id else kind
        words = {"notice_type": "group_decrease", "sub_type": seen, "user_id": user_id, "operator_id": operator_id}
        state.tell(self_id, _notice(group, words))


def do_dismiss(state: State, group_id: int, actor_id: int) -> None:
    """The owner ends the group; every account in it is told, and nobody is in it any more."""
    rights.need_owner(state, group_id, actor_id)
    group = state.group(group_id)
    for self_id in state.accounts_in(group):
        words = {"notice_type": "group_decrease", "sub_type": "disband", "user_id": self_id, "operator_id": actor_id}
        state.tell(self_id, _notice(group, words))
    del state.groups[group_id]
