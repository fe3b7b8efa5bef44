"""A WeCom archive as the SDK gives it after decryption, ids and all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ...formats import Choices
from ...records import ChatStarts, MessageKind, PastMessage, PastNotice, PastRecall, Record, Skipped
from ...tests.written import write_source
from .. import FORMAT
from ..read import detect

ROOM, CUSTOMER, STAFF = "wrjc7bDwAASxc8tZvBErFE02BtPWyAAA", "wmErxtDgAA9AW32YyyuYRimKr7D1KWlw", "XuJinSheng"


def row(number: int, kind: str = "text", *, room: str = ROOM, sender: str = STAFF, **body: object) -> dict[str, Any]:
    """One message of the archive; one a second."""
    return {
        "msgid": f"{number}_1603877328_external",
        "action": "send",
        "from": sender,
        "tolist": [CUSTOMER if sender == STAFF else STAFF],
        "roomid": room,
        "msgtime": 1709251500123 + 1000 * number,
        "msgtype": kind,
        kind: body,
    }


def read(folder: Path, content: object) -> list[Record]:
    source = write_source(folder, content)
    assert detect(source.head().decode())
    return list(FORMAT.read(source, Choices()))


def said(records: list[Record]) -> list[PastMessage]:
    return [record for record in records if isinstance(record, PastMessage)]


@pytest.mark.parametrize("shape", ["list", "lines", "object"])
def test_a_room_is_read_when_the_archive_has_any_of_its_shapes(tmp_path: Path, shape: str) -> None:
    rows = [row(1, content="您好😀\n第二行"), row(2, sender=CUSTOMER, content="１２３ 在吗")]
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
    content = {"list": rows, "lines": lines, "object": {"errcode": 0, "chatdata": rows}}[shape]
    records = read(tmp_path, content)
    assert records[0] == ChatStarts(name="", ref=ROOM, platform="wecom")
    assert [(one.sender.ref if one.sender else "", one.text) for one in said(records)] == [
        (STAFF, "您好😀\n第二行"),
        (CUSTOMER, "１２３ 在吗"),
    ]
    assert said(records)[0].at.isoformat() == "2024-03-01T00:05:01.123000+00:00"
    assert said(records)[0].source_id == "1_1603877328_external"


def test_a_withdrawal_names_its_message_when_somebody_recalls(tmp_path: Path) -> None:
    recall = {**row(2, "revoke", pre_msgid="1_1603877328_external"), "action": "recall"}
    (found,) = [one for one in read(tmp_path, [row(1, content="错了"), recall]) if isinstance(one, PastRecall)]
    assert (found.source_id, found.by and found.by.ref) == ("1_1603877328_external", STAFF)


def test_private_talk_is_told_apart_when_an_archive_holds_rooms_too(tmp_path: Path) -> None:
    rows = [row(1, room="", content="私下"), row(2, content="群里"), row(3, room="", sender=CUSTOMER, content="私下二")]
    starts = [one for one in read(tmp_path, rows) if isinstance(one, ChatStarts)]
    assert [(one.is_private, one.is_one_of_many) for one in starts] == [(True, True), (False, True), (True, True)]
    assert starts[0].ref == starts[2].ref


def test_every_kind_keeps_what_it_says_when_it_is_no_text(tmp_path: Path) -> None:
    rows = [
        row(1, "image", md5sum="50de8e", filesize=70961, sdkfileid="CtYB"),
        row(2, "file", filename="资料.docx", fileext="docx", filesize=18181, md5sum="ff", sdkfileid="E4"),
        row(3, "link", title="邀请你加入群聊", description="进入可查看详情", link_url="https://work.weixin.qq.com/x"),
        row(4, "vote", votetitle="周几", voteitem=["周六", "周日"], votetype=101),
        row(5, "location", longitude=116.3, latitude=39.9, address="北京市西城区", title="西长安街", zoom=15),
        row(6, "mixed", item=[{"type": "text", "content": '{"content":"看图"}'}, {"type": "image", "content": "{}"}]),
        row(
            7,
            "chatrecord",
            title="群聊的聊天记录",
            item=[{"type": "ChatRecordText", "msgtime": 1603875610, "content": '{"content":"test"}'}],
        ),
        row(8, "从没见过", x=1),
        {**row(9), "msgtype": "markdown", "info": {"content": "# 标题"}},
    ]
    messages = said(read(tmp_path, rows))
    assert [one.kind for one in messages] == [
        MessageKind.IMAGE,
        MessageKind.FILE,
        MessageKind.LINK,
        MessageKind.POLL,
        MessageKind.LOCATION,
        MessageKind.TEXT,
        MessageKind.FORWARD,
        MessageKind.OTHER,
        MessageKind.TEXT,
    ]
    assert messages[1].media[0].name == "资料.docx"
    assert messages[1].media[0].size == 18181
    assert messages[2].text == "邀请你加入群聊\n进入可查看详情\nhttps://work.weixin.qq.com/x"
    assert messages[3].text == "周几\n周六\n周日"
    assert (messages[5].text, messages[5].media[0].kind) == ("看图", MessageKind.IMAGE)
    assert messages[6].text == "群聊的聊天记录\ntest"
    assert '"x":1' in messages[7].text
    assert messages[8].text == "# 标题"


def test_nothing_is_dropped_silently_when_rows_are_no_messages(tmp_path: Path) -> None:
    rows = [
        {"msgid": "125289002219525886280", "action": "switch", "time": 1554119421840, "user": STAFF},
        row(1, content="在"),
        {**row(2, content="何时"), "msgtime": 0},
        row(3, "agree", userid=CUSTOMER, agree_time=1603875622000),
        row(4, sender="wbRobot", content="播报"),
    ]
    records = read(tmp_path, rows)
    assert [(one.reason, one.place) for one in records if isinstance(one, Skipped)] == [
        ("bad_record", 1),
        ("bad_time", 3),
    ]
    (agreed,) = [one for one in records if isinstance(one, PastNotice)]
    assert agreed.by is not None
    assert agreed.by.ref == CUSTOMER
    robot = said(records)[-1].sender
    assert robot is not None
    assert robot.is_bot
