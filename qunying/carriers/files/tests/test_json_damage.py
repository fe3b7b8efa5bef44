"""Any damage to a JSON export: nothing is raised, and what stood before it is told as if nothing had happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.carriers.files.chatlab import FORMAT as CHATLAB
from qunying.carriers.files.chatlog import FORMAT as CHATLOG
from qunying.carriers.files.discord import FORMAT as DISCORD
from qunying.carriers.files.formats import Choices, Format
from qunying.carriers.files.instagram import FORMAT as INSTAGRAM
from qunying.carriers.files.matrix import FORMAT as MATRIX
from qunying.carriers.files.qqchatexporter import FORMAT as QQCHATEXPORTER
from qunying.carriers.files.records import ChatStarts, Record
from qunying.carriers.files.slack import FORMAT as SLACK
from qunying.carriers.files.telegram import FORMAT as TELEGRAM
from qunying.carriers.files.weflow import FORMAT as WEFLOW

from .written import write_source

COUNT = 6
AT = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A valid export whose n-th message says ``«n»``."""

    format: Format
    header: dict[str, object] | None
    row: Callable[[int], dict[str, object]]
    is_lines: bool = False

    def content(self) -> bytes:
        rows = [self.row(number) for number in range(COUNT)]
        if self.is_lines:
            lines = rows if self.header is None else [self.header, *rows]
            return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
        document = rows if self.header is None else {**self.header, "messages": rows}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()


def words(number: int) -> str:
    return f"«{number}» 今天吃什么😀 {{[]}}"


def telegram(number: int) -> dict[str, object]:
    base = {"id": number, "type": "message", "date_unixtime": str(AT + number), "from": "小明", "from_id": "user1"}
    return {**base, "text": ["", {"type": "bold", "text": words(number)}], "text_entities": []}


def cli(number: int) -> dict[str, object]:
    base = {"event": "message", "id": f"m{number}", "from": {"peer_type": "user", "peer_id": 1}, "date": AT}
    return {**base, "to": {"title": "群", "peer_type": "channel", "peer_id": 2}, "text": words(number)}


def qq(number: int) -> dict[str, object]:
    base = {
        "id": str(number),
        "timestamp": (AT + number) * 1000,
        "sender": {"uid": "u", "uin": "10001", "name": "小明"},
    }
    return {**base, "type": "text", "content": {"text": words(number), "elements": [{"type": "text"}]}, "system": False}


def weflow(number: int) -> dict[str, object]:
    base = {"localId": number + 1, "createTime": AT + number, "type": "文本消息", "content": words(number)}
    return {**base, "senderUsername": "wxid_a", "senderDisplayName": "小明"}


def chatlog(number: int) -> dict[str, object]:
    base = {"seq": AT * 1000 + number, "time": "2024-03-05T09:02:03+08:00", "talker": "1@chatroom", "talkerName": "群"}
    return {**base, "isChatRoom": True, "sender": "wxid_a", "isSelf": False, "type": 1, "content": words(number)}


def chatlab(number: int) -> dict[str, object]:
    return {
        "_type": "message",
        "sender": "a",
        "accountName": "小明",
        "timestamp": AT,
        "type": 0,
        "content": words(number),
    }


def discord(number: int) -> dict[str, object]:
    author = {"id": "1", "name": "ming", "nickname": "小明"}
    return {
        "id": str(number),
        "type": "Default",
        "timestamp": "2024-01-01T00:00:00+00:00",
        "content": words(number),
        "author": author,
    }


def slack(number: int) -> dict[str, object]:
    return {"type": "message", "user": "U1", "text": words(number), "ts": f"{AT}.00000{number}"}


def matrix(number: int) -> dict[str, object]:
    content = {"msgtype": "m.text", "body": words(number)}
    base = {"type": "m.room.message", "event_id": f"$e{number}", "room_id": "!r:x", "sender": "@a:x"}
    return {**base, "origin_server_ts": AT * 1000, "content": content}


def instagram(number: int) -> dict[str, object]:
    return {"sender_name": "小明", "timestamp_ms": AT * 1000 + number, "content": words(number)}


SAMPLES = {
    "telegram": Sample(TELEGRAM, {"name": "群", "type": "private_group", "id": 1}, telegram),
    "telegram-cli": Sample(TELEGRAM, None, cli, is_lines=True),
    "qqchatexporter": Sample(QQCHATEXPORTER, {"metadata": {}, "chatInfo": {"name": "群", "type": "group"}}, qq),
    "qqchatexporter-chunk": Sample(QQCHATEXPORTER, None, qq, is_lines=True),
    "weflow": Sample(WEFLOW, {"weflow": {}, "session": {"wxid": "1@chatroom", "displayName": "群"}}, weflow),
    "chatlog": Sample(CHATLOG, None, chatlog),
    "chatlab": Sample(CHATLAB, {"chatlab": {}, "meta": {"name": "群"}, "members": []}, chatlab),
    "chatlab-lines": Sample(
        CHATLAB, {"_type": "header", "chatlab": {}, "meta": {"name": "群"}}, chatlab, is_lines=True
    ),
    "discord": Sample(DISCORD, {"guild": {"id": "1", "name": "服"}, "channel": {"id": "2", "name": "群"}}, discord),
    "slack": Sample(SLACK, None, slack),
    "matrix": Sample(MATRIX, {"room_name": "群", "exported_by": ""}, matrix),
    "instagram": Sample(
        INSTAGRAM, {"participants": [], "title": "群", "thread_path": "t", "thread_type": ""}, instagram
    ),
}


def read(known: Format, folder: Path, content: bytes) -> list[Record]:
    return [each for each in known.read(write_source(folder, content), Choices()) if not isinstance(each, ChatStarts)]


def place_of(record: Record) -> int:
    return 0 if isinstance(record, ChatStarts) else record.place


def whole_before(content: bytes, place: int) -> int:
    """How many messages are complete before that byte: those whose successor has already begun to speak."""
    starts = [content.index(f"«{number}»".encode()) for number in range(COUNT)]
    return max(0, sum(1 for start in starts if start < place) - 1)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_earlier_records_stay_equal_when_bytes_are_changed(name: str, data: st.DataObject, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    content = sample.content()
    place = data.draw(st.integers(0, len(content) - 1), label="place")
    removed = data.draw(st.integers(0, 40), label="removed")
    added = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b"\\"])))
    whole = whole_before(content, place)
    mutated = read(sample.format, tmp_path, content[:place] + added + content[place + removed :])
    assert mutated[:whole] == read(sample.format, tmp_path, content)[:whole]


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_earlier_records_stay_equal_when_the_file_is_cut(name: str, data: st.DataObject, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    content = sample.content()
    place = data.draw(st.integers(0, len(content) - 1), label="place")
    whole = whole_before(content, place)
    assert read(sample.format, tmp_path, content[:place])[:whole] == read(sample.format, tmp_path, content)[:whole]


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=6,
)


MORE_FIELDS: dict[str, Sequence[str]] = {
    "telegram": (
        [
            "reply_to_message_id",
            "edited",
            "edited_unixtime",
            "forwarded_from",
            "photo",
            "file",
            "file_size",
            "media_type",
            "mime_type",
            "poll",
            "location_information",
            "contact_information",
            "sticker_emoji",
            "actor",
            "actor_id",
            "action",
            "members",
            "inviter",
            "title",
        ]
    ),
    "telegram-cli": ("service", "action", "media", "reply_id", "fwd_from"),
    "qqchatexporter": ("messageId", "messageType", "recalled", "rawMessage", "time", "isSystemMessage"),
    "weflow": ("isSend", "isSelf", "source", "formattedTime", "serverId", "mediaUrl"),
    "chatlog": ("senderName", "subType", "contents"),
    "chatlab": ("groupNickname", "platformMessageId", "replyToMessageId", "fileName"),
    "discord": ("attachments", "stickers", "embeds", "mentions", "reference", "forwardedMessage", "timestampEdited"),
    "slack": (
        [
            "subtype",
            "thread_ts",
            "edited",
            "files",
            "file",
            "attachments",
            "user_profile",
            "bot_id",
            "bot_profile",
            "username",
            "comment",
            "inviter",
            "message",
        ]
    ),
    "matrix": ("unsigned", "state_key", "redacts", "prev_content"),
    "instagram": ("photos", "videos", "share", "sticker", "users", "type", "is_unsent", "call_duration"),
}
ODD_TYPES: dict[str, tuple[str, tuple[object, ...]]] = {
    "telegram": ("type", ("service",)),
    "telegram-cli": ("event", ("service",)),
    "matrix": ("type", ("m.room.member", "m.room.redaction", "m.poll.start", "m.sticker", "m.reaction", "org.x")),
    "slack": (
        "subtype",
        ("channel_join", "channel_leave", "tombstone", "message_changed", "bot_message", "pinned_item"),
    ),
    "discord": ("type", ("GuildMemberJoin", "RecipientAdd", "RecipientRemove", "Call")),
    "chatlab": ("type", (22, 80, 81, 1)),
    "chatlog": ("type", (49, 10000, 3)),
    "weflow": ("type", ("系统消息", 49, "引用消息", 10000)),
    "instagram": ("type", ("Subscribe", "Unsubscribe")),
}


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_row_is_told_when_any_field_holds_nonsense(name: str, data: st.DataObject, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    row = sample.row(0)
    kind, types = ODD_TYPES.get(name, ("", ()))
    if types:
        row[kind] = data.draw(st.sampled_from([row.get(kind), *types]))
    keys = data.draw(st.lists(st.sampled_from(sorted({*row, *MORE_FIELDS.get(name, ())})), min_size=1, max_size=3))
    odd = {**row, **{key: data.draw(VALUES) for key in keys}}
    nonsense = Sample(
        sample.format, sample.header, lambda number: odd if number == 0 else sample.row(number), sample.is_lines
    )
    told = read(sample.format, tmp_path, nonsense.content())
    usual = read(sample.format, tmp_path, sample.content())
    assert [each for each in told if place_of(each) > place_of(usual[0])] == usual[1:]
    assert len(told) >= COUNT - (name == "matrix")  # an edit is told with what it edits
