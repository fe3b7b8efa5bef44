from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from qunying.carriers.files.discord import FORMAT
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PersonRef,
    Record,
    Skipped,
)
from qunying.carriers.files.tests.written import write_source

AT = datetime(2024, 5, 1, 4, 0, 0, 123000, tzinfo=UTC)
LIN = PersonRef("lin", "11", "林🌲")
BOT = PersonRef("helper", "99", is_bot=True)


def user(ref: str, name: str, nickname: str, *, is_bot: bool = False) -> dict[str, object]:
    return {"id": ref, "name": name, "discriminator": "0000", "nickname": nickname, "isBot": is_bot, "roles": []}


def row(number: int, kind: object, content: str, **changes: object) -> dict[str, object]:
    return {
        "id": f"12{number}",
        "type": kind,
        "timestamp": "2024-05-01T12:00:00.123+08:00",
        "timestampEdited": None,
        "content": content,
        "author": user("11", "lin", "林🌲"),
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        **changes,
    }


def read(tmp_path: Path, rows: list[object], **channel: object) -> list[Record]:
    about = {"id": "5", "type": "GuildTextChat", "category": "大厅", "name": "闲聊", "topic": None, **channel}
    document = {
        "guild": {"id": "1", "name": "游戏服"},
        "channel": about,
        "dateRange": {},
        "messages": rows,
        "messageCount": 0,
    }
    source = write_source(tmp_path, document)
    assert FORMAT.detect(source.head().decode()) == 95
    return list(FORMAT.read(source, Choices()))


def test_message_is_whole_when_it_has_everything(tmp_path: Path) -> None:
    attachment = {"id": "1", "url": "https://cdn.example/a.PNG", "fileName": "a.PNG", "fileSizeBytes": 9}
    rows = [
        row(
            1,
            "Reply",
            "好 @helper",
            reference={"messageId": "120"},
            mentions=[user("99", "helper", "helper", is_bot=True)],
        ),
        row(2, "Default", "", attachments=[attachment], timestampEdited="2024-05-01T12:00:00.123+08:00"),
        row(3, "Default", "", embeds=[{"title": "公告", "description": "今晚维护"}]),
        row(4, 0, "旧版"),
    ]
    start, reply, picture, card, old = read(tmp_path, rows)
    assert start == ChatStarts(name="游戏服 #闲聊", ref="5", platform="discord")
    assert reply == PastMessage(
        at=AT, sender=LIN, text="好 @helper", place=1, source_id="121", reply_to="120", mentions=(BOT,)
    )
    assert picture == PastMessage(
        at=AT,
        sender=LIN,
        text="",
        place=2,
        kind=MessageKind.IMAGE,
        source_id="122",
        media=(Media(MessageKind.IMAGE, "a.PNG", 9, "https://cdn.example/a.PNG"),),
        edited_at=AT,
    )
    assert isinstance(card, PastMessage)
    assert card.text == "公告\n今晚维护"
    assert isinstance(old, PastMessage)
    assert old.kind is MessageKind.TEXT


def test_coming_and_going_is_told_when_old_and_new_types_say_it(tmp_path: Path) -> None:
    bot = [user("99", "helper", "helper", is_bot=True)]
    rows = [
        row(1, "GuildMemberJoin", "Joined the server."),
        row(2, 7, ""),
        row(3, "RecipientAdd", "", mentions=bot),
        row(4, "RecipientRemove", "", mentions=bot),
        row(5, "RecipientRemove", "", mentions=[user("11", "lin", "林🌲")]),
        row(6, "ChannelPinnedMessage", "Pinned a message."),
        row(7, "Call", "Started a call."),
        row(8, "4711", ""),
    ]
    _, *told = read(tmp_path, rows)
    assert told[:6] == [
        PastJoin(at=AT, people=(LIN,), place=1, source_id="121"),
        PastJoin(at=AT, people=(LIN,), place=2, source_id="122"),
        PastJoin(at=AT, people=(BOT,), place=3, inviter=LIN, via="added", source_id="123"),
        PastLeave(at=AT, people=(BOT,), place=4, operator=LIN, source_id="124"),
        PastLeave(at=AT, people=(LIN,), place=5, source_id="125"),
        PastNotice(at=AT, text="Pinned a message.", place=6, by=LIN, source_id="126"),
    ]
    kinds = [each.kind for each in told if isinstance(each, PastMessage)]
    assert kinds == [MessageKind.CALL, MessageKind.OTHER]


def test_direct_chat_is_private_when_announced(tmp_path: Path) -> None:
    [start] = read(tmp_path, [], type="DirectTextChat", name="lin")
    assert isinstance(start, ChatStarts)
    assert start.is_private


def test_broken_rows_are_told_when_they_cannot_be_read(tmp_path: Path) -> None:
    _, *told = read(tmp_path, [row(1, "Default", "x", timestamp="gestern"), 7])
    assert [each.reason for each in told if isinstance(each, Skipped)] == ["bad_time", "bad_record"]


def test_discords_own_lines_are_notices_when_only_their_number_is_told(tmp_path: Path) -> None:
    _, *records = read(
        tmp_path, [row(1, "8", "boosted"), row(2, 9, "level 1"), row(3, "23", "看"), row(4, "46", "投票")]
    )
    assert [type(record) for record in records] == [PastNotice, PastNotice, PastMessage, PastMessage]
    assert [record.kind for record in records if isinstance(record, PastMessage)] == [
        MessageKind.TEXT,
        MessageKind.OTHER,
    ]
