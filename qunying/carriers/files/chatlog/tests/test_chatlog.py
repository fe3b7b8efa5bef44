from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from qunying.carriers.files.chatlog import FORMAT
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PastRecall,
    PersonRef,
    Record,
    Skipped,
)
from qunying.carriers.files.tests.written import write_source

AT = datetime(2024, 3, 5, 1, 2, 3, tzinfo=UTC)
LOCAL = datetime(2024, 3, 5, 9, 2, 3)
ROOM = ChatStarts(name="读书会", ref="1@chatroom", platform="wechat")
MEI = PersonRef("小美", "wxid_mei")


def row(number: int, kind: int, content: str, **changes: object) -> dict[str, object]:
    return {
        "seq": 1709600523000 + number,
        "time": "2024-03-05T09:02:03+08:00",
        "talker": "1@chatroom",
        "talkerName": "读书会",
        "isChatRoom": True,
        "sender": "wxid_mei",
        "senderName": "小美",
        "isSelf": False,
        "type": kind,
        "subType": 0,
        "content": content,
        **changes,
    }


def read(tmp_path: Path, content: object, name: str = "a.json") -> list[Record]:
    source = write_source(tmp_path, content, name)
    assert FORMAT.detect(source.head().decode().lstrip("\ufeff")) >= 75
    return list(FORMAT.read(source, Choices()))


def starts(records: list[Record]) -> list[ChatStarts]:
    return [each for each in records if isinstance(each, ChatStarts)]


def test_every_kind_is_told_when_the_file_is_a_json_list(tmp_path: Path) -> None:
    refer = {"sender": "wxid_q", "senderName": "阿强", "type": 1, "content": "谁读完了？"}
    rows = [
        row(1, 1, "今晚七点😀"),
        row(2, 3, "", contents={"md5": "abc", "path": "img/abc.dat"}),
        row(3, 49, "我", subType=57, contents={"refer": refer}),
        row(4, 49, "", subType=5, contents={"title": "书单", "url": "https://b.example"}),
        row(5, 49, "小美拍了拍自己", subType=62),
        row(6, 10000, '"阿强"邀请"老王"加入了群聊', sender="系统消息", senderName=""),
        row(7, 10000, "你撤回了一条消息", sender="系统消息", senderName=""),
        row(8, 4242, ""),
    ]
    start, said, picture, quoting, link, pat, join, recall, other = read(tmp_path, rows)
    assert start == ROOM
    assert said == PastMessage(at=AT, sender=MEI, text="今晚七点😀", place=1, source_id="1709600523001")
    assert isinstance(picture, PastMessage)
    assert picture.media == (Media(MessageKind.IMAGE, "img/abc.dat"),)
    assert isinstance(quoting, PastMessage)
    assert (quoting.text, quoting.quote) == ("我", "谁读完了？")
    assert isinstance(link, PastMessage)
    assert (link.kind, link.text) == (MessageKind.LINK, "书单")
    assert pat == PastNotice(at=AT, text="小美拍了拍自己", place=5, by=MEI, source_id="1709600523005")
    assert isinstance(join, PastJoin)
    assert join.inviter == PersonRef("阿强")
    assert recall == PastRecall(at=AT, place=7, by=PersonRef("你"))
    assert isinstance(other, PastMessage)
    assert other.kind is MessageKind.OTHER


def test_chats_are_told_apart_when_one_list_holds_several(tmp_path: Path) -> None:
    private = {"talker": "wxid_mei", "talkerName": "小美", "isChatRoom": False}
    rows = [row(1, 1, "群里"), row(2, 1, "私下", **private), row(3, 1, "群里")]
    mei = ChatStarts(name="小美", ref="wxid_mei", platform="wechat", is_private=True, is_one_of_many=True)
    assert starts(read(tmp_path, rows)) == [ROOM, mei, replace(ROOM, is_one_of_many=True)]
    assert starts(read(tmp_path, rows[1:])) == [mei, replace(ROOM, is_one_of_many=True)]
    assert starts(read(tmp_path, rows[1:2])) == [replace(mei, is_one_of_many=False)]


def test_table_is_read_when_cells_hold_lines_and_commas(tmp_path: Path) -> None:
    text = (
        "\ufeffTime,SenderName,Sender,TalkerName,Talker,Content\n"
        '2024-03-05 09:02:03,小美,wxid_mei,读书会,1@chatroom,"第一行,逗号\n第二行 ""引号"""\n'
        '2024-03-05 09:02:03,,系统消息,读书会,1@chatroom,"""小美""邀请""老王""加入了群聊"\n'
        "2024-03-05 09:02:03,小美,wxid_mei,读书会,1@chatroom,[文件|书单.pdf](http://127.0.0.1:5030/file/ab)\n"
        "2024-03-05 09:02:03,小美,wxid_mei\n"
        "昨天,小美,wxid_mei,读书会,1@chatroom,没有时间\n"
    )
    start, said, join, file, *skipped = read(tmp_path, text, "a.csv")
    assert start == ROOM
    assert said == PastMessage(at=LOCAL, sender=MEI, text='第一行,逗号\n第二行 "引号"', place=3)
    assert isinstance(join, PastJoin)
    assert join.people == (PersonRef("老王"),)
    media = (Media(MessageKind.FILE, "书单.pdf", url="http://127.0.0.1:5030/file/ab"),)
    assert isinstance(file, PastMessage)
    assert (file.kind, file.media) == (MessageKind.FILE, media)
    assert [(each.reason, each.place) for each in skipped if isinstance(each, Skipped)] == [
        ("bad_record", 6),
        ("bad_time", 7),
    ]


TEXT = """小美(wxid_mei) 03-05 09:02:03
第一行

第三行

阿强(我) 03-05 09:02:03
> 小美(wxid_mei) 03-05 09:02:03
> 第一行
好

系统消息 03-05 09:02:03
"阿强"邀请"老王"加入了群聊

小美(wxid_mei) 03-05 09:02:03
![图片](http://127.0.0.1:5030/image/ab,cd)
"""


def test_text_is_read_when_the_file_name_tells_the_year(tmp_path: Path) -> None:
    start, said, quoting, join, picture = read(tmp_path, TEXT, "读书会_2024-03-01~2024-03-31.txt")
    assert start == ChatStarts(name="", platform="wechat")
    assert said == PastMessage(at=LOCAL, sender=MEI, text="第一行\n\n第三行", place=1)
    assert isinstance(quoting, PastMessage)
    assert (quoting.text, quoting.quote, quoting.sender) == ("好", "第一行", PersonRef("阿强"))
    assert isinstance(join, PastJoin)
    assert isinstance(picture, PastMessage)
    assert picture.kind is MessageKind.IMAGE


def test_year_is_told_to_be_a_guess_when_only_the_files_date_is_known(tmp_path: Path) -> None:
    source = write_source(tmp_path, TEXT, "读书会.txt")
    written_at = datetime(2024, 1, 10, tzinfo=UTC).timestamp()
    os.utime(source.path, (written_at, written_at))
    guess, _, said, *_ = FORMAT.read(source, Choices())
    assert isinstance(guess, Skipped)
    assert guess.reason == "bad_time"
    assert isinstance(said, PastMessage)
    assert said.at == datetime(2023, 3, 5, 9, 2, 3)


def test_private_chat_is_one_of_many_when_another_follows_it_in_a_table(tmp_path: Path) -> None:
    lines = "Time,SenderName,Sender,TalkerName,Talker,Content\n2024-03-05 09:02:03,小美,wxid_mei,小美,wxid_mei,私下\n"
    many = lines + "2024-03-05 09:02:03,小美,wxid_mei,读书会,1@chatroom,群里\n"
    assert [each.is_one_of_many for each in starts(read(tmp_path, lines, "a.csv"))] == [False]
    assert [each.is_one_of_many for each in starts(read(tmp_path, many, "a.csv"))] == [True, True]


def test_chat_is_named_when_the_text_names_it(tmp_path: Path) -> None:
    text = "小美(wxid_mei) [读书会(1@chatroom)] 2024-03-05 09:02:03\n好\n\n小美(wxid_mei) [读书会(1@chatroom)] 2024-03-05 09:02:03\n好\n"
    assert read(tmp_path, text, "a.txt")[0] == ROOM


def test_other_lists_are_left_alone_when_detecting() -> None:
    assert FORMAT.detect('[{"type":"message","ts":"1.0"}]') == 0
    assert FORMAT.detect("2019-07-16 18:15:05 【管理员】地瓜(23333233)\n内容\n") == 0
    assert FORMAT.detect("Time,Name\n1,2\n") == 0


def test_whoever_exported_is_known_when_a_sentence_speaks_of_them_before_they_do(tmp_path: Path) -> None:
    rows = [
        row(0, 10000, "你将“阿强”移出了群聊", sender="", senderName=""),
        row(1, 1, "我来说一句", sender="wxid_me", senderName="群主", isSelf=True),
    ]
    records = list(FORMAT.read(write_source(tmp_path, rows), Choices()))
    assert [one.operator for one in records if isinstance(one, PastLeave)] == [PersonRef("群主", "wxid_me")]


def test_a_mention_names_its_person_when_wechats_own_space_closes_it(tmp_path: Path) -> None:
    rows = [row(0, 1, "@阿 强🌸\u2005 @小美\u2005 你们看，邮箱是 a@b.com")]
    (_, message) = FORMAT.read(write_source(tmp_path, rows), Choices())
    assert isinstance(message, PastMessage)
    assert message.mentions == (PersonRef("阿 强🌸"), PersonRef("小美"))


def test_a_quotation_answers_its_message_when_it_tells_the_number(tmp_path: Path) -> None:
    first = row(0, 1, "几点")
    rows = [first, row(1, 49, "七点", subType=57, contents={"refer": first})]
    messages = [one for one in FORMAT.read(write_source(tmp_path, rows), Choices()) if isinstance(one, PastMessage)]
    assert (messages[1].reply_to, messages[1].quote) == (messages[0].source_id, "几点")
