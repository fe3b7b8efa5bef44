"""Quick operations: what an application answers to an event instead of calling an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..params import Params
from ..parts import Segment
from ..refusals import bad_params
from ..segments import read_message
from . import accounts, groups, messages
from .call import Call, Handler


def handle_quick_operation(call: Call) -> None:
    """Does what the operation asks, as if it had come as the answer to the posted event."""
    context, operation = call.params.raw("context"), call.params.raw("operation")
    if not isinstance(context, Mapping) or not isinstance(operation, Mapping):
        raise bad_params("context and operation must be objects")
    do_operate(call, context, operation)


def do_operate(call: Call, event: Mapping[str, Any], operation: Mapping[str, Any]) -> None:
    """One event's quick operation; keys that do not fit the event are left aside."""
    match event.get("post_type"):
        case "message":
            _do_answer_message(call, event, operation)
        case "request":
            _do_answer_request(call, event, operation)


def _do_answer_message(call: Call, event: Mapping[str, Any], operation: Mapping[str, Any]) -> None:
    if operation.get("reply"):
        _do_reply(call, event, operation)
    if event.get("message_type") != "group":
        return
    for key, do in _IN_GROUP:
        if _is_yes(operation, key):
            do(call, event, operation)


def _is_yes(operation: Mapping[str, Any], key: str) -> bool:
    return Params(operation).boolean(key, default=False)


def _do_reply(call: Call, event: Mapping[str, Any], operation: Mapping[str, Any]) -> None:
    escape = _is_yes(operation, "auto_escape")
    said: tuple[Segment, ...] = read_message(operation["reply"], auto_escape=escape)
    in_group = event.get("message_type") == "group"
    if in_group and Params(operation).boolean("at_sender", default=True):
        said = (Segment("at", {"qq": str(event.get("user_id"))}), Segment("text", {"text": " "}), *said)
    words = {"message": [each.wire() for each in said]}
    if in_group:
        messages.send_group_msg(_with(call, {"group_id": event.get("group_id"), **words}))
    else:
        target = {"user_id": event.get("user_id"), "group_id": event.get("group_id")}
        messages.send_private_msg(_with(call, {**target, **words}))


def _do_delete(call: Call, event: Mapping[str, Any], operation: Mapping[str, Any]) -> None:
    messages.delete_msg(_with(call, {"message_id": event.get("message_id")}))


def _do_kick(call: Call, event: Mapping[str, Any], operation: Mapping[str, Any]) -> None:
    block = {"reject_add_request": operation.get("reject_add_request", False)}
    groups.set_group_kick(_with(call, {**_who(event), **block}))


def _do_ban(call: Call, event: Mapping[str, Any], operation: Mapping[str, Any]) -> None:
    seconds = operation.get("ban_duration", groups.STANDARD_MUTE)
    groups.set_group_ban(_with(call, {**_who(event), "duration": seconds}))


def _who(event: Mapping[str, Any]) -> dict[str, Any]:
    return {"group_id": event.get("group_id"), "user_id": event.get("user_id")}


_IN_GROUP: tuple[tuple[str, Callable[[Call, Mapping[str, Any], Mapping[str, Any]], None]], ...] = (
    ("delete", _do_delete),
    ("ban", _do_ban),
    ("kick", _do_kick),
)


def _do_answer_request(call: Call, event: Mapping[str, Any], operation: Mapping[str, Any]) -> None:
    if operation.get("approve") is None:
        return
    answer = {"flag": event.get("flag"), "approve": operation["approve"], "reason": operation.get("reason", "")}
    if event.get("request_type") == "friend":
        accounts.set_friend_add_request(_with(call, answer))
    else:
        accounts.set_group_add_request(_with(call, answer))


def _with(call: Call, values: dict[str, Any]) -> Call:
    return replace(call, params=Params(values))


ACTIONS: dict[str, Handler] = {".handle_quick_operation": handle_quick_operation}
