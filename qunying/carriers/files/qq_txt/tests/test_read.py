from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from qunying.carriers.files.qq_txt import FORMAT
from qunying.carriers.files.records import (
    ChatStarts,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PastRecall,
    PersonRef,
    Skipped,
)
from qunying.carriers.files.tests.reading import chat, only, read_text, texts

RULER = "=" * 64
TITLE = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"


def chat_head(name: str, folder: str = "我的QQ群") -> str:
    return f"{RULER}\n消息分组:{folder}\n{RULER}\n消息对象:{name}\n{RULER}\n\n"


GROUP = (
    TITLE
    + chat_head("群营测试群")
    + """2019-07-16 18:15:05 【管理员】地瓜(23333233)
内容，可多行

第二段

2019-07-16 8:15:11 土豆<a@b.com>
[图片]

2019-07-16 8:15:12 【群主】【话唠】张三(北京)(123456)
看[图片]这个[表情]

2019-07-16 8:15:13 【吐槽】𠮷野家🍚ａｂ(10086)
[表情]

2019-07-16 8:15:14 系统消息(10000)
小明加入本群。

2019-07-16 8:15:15 系统消息(10000)
李四邀请小红加入了本群。

2019-07-16 8:15:16 系统消息(10000)
小刚被管理员移出本群。

2019-07-16 8:15:17 系统消息(10000)
小刚撤回了一条消息

2019-07-16 8:15:18 系统消息(10000)
管理员开启了全员禁言

"""
)


def test_senders_are_told_apart_when_they_have_levels_roles_and_brackets(tmp_path: Path) -> None:
    messages = only(PastMessage, read_text(FORMAT, tmp_path, GROUP))
    assert [message.sender for message in messages] == [
        PersonRef("地瓜", "23333233", role="admin"),
        PersonRef("土豆", "a@b.com"),
        PersonRef("张三(北京)", "123456", role="owner"),
        PersonRef("𠮷野家🍚ａｂ", "10086"),
    ]
    assert [message.at for message in messages[:2]] == [
        datetime(2019, 7, 16, 18, 15, 5),
        datetime(2019, 7, 16, 8, 15, 11),
    ]
    assert [message.place for message in messages] == [9, 14, 17, 20]


def test_kind_is_told_when_the_text_is_only_a_mark(tmp_path: Path) -> None:
    messages = only(PastMessage, read_text(FORMAT, tmp_path, GROUP))
    assert [(m.text, m.kind, [media.kind for media in m.media]) for m in messages] == [
        ("内容，可多行\n\n第二段", MessageKind.TEXT, []),
        ("[图片]", MessageKind.IMAGE, [MessageKind.IMAGE]),
        ("看[图片]这个[表情]", MessageKind.TEXT, [MessageKind.IMAGE, MessageKind.STICKER]),
        ("[表情]", MessageKind.STICKER, [MessageKind.STICKER]),
    ]


def test_events_are_read_when_the_system_speaks(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, GROUP)
    joins = only(PastJoin, records)
    assert [(join.people[0].name, join.inviter and join.inviter.name) for join in joins] == [
        ("小明", None),
        ("小红", "李四"),
    ]
    (leave,) = only(PastLeave, records)
    assert leave.people[0].name == "小刚"
    assert leave.operator is not None
    assert [recall.place for recall in only(PastRecall, records)] == [32]
    assert [notice.text for notice in only(PastNotice, records)] == ["管理员开启了全员禁言"]
    assert not only(Skipped, records)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_records_are_the_same_when_the_file_is_encoded_otherwise(tmp_path: Path, codec: str, line_end: str) -> None:
    expected = read_text(FORMAT, tmp_path, GROUP, "plain.txt")
    assert read_text(FORMAT, tmp_path, GROUP.replace("\n", line_end).encode(codec)) == expected


def test_chats_follow_each_other_when_the_file_has_several(tmp_path: Path) -> None:
    content = GROUP + "\n" + chat_head("李四", "我的好友") + "2019-07-17 18:15:05 李四\n在吗\n\n"
    content += chat_head("讨论组一", "讨论组") + "2019-07-18 18:15:05 王五\n都在\n\n"
    content += chat_head("空的群") + chat_head("同窗", "高中") + "2019-07-19 18:15:05 【冒泡】赵六(10010)\n嗯\n"
    records = read_text(FORMAT, tmp_path, content)
    assert [(start.name, start.is_private) for start in only(ChatStarts, records)] == [
        ("群营测试群", False), ("李四", True), ("讨论组一", False), ("空的群", False), ("同窗", False),
    ]  # fmt: skip
    following = [record for record in records if isinstance(record, ChatStarts | PastMessage)][-7:]
    assert [getattr(record, "text", None) or getattr(record, "name", None) for record in following] == [
        "李四", "在吗", "讨论组一", "都在", "空的群", "同窗", "嗯",
    ]  # fmt: skip
    assert not only(Skipped, records)


def test_quoted_header_stays_text_when_no_empty_line_is_above_it(tmp_path: Path) -> None:
    content = (
        TITLE
        + chat_head("群")
        + "2019-07-16 18:15:05 地瓜(23333233)\n他说：\n2019-07-16 18:00:00 土豆(10010)\n我不去\n"
        + f"{RULER}\n消息对象 不是头\n2019-07-16 18:01:00 土豆(10010)\n\n2019-07-16 18:15:06 土豆(10010)\n真的\n"
    )
    records = read_text(FORMAT, tmp_path, content)
    assert texts(records) == [
        f"他说：\n2019-07-16 18:00:00 土豆(10010)\n我不去\n{RULER}\n消息对象 不是头\n2019-07-16 18:01:00 土豆(10010)",
        "真的",
    ]


def test_everybody_anonymous_is_nobody_certain_when_they_share_one_number(tmp_path: Path) -> None:
    content = (
        TITLE
        + chat_head("群")
        + "2019-07-16 18:15:05 匿名用户(80000000)\n哈\n\n2019-07-16 18:15:06 Q群管家(2854196310)\n欢迎\n"
    )
    senders = [message.sender for message in only(PastMessage, read_text(FORMAT, tmp_path, content))]
    assert senders == [PersonRef("匿名用户"), PersonRef("Q群管家", "2854196310", is_bot=True)]


def test_message_is_skipped_with_its_place_when_its_time_is_impossible(tmp_path: Path) -> None:
    content = (
        TITLE
        + chat_head("群")
        + "2019-13-16 18:15:05 地瓜(23333233)\n丢了\n\n2019-07-16 下午 6:15:05 地瓜(23333233)\n在\n"
    )
    records = read_text(FORMAT, tmp_path, content)
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [
        ("bad_time", 9),
        ("bad_record", 10),
    ]
    assert [(m.text, m.at) for m in only(PastMessage, records)] == [("在", datetime(2019, 7, 16, 18, 15, 5))]


def test_line_is_no_header_when_it_is_longer_than_any_name(tmp_path: Path) -> None:
    content = (
        TITLE
        + chat_head("群")
        + "2019-07-16 18:15:05 地瓜(23333233)\n一\n\n2019-07-16 18:15:06 "
        + "【a】" * 200
        + "(10010)\n"
    )
    assert len(only(PastMessage, read_text(FORMAT, tmp_path, content))) == 1


def test_message_is_read_when_the_file_has_lost_its_head(tmp_path: Path) -> None:
    content = "2019-07-16 18:15:05 地瓜(23333233)\n一\n\n2019-07-16 18:15:06 土豆(10010)\n二"
    records = read_text(FORMAT, tmp_path, content)
    assert texts(records) == ["一", "二"]
    assert (chat(records).name, chat(records).is_private) == ("", False)
    assert FORMAT.detect(content) == 70


@pytest.mark.parametrize("content", ["", "你好\n", "[2019-12-24, 12:23] A: x\n", "时间,内容\n2019-07-16 18:15:05,x\n"])
def test_format_is_not_claimed_when_the_text_is_something_else(content: str) -> None:
    assert FORMAT.detect(content) == 0


def test_a_name_is_kept_whole_when_it_has_spaces_in_it(tmp_path: Path) -> None:
    content = "2024-01-05 08:25:00 Zoë 🫖(100009)\n早\n\n2024-01-05 08:26:00 王 小明(100010)\n早啊\n"
    messages = only(PastMessage, read_text(FORMAT, tmp_path, content))
    assert [(m.sender.name, m.sender.ref, m.text) for m in messages if m.sender] == [
        ("Zoë 🫖", "100009", "早"),
        ("王 小明", "100010", "早啊"),
    ]


@pytest.mark.parametrize(("second", "is_one_of_many"), [(True, True), (False, False)])
def test_a_first_private_chat_is_one_of_many_when_another_chat_follows(
    tmp_path: Path, second: bool, is_one_of_many: bool
) -> None:
    talk = TITLE + chat_head("小李", "我的好友") + "2020-01-01 0:00:00 小李\n别告诉别人\n\n"
    group = chat_head("徒步群") + "2020-01-01 0:00:01 小红(88888888)\n新年好\n\n"
    first, *others = only(ChatStarts, read_text(FORMAT, tmp_path, talk + group * second))
    assert first == ChatStarts(name="小李", platform="qq", is_private=True, is_one_of_many=is_one_of_many)
    assert len(others) == second
