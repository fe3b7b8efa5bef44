from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

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
from qunying.carriers.files.weflow import FORMAT

AT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
SECONDS = int(AT.timestamp())
ROOM = "12345@chatroom"
QIANG = PersonRef("阿强", "wxid_qiang")
MEI = PersonRef("小美（摄影）🌸", "wxid_mei")


def row(number: int, kind: str, content: str, **changes: object) -> dict[str, object]:
    return {
        "localId": number,
        "createTime": SECONDS,
        "formattedTime": "2024-01-02 11:04:05",
        "type": kind,
        "localType": 1,
        "content": content,
        "isSend": 0,
        "senderUsername": "wxid_mei",
        "senderDisplayName": "小美（摄影）🌸",
        "senderAvatarKey": "wxid_mei",
        "source": "",
        **changes,
    }


def system(number: int, content: str) -> dict[str, object]:
    return row(number, "系统消息", content, isSend=None, senderUsername=ROOM, senderDisplayName="")


def read(tmp_path: Path, rows: list[object], **session: object) -> list[Record]:
    about = {"wxid": ROOM, "nickname": "吃货群", "remark": "", "displayName": "吃货群", "type": "群聊", **session}
    document = {
        "weflow": {"version": "1.0.3", "exportedAt": SECONDS},
        "session": about,
        "messages": rows,
        "avatars": {},
    }
    source = write_source(tmp_path, document)
    assert FORMAT.detect(source.head().decode()) == 95
    return list(FORMAT.read(source, Choices()))


def test_every_kind_is_told_when_members_write(tmp_path: Path) -> None:
    rows = [
        row(1, "文本消息", "今晚吃什么"),
        row(2, "图片消息", "[图片]"),
        row(3, "红包卡片", "[红包] 恭喜发财"),
        row(4, "未知类型(99)", ""),
        row(5, "引用消息", "火锅！\n[引用 阿强：今晚吃什么]"),
        row(6, "文本消息", "@小美（摄影）🌸 来", source="<msgsource><atuserlist>wxid_mei</atuserlist></msgsource>"),
    ]
    start, said, picture, packet, other, quoting, calling = read(tmp_path, rows)
    assert start == ChatStarts(name="吃货群", ref=ROOM, platform="wechat")
    assert said == PastMessage(at=AT, sender=MEI, text="今晚吃什么", place=1, source_id=f"{SECONDS}-1")
    assert isinstance(picture, PastMessage)
    assert picture.media == (Media(MessageKind.IMAGE),)
    assert isinstance(packet, PastMessage)
    assert packet.kind is MessageKind.RED_PACKET
    assert isinstance(other, PastMessage)
    assert (other.kind, other.text[:1]) == (MessageKind.OTHER, "{")
    assert isinstance(quoting, PastMessage)
    assert (quoting.text, quoting.quote) == ("火锅！", "阿强：今晚吃什么")
    assert isinstance(calling, PastMessage)
    assert calling.mentions == (MEI,)


def test_system_lines_are_understood_when_the_exporter_takes_part(tmp_path: Path) -> None:
    mine = row(1, "文本消息", "大家好", isSend=1, senderUsername="wxid_qiang", senderDisplayName="阿强")
    rows = [
        mine,
        system(2, '你邀请"老王"加入了群聊'),
        system(3, "你将“老王”移出了群聊"),
        system(4, '"小美" 撤回了一条消息'),
        system(5, "阿强修改群名为“吃货二群”"),
    ]
    _, _, join, leave, recall, notice = read(tmp_path, rows)
    people = (PersonRef("老王"),)
    assert join == PastJoin(at=AT, people=people, place=2, inviter=QIANG, via="invite", source_id=f"{SECONDS}-2")
    assert leave == PastLeave(at=AT, people=people, place=3, operator=QIANG, source_id=f"{SECONDS}-3")
    assert recall == PastRecall(at=AT, place=4, by=PersonRef("小美"))
    assert notice == PastNotice(at=AT, text="阿强修改群名为“吃货二群”", place=5, source_id=f"{SECONDS}-5")


def test_xml_is_understood_when_system_lines_were_left_as_they_are(tmp_path: Path) -> None:
    template = """<sysmsg type="sysmsgtemplate"><sysmsgtemplate><content_template type="tmpl_type_profile">
    <template><![CDATA["$username$"邀请"$names$"加入了群聊]]></template><link_list>
    <link name="username" type="link_profile"><memberlist><member><username><![CDATA[wxid_qiang]]></username>
    <nickname><![CDATA[阿强]]></nickname></member></memberlist></link>
    <link name="names" type="link_profile"><memberlist><member><nickname><![CDATA[老王]]></nickname></member>
    <member><nickname><![CDATA[老李]]></nickname></member></memberlist><separator><![CDATA[、]]></separator></link>
    </link_list></content_template></sysmsgtemplate></sysmsg>"""
    revoke = (
        '<sysmsg type="revokemsg"><revokemsg><newmsgid>77</newmsgid>'
        '<replacemsg><![CDATA["小美" 撤回了一条消息]]></replacemsg></revokemsg></sysmsg>'
    )
    _, join, recall = read(tmp_path, [system(1, template), system(2, revoke)])
    assert isinstance(join, PastJoin)
    assert (join.people, join.inviter) == ((PersonRef("老王"), PersonRef("老李")), PersonRef("阿强"))
    assert recall == PastRecall(at=AT, place=2, by=PersonRef("小美"), source_id="77")


def test_answers_of_the_interface_are_read_when_saved_to_a_file(tmp_path: Path) -> None:
    quoting = (
        "wxid_mei:\n<msg><appmsg><title>火锅&amp;烤肉</title><type>57</type><refermsg><type>1</type>"
        "<content>今晚吃什么</content></refermsg></appmsg></msg>"
    )
    base = {"localId": 9, "talker": ROOM, "createTime": SECONDS * 1000, "isSelf": 0, "sender": "wxid_mei"}
    document = {
        "success": True,
        "talker": ROOM,
        "count": 3,
        "hasMore": False,
        "messages": [
            {**base, "type": 49, "content": quoting},
            {**base, "type": 10000, "content": '"老王"通过扫描"小美"分享的二维码加入群聊'},
            {**base, "type": 34, "content": ""},
        ],
    }
    source = write_source(tmp_path, document)
    assert FORMAT.detect(source.head().decode()) == 85
    start, said, join, voice = FORMAT.read(source, Choices(chat_name="吃货群"))
    assert start == ChatStarts(name="吃货群", ref=ROOM, platform="wechat")
    assert isinstance(said, PastMessage)
    assert (said.at, said.text, said.quote, said.kind) == (AT, "火锅&烤肉", "今晚吃什么", MessageKind.TEXT)
    assert isinstance(join, PastJoin)
    assert join.via == "qr"
    assert isinstance(voice, PastMessage)
    assert voice.kind is MessageKind.VOICE


def test_private_chat_is_announced_when_the_session_is_one(tmp_path: Path) -> None:
    [start] = read(tmp_path, [], wxid="wxid_mei", type="私聊", displayName="小美")
    assert start == ChatStarts(name="小美", ref="wxid_mei", platform="wechat", is_private=True)


def test_broken_rows_are_told_when_they_cannot_be_read(tmp_path: Path) -> None:
    _, *told = read(tmp_path, [row(1, "文本消息", "x", createTime=0, formattedTime=""), [], 7])
    assert [each.reason for each in told if isinstance(each, Skipped)] == ["bad_time", "bad_record", "bad_record"]


def test_whoever_exported_is_known_when_a_sentence_speaks_of_them_before_they_do(tmp_path: Path) -> None:
    own = row(2, "文本消息", "我来说一句", isSend=1, senderUsername="wxid_me", senderDisplayName="群主")
    content = {
        "session": {"wxid": ROOM, "type": "群聊"},
        "messages": [system(1, '你将"阿强"移出了群聊'), own, row(3, "文本消息", "@群主\u2005收到")],
    }
    records = list(FORMAT.read(write_source(tmp_path, content), Choices()))
    assert [one.operator for one in records if isinstance(one, PastLeave)] == [PersonRef("群主", "wxid_me")]
    assert [one.mentions for one in records if isinstance(one, PastMessage)] == [(), (PersonRef("群主"),)]
