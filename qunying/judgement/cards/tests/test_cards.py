from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.cards import FIELDS, Card, parse_card
from qunying.judgement.cards.stream import as_json, run


def said(card: Card) -> dict[str, object]:
    return {field: getattr(card, field) for field in FIELDS if getattr(card, field) is not None}


@pytest.mark.parametrize(
    "sign", ["-", "–", "—", "_", "|", "｜", "/", "·", "・", "~", "～", "+", " ", "，", "、", " - ", "🌟", "丨"]
)
def test_fields_are_the_same_when_another_sign_parts_them(sign: str) -> None:
    card = parse_card(sign.join(["上海", "教育", "产品经理", "安安"]))
    assert said(card) == {"city": "上海", "industry": "教育", "job": "产品经理", "name": "安安"}


@pytest.mark.parametrize("order", ["0123", "3210", "1032", "2301", "3012"])
def test_fields_are_the_same_when_their_order_is_another(order: str) -> None:
    parts = ["杭州", "医美", "运营总监", "阿花"]
    card = parse_card("-".join(parts[int(place)] for place in order))
    assert said(card) == {"city": "杭州", "industry": "医美", "job": "运营总监", "name": "阿花"}


@pytest.mark.parametrize(
    ("written", "city"),
    [
        ("沪 HR 琪琪", "上海"),
        ("SH-PM-Kevin", "上海"),
        ("廣州-餐飲-阿強", "广州"),
        ("上海浦东-银行-小叶", "上海"),
        ("浙江温州-鞋业-小林", "温州"),
        ("粤-物流-老陈", "广东"),
        ("NYC - VP - Mike", "纽约"),
        ("日本-东京-IT-小泉", "东京"),
        ("New York - Analyst - Chris", "纽约"),
    ],
)
def test_a_city_has_its_usual_name_however_it_is_written(written: str, city: str) -> None:
    assert parse_card(written).city == city


@pytest.mark.parametrize(
    "nickname",
    [
        "海洋",
        "岁月静好",
        "北京的风",
        "想去大理",
        "上海滩",
        "小米",
        "Paris",
        "小上海",
        "爱吃火锅的律师",
        "momo",
        "wxid_8a7b6c",
        "🌙",
        "13800000000",
    ],
)
def test_a_card_is_only_a_name_when_it_is_a_plain_nickname(nickname: str) -> None:
    assert said(parse_card(nickname)) == {"name": nickname}


@pytest.mark.parametrize("firm", ["上海银行", "北京大学", "深圳市蓝鲸信息技术有限公司", "上海某某律师事务所"])
def test_no_city_is_taken_from_the_name_of_an_employer(firm: str) -> None:
    assert said(parse_card(f"{firm}-小王")) == {"company": firm, "name": "小王"}


@pytest.mark.parametrize(
    ("written", "number"), [("3群", 3), ("第15群", 15), ("二班", 2), ("7号群", 7), ("体验课3群", 3), ("十二组", 12)]
)
def test_the_number_of_a_group_is_read_in_digits_and_in_characters(written: str, number: int) -> None:
    assert said(parse_card(f"{written}-上海-小满")) == {"group_no": number, "city": "上海", "name": "小满"}


@pytest.mark.parametrize(
    ("written", "employer"),
    [
        ("腾讯科技（深圳）有限公司-小马", "腾讯科技（深圳）有限公司"),
        ("小米科技-产品经理-阿雷", "小米科技"),
        ("Kevin Zhang, CEO of Acme", "Acme"),
        ("产品@晶芯-小李", "晶芯"),
        ("苏州-晶芯-FAE-阿伟", "晶芯"),
    ],
)
def test_an_employer_is_found_when_no_list_has_it(written: str, employer: str) -> None:
    assert parse_card(written).company == employer


def test_a_sentence_is_read_when_it_says_who_does_what_where() -> None:
    assert said(parse_card("在北京做产品的小李")) == {"city": "北京", "job": "产品", "name": "小李"}
    assert said(parse_card("我是小北，在天津做保险")) == {"city": "天津", "industry": "保险", "name": "小北"}


def test_a_phone_number_is_no_part_of_a_name_when_it_follows_one() -> None:
    assert said(parse_card("北京王女士15311112222")) == {"city": "北京", "name": "王女士"}


def test_keys_decide_when_a_card_names_its_fields() -> None:
    assert said(parse_card("昵称：上海 行业：医美 城市：成都")) == {"name": "上海", "industry": "医美", "city": "成都"}


def test_latin_cards_are_read_when_jobs_and_names_have_several_words() -> None:
    card = parse_card("Jane Smith - Senior Product Manager - Acme Inc - London")
    assert said(card) == {"name": "Jane Smith", "job": "Senior Product Manager", "company": "Acme Inc", "city": "伦敦"}


def test_a_field_is_filed_under_its_heading_when_it_is_a_short_form() -> None:
    assert parse_card("SH-Fintech-PM-Kevin").evidence["job"].means == "产品"


def test_a_profession_in_a_name_is_a_job_too() -> None:
    assert said(parse_card("张律师")) == {"name": "张律师", "job": "律师"}
    assert said(parse_card("王老师")) == {"name": "王老师"}


@given(st.text(max_size=400))
def test_nothing_is_raised_and_evidence_is_what_was_written_when_a_card_is_any_text(text: str) -> None:
    card = parse_card(text)
    assert card.confidence.keys() == card.evidence.keys() == said(card).keys()
    for field in ("industry", "company", "job", "name"):
        if field in card.evidence:
            start, end = card.evidence[field].span
            assert text[start:end] == getattr(card, field) != ""
    assert all(0 < sure <= 1 for sure in card.confidence.values())


_WORDS = [
    "上海",
    "SH",
    "3群",
    "教育",
    "PM",
    "字节",
    "小李",
    "Lily",
    "的",
    "城市：",
    "第",
    "一",
    "·",
    "/",
    "王老师",
    "P7",
    " ",
    "公司",
    "🌙",
    "\ud800",
    "\x00",
]


@given(st.lists(st.sampled_from(_WORDS), max_size=40).map("".join))
def test_nothing_is_raised_when_known_words_meet_in_any_way(text: str) -> None:
    json.loads(as_json(text))


def test_every_line_is_answered_when_cards_come_as_a_stream() -> None:
    out = io.StringIO()
    assert run(io.StringIO("上海-教育-安安\n\n\ud800\n"), out, io.StringIO()) == 0
    first, empty, broken = map(json.loads, out.getvalue().splitlines())
    assert list(first) == ["card", *FIELDS, "confidence"]
    assert (first["city"], first["job"]) == ("上海", None)
    assert set(first["confidence"]) == {"city", "industry", "name"}
    assert empty == {"card": "", **dict.fromkeys(FIELDS), "confidence": {}}
    assert broken["name"] is None


def test_the_stream_ends_with_one_line_when_the_input_is_not_utf_8() -> None:
    wrong = io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO("上海".encode("gbk") + b"\n"), encoding="utf-8")
    assert run(stdin, io.StringIO(), wrong) == 1
    assert wrong.getvalue().count("\n") == 1
