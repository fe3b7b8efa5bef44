"""Group cards as they are kept field by field: read when new and when changed, corrected by hand, found by anything."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people import cards as cards_module
from qunying.people.actions import (
    Account,
    Enrolled,
    NewCard,
    Seat,
    do_change_cards,
    do_enrol,
    do_forget_people_of,
    do_know,
    do_rename,
)
from qunying.people.cards import do_read_new, fields_of
from qunying.people.correcting import do_correct_card, do_uncorrect_card
from qunying.people.finding import FoundPerson, Where, search_people
from qunying.people.models import Card, CardCorrection, CardCursor, Membership
from tests import cast

HU = "上海-珩某网络-CTO-胡先生"
CARDS = {
    "hu": ("听风", HU),
    "lily": ("lily88", "北京｜教育｜产品经理｜Lily"),
    "may": ("美妆小May", "15群 小红书-美妆-阿May"),
    "chen": ("陈", "深圳-CEO-陳曉明"),
    "plain": ("爱喝茶的猫", ""),
    "seller": ("王五", "上海-销售总监-王大海"),
}


@pytest.fixture
def cards(tea: cast.Tea) -> cast.Tea:
    do_enrol(
        "sandbox", tea.community_id, tea.groups["g1"], [Enrolled(ref, *one) for ref, one in CARDS.items()], clock.now()
    )
    do_read_new()
    return tea


@pytest.fixture
def colleague() -> int:
    return User.objects.create_user("小李").pk


def seat(ref: str, group: int | None = None) -> int:
    seats = Membership.objects.filter(identity__ref=ref, **({"group": group} if group else {}))
    return seats.values_list("pk", flat=True).get()


def said(ref: str) -> dict[str, str]:
    return {field.name: field.value for field in fields_of([seat(ref)]).get(seat(ref), ())}


EVERYWHERE = Where()


def found(words: str, where: Where = EVERYWHERE, limit: int = 20) -> list[str]:
    return [one.name for one in search_people(words, where, limit=limit)]


def first(words: str) -> FoundPerson:
    return search_people(words, Where(), limit=5)[0]


def test_a_card_is_kept_field_by_field_when_it_is_new(cards: cast.Tea) -> None:
    assert said("hu") == {"city": "上海", "company": "珩某网络", "job": "CTO", "name": "胡先生"}
    assert said("may")["group_no"] == "15"
    assert all(0.5 < field.confidence <= 1 and not field.is_corrected for field in fields_of([seat("hu")])[seat("hu")])
    assert Card.objects.count() == Membership.objects.count()


def test_nothing_is_read_twice_when_nothing_is_new(cards: cast.Tea) -> None:
    assert do_read_new() == 0


def test_a_card_is_read_again_when_it_changes(cards: cast.Tea) -> None:
    who = Membership.objects.get(pk=seat("hu"))
    do_change_cards([(Seat(who.group_id, who.identity_id), NewCard("杭州-CEO-胡先生"))])
    assert said("hu") == {"city": "杭州", "job": "CEO", "name": "胡先生"}
    assert found("珩某网络") == []
    assert found("shcto") == []
    assert found("hzceo") == ["听风"]


def test_the_shown_name_is_read_when_there_is_no_card(cards: cast.Tea) -> None:
    who = Membership.objects.get(pk=seat("plain"))
    with transaction.atomic():
        do_rename({who.identity_id: "苏州-律师-猫姐"})
    assert said("plain") == {"city": "苏州", "job": "律师", "name": "猫姐"}
    assert found("szls") == ["苏州-律师-猫姐"]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("上海 CTO", "听风"),
        ("上海 首席技术官", "听风"),
        ("chief technology officer 沪", "听风"),
        ("ｓｈ ＣＴＯ", "听风"),
        ("上海CTO", "听风"),
        ("上海-CTO", "听风"),
        ("shcto", "听风"),
        ("hxs", "听风"),
        ("ctohxs", "听风"),
        ("某网", "听风"),
        ("胡先", "听风"),
        ("湖先生", "听风"),
        ("上海 湖先生", "听风"),
        ("product manager", "lily88"),
        ("PM 北京", "lily88"),
        ("Lilly", "lily88"),
        ("Liyl", "lily88"),
        ("Bily", "lily88"),
        ("Laly", "lily88"),
        ("lilly 北京", "lily88"),
        ("15群", "美妆小May"),
        ("阿may 美妆", "美妆小May"),
        ("陈晓明", "陈"),
        ("陳曉明", "陈"),
        ("陈小明", "陈"),
        ("陈大明", "陈"),
        ("首席执行官", "陈"),
        ("喝茶", "爱喝茶的猫"),
    ],
)
def test_somebody_is_found_when_anything_on_their_card_is_typed(cards: cast.Tea, words: str, who: str) -> None:
    assert found(words)[0] == who


@pytest.mark.parametrize("words", ["", "  ", "，", "🫖", "上海 律师", "首席财务官", "\x00", '"穹', "a" * 500])
def test_nobody_is_found_when_nothing_fits(cards: cast.Tea, words: str) -> None:
    assert found(words) == []


def test_who_has_the_field_stands_before_who_only_has_the_letters(cards: cast.Tea) -> None:
    group = cards.groups["g1"]
    do_enrol("sandbox", cards.community_id, group, [Enrolled("x", "爱上海的人", "")], clock.now())
    do_read_new()
    assert found("上海")[-1] == "爱上海的人"
    assert set(found("上海")) == {"听风", "王五", "爱上海的人"}


def test_a_person_is_one_line_with_all_their_groups(cards: cast.Tea) -> None:
    do_enrol("sandbox", cards.community_id, cards.groups["g2"], [Enrolled("hu", "听风", "胡先生 上海")], clock.now())
    do_read_new()
    one = first("上海 胡先生")
    assert one.groups == 2
    assert {field.name: field.value for field in one.fields}["job"] == "CTO"
    assert found("上海 胡先生") == ["听风"]


def test_only_reachable_people_are_found(cards: cast.Tea) -> None:
    assert found("上海 CTO", Where(community_ids=[])) == []
    assert found("上海 CTO", Where(group_ids=[cards.groups["g2"]])) == []
    assert found("上海 CTO", Where([cards.community_id], [cards.groups["g1"]])) == ["听风"]


def test_somebody_in_a_small_group_is_found_when_the_words_are_common(
    cards: cast.Tea, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = [Enrolled(f"c{n}", f"众人{n}", "上海-销售") for n in range(9)]
    do_enrol("sandbox", cards.community_id, cards.groups["g2"], crowd, clock.now())
    monkeypatch.setattr("qunying.people.finding.SEARCHED_AT_ONCE", (4,))
    assert set(found("上海", Where(group_ids=[cards.groups["g1"]]))) == {"听风", "王五"}


def test_a_correction_wins_and_stays_when_the_card_is_read_again(cards: cast.Tea, colleague: int) -> None:
    pk = seat("hu")
    assert do_correct_card([pk], "city", "杭州", user_id=colleague, at=clock.now()) == 1
    who = Membership.objects.get(pk=pk)
    do_change_cards([(Seat(who.group_id, who.identity_id), NewCard("上海-CTO-胡总"))])
    assert said("hu") == {"city": "杭州", "job": "CTO", "name": "胡总"}
    assert next(one for one in fields_of([pk])[pk] if one.name == "city").is_corrected
    assert found("杭州 CTO") == ["听风"]
    assert found("hzcto") == ["听风"]


def test_the_card_counts_again_when_a_correction_is_taken_back(cards: cast.Tea, colleague: int) -> None:
    pk = seat("hu")
    do_correct_card([pk], "job", "", user_id=colleague, at=clock.now())
    assert said("hu")["job"] == ""
    assert do_uncorrect_card([pk], "job", user_id=colleague, at=clock.now()) == 1
    assert do_uncorrect_card([pk], "job", user_id=colleague, at=clock.now()) == 0
    assert said("hu")["job"] == "CTO"
    facts = Fact.objects.filter(name__startswith="card.").order_by("id").values_list("name", "actor")
    assert list(facts) == [("card.corrected", f"user:{colleague}"), ("card.uncorrected", f"user:{colleague}")]


def test_nothing_is_kept_when_the_same_is_said_twice(cards: cast.Tea, colleague: int) -> None:
    pk = seat("hu")
    assert do_correct_card([pk], "city", "SH", user_id=colleague, at=clock.now()) == 1
    assert do_correct_card([pk], "city", " 上海 ", user_id=colleague, at=clock.now()) == 0
    assert said("hu")["city"] == "上海"


@pytest.mark.parametrize(
    ("field", "value"),
    [("age", "7"), ("city", "长" * 61), ("group_no", "十五"), ("group_no", "0"), ("job", "a\u200bb")],
)
def test_a_correction_is_refused_when_it_cannot_be_one(cards: cast.Tea, colleague: int, field: str, value: str) -> None:
    with pytest.raises(BadUse):
        do_correct_card([seat("hu")], field, value, user_id=colleague, at=clock.now())
    assert CardCorrection.objects.count() == 0


def test_nothing_is_left_when_a_community_is_removed(cards: cast.Tea, colleague: int) -> None:
    do_correct_card([seat("hu")], "city", "杭州", user_id=colleague, at=clock.now())
    with transaction.atomic():
        do_forget_people_of([cards.community_id], 1000)
    assert Card.objects.count() == CardCorrection.objects.count() == 0
    assert found("shcto") == found("杭州") == found("陈晓明") == []


def test_cards_of_500_letters_are_read_when_a_platform_lets_them_through(tea: cast.Tea) -> None:
    long = "上海-" + "很长" * 250
    do_enrol("sandbox", tea.community_id, tea.groups["g1"], [Enrolled("long", "长", long)], clock.now())
    do_read_new()
    assert said("long")["city"] == "上海"
    assert do_know({Account("sandbox", "long"): "长"}, clock.now())


def test_what_changed_meanwhile_is_read_as_it_is_now(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    do_enrol("sandbox", tea.community_id, tea.groups["g1"], [Enrolled("hu", "听风", HU)], clock.now())
    who = Membership.objects.get(pk=seat("hu"))
    parse, changed = cards_module.parse_card, []

    def parse_slowly(text: str) -> object:
        if text == HU and not changed:
            changed.append(True)
            do_change_cards([(Seat(who.group_id, who.identity_id), NewCard("杭州-CEO-胡先生"))])
        return parse(text)

    monkeypatch.setattr(cards_module, "parse_card", parse_slowly)
    do_read_new()
    assert said("hu") == {"city": "杭州", "job": "CEO", "name": "胡先生"}
    assert found("hzceo") == ["听风"]
    assert found("shcto") == []


def test_nothing_is_kept_when_another_keeper_was_first(cards: cast.Tea) -> None:
    before = CardCursor.objects.get().position
    do_enrol("sandbox", cards.community_id, cards.groups["g2"], [Enrolled("hu", "听风", HU)], clock.now())
    assert not cards_module._do_keep([], before - 1, before + 5)
    assert CardCursor.objects.get().position == before
    assert do_read_new() == 1
