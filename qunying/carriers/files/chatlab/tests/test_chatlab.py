from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from qunying.carriers.files.chatlab import FORMAT
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastMessage,
    PastRecall,
    PersonRef,
    Record,
    Skipped,
)
from qunying.carriers.files.tests.written import write_source

AT = datetime(2023, 12, 19, 16, 0, tzinfo=UTC)
HEADER = {
    "chatlab": {"version": "0.0.2", "exportedAt": 1703001600, "generator": "试"},
    "meta": {"name": "技术交流群😀", "platform": "WeChat", "type": "group", "groupId": "38988428513@chatroom"},
}
MEMBERS = [
    {
        "platformId": "abc",
        "accountName": "张三",
        "groupNickname": "群主-张三",
        "roles": [{"id": "vip"}, {"id": "owner"}],
    },
    {"platformId": "def", "accountName": "李四"},
]
ROWS = [
    {
        "sender": "abc",
        "accountName": "张三",
        "timestamp": 1703001600,
        "type": 0,
        "content": "大家好！",
        "platformMessageId": "m1",
    },
    {"sender": "def", "timestamp": 1703001600, "type": 25, "content": "收到", "replyToMessageId": "m1"},
    {"sender": "def", "timestamp": 1703001600, "type": 1, "content": "https://a.example/1.jpg"},
    {"sender": "system", "timestamp": 1703001600, "type": 80, "content": "“张三”邀请“王五”加入了群聊"},
    {"sender": "def", "timestamp": 1703001600, "type": 81, "content": "李四撤回了一条消息", "platformMessageId": "m9"},
    {"sender": "def", "timestamp": 1703001600, "type": 81, "content": "说错话了", "platformMessageId": "m8"},
    {"sender": "xyz", "accountName": "路人", "timestamp": 1703001600, "type": 777, "content": None},
    {"sender": "abc", "timestamp": 0, "type": 0, "content": "没有时间"},
    "nonsense",
]
ZHANG = PersonRef("张三", "abc", "群主-张三", "owner")
LI = PersonRef("李四", "def")


def read(tmp_path: Path, content: object, name: str = "a.json") -> list[Record]:
    return list(FORMAT.read(write_source(tmp_path, content, name), Choices()))


def check(records: list[Record], first_place: int) -> None:
    places = iter(range(first_place, first_place + len(ROWS)))
    start, said, reply, picture, join, recall, recalled, other, *skipped = records
    assert start == ChatStarts(name="技术交流群😀", ref="38988428513@chatroom", platform="wechat")
    assert said == PastMessage(at=AT, sender=ZHANG, text="大家好！", place=next(places), source_id="m1")
    assert reply == PastMessage(at=AT, sender=LI, text="收到", place=next(places), reply_to="m1")
    url = "https://a.example/1.jpg"
    image = MessageKind.IMAGE
    assert picture == PastMessage(
        at=AT, sender=LI, text=url, place=next(places), kind=image, media=(Media(image, url=url),)
    )
    invited = (PersonRef("王五"),)
    assert join == PastJoin(at=AT, people=invited, place=next(places), inviter=PersonRef("张三"), via="invite")
    assert recall == PastRecall(at=AT, place=next(places), by=PersonRef("李四"), source_id="m9")
    assert isinstance(recalled, PastMessage)
    assert recalled.is_recalled
    assert isinstance(other, PastMessage)
    assert other.kind is MessageKind.OTHER
    assert '"type":777' in other.text
    assert [(each.reason, each.place) for each in skipped if isinstance(each, Skipped)] == [
        ("bad_time", first_place + 7),
        ("bad_record", first_place + 8),
    ]


def test_every_row_is_told_when_the_file_is_one_document(tmp_path: Path) -> None:
    check(read(tmp_path, {**HEADER, "members": MEMBERS, "messages": ROWS}), 1)


def test_every_row_is_told_when_members_and_header_stand_last(tmp_path: Path) -> None:
    check(read(tmp_path, {"messages": ROWS, "members": MEMBERS, **HEADER}), 1)


def test_every_row_is_told_when_the_file_is_lines(tmp_path: Path) -> None:
    rows = [
        {"_type": "header", **HEADER},
        *({"_type": "member", **member} for member in MEMBERS),
        *({"_type": "message", **row} if isinstance(row, dict) else row for row in ROWS),
    ]
    text = "# 备注\n" + "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    assert FORMAT.detect(text) == 95
    check(read(tmp_path, text, "a.jsonl"), 5)


def test_chat_is_private_when_the_header_says_so(tmp_path: Path) -> None:
    content = {**HEADER, "meta": {"name": "小明", "platform": "qq", "type": "private"}, "messages": []}
    assert read(tmp_path, content) == [ChatStarts(name="小明", platform="qq", is_private=True)]


def test_only_its_own_is_claimed_when_detecting() -> None:
    assert FORMAT.detect(json.dumps({**HEADER, "messages": ROWS})) == 95
    assert FORMAT.detect(json.dumps({"meta": {}, "messages": []})) == 0
    assert FORMAT.detect("你好") == 0
