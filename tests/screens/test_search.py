"""The search: what is found, by which words, for whom, with how few questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.console.search.marks import excerpt, mark
from qunying.console.search.wanted import Condition, read_wanted
from qunying.kernel import clock
from qunying.people.actions import Enrolled, do_enrol
from qunying.talk.actions import Change, NewMessage, do_change_messages, do_keep_messages
from tests import cast
from tests.screens.conftest import signed_in_as

HTMX = {"HX-Request": "true"}
HOSTILE = "<img src=x onerror=alert(1)>"


def found(client: Client, words: str, **more: str) -> str:
    """What the search shows while somebody types."""
    return client.get("/search/", {"q": words, **more}, headers=HTMX).content.decode()


def register(tea: cast.Tea, name: str, **more: Any) -> int:
    """One more group of the tea friends."""
    new = NewGroup(
        carrier="sandbox", ref=f"x-{name}", carrier_name=more.pop("carrier_name", "原名"), remark=name, **more
    )
    return do_register_group(tea.community_id, new, at=clock.now())


def keep(tea: cast.Tea, texts: list[str], community_id: int = 0, group_id: int = 0) -> None:
    """Messages of nobody in particular, one a minute, the last one now."""
    times = [clock.now() - timedelta(minutes=len(texts) - place - 1) for place in range(len(texts))]
    do_keep_messages(
        [
            NewMessage(
                community_id=community_id or tea.community_id,
                group_id=group_id or tea.first,
                sender_id=None,
                source_key=f"{place}:{text[:40]}",
                at=at,
                text=text,
            )
            for place, (at, text) in enumerate(zip(times, texts, strict=True))
        ]
    )


@pytest.mark.parametrize(
    "words", ["上海-CTO", "cto", "ＣＴＯ", "上海", "互联网", "茶友会", "shcto", "原来的", "上海 互联网", "海"]
)
def test_a_group_is_found_when_any_of_its_words_is_typed(tea: cast.Tea, owner: Client, words: str) -> None:
    register(tea, "上海-CTO-01", city="上海", industry="互联网", carrier_name="原来的名字")
    html = found(owner, words)
    assert "-01" in html
    assert "群" in html


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("weight>80", {"重"}),
        ("权重≥80", {"重", "中"}),
        ("weight<=80 中", {"中"}),
        ("ｗｅｉｇｈｔ＞80", {"重"}),
        ("容量=200", {"轻"}),
        ("weight>80 capacity<100", set()),
    ],
)
def test_groups_are_held_against_numbers_when_conditions_are_typed(
    tea: cast.Tea, owner: Client, words: str, names: set[str]
) -> None:
    for name, weight, capacity in (("重", 90, 500), ("中", 80, 500), ("轻", 10, 200)):
        register(tea, f"{name}量级群", weight=weight, capacity=capacity)
    page = owner.get("/search/", {"q": words})
    assert {hit.name[0] for hit in page.context["groups"]} == names


def test_somebody_is_found_when_initials_of_their_card_are_typed(tea: cast.Tea, owner: Client) -> None:
    do_enrol("sandbox", tea.community_id, tea.first, [Enrolled("wang", "老王", "上海-CTO-王")], clock.now())
    html = found(owner, "shcto")
    assert "老王" in html
    assert "<mark>" not in html  # initials stand nowhere in the card


def test_one_person_is_one_line_when_they_sit_in_several_groups(tea: cast.Tea, owner: Client) -> None:
    html = found(owner, "安安")
    assert html.count('href="/people/') == 1
    assert "在 2 个群" in html


@pytest.mark.parametrize("words", ["押金", "押", "金什", "押金 原路", "ＯＫ", "ok"])
def test_a_message_is_found_when_its_words_are_typed(tea: cast.Tea, owner: Client, words: str) -> None:
    keep(tea, ["今天喝白茶", "押金什么时候原路退？ok"])
    html = found(owner, words)
    assert "<mark>" in html
    assert "什么时候" in html.replace("<mark>", "").replace("</mark>", "")
    assert "白茶" not in html


def test_quotation_marks_stand_at_the_words_when_a_message_is_found(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("q1", "an", "今晚喝白毫银针")])
    cast.told()
    html = owner.get(reverse("console:search") + "?q=银针").content.decode()
    assert "「<bdi>今晚喝白毫<mark>银针</mark></bdi>」" in html


def test_the_newest_message_is_first_when_many_are_found(tea: cast.Tea, owner: Client) -> None:
    keep(tea, [f"第{n}次说早安" for n in range(9)])
    hits = owner.get("/search/", {"q": "早安", "in": "messages"}).context["said"]
    assert ["".join(piece.text for piece in hit.text) for hit in hits][:2] == ["第8次说早安", "第7次说早安"]


def test_a_withdrawn_message_is_not_found_when_searched_for(tea: cast.Tea, owner: Client) -> None:
    keep(tea, ["说错了的话"])
    do_change_messages([Change(group_id=tea.first, source_key="0:说错了的话", at=clock.now())])
    assert "说错了的话" not in found(owner, "说错")


def test_nothing_beyond_reach_is_found_when_somebody_leads_one_community(tea: cast.Tea) -> None:
    other = do_found_community(name="隐秘社", at=clock.now())
    group = do_register_group(other, NewGroup(carrier="sandbox", ref="s1", carrier_name="隐秘群"), at=clock.now())
    do_enrol("sandbox", other, group, [Enrolled("secret", "隐秘人")], clock.now())
    keep(tea, ["隐秘的话"], other, group)
    lead = signed_in_as("lead", "lead", tea.community_id)
    for kind in ("", "groups", "people", "messages"):
        assert "没有找到" in found(lead, "隐秘", **{"in": kind})


def test_a_hit_within_reach_is_found_when_a_thousand_lie_outside(tea: cast.Tea) -> None:
    keep(tea, ["我们的早上好"])
    other = do_found_community(name="热闹社", at=clock.now())
    group = do_register_group(other, NewGroup(carrier="sandbox", ref="s1", carrier_name="热闹群"), at=clock.now())
    keep(tea, [f"早上好{n}" for n in range(1100)], other, group)
    assert "我们的" in found(signed_in_as("lead", "lead", tea.community_id), "早上好")


def test_deeds_are_offered_when_their_words_are_typed(tea: cast.Tea, owner: Client, analyst: Client) -> None:
    assert "/import/" in found(owner, "导入")
    assert "/import/" in found(owner, "drltjl")
    assert "/import/" in found(owner, "")
    assert "/import/" not in found(analyst, "导入")


def test_names_are_escaped_when_they_are_markup(tea: cast.Tea, owner: Client) -> None:
    register(tea, HOSTILE)
    do_enrol("sandbox", tea.community_id, tea.first, [Enrolled("evil", HOSTILE, HOSTILE)], clock.now())
    keep(tea, [HOSTILE])
    for words in (HOSTILE, "onerror", "<mark>"):
        html = owner.get("/search/", {"q": words}).content.decode()
        assert HOSTILE not in html
        assert "<img" not in html


@pytest.mark.parametrize(
    "words",
    [
        "'",
        '"',
        "*",
        "a AND b OR NOT",
        "%",
        "\\",
        "\u200b",
        "🫖",
        "نور",
        "(",
        "weight>",
        "weight>999999999999",
        "很" * 500,
        "a " * 60,
    ],
)
def test_the_search_stays_calm_when_odd_things_are_typed(tea: cast.Tea, owner: Client, words: str) -> None:
    for more in ({}, {"in": "people"}, {"in": "messages", "page": "9"}):
        assert owner.get("/search/", {"q": words, **more}).status_code == 200


def test_the_page_works_when_there_is_no_script(tea: cast.Tea, owner: Client) -> None:
    keep(tea, [f"第{n}次说早安" for n in range(60)])
    html = owner.get("/search/", {"q": "早安", "in": "messages"}).content.decode()
    assert "<html" in html
    assert 'action="/search/"' in html
    assert "page=2" in html
    assert "第34次" in owner.get("/search/", {"q": "早安", "in": "messages", "page": "2"}).content.decode().replace(
        "<mark>", ""
    )


def test_questions_stay_few_when_there_is_much_to_find(
    tea: cast.Tea, owner: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    def grow(label: str, count: int) -> None:
        for number in range(count):
            register(tea, f"茶馆{label}{number}")
        do_enrol(
            "sandbox",
            tea.community_id,
            tea.first,
            [Enrolled(f"{label}{n}", f"茶客{n}") for n in range(count)],
            clock.now(),
        )
        keep(tea, [f"茶话{label}{n}" for n in range(count)])

    grow("a", 6)
    with django_assert_max_num_queries(20) as first:
        found(owner, "茶")
    grow("b", 60)
    with django_assert_num_queries(len(first)):
        found(owner, "茶")


def test_words_and_conditions_are_told_apart_when_typed_together() -> None:
    wanted = read_wanted("  上海　weight＞=80 CTO 权重<95 ")
    assert wanted.words == ("上海", "cto")
    assert wanted.conditions == (Condition("weight", ">=", 80), Condition("weight", "<", 95))
    assert read_wanted("\u200b \n").is_nothing


def test_marks_fall_on_the_signs_as_written_when_they_are_wide() -> None:
    pieces = mark("去ＡＢＣ店🫖喝茶", ["abc", "茶"])
    assert [(piece.text, piece.is_hit) for piece in pieces] == [
        ("去", False),
        ("ＡＢＣ", True),
        ("店🫖喝", False),
        ("茶", True),
    ]
    assert mark("", ["茶"]) == ()


def test_an_excerpt_shows_the_hit_when_the_text_is_long() -> None:
    line = excerpt("前" * 300 + "\n押金在这里" + "后" * 300, ["押金"])
    assert "押金在这里" in line
    assert line.startswith("…")
    assert len(line) < 100
