"""Pairs of cards as people write them, judged by hand: who is asked about as one person, and who is not."""

from __future__ import annotations

import pytest

from qunying.judgement.cards import parse_card
from qunying.people.traits import LIKELY, Told, Trait, likely, plain, traits_of

SAME = [
    ("上海-珩某网络-CTO-胡建国", "沪｜珩某网络｜首席技术官｜胡建国"),
    ("北京｜青禾教育｜产品经理｜林晓雯", "青禾教育 产品经理 林晓雯"),
    ("深圳-珩某网络-创始人-陳曉明", "珩某网络-创始人-陈晓明"),
    ("成都 蓝鲸咨询 顾问 司马青", "成都、蓝鲸咨询、顾问、司马青"),
    ("杭州-腾讯-产品经理-王思远", "杭州｜腾讯｜产品经理｜王思远"),
    ("老胡 13800138000", "建国+86 138-0013-8000"),
    ("May may@example.com", "阿May｜ＭＡＹ@Example.com"),
    ("武汉-启明科技-前端-赵一诺 13912345678", "赵一诺 139 1234 5678"),
]
UNREAD = [  # one person's, but the reader of cards takes the employer for a trade, so that nobody asks
    ("深圳-木棉设计-创始人-陳曉明", "木棉设计-创始人-陈晓明"),
    ("广州/南山建材/销售/欧阳振华", "南山建材·销售·欧阳振华"),
]
APART = [
    ("王伟", "王伟"),
    ("上海-王伟", "上海-王伟"),
    ("上海-销售-王伟", "上海-销售-王伟"),
    ("腾讯-王伟", "腾讯-王伟"),
    ("北京｜青禾教育｜产品经理｜林晓雯", "北京｜青禾教育｜产品经理｜林晓霞"),
    ("北京｜青禾教育｜产品经理｜林晓雯", "北京｜青禾教育｜运营｜林晓雯"),
    ("北京｜青禾教育｜产品经理｜林晓雯", "北京｜远航教育｜产品经理｜林晓雯"),
    ("上海-云上物流-运营总监-王总", "上海-云上物流-运营总监-王总"),
    ("长沙-朴石餐饮-店长-小李", "长沙-朴石餐饮-店长-小李"),
    ("美团-客服-刘老师", "美团-客服-刘老师"),
    ("深圳-腾讯-产品经理-王磊", "北京-腾讯-产品经理-王磊"),
    ("小红书-美妆-阿May", "小红书-美妆-阿May"),
    ("青禾教育 客服 13800138000 周敏", "青禾教育 客服 13900139000 吴芳"),
    ("12345678", "12345678"),
    ("", ""),
]


def best(one: str, other: str, *, sit_together: bool = False) -> float:
    """The score of two accounts with these cards; 0 where they share nothing."""
    ours, theirs = ({(trait.kind, trait.value): trait for trait in traits_of(told(text))} for text in (one, other))
    shared = ours.keys() & theirs.keys()
    return max((likely(*key, ours[key], theirs[key], sit_together=sit_together) for key in shared), default=0.0)


def told(text: str) -> Told:
    card = parse_card(text)
    return Told(text, card.city or "", card.company or "", card.job or "", card.name or "")


@pytest.mark.parametrize(("one", "other"), SAME)
def test_somebody_is_asked_about_when_the_cards_are_one_persons(one: str, other: str) -> None:
    assert best(one, other) >= LIKELY


@pytest.mark.parametrize(("one", "other"), APART)
def test_nobody_is_asked_about_when_the_cards_may_be_two_peoples(one: str, other: str) -> None:
    assert best(one, other) < LIKELY


@pytest.mark.xfail(strict=True, reason="the employer is read as a trade")
@pytest.mark.parametrize(("one", "other"), UNREAD)
def test_somebody_is_asked_about_when_the_employer_looks_like_a_trade(one: str, other: str) -> None:
    assert best(one, other) >= LIKELY


def test_a_phone_says_less_when_two_full_names_share_it() -> None:
    alone = best("陈晓明 13800138000", "晓明 13800138000")
    assert best("陈晓明 13800138000", "欧阳振华 13800138000") < alone


def test_one_card_says_nothing_when_both_sit_in_one_group() -> None:
    card = "上海-珩某网络-CTO-胡建国"
    assert best(card, card, sit_together=True) < LIKELY <= best(card, card)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("phone", "+86 138-0013-8000", "13800138000"),
        ("phone", "００８６１３８００１３８０００", "13800138000"),
        ("phone", "+852 9123 4567", "+85291234567"),
        ("phone", "138", ""),
        ("phone", "打我电话", ""),
        ("email", " May@Example.COM ", "may@example.com"),
        ("email", "may@", ""),
        ("union", " o6_bmjrPT ", "o6_bmjrPT"),
        ("union", "", ""),
    ],
)
def test_what_one_is_reached_by_is_written_one_way(kind: str, written: str, value: str) -> None:
    assert plain(kind, written) == value


def test_a_vouched_phone_says_more_than_one_on_a_card() -> None:
    card, vouched = Trait("phone", "13800138000"), Trait("phone", "13800138000", source="客户.csv")
    assert likely("phone", "13800138000", vouched, vouched, sit_together=False) > likely(
        "phone", "13800138000", card, card, sit_together=False
    )
