from __future__ import annotations

from datetime import datetime

import pytest

from qunying.carriers.files.records import PastJoin, PastLeave, PastNotice, PastRecall, PersonRef
from qunying.carriers.files.system_lines import SystemKind, read_system_line, tell_system_line

AT = datetime(2024, 1, 1, 8, 0)

JOINS = [
    ('"阿强"邀请"小美、老王"加入了群聊', ["小美", "老王"], "阿强", "invite"),
    ("“阿强”邀请“小美”加入了群聊", ["小美"], "阿强", "invite"),
    ('你邀请"小美"加入了群聊', ["小美"], "你", "invite"),
    ('你邀请"小美"加入了群聊  ', ["小美"], "你", "invite"),
    ('你邀请"小美"加入了群聊  撤销', ["小美"], "你", "invite"),
    ('"阿强"邀请你和"小美、老王"加入了群聊', ["你", "小美", "老王"], "阿强", "invite"),
    ('"阿强"邀请你加入了群聊，群聊参与人还有：小美、老王', ["你"], "阿强", "invite"),
    ('"小美"通过扫描"阿强"分享的二维码加入群聊', ["小美"], "阿强", "qr"),
    ('" 小美 "通过扫描你分享的二维码加入群聊', ["小美"], "你", "qr"),
    ("你通过扫描二维码加入群聊，群聊参与人还有：小美", ["你"], None, "qr"),
    ("「阿強」邀請「小美」加入了群組", ["小美"], "阿強", "invite"),
    ('"🐳鲸鱼（上海）"邀请"ممتاز、a_b"加入了群聊', ["ممتاز", "a_b"], "🐳鲸鱼（上海）", "invite"),
    ("小美加入本群", ["小美"], None, ""),
    ("小美 加入了本群。", ["小美"], None, ""),
    ("小美加入了群聊", ["小美"], None, ""),
    ("阿强邀请小美加入了本群", ["小美"], "阿强", "invite"),
    ("阿强 邀请 小美 加入了本群。", ["小美"], "阿强", "invite"),
    ("小美通过阿强的邀请加入了本群", ["小美"], "阿强", "invite"),
    ('"A" invited "B" to the group chat', ["B"], "A", "invite"),
    ('"B" joined the group chat via the QR Code shared by "A"', ["B"], "A", "qr"),
]

LEAVES = [
    ('你将"小美"移出了群聊', ["小美"], "你"),
    ('"阿强"将"小美、老王"移出了群聊', ["小美", "老王"], "阿强"),
    ('你被"阿强"移出群聊', ["你"], "阿强"),
    ("小美被管理员移出本群", ["小美"], "管理员"),
    ("小美被群主移出了本群", ["小美"], "群主"),
    ("小美被管理员阿强移出本群", ["小美"], "阿强"),
    ("小美已被移出群聊", ["小美"], "管理员"),
    ("管理员 阿强 将 小美 移出本群", ["小美"], "阿强"),
    ("小美退出了本群", ["小美"], None),
    ('"小美"退出了群聊', ["小美"], None),
    ("小美 离开了本群。", ["小美"], None),
    ('You removed "B" from the group chat', ["B"], "You"),
]

RECALLS = [
    ('"阿强" 撤回了一条消息', "阿强"),
    ('"阿强"撤回了一条消息', "阿强"),
    ("你撤回了一条消息", "你"),
    ("你撤回了一条消息 重新编辑", "你"),
    ("撤回了一条消息", None),
    ("阿强 撤回了一条消息", "阿强"),
    ('你撤回了成员"小美"的一条消息', "你"),
    ("管理员阿强撤回了小美的一条消息", "阿强"),
    ("「阿強」撤回了一條消息", "阿強"),
    ('"A" recalled a message', "A"),
]

NOTICES = [
    "",
    "阿强修改群名为“周末徒步”",
    "小美申请加入本群",
    '"阿强"想邀请1位朋友加入群聊',
    "阿强想邀请1位朋友加入群聊",
    "群主已启用“群聊邀请确认”，群成员需群主确认才能邀请朋友进群。",
    '"小美"与群里其他人都不是微信朋友关系，请注意隐私安全',
    '"阿强" 拍了拍 "小美"',
    "管理员开启了全员禁言",
    "以上是打招呼的内容",
]


@pytest.mark.parametrize(("text", "people", "inviter", "via"), JOINS)
def test_join_is_understood_when_somebody_comes(text: str, people: list[str], inviter: str | None, via: str) -> None:
    line = read_system_line(text)
    assert line is not None
    assert line.kind is SystemKind.JOIN
    assert [person.name for person in line.people] == people
    assert (line.by.name if line.by else None) == inviter
    assert line.via == via


@pytest.mark.parametrize(("text", "people", "operator"), LEAVES)
def test_leave_is_understood_when_somebody_goes(text: str, people: list[str], operator: str | None) -> None:
    line = read_system_line(text)
    assert line is not None
    assert line.kind is SystemKind.LEAVE
    assert [person.name for person in line.people] == people
    assert (line.by.name if line.by else None) == operator


@pytest.mark.parametrize(("text", "by"), RECALLS)
def test_recall_is_understood_when_a_message_is_withdrawn(text: str, by: str | None) -> None:
    line = read_system_line(text)
    assert line is not None
    assert line.kind is SystemKind.RECALL
    assert (line.by.name if line.by else None) == by


@pytest.mark.parametrize("text", NOTICES)
def test_nothing_is_invented_when_a_line_tells_something_else(text: str) -> None:
    assert read_system_line(text) is None
    assert tell_system_line(text, at=AT, place=3) == PastNotice(at=AT, text=text, place=3)


def test_numbers_become_refs_when_qq_writes_them_behind_bare_names() -> None:
    line = read_system_line("小美(23333233)被管理员阿强(10001000)移出本群")
    assert line is not None
    assert line.people == (PersonRef("小美", "23333233"),)
    assert line.by == PersonRef("阿强", "10001000", role="admin")


def test_numbers_stay_in_names_when_wechat_quotes_them() -> None:
    line = read_system_line('"小美(13800138000)"加入了群聊')
    assert line is not None
    assert line.people == (PersonRef("小美(13800138000)"),)


def test_you_becomes_the_exporter_when_the_format_knows_who_that_is() -> None:
    me = PersonRef("群主阿强", "wxid_me")
    joined = tell_system_line('你邀请"小美"加入了群聊', at=AT, place=1, me=me, source_id="7")
    removed = tell_system_line('你将"小美"移出了群聊', at=AT, place=2, me=me)
    withdrawn = tell_system_line("你撤回了一条消息", at=AT, place=3, me=me)
    assert joined == PastJoin(at=AT, people=(PersonRef("小美"),), place=1, inviter=me, via="invite", source_id="7")
    assert removed == PastLeave(at=AT, people=(PersonRef("小美"),), place=2, operator=me)
    assert withdrawn == PastRecall(at=AT, place=3, by=me)


def test_line_is_a_notice_when_it_is_absurdly_long() -> None:
    assert read_system_line("啊" * 3000 + "加入了群聊") is None
