"""Saying, fetching and taking back messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import talking
from ..parts import Message, Segment
from ..refusals import Refusal, bad_params
from ..shapes import in_format, message_fields
from .call import Call, Handler


def send_group_msg(call: Call) -> dict[str, Any]:
    """Says something in a group."""
    return _sent(call, talking.do_say(call.state, call.params.integer("group_id"), call.self_id, call.message()))


def send_private_msg(call: Call) -> dict[str, Any]:
    """Writes to a friend, or through a group to somebody in it."""
    via = call.params.integer("group_id", 0)
    return _sent(call, talking.do_whisper(call.state, call.self_id, call.user_id(), call.message(), via))


def send_msg(call: Call) -> dict[str, Any]:
    """Either of the two; without ``message_type`` whatever the ids say."""
    kind = call.params.string("message_type", "group" if call.params.raw("group_id", None) else "private")
    if kind not in ("group", "private"):
        raise bad_params("message_type must be private or group")
    return send_group_msg(call) if kind == "group" else send_private_msg(call)


def _sent(call: Call, message: Message) -> dict[str, Any]:
    return {"message_id": call.seen(message.message_id)}


def delete_msg(call: Call) -> None:
    """Takes a message back."""
    message = talking.find_heard(call.state, call.message_id(), call.self_id)
    talking.do_recall(call.state, message.message_id, call.self_id)


def get_msg(call: Call) -> dict[str, Any]:
    """One message."""
    return _heard(call, talking.find_heard(call.state, call.message_id(), call.self_id))


def _heard(call: Call, message: Message) -> dict[str, Any]:
    fields = in_format(message_fields(call.state, message, call.self_id), call.wiring.message_format)
    kind = "message_sent" if message.sender_id == call.self_id else "message"
    return {"time": message.at, "self_id": call.self_id, "post_type": kind} | fields


def get_group_msg_history(call: Call) -> dict[str, Any]:
    """The newest ``count`` messages of a group, oldest first; with ``message_seq`` those up to it.

    NapCat gives those *from* it on, unless ``reverse_order`` asks for what came before.
    """
    return _history(call, talking.list_said(call.state, call.group_id()))


def get_friend_msg_history(call: Call) -> dict[str, Any]:
    """The same for a private chat."""
    return _history(call, talking.list_private(call.state, call.self_id, call.user_id()))


def _history(call: Call, said: list[Message]) -> dict[str, Any]:
    if not call.wiring.remembers_absence:
        said = [each for each in said if call.self_id not in each.missed_by]
    count = call.params.integer("count", 20)
    start = _position(call, said) if call.params.integer("message_seq", 0) else len(said) - 1
    if call.params.integer("message_seq", 0) and _is_forward(call):
        wanted = said[start : start + count]
    else:
        wanted = said[max(start + 1 - count, 0) : start + 1]
    return {"messages": [_heard(call, each) for each in wanted]}


def _position(call: Call, said: list[Message]) -> int:
    number = call.message_id("message_seq")
    position = next((index for index, each in enumerate(said) if each.message_id == number), None)
    if position is None:
        raise Refusal(f"消息{call.params.raw('message_seq')}不存在")
    return position


def _is_forward(call: Call) -> bool:
    names = ("reverse_order", "reverseOrder")
    return call.wiring.napcat and not any(call.params.boolean(each, default=False) for each in names)


def send_group_forward_msg(call: Call) -> dict[str, Any]:
    """Several messages as one card in a group."""
    forward = _do_keep_forward(call)
    message = talking.do_say(call.state, call.params.integer("group_id"), call.self_id, [forward])
    return _sent(call, message) | {"forward_id": forward.data["id"], "res_id": forward.data["id"]}


def send_private_forward_msg(call: Call) -> dict[str, Any]:
    """The same in private."""
    forward = _do_keep_forward(call)
    message = talking.do_whisper(call.state, call.self_id, call.user_id(), [forward])
    return _sent(call, message) | {"forward_id": forward.data["id"], "res_id": forward.data["id"]}


def send_forward_msg(call: Call) -> dict[str, Any]:
    """Either of the two."""
    return send_group_forward_msg(call) if call.params.raw("group_id", None) else send_private_forward_msg(call)


def _do_keep_forward(call: Call) -> Segment:
    nodes = call.params.raw("messages", None) or call.params.raw("message")
    if not isinstance(nodes, Sequence) or not nodes:
        raise bad_params("messages must be a list of nodes")
    forward_id = f"forward-{call.state.next_flag()}"
    call.state.forwards[forward_id] = [_node(call, each) for each in nodes]
    return Segment("forward", {"id": forward_id})


def _node(call: Call, node: Any) -> dict[str, Any]:
    match node:
        case {"type": "node", "data": {"id": known}}:
            message = talking.find_heard(call.state, call.state.id_from(call.self_id, int(known)), call.self_id)
            return _heard(call, message)
        case {"type": "node", "data": Mapping() as data}:
            who = data.get("user_id", data.get("uin", call.self_id))
            name = str(data.get("nickname", data.get("name", "")))
            return {"sender": {"user_id": who, "nickname": name}, "message": data.get("content", []), "time": 0}
        case _:
            raise bad_params("messages must be a list of nodes")


def get_forward_msg(call: Call) -> dict[str, Any]:
    """What is in such a card."""
    forward_id = call.params.string("message_id", "") or call.params.string("id")
    if forward_id not in call.state.forwards:
        raise Refusal("no such forward message", "没有这条合并转发")
    return {"messages": call.state.forwards[forward_id]}


def set_msg_emoji_like(call: Call) -> None:
    """An emoji below a message, or its end."""
    message = talking.find_heard(call.state, call.message_id(), call.self_id)
    is_add = call.params.boolean("set", default=True)
    talking.do_like(call.state, message.message_id, call.self_id, call.params.string("emoji_id"), is_add=is_add)


def mark_msg_as_read(call: Call) -> None:
    """Nothing that anybody else sees."""


ACTIONS: dict[str, Handler] = {
    "send_msg": send_msg,
    "send_group_msg": send_group_msg,
    "send_private_msg": send_private_msg,
    "delete_msg": delete_msg,
    "get_msg": get_msg,
    "get_group_msg_history": get_group_msg_history,
    "get_friend_msg_history": get_friend_msg_history,
    "send_forward_msg": send_forward_msg,
    "send_group_forward_msg": send_group_forward_msg,
    "send_private_forward_msg": send_private_forward_msg,
    "get_forward_msg": get_forward_msg,
    "set_msg_emoji_like": set_msg_emoji_like,
    "mark_msg_as_read": mark_msg_as_read,
    "mark_group_msg_as_read": mark_msg_as_read,
    "mark_private_msg_as_read": mark_msg_as_read,
}
