"""What order says it looked at is what it decided by."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from qunying.capabilities.order import drawing
from qunying.capabilities.order.checks import FORGOTTEN, GROUNDS, explain
from qunying.capabilities.order.knowing import Memory
from qunying.capabilities.order.settings import OrderSettings
from qunying.capabilities.order.tests.said import NOON, STAFF, Talk
from qunying.judgement.judge import read
from qunying.kernel.checks import Check, Explanation
from qunying.kernel.events import Attachment, MessageReceived, PictureRead, SeenCode, Who
from qunying.kernel.hours import QuietHours
from qunying.kernel.scene import GroupScene, Member, Scene

AD = "加我微信 abc_123，免费领资料"
GROUP = "https://weixin.qq.com/g/AwYAAGfulitang7"
CARD = [Attachment("contact", "王老师助理", "wx-88")]
LINES = (
    AD,
    "早上好",
    "大家别加 abc_123，是骗子",
    "帮我砍一刀 https://pin.example.com/kan?id=8",
    "https://docs.example.org/notes",
    "脑残，闭嘴",
    "上海-教育-产品经理-安安，微信 anan2020",
    "群主同意的：招兼职，日结三百，加V hu_1990",
    "求助！手机丢了，捡到请打 13800138000",
)
DRAWS = {"order.draws", "order.wave", "order.poses_as_staff", "order.just_told", "order.asked_already"}


def of(explained: Explanation) -> dict[str, Check]:
    return {check.code: check for check in explained.checks}


@pytest.mark.parametrize("ladder", ["gentle", "links-twice"])
@pytest.mark.parametrize("ago", [timedelta(minutes=5), timedelta(days=300)])
def test_every_look_agrees_with_the_decision_when_people_talk(ladder: str, ago: timedelta) -> None:
    talk = Talk(ladder=ladder, allow_domains=("docs.example.org",))
    for who in ("x1", "x2", "x3"):
        talk.came(who, ago)
    for line in LINES:
        for who in ("x1", "x2", "x3"):
            talk.say(who, line, 20)
    assert {one.reason.code for one in talk.opinions if one} > {"order.draws_little", "order.rough"}
    for opinion, explained in zip(talk.opinions, talk.explained, strict=True):
        checks, code = of(explained), opinion.reason.code if opinion else ""
        assert checks["promotion"].is_so == (code in DRAWS)
        assert checks["wave"].is_so == (code == "order.wave")
        assert checks["quarrel"].is_so == (code in {"order.quarrel", "order.quarrel_goes_on"})
        if opinion and code in {*DRAWS, "order.draws_little"}:
            assert checks["promotion"].score == pytest.approx(opinion.confidence)
            total = sum(ground.weight for ground in checks["promotion"].grounds)
            assert checks["promotion"].score == pytest.approx(max(0.0, min(1.0, total)))


def test_a_flood_is_said_when_the_same_comes_again_and_again() -> None:
    talk = Talk()
    for _ in range(5):
        talk.say("hu", "快来快来快来看看吧", 3)
    assert [of(one)["flood"].is_so for one in talk.explained] == [False, False, False, False, True]


def test_the_whole_counts_for_and_against_when_somebody_reports() -> None:
    talk = Talk()
    talk.came("hu", timedelta(hours=1))
    talk.say("hu", "小心，这个加我微信 abc_123 领资料的是骗子")
    checks = of(talk.explained[0])
    weights = {ground.what: ground.weight for ground in checks["promotion"].grounds}
    assert weights["新人"] > 0 > weights["在举报、提醒别人"]
    assert not checks["promotion"].is_so
    assert checks["contact"].is_so
    (start, stop), *_ = checks["contact"].spans
    assert "abc_123" in talk.explained[0].text[start:stop]


def test_each_look_has_its_sentence_when_it_says_no() -> None:
    talk = Talk()
    talk.say("an", "今天的白茶不错")
    checks = of(talk.explained[0])
    assert not any(check.is_so for check in checks.values())
    assert [str(check.said) for check in checks.values()] == [
        "没有看到要把人往外拉的东西",
        "没有联系方式，也不像广告",
        "没有链接",
        "没有发名片",
        "没有图片",
        "名字不像工作人员",
        "没有别的号在推同样的",
        "没有刷屏",
        "这个群没有在用的词表",
        "没有一批新号说同样的话",
        "没有骂人的话",
        "没有吵架",
    ]


def test_posing_is_said_with_and_without_a_handle() -> None:
    talk = Talk()
    talk.came("王老师", timedelta(hours=1))
    talk.say("王老师", "大家好")
    talk.say("王老师", AD)
    talk.say("小李", "", media=CARD)
    without, with_handle, card = (of(one)["posing"] for one in talk.explained)
    assert (without.is_so, str(without.said)) == (False, "名字像工作人员，这条里没有推联系方式")
    assert with_handle.is_so
    assert card.is_so


def test_nothing_is_looked_at_when_staff_speaks() -> None:
    talk = Talk(allow_people=("hu",))
    talk.say("li", AD, role="admin")
    talk.say("hu", AD)
    assert [[check.code for check in one.checks] for one in talk.explained] == [["exempt"], ["exempt"]]


def test_the_pictures_are_explained_when_they_were_read() -> None:
    plain = {"lane_id": 1, "community_id": 1, "group_id": 1, "sender": Who("hu", "hu"), "source_key": "m1", "at": NOON}
    said = MessageReceived(key="m", text="看看", kind="image", media=(Attachment("image", "a.png", "a.png"),), **plain)
    group = GroupScene(
        1, "g", "sandbox", 1, "茶友会", "zh", QuietHours(NOON.tzinfo), STAFF, settings={"order": OrderSettings()}
    )
    scene = Scene({1: group}, {(1, "hu"): Member(7, "hu", "hu")})
    shown = {
        "有图片；没有看，或者看了没有码": [],
        "里面有加人或进群的二维码": [PictureRead(key="p", text="看看", codes=(SeenCode(GROUP, "group"),), **plain)],
        "里面有二维码，不是加人、进群的，按里面的字算": [
            PictureRead(key="p", text="看看\nexample.com", codes=(SeenCode("example.com", "link"),), **plain)
        ],
        "图片看不成": [PictureRead(key="p", text="看看", wrong=("broken",), **plain)],
        "看过图片，里面没有二维码": [PictureRead(key="p", text="看看", **plain)],
    }
    for sentence, pictures in shown.items():
        told = [(said, read(said.text)), *((one, read(one.text)) for one in pictures)]
        found = of(explain(told, scene, Memory(), NOON))["picture"]
        assert str(found.said) == sentence
        assert found.is_so == ("进群" in sentence and "不是" not in sentence)


def test_it_is_said_that_others_are_forgotten_when_the_message_is_old() -> None:
    talk = Talk()
    talk.say("an", "早")
    event = MessageReceived(
        key="m", at=NOON, lane_id=1, community_id=1, group_id=1, sender=Who("an", "an"), source_key="m0", text="早"
    )
    old = explain([(event, read("早"))], talk._scene("an", "member"), talk.memory, NOON + timedelta(days=8))
    assert str(old.known) == FORGOTTEN != str(talk.explained[0].known)


def test_every_point_has_its_words_when_it_can_be_given() -> None:
    tree = ast.parse(Path(drawing.__file__).read_text("utf-8"))
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "Point"]
    given = {
        node.value
        for call in calls
        for node in ast.walk(call.args[0])
        if isinstance(node, ast.Constant) and str(node.value).startswith("order.")
    }
    assert given == set(GROUNDS)
