from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.families import Families, Family, shared_phrases

ADVERT = "零基础学习理财投资，资深导师每晚免费带单，添加微信 tea12345 领取内部资料"
REWORDED = {
    "emoji": "零基础🔥学习理财🔥投资，资深💰导师每晚免费带单✨，添加微信 tea12345 领取💎内部资料",
    "another contact": "零基础学习理财投资，资深导师每晚免费带单，添加微信 milk99887 领取内部资料",
    "clauses turned": "资深导师每晚免费带单，添加微信 tea12345 领取内部资料，零基础学习理财投资",
    "homophones": "零鸡础学习理才投资，资深岛师每晚免费带单，添加薇信 tea12345 领取内部资料",
    "look-alikes": "零基础学習理財投資，资深導師每晚免費帶單，添加微信 ｔｅａ１２３４５ 領取內部資料",
    "spaces": "零 基 础 学 习 理 财 投 资 资 深 导 师 每 晚 免 费 带 单 添 加 微 信 tea12345 领取内部资料",
    "words around": "大家早上好，打扰一下：零基础学习理财投资，资深导师每晚免费带单，添加微信 tea12345 领取内部资料，名额有限",
}
TALK = (
    "昨天买的那款绿茶泡出来有点苦，是不是水温太高了",
    "周六下午在徐汇有线下读书会，想来的朋友找我登记",
    "我家孩子也是这样，后来老师建议先从绘本开始读",
    "快递显示已经签收但是我没有拿到，能帮忙查一下吗",
    "第二课的作业我写完了，请助教有空的时候看一看",
)


def placed(texts: dict[str, str] | list[str], families: Families | None = None) -> list[Family | None]:
    families = Families() if families is None else families
    rows = texts.items() if isinstance(texts, dict) else ((str(place), text) for place, text in enumerate(texts))
    return [families.place(key, text, float(at)) for at, (key, text) in enumerate(rows)]


@pytest.mark.parametrize("way", REWORDED)
def test_a_text_joins_its_family_when_it_was_reworded(way: str) -> None:
    _, family = placed({"first": ADVERT, "second": REWORDED[way]})
    assert family is not None
    assert (family.id, family.count, family.keys) == ("first", 2, ("first", "second"))


def test_ordinary_talk_joins_nothing_when_a_campaign_runs() -> None:
    found = placed([ADVERT, *TALK, *REWORDED.values(), *TALK[:0]])
    assert [family is None for family in found] == [True] * 6 + [False] * len(REWORDED)


@pytest.mark.parametrize(
    "text",
    [
        "好的",
        "收到，谢谢老师",
        "打卡第3天",
        "今天打卡第3天，加油加油！",
        "早上好各位群友们",
        "哈哈哈哈哈哈哈哈哈哈哈哈",
        "😀" * 30,
        "13800000000",
        "",
        "ok thanks a lot",
        "欢迎新朋友，欢迎欢迎，请多多关照",
    ],
)
def test_everyday_talk_has_no_family_however_often_it_is_said(text: str) -> None:
    assert placed([text] * 20) == [None] * 20


def test_a_short_text_has_a_family_when_it_names_a_contact() -> None:
    assert placed(["兼职日结找我 18800001111", "兼职日结找我 18800002222"])[1] is not None
    assert placed(["兼职日结找我", "兼职日结找我"])[1] is None


def test_families_are_the_same_when_their_texts_come_in_another_order() -> None:
    texts = {f"ad {way}": text for way, text in REWORDED.items()} | {
        f"talk {place}": text for place, text in enumerate(TALK)
    }
    for seed in range(6):
        keys = sorted(texts)
        random.Random(seed).shuffle(keys)
        families = Families()
        for at, key in enumerate(keys):
            families.place(key, texts[key], float(at))
        assert [sorted(family.keys) for family in families] == [sorted(key for key in texts if key.startswith("ad"))]


def test_nothing_changes_when_a_message_is_placed_again() -> None:
    families = Families()
    families.place("a", ADVERT, 0.0)
    first = families.place("b", REWORDED["emoji"], 1.0)
    assert families.place("b", REWORDED["emoji"], 1.0) == first
    assert families.place("a", ADVERT, 0.0) is not None
    assert [family.count for family in families] == [2]


def test_a_single_text_stays_single_when_it_is_placed_again() -> None:
    families = Families()
    assert [families.place("a", ADVERT, at) for at in (0.0, 0.0, 1.0)] == [None] * 3


def test_a_family_is_found_without_being_changed_when_it_is_only_asked_for() -> None:
    families = Families()
    placed([ADVERT, REWORDED["emoji"]], families)
    before = families.as_state()
    found = families.find(REWORDED["homophones"])
    assert found is not None
    assert found.id == "0"
    assert families.as_state() == before


def test_a_family_is_forgotten_when_nothing_was_added_for_long() -> None:
    families = Families(forget_after=100.0)
    placed([ADVERT, REWORDED["emoji"]], families)
    assert families.place("late", ADVERT, 150.0) is None
    assert len(families) == 0


def test_memory_is_bounded_when_all_texts_are_different() -> None:
    families = Families(most_families=20, most_single=50)
    chance = random.Random(1)
    for number in range(600):
        text = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(30))
        families.place(f"{number}a", text, float(number))
        if number % 3 == 0:
            families.place(f"{number}b", text, float(number))
    state = families.as_state()
    assert (len(state["families"]), len(state["single"])) == (20, 50)
    kept = {row[0] for row in (*state["families"], *state["single"])}
    assert {name for names in families._bands.values() for name in names} <= kept
    assert all(families._bands.values())


def test_keys_are_bounded_when_a_family_is_large() -> None:
    family = placed([ADVERT] * 500)[-1]
    assert family is not None
    assert (family.count, len(family.keys), family.keys[-1]) == (500, 50, "499")


def test_families_carry_on_exactly_when_their_state_was_kept_as_json() -> None:
    texts = [ADVERT, *TALK, *REWORDED.values(), *TALK] * 2
    straight, kept = Families(), Families()
    for at, text in enumerate(texts):
        kept = Families.from_state(json.loads(json.dumps(kept.as_state())))
        assert kept.place(str(at), text, float(at)) == straight.place(str(at), text, float(at))
    assert kept.as_state() == straight.as_state()


@given(
    st.lists(
        st.text(max_size=60) | st.sampled_from([*TALK, *REWORDED.values(), "\ud800" * 9, "\x00" * 9, "‮abc" * 9]),
        max_size=12,
    )
)
def test_nothing_is_raised_when_texts_are_anything(texts: list[str]) -> None:
    families = Families()
    for at, text in enumerate(texts):
        families.place(str(at), text, float(at))
        families.find(text)
    shared_phrases(texts, texts)


def test_a_long_text_costs_no_more_than_its_beginning_when_it_is_placed() -> None:
    first, second = placed([ADVERT * 4000, ADVERT * 4000])
    assert first is None
    assert second is not None


def test_the_family_shares_phrases_that_ordinary_talk_has_not() -> None:
    phrases = shared_phrases([ADVERT, *REWORDED.values()], [*TALK, "零基础学习画画也可以吗", "添加微信的时候请写名字"])
    written = [phrase.text for phrase in phrases]
    assert any("免费带单" in text for text in written)
    assert "添加微信" not in written
    assert all(phrase.share >= 0.6 and phrase.ordinary_share == 0.0 for phrase in phrases)


def test_no_phrase_is_told_when_texts_share_none_or_ordinary_talk_has_them_all() -> None:
    assert shared_phrases(TALK, []) == ()
    assert shared_phrases([ADVERT], []) == ()
    assert shared_phrases([ADVERT, ADVERT], [ADVERT]) == ()
