"""What of an event is told, and under which key: the same thing heard twice, or by two accounts, has one key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from qunying.carriers.base import Arrival
from qunying.carriers.onebot.fields import as_map, as_ref, as_text, as_time
from qunying.carriers.onebot.names import OURS, name_meant
from qunying.carriers.onebot.parse import is_sent, name_of_message, other_side

TOLD_NOTICES = frozenset(
    ["group_increase", "group_decrease", "group_ban", "group_card", "group_admin", "group_upload", "group_recall"]
)
PASSED_NOTICES = frozenset(
    [
        "essence",
        "friend_add",
        "friend_recall",
        "group_msg_emoji_like",
        "group_dismiss",
        "bot_offline",
        "reaction",
        "online_file_send",
        "online_file_receive",
        "offline_file",
        "client_status",
        "profile_like",
    ]
)
PASSED_NOTIFICATIONS = frozenset(
    ["poke", "poke_recall", "lucky_king", "honor", "title", "gray_tip", "input_status", "profile_like"]
)


class Sort(Enum):
    """What is to be done with an event."""

    TOLD = "told"
    PASSED = "passed"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


def sort_of(event: Mapping[str, Any]) -> Sort:
    """Whether an event is told, is known to mean nothing to us, or is something nobody knows."""
    match event.get("post_type"):
        case "message" | "message_sent":
            return _sort_of_message(event)
        case "notice":
            return _sort_of_notice(event)
        case "request":
            return _sort_of_request(event)
        case "meta_event":
            return Sort.PASSED
        case str():
            return Sort.UNKNOWN
        case _:
            return Sort.MALFORMED


def _sort_of_message(event: Mapping[str, Any]) -> Sort:
    if as_time(event.get("time")) is None or not as_ref(event.get("user_id")) or not as_ref(event.get("message_id")):
        return Sort.MALFORMED
    if not isinstance(event.get("message", event.get("raw_message")), str | list | dict):
        return Sort.MALFORMED
    match event.get("message_type"):
        case "group":
            return Sort.TOLD if as_ref(event.get("group_id")) else Sort.MALFORMED
        case "private":
            return Sort.TOLD if other_side(event) else Sort.PASSED
        case _:
            return Sort.UNKNOWN


def _sort_of_notice(event: Mapping[str, Any]) -> Sort:
    kind, detail = as_text(event.get("notice_type")), as_text(event.get("sub_type"))
    is_told = kind in TOLD_NOTICES or (kind, detail) == ("notify", "group_name")
    if is_told:
        needed = ["group_id", "message_id"] if kind == "group_recall" else ["group_id"]
        is_whole = all(as_ref(event.get(field)) for field in needed) and as_time(event.get("time")) is not None
        has_user = as_text(event.get("user_id")) != ""  # 0 is everybody
        return Sort.TOLD if is_whole and has_user else Sort.MALFORMED
    is_passed = kind in PASSED_NOTICES or (kind == "notify" and detail in PASSED_NOTIFICATIONS)
    return Sort.PASSED if is_passed else Sort.UNKNOWN


def _sort_of_request(event: Mapping[str, Any]) -> Sort:
    if event.get("request_type") == "friend" or event.get("sub_type") == "invite":
        return Sort.PASSED
    if event.get("request_type") != "group" or event.get("sub_type") != "add":
        return Sort.UNKNOWN
    is_whole = all(as_ref(event.get(field)) for field in ("group_id", "user_id", "flag"))
    return Sort.TOLD if is_whole and as_time(event.get("time")) else Sort.MALFORMED


def chat_of(event: Mapping[str, Any]) -> str:
    """Where message ids mean something: a group, or one person."""
    group = as_ref(event.get("group_id"))
    if group and event.get("message_type") != "private":
        return f"g{group}"
    return f"p{as_ref(event.get('target_id' if is_sent(event) else 'user_id'))}"


def arrival_of(event: Mapping[str, Any]) -> Arrival:
    """An event that is told, on its way into intake."""
    at = as_time(event["time"])
    assert at is not None
    if event.get("message_type") == "private":
        person = as_ref(event["target_id" if is_sent(event) else "user_id"])
        return Arrival(
            f"w{as_ref(event.get('self_id'))}:{person}:{name_of_message(event)}", at, event, person_ref=person
        )
    return Arrival(_key(event), at, event, group_ref=as_ref(event["group_id"]))


def _key(event: Mapping[str, Any]) -> str:
    group = as_ref(event["group_id"])
    match event["post_type"]:
        case "request":
            return f"r{group}:{as_text(event['flag'])}"
        case "notice" if event["notice_type"] == "group_recall":
            return f"x{group}:{name_meant(event, as_ref(event['message_id']))}"
        case "notice" if event["notice_type"] == "group_upload":
            return f"g{group}:f{as_ref(as_map(event.get('file')).get('id'))}"
        case "notice":
            return f"n{group}:{_digest(event)}"
        case _:
            return f"g{group}:{name_of_message(event)}"


def _digest(event: Mapping[str, Any]) -> str:
    """What a notice says, whoever of our accounts heard it."""
    words = {key: value for key, value in event.items() if key not in ("self_id", OURS)}
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]
