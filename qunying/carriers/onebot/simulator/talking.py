"""What people and accounts say to each other, take back, quote and like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import refusals, rights
from .parts import RANKS, Group, Member, Message, Segment
from .refusals import Refusal
from .segments import text
from .shapes import message_fields
from .state import State

AT_ALL_A_DAY = 10
DAY = 24 * 3600


def do_say(state: State, group_id: int, sender_id: int, segments: Sequence[Segment]) -> Message:
    """Somebody speaks in a group, and every account there hears it. Refused to who is muted or not there."""
    group = state.group(group_id)
    member = rights.need_voice(state, group, sender_id)
    taken = tuple(_at_all(state, group, member, each) for each in _taken(state, segments))
    message = _do_keep(state, group, Message(next(state.ids), group.next_seq, state.now(), sender_id, taken, group_id))
    member.last_sent_at = message.at
    for self_id in state.accounts_in(group):
        _tell(state, self_id, message)
    return message


def _taken(state: State, segments: Sequence[Segment]) -> list[Segment]:
    """What arrives: files stored, quotes of what is not there dropped, as QQ drops them."""
    return [state.take_in(each) for each in segments if each.type != "reply" or _is_there(state, each)]


def _is_there(state: State, quote: Segment) -> bool:
    number = str(quote.data.get("id", ""))
    return number.removeprefix("-").isdigit() and int(number) in state.messages


def _at_all(state: State, group: Group, member: Member, segment: Segment) -> Segment:
    """@all of who may not, or not any more today, is only words."""
    if segment.type != "at" or segment.data.get("qq") != "all":
        return segment
    used = group.at_all_used
    key = (state.now() // DAY, member.user_id)
    if not RANKS[member.role] or used.get(key, 0) >= AT_ALL_A_DAY:
        return text("@全体成员")
    used[key] = used.get(key, 0) + 1
    return segment


def _do_keep(state: State, group: Group | None, message: Message) -> Message:
    if not message.segments:
        raise Refusal("message is empty", "消息体是空的")
    state.messages[message.message_id] = message
    message.missed_by = frozenset(each.self_id for each in state.accounts.values() if not each.is_online)
    if group is not None:
        group.next_seq += 1
    return message


def _tell(state: State, self_id: int, message: Message) -> None:
    kind = "message_sent" if message.sender_id == self_id else "message"
    state.tell(self_id, {"post_type": kind, **message_fields(state, message, self_id)})


def do_whisper(state: State, sender_id: int, to_id: int, segments: Sequence[Segment], via_group: int = 0) -> Message:
    """A private message: between friends, or through a group in which both sit."""
    state.person(to_id)
    if not state.are_friends(sender_id, to_id):
        _need_bridge(state, sender_id, to_id, via_group)
    else:
        via_group = 0
    taken = tuple(_taken(state, segments))
    message = Message(next(state.ids), 0, state.now(), sender_id, taken, to_id=to_id, via_group=via_group)
    _do_keep(state, None, message)
    for self_id in (sender_id, to_id):
        if self_id in state.accounts:
            _tell(state, self_id, message)
    return message


def _need_bridge(state: State, sender_id: int, to_id: int, via_group: int) -> None:
    if not via_group:
        raise Refusal("not a friend", "对方不是好友，临时会话要给出共同的群")
    rights.need_member(state, via_group, sender_id)
    state.member(via_group, to_id)


def do_recall(state: State, message_id: int, actor_id: int) -> Message:
    """Takes a message back. The words are gone, and who heard it is told."""
    message = state.message(message_id)
    rights.need_recall(state, message, actor_id)
    message.is_recalled = True
    if message.group_id:
        group = state.group(message.group_id)
        group.essence.pop(message_id, None)
        for self_id in state.accounts_in(group):
            state.tell(self_id, _recalled(state, message, actor_id, self_id))
    else:
        _tell_private_recall(state, message)
    return message


def _recalled(state: State, message: Message, actor_id: int, self_id: int) -> dict[str, Any]:
    return {
        "post_type": "notice",
        "notice_type": "group_recall",
        "group_id": message.group_id,
        "user_id": message.sender_id,
        "operator_id": actor_id,
        "message_id": state.id_for(self_id, message.message_id),
    }


def _tell_private_recall(state: State, message: Message) -> None:
    for self_id in (message.sender_id, message.to_id):
        seen = state.id_for(self_id, message.message_id)
        words = {"post_type": "notice", "notice_type": "friend_recall", "user_id": message.sender_id}
        state.tell(self_id, {**words, "message_id": seen})


def do_like(state: State, message_id: int, user_id: int, emoji_id: str, *, is_add: bool = True) -> None:
    """An emoji below a message in a group."""
    message = state.message(message_id)
    group = state.group(message.group_id)
    rights.need_member(state, group.group_id, user_id)
    likes = message.likes.setdefault(emoji_id, set())
    (likes.add if is_add else likes.discard)(user_id)
    for self_id in state.accounts_in(group):
        state.tell(
            self_id,
            {
                "post_type": "notice",
                "notice_type": "group_msg_emoji_like",
                "group_id": group.group_id,
                "user_id": user_id,
                "message_id": state.id_for(self_id, message_id),
                "likes": [{"emoji_id": emoji_id, "count": len(likes)}],
                "is_add": is_add,
            },
        )


def do_poke(state: State, user_id: int, target_id: int, group_id: int = 0) -> None:
    """One pokes another, in a group or between friends."""
    words = {"post_type": "notice", "notice_type": "notify", "sub_type": "poke", "user_id": user_id}
    words["target_id"] = target_id
    if group_id:
        rights.need_member(state, group_id, user_id)
        state.member(group_id, target_id)
        state.tell_all(state.accounts_in(state.group(group_id)), {**words, "group_id": group_id})
    elif not state.are_friends(user_id, target_id):
        raise Refusal("not a friend", "对方不是好友")
    else:
        state.tell_all((user_id, target_id), {**words, "sender_id": user_id})


def list_said(state: State, group_id: int) -> list[Message]:
    """What was said in a group and not taken back, oldest first."""
    return [each for each in state.messages.values() if each.group_id == group_id and not each.is_recalled]


def list_private(state: State, one: int, other: int) -> list[Message]:
    """What two wrote to each other, oldest first."""
    pair = {one, other}
    return [
        each
        for each in state.messages.values()
        if not each.group_id and {each.sender_id, each.to_id} == pair and not each.is_recalled
    ]


def find_heard(state: State, message_id: int, self_id: int) -> Message:
    """A message, if the account could have heard it; else it is as if there were none."""
    message = state.message(message_id)
    if message.group_id:
        is_heard = self_id in state.group(message.group_id).members
    else:
        is_heard = self_id in (message.sender_id, message.to_id)
    if not is_heard:
        raise refusals.no_message(message_id)
    return message
