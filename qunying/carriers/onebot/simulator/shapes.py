"""What the world looks like on the wire: the fields of events and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .parts import Account, Group, Member, Message, Person, Request, Segment
from .segments import write_codes
from .state import State


def sender(state: State, message: Message) -> dict[str, Any]:
    """Who said it, with card and role where that is a group."""
    person = state.people[message.sender_id]
    base = {"user_id": person.user_id, "nickname": person.nickname, "sex": person.sex, "age": person.age}
    group = state.groups.get(message.group_id)
    if group is None:
        return base | ({"group_id": message.via_group} if message.via_group else {})
    member = group.members.get(person.user_id) or Member(person.user_id)
    named = {"card": member.card, "area": "", "level": str(member.level), "role": member.role, "title": member.title}
    return base | named


def message_fields(state: State, message: Message, self_id: int) -> dict[str, Any]:
    """A message as events, ``get_msg`` and history have it, seen by one account."""
    seen = state.id_for(self_id, message.message_id)
    segments = seen_by(state, message.segments, self_id)
    shared = {
        "message_id": seen,
        "message_seq": seen,
        "real_id": seen,
        "real_seq": str(message.seq),
        "user_id": message.sender_id,
        "message": [each.wire() for each in segments],
        "raw_message": write_codes(segments),
        "message_format": "array",
        "font": 14,
        "sender": sender(state, message),
    }
    return shared | (_in_group(message) if message.group_id else _in_private(state, message, self_id))


def in_format(fields: dict[str, Any], message_format: str) -> dict[str, Any]:
    """The same fields with the message as string, where the account is set to that."""
    if message_format == "array" or "message_format" not in fields:
        return fields
    return {**fields, "message": fields["raw_message"], "message_format": message_format}


def seen_by(state: State, segments: Sequence[Segment], self_id: int) -> tuple[Segment, ...]:
    """The same segments, with the ids of quoted messages as this account knows them."""
    if not state.own_ids:
        return tuple(segments)
    return tuple(
        Segment("reply", {**each.data, "id": str(state.id_for(self_id, int(each.data["id"])))})
        if each.type == "reply"
        else each
        for each in segments
    )


def _in_group(message: Message) -> dict[str, Any]:
    return {"message_type": "group", "sub_type": "normal", "group_id": message.group_id, "anonymous": None}


def _in_private(state: State, message: Message, self_id: int) -> dict[str, Any]:
    other = message.to_id if message.sender_id == self_id else message.sender_id
    if state.are_friends(self_id, other):
        return {"message_type": "private", "sub_type": "friend", "target_id": message.to_id}
    temporary = {"message_type": "private", "sub_type": "group", "target_id": message.to_id, "temp_source": 0}
    return temporary | {"group_id": message.via_group}


def member_info(state: State, group: Group, member: Member) -> dict[str, Any]:
    """A member as ``get_group_member_info`` and the list have it."""
    person = state.people[member.user_id]
    return {
        "group_id": group.group_id,
        "user_id": member.user_id,
        "nickname": person.nickname,
        "card": member.card,
        "sex": person.sex,
        "age": person.age,
        "area": "",
        "level": str(member.level),
        "qq_level": 1,
        "join_time": member.joined_at,
        "last_sent_time": member.last_sent_at,
        "role": member.role,
        "title": member.title,
        "title_expire_time": 0,
        "unfriendly": False,
        "card_changeable": True,
        "shut_up_timestamp": member.muted_until if member.muted_until > state.now() else 0,
        "is_robot": False,
    }


def group_info(group: Group) -> dict[str, Any]:
    """A group as ``get_group_info`` and the list have it."""
    return {
        "group_id": group.group_id,
        "group_name": group.name,
        "group_remark": group.remark,
        "member_count": len(group.members),
        "max_member_count": group.capacity,
        "group_all_shut": -1 if group.is_muted else 0,
    }


def stranger_info(person: Person) -> dict[str, Any]:
    """Anybody with a QQ number."""
    return {
        "user_id": person.user_id,
        "nickname": person.nickname,
        "sex": person.sex,
        "age": person.age,
        "qid": "",
        "level": 1,
        "login_days": 0,
    }


def friend_info(person: Person) -> dict[str, Any]:
    """A friend."""
    return {"user_id": person.user_id, "nickname": person.nickname, "remark": ""}


def request_info(state: State, request: Request, *, napcat: bool = False) -> dict[str, Any]:
    """A request in the list of ``get_group_system_msg``; its id is the flag of the event.

    NapCat calls everybody an inviter who asks or invites.
    """
    group, nickname = state.groups[request.group_id], state.people[request.user_id].nickname
    who = "invitor" if napcat or request.kind == "invite" else "requester"
    return {
        "request_id": int(request.flag),
        f"{who}_uin": request.user_id,
        f"{who}_nick": nickname,
        "requester_nick": nickname,
        "message": request.comment,
        "group_id": group.group_id,
        "group_name": group.name,
        "checked": request.is_approved is not None,
        "actor": request.handled_by,
    }


def status(account: Account) -> dict[str, Any]:
    """Whether the account is online."""
    return {"online": account.is_online, "good": account.is_online, "stat": {}}
