"""OneBot's events → ours: every kind, every segment, both forms of a message, and what nobody should believe."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.carriers.base import EventPlace
from qunying.carriers.onebot.cards import read_json_card, read_xml_card
from qunying.carriers.onebot.fields import as_time, read_frame
from qunying.carriers.onebot.hearing import Sort, arrival_of, sort_of
from qunying.carriers.onebot.names import Names, id_in, name_of
from qunying.carriers.onebot.parse import parse
from qunying.carriers.onebot.segments import read_message
from qunying.carriers.onebot.standby import is_listener
from qunying.kernel.events import (
    FOREVER,
    Attachment,
    CardChanged,
    Event,
    GroupSeen,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageRecalled,
    MessageReceived,
    MuteChanged,
    Who,
)

SECOND = 1709618400
AT = datetime.fromtimestamp(SECOND, UTC)
PLACE = EventPlace("k", 1, 2, 3, 4, "qq")


def event(**fields: Any) -> dict[str, Any]:
    return {"time": SECOND, "self_id": 10001, **fields}


def message(*segments: Any, **fields: Any) -> dict[str, Any]:
    sender = {"user_id": 30001, "nickname": "安安", "card": "3月 安安", "role": "admin"}
    base = event(post_type="message", message_type="group", message_id=7, group_id=20001, user_id=30001, sender=sender)
    return {**base, "message": list(segments), **fields}


def part(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": data}


def notice(kind: str, **fields: Any) -> dict[str, Any]:
    return event(post_type="notice", notice_type=kind, group_id=20001, **fields)


def read(payload: dict[str, Any]) -> Any:
    return parse(payload, PLACE)


def said(*segments: Any, **fields: Any) -> MessageReceived:
    found = read(message(*segments, **fields))
    assert isinstance(found, MessageReceived)
    return found


def test_a_message_says_who_said_what_to_whom() -> None:
    found = said(
        part("reply", id="5"),
        part("at", qq="10001"),
        part("text", text=" 几点开课 & [在哪]"),
        part("at", qq="all"),
        part("image", file="A.png", url="https://q.example/a", file_size="12"),
        real_seq="88",
        qunying={"names": {"5": "s86"}},
    )
    assert found == MessageReceived(
        **PLACE.base(AT),
        sender=Who("30001", "安安", "3月 安安", "admin"),
        source_key="s88",
        text="@10001 几点开课 & [在哪]@全体成员",
        kind="image",
        reply_to="s86",
        mentions=(Who("10001"),),
        media=(Attachment("image", "A.png", "https://q.example/a", 12),),
    )


def test_a_string_with_codes_says_the_same_as_segments() -> None:
    codes = (
        "[CQ:reply,id=5]&#91;a&#93; &amp;#44; [CQ:at,qq=1&#44;2][CQ:image,file=a.png,url=https://q.example/?a&amp;b=c]"
    )
    parts = [
        part("reply", id="5"),
        part("text", text="[a] &#44; "),
        part("at", qq="1,2"),
        part("image", file="a.png", url="https://q.example/?a&b=c"),
    ]
    assert read_message(codes) == read_message(parts)
    assert read_message("[CQ:nothing") == read_message([part("text", text="[CQ:nothing")])
    assert said(message=part("text", text="one")).text == "one"


@pytest.mark.parametrize(
    ("segment", "text", "kind"),
    [
        (part("face", id="12"), "[表情]", "text"),
        (part("mface", summary="[比心]"), "[比心]", "sticker"),
        (part("record", file="a.amr"), "", "voice"),
        (part("video", file="a.mp4"), "", "video"),
        (part("file", file="课表.pdf", file_size="9"), "", "file"),
        (
            part("share", url="https://x.example", title="好物", content="点开看"),
            "好物\n点开看\nhttps://x.example",
            "link",
        ),
        (part("music", type="custom", title="歌", url="https://m.example"), "歌\nhttps://m.example", "link"),
        (part("location", lat="1", lon="2", title="星光大厦", content="3层"), "星光大厦\n3层", "location"),
        (part("contact", type="group", id="777"), "[推荐群]777", "contact"),
        (part("forward", id="f1"), "[合并转发]", "forward"),
        (part("poke", type="1", id="2"), "[戳一戳]", "text"),
        (part("markdown", content="# 通知"), "# 通知", "text"),
        (part("hologram", x=1), "[hologram]", "other"),
        (part("text", text=7), "7", "text"),
        (part("text", text=None), "", "text"),
        ("只是字", "只是字", "text"),
        (None, "", "text"),
    ],
)
def test_every_segment_is_read(segment: Any, text: str, kind: str) -> None:
    found = said(segment)
    assert (found.text, found.kind) == (text, kind)


def test_a_card_can_be_judged_by_what_it_says_and_where_it_leads() -> None:
    card = {
        "app": "com.tencent.miniapp_01",
        "prompt": "[QQ小程序]限时拼团",
        "meta": {"detail_1": {"title": "团购", "desc": "9.9 元抢购", "qqdocurl": "https://m.example/a"}},
    }
    found = said(part("json", data=json.dumps(card)))
    assert found.text == "[QQ小程序]限时拼团\n团购\n9.9 元抢购\nhttps://m.example/a"
    assert found.media == (Attachment("link", "团购", "https://m.example/a"),)
    contact = {
        "app": "com.tencent.contact.lua",
        "meta": {"contact": {"nickname": "代购小王", "contact": "帐号: 12345"}},
    }
    found = said(part("json", data=json.dumps(contact)))
    assert (found.kind, found.media) == ("contact", (Attachment("contact", "代购小王", "12345"),))
    led = {"nickname": "代购小王", "jumpUrl": "mqqapi://card/show_pslcard?src_type=internal&uin=10086001"}
    found = said(part("json", data=json.dumps({"app": "com.tencent.contact.lua", "meta": {"contact": led}})))
    assert found.media == (Attachment("contact", "代购小王", "10086001"),)
    assert said(part("contact", type="qq", id="12345")).media == (Attachment("contact", "", "12345"),)
    xml = '<msg brief="[分享] 好课" url="https://x.example/?a=1&amp;b=2"><item><title>好课</title><summary>免费领</summary>'
    assert read_xml_card(xml).text == "[分享] 好课\n好课\n免费领\nhttps://x.example/?a=1&b=2"
    for broken in ("{", "[]", "null", '{"meta":{"a":5}}', "[" * 10_000, 7, None):
        assert read_json_card(broken).text == ""


def test_private_words_come_from_who_wrote_them_and_our_own_are_not_told_again() -> None:
    private = {"message_type": "private", "sub_type": "group", "sender": {"nickname": "小李", "group_id": 20001}}
    found = said(part("text", text="你好"), **private, user_id=30003)
    assert (found.is_private, found.sender) == (True, Who("30003", "小李"))
    assert read(message(part("text", text="嗯"), **private, user_id=10001)) is None
    assert arrival_of(message(part("text", text="你好"), **private, user_id=30003)).person_ref == "30003"


def test_an_account_of_ours_speaks_for_us() -> None:
    for fields in ({"post_type": "message_sent"}, {"user_id": 10001}, {"qunying": {"is_own": True}}):
        assert said(part("text", text="嗯"), **fields).is_own
    assert not said(part("text", text="嗯")).is_own


def test_somebody_anonymous_is_somebody() -> None:
    found = said(part("text", text="x"), anonymous={"id": 9, "name": "大力水手", "flag": "f"}, user_id=80000000)
    assert found.sender == Who("anonymous:9", "大力水手")


@pytest.mark.parametrize("name", ["", "<b>我</b>", "\u202e反着写", "长" * 300, "a\ud800b", "x\x00y"])
def test_any_name_can_be_kept(name: str) -> None:
    frame = read_frame(json.dumps(message(part("text", text="x"), sender={"user_id": 30001, "nickname": name})))
    found = read(frame)
    assert found.sender.name == name[:200].replace("\ud800", "\ufffd").replace("\x00", "\ufffd")
    json.dumps(frame, ensure_ascii=False).encode()


NOTICES: list[tuple[dict[str, Any], Event | None]] = [
    (
        notice("group_increase", sub_type="invite", user_id=30003, operator_id=30001),
        MemberJoined(**PLACE.base(AT), member=Who("30003"), inviter=Who("30001"), via="invite"),
    ),
    (
        notice("group_increase", sub_type="approve", user_id=30003, operator_id=30001),
        MemberJoined(**PLACE.base(AT), member=Who("30003"), via="approve"),
    ),
    (
        notice("group_decrease", sub_type="leave", user_id=3, operator_id=3),
        MemberLeft(**PLACE.base(AT), member=Who("3")),
    ),
    (
        notice("group_decrease", sub_type="kick", user_id=3, operator_id=4),
        MemberLeft(**PLACE.base(AT), member=Who("3"), operator=Who("4")),
    ),
    (notice("group_decrease", sub_type="kick_me", user_id=10001, operator_id=4), None),
    (notice("group_decrease", sub_type="disband", user_id=10001, operator_id=4), None),
    (
        notice("group_recall", user_id=3, operator_id=4, message_id=7, qunying={"names": {"7": "s9"}}),
        MessageRecalled(**PLACE.base(AT), source_key="s9", by=Who("4")),
    ),
    (
        notice("group_recall", user_id=10001, operator_id=4, message_id=7),
        MessageRecalled(**PLACE.base(AT), source_key="m10001.7.0", by=Who("4")),
    ),
    (
        notice("group_ban", sub_type="ban", user_id=3, operator_id=4, duration=600),
        MuteChanged(**PLACE.base(AT), member=Who("3"), until=AT + timedelta(seconds=600), operator=Who("4")),
    ),
    (
        notice("group_ban", sub_type="ban", user_id=3, operator_id=4, duration=9_999_999_999),
        MuteChanged(**PLACE.base(AT), member=Who("3"), until=AT + timedelta(days=30), operator=Who("4")),
    ),
    (
        notice("group_ban", sub_type="lift_ban", user_id=3, operator_id=4, duration=0),
        MuteChanged(**PLACE.base(AT), member=Who("3"), until=None, operator=Who("4")),
    ),
    (
        notice("group_ban", sub_type="ban", user_id=0, operator_id=4, duration=-1),
        MuteChanged(**PLACE.base(AT), member=None, until=FOREVER, operator=Who("4")),
    ),
    (
        notice("group_ban", sub_type="lift_ban", user_id=0, operator_id=4, duration=0),
        MuteChanged(**PLACE.base(AT), member=None, until=None, operator=Who("4")),
    ),
    (
        notice("group_admin", sub_type="set", user_id=3, qunying={"card": "课代表"}),
        CardChanged(**PLACE.base(AT), member=Who("3", card="课代表", role="admin")),
    ),
    (
        notice("group_admin", sub_type="unset", user_id=3),
        CardChanged(**PLACE.base(AT), member=Who("3", role="member")),
    ),
    (
        notice("group_card", user_id=3, card_new="新", card_old="旧"),
        CardChanged(**PLACE.base(AT), member=Who("3", card="新")),
    ),
    (
        notice("group_upload", user_id=3, file={"id": "/f1", "name": "课表.pdf", "size": 9, "busid": 1}),
        MessageReceived(
            **PLACE.base(AT),
            sender=Who("3"),
            source_key="f/f1",
            text="课表.pdf",
            kind="file",
            media=(Attachment("file", "课表.pdf", "", 9),),
        ),
    ),
    (notice("notify", sub_type="group_name", user_id=3, name_new="新名"), GroupSeen(**PLACE.base(AT), name="新名")),
    (notice("notify", sub_type="poke", user_id=3, target_id=4), None),
    (notice("essence", sub_type="add", message_id=7, user_id=3), None),
    (notice("group_msg_emoji_like", user_id=3, message_id=7, likes=[]), None),
    (event(post_type="meta_event", meta_event_type="heartbeat", interval=5000), None),
    (
        event(
            post_type="request",
            request_type="group",
            sub_type="add",
            group_id=2,
            user_id=3,
            comment="问题：？\n答案：是",
            flag="f1",
        ),
        JoinRequested(**PLACE.base(AT), member=Who("3"), request_ref="add:f1", words="问题：？\n答案：是"),
    ),
    (event(post_type="request", request_type="group", sub_type="invite", group_id=2, user_id=3, flag="f1"), None),
    (event(post_type="request", request_type="friend", user_id=3, comment="", flag="f1"), None),
]


@pytest.mark.parametrize(("payload", "expected"), NOTICES)
def test_every_notice_and_request_is_read(payload: dict[str, Any], expected: Event | None) -> None:
    assert read(payload) == expected
    assert sort_of(payload) in (Sort.TOLD, Sort.PASSED)


def test_a_roster_is_a_look_at_the_group() -> None:
    roster = {"type": "qunying.roster", "name": "书友群", "members": [["3", "安安", "", "owner"]], "at": AT.isoformat()}
    expected = GroupSeen(**PLACE.base(AT), name="书友群", members=(Who("3", "安安", "", "owner"),))
    assert read(roster) == expected


def test_a_message_has_one_name_whoever_of_our_accounts_hears_it() -> None:
    one = message(part("text", text="x"), message_id=5, real_seq="88")
    other = message(part("text", text="x"), message_id=-9, real_seq=88, self_id=10002)
    assert name_of(one) == name_of(other) == "s88"
    assert arrival_of(one).key == arrival_of(other).key == "g20001:s88"
    assert name_of(message(message_id=5, message_seq=5, real_id=5)) == f"m10001.5.{SECOND}"
    assert name_of(message(message_id=5, message_seq=40)) == "s40"
    assert (id_in("m10001.5.1", "10001"), id_in("m10001.5.1", "10002"), id_in("s5", "10001")) == ("5", "", "")


def test_a_notice_has_one_key_whoever_of_our_accounts_hears_it() -> None:
    one = notice("group_increase", sub_type="approve", user_id=3, operator_id=4)
    assert arrival_of(one).key == arrival_of({**one, "self_id": 10002, "qunying": {"others": ["10001"]}}).key
    assert arrival_of(one).key != arrival_of({**one, "time": SECOND + 1}).key


def test_names_are_remembered_within_bounds() -> None:
    names = Names()
    for number in range(60_000):
        names.note("g1", str(number), f"s{number}")
    assert (names.name("g1", "59999"), names.id("g1", "s59999"), names.name("g1", "0")) == ("s59999", "59999", "")


@pytest.mark.parametrize(
    ("account", "others", "registered", "listens"),
    [
        (1, [], "2", True),
        (1, ["2"], "1", True),
        (1, ["2"], "2", False),
        (2, ["1"], "3", False),  # the registered one was not there: the first of the others
        (1, ["2"], "3", True),
        (1, ["2"], "", True),
    ],
)
def test_one_of_those_who_were_there_listens(account: int, others: list[str], registered: str, listens: bool) -> None:
    assert is_listener({"self_id": account, "qunying": {"others": others}}, registered) is listens


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"post_type": ["message"]},
        message(part("text", text="x"), time="soon"),
        message(part("text", text="x"), time=True),
        message(part("text", text="x"), time=10**400),
        message(part("text", text="x"), user_id=None),
        message(part("text", text="x"), message_id={}),
        message(part("text", text="x"), group_id=0),
        message(message=5),
        notice("group_recall", user_id=3, operator_id=4),
        notice("group_ban", sub_type="ban", duration=5),
        event(post_type="request", request_type="group", sub_type="add", group_id=2, user_id=3),
    ],
)
def test_what_cannot_be_read_is_malformed(payload: dict[str, Any]) -> None:
    assert sort_of(payload) is Sort.MALFORMED


@pytest.mark.parametrize(
    "payload",
    [
        {"post_type": "dream"},
        message(message_type="guild"),
        notice("group_dream", user_id=3),
        notice("notify", sub_type="dream", user_id=3),
        event(post_type="request", request_type="dream"),
    ],
)
def test_what_nobody_knows_is_said_to_be_unknown(payload: dict[str, Any]) -> None:
    assert sort_of(payload) is Sort.UNKNOWN


@pytest.mark.parametrize(
    "words", ["", "[]", "{", '{"a":NaN}', '{"a":1e999}', '{"a":' * 100 + "1" + "}" * 100, "1" * 5000]
)
def test_a_frame_that_is_no_object_is_refused(words: str) -> None:
    with pytest.raises(ValueError):
        read_frame(words)


def test_time_is_seconds_or_milliseconds() -> None:
    assert as_time(SECOND) == as_time(SECOND * 1000) == as_time(str(SECOND)) == AT
    assert (as_time(0), as_time(-1), as_time("nan"), as_time(None)) == (None, None, None, None)


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)
SEEDS = [payload for payload, _ in NOTICES] + [
    message(part("text", text="你好"), part("at", qq="3"), part("json", data='{"meta":{"a":{"title":"x"}}}')),
    message(message="[CQ:image,file=a,url=b]x", sender=None),
]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A real event with some fields replaced by anything."""
    payload = dict(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        payload[draw(st.sampled_from([*payload, "qunying", "sub_type", "message", "sender", "anonymous"]))] = draw(ANY)
    return payload


def take(payload: dict[str, Any]) -> Sort:
    """As a line takes it and a worker reads it."""
    try:
        frame = read_frame(json.dumps({key: value for key, value in payload.items() if key != "qunying"}))
    except ValueError:
        return Sort.MALFORMED
    sort = sort_of(frame)
    if sort is Sort.TOLD:
        arrival = arrival_of(frame)
        assert arrival.key
        assert arrival.group_ref or arrival.person_ref
        found = parse(frame, PLACE)
        assert found is None or found.at == arrival.at
    return sort


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_no_event_makes_us_stumble(payload: dict[str, Any]) -> None:
    assert take(payload) in Sort


@pytest.mark.nightly
@settings(max_examples=100_000, deadline=None)
@given(mutated())
def test_no_event_makes_us_stumble_in_a_hundred_thousand(payload: dict[str, Any]) -> None:
    assert take(payload) in Sort
