"""Rules are read with the place of what is wrong; kept segments follow their rule or stay as they were; metrics count only them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from qunying.insights.catalogue import CATALOGUE
from qunying.insights.journeys.retention import Retention, count_retention
from qunying.insights.measure import get_metric, measure
from qunying.insights.scope import Scope
from qunying.insights.segments.asking import count_people, list_people
from qunying.insights.segments.kept import find_segment_named, list_people_of
from qunying.insights.segments.reading import BadRule, read_rule, read_text
from qunying.insights.segments.rule import About, All, Did, Not, Window, to_words
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.insights.tests.test_segments import NOW, ByHand, Town
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.models import Identity, SegmentMember
from qunying.people.segments import (
    SegmentLine,
    do_freeze_segment,
    do_remove_segment,
    do_save_segment,
    do_thaw_segment,
    find_segment,
    list_segments,
)

DAY = timedelta(days=1)
SPOKE: dict[str, Any] = {"did": "messages", "at_least": 1, "last_days": 30}

WRONG = [
    ([], "", "一个条件"),
    ({}, "", "这些词里的一个"),
    ({"all": []}, "all", "至少一个"),
    ({"all": [SPOKE, {"any": [{"did": "messages"}]}]}, "all[1].any[0]", "at_least"),
    ({"not": {"did": "messages", "at_least": "3"}}, "not.at_least", "整数"),
    ({"did": "messages", "at_least": True}, "at_least", "整数"),
    ({"did": "messages", "at_least": 5, "at_most": 3}, "at_most", "比下限还小"),
    ({"did": "hugs", "at_least": 1}, "did", "hugs"),
    ({"did": "messages", "at_least": 1, "last_days": 0}, "last_days", "1 到"),
    ({"did": "messages", "at_least": 1, "last_days": 3, "from": "2026-01-01"}, "", "只能写一样"),
    ({"did": "messages", "at_least": 1, "from": "2026-02-30"}, "from", "不是日期"),
    ({"did": "messages", "at_least": 1, "from": "2026-03-02", "to": "2026-03-01"}, "to", "在开始之前"),
    ({"did": "messages", "at_least": 1, "currency": "CNY"}, "currency", "只有金额"),
    ({"did": "amount", "at_least": "1.00"}, "currency", "写明币种"),
    ({"did": "amount", "at_least": "abc", "currency": "CNY"}, "at_least", "不是金额"),
    ({"did": "amount", "at_least": 1, "currency": "贝壳"}, "currency", "写明币种"),
    ({"about": "shoes", "any_of": ["42"]}, "about", "shoes"),
    ({"about": "city", "any_of": []}, "any_of", "一串值"),
    ({"about": "city", "any_of": ["上海", " "]}, "any_of[1]", "要文字"),
    ({"about": "city", "any_of": ["长" * 201]}, "any_of[0]", "不超过 200"),
    ({"about": "group", "any_of": ["茶友"]}, "any_of[0]", "整数"),
    ({"about": "layer", "any_of": ["boss"]}, "any_of[0]", "opener"),
    ({"about": "city", "any_of": ["上海"], "group": 3}, "group", "只有「层」"),
    ({"about": "city", "any_of": ["上海"], "colour": 3}, "", "colour"),
    ({"silent_days": 14, "about": "city"}, "", "里的一个"),
    ({"silent_days": -1}, "silent_days", "1 到"),
    ({"joined": {}}, "joined", "last_days"),
    ({"joined": {"last_days": 3, "x": 1}}, "joined", "last_days"),
    ({"all": [SPOKE] * 3 + [{"did": "messages", "at_least": n} for n in range(2, 50)]}, "", "太多"),
]


@pytest.mark.parametrize(("said", "place", "why"), WRONG, ids=lambda one: str(one)[:40])
def test_a_rule_that_cannot_be_asked_is_refused_with_place_and_reason(said: object, place: str, why: str) -> None:
    with pytest.raises(BadRule) as error:
        read_rule(said)
    assert error.value.place == place
    assert why in str(error.value)


def test_a_rule_nested_without_end_is_refused() -> None:
    deep: dict[str, Any] = SPOKE
    for _ in range(9):
        deep = {"not": deep}
    with pytest.raises(BadRule, match="最多 6 层"):
        read_rule(deep)
    with pytest.raises(BadRule, match="JSON"):
        read_text('{"not": ' * 100_000)
    with pytest.raises(BadRule, match="JSON"):
        read_text("说过话的人")


def test_what_is_read_says_what_was_meant() -> None:
    rule = read_rule(
        {
            "all": [
                {"about": "city", "any_of": ["沪", "上海", "Hangzhou"]},
                {"not": {"did": "amount", "at_least": "99.5", "currency": "rmb", "to": "2026-03-01"}},
            ]
        }
    )
    spent = Did("amount", 995_000, None, Window(until=date(2026, 3, 1)), "CNY")
    assert rule == All((About("city", ("上海", "杭州")), Not(spent)))
    assert read_rule(json.loads(json.dumps(to_words(rule)))) == rule


@pytest.fixture
def home(db: None) -> Home:
    """Two who speak, one who does not, a colleague."""
    home = Home(staff=("林晚",))
    home.say("老周", NOON - DAY)
    home.say("老周", NOON - 2 * DAY)
    home.say("阿茗", NOON - 3 * DAY)
    home.say("林晚", NOON - DAY)
    home.join("新人", NOON - DAY)
    return home


def names(ids: list[int] | tuple[int, ...]) -> list[str]:
    return sorted(Identity.objects.filter(pk__in=ids).values_list("name", flat=True))


def test_words_that_look_like_sql_are_only_words(home: Home) -> None:
    for word in ("'; DROP TABLE people; --", "' OR 1=1", "%", "_", "\\", "$p0"):
        for what in ("city", "job", "card", "via", "carrier"):
            assert list_people(read_rule({"about": what, "any_of": [word]}), [home.id], NOW) == []
        assert list_people(read_rule({"did": f"deed:{word}", "at_least": 1}), [home.id], NOW) == []


def test_people_are_counted_with_examples_and_colleagues_left_out(home: Home) -> None:
    found = count_people(read_rule(SPOKE), [home.id], NOW, examples=5)
    assert (found.people, found.of, names(found.examples)) == (2, 3, ["老周", "阿茗"])
    assert count_people(read_rule(SPOKE), [], NOW, examples=5).of == 0
    other = Home()
    assert count_people(read_rule(SPOKE), [other.id], NOW).people == 0  # other communities' people are not told


def save(home: Home, name: str = "说话的", rule: dict[str, Any] = SPOKE, **more: Any) -> SegmentLine:
    pk = do_save_segment(home.id, name, "", rule, at=NOW, user_id=1, **more)
    found = find_segment(pk)
    assert found is not None
    return found


def test_a_live_segment_follows_its_rule_and_a_frozen_one_does_not(home: Home, user: int) -> None:
    segment = save(home)
    assert names(list_people_of(segment, NOW)) == ["老周", "阿茗"]
    do_freeze_segment(segment.id, list_people_of(segment, NOW), at=NOW, user_id=user)
    home.say("新人", NOW - hours(1))
    frozen = find_segment(segment.id)
    assert frozen is not None
    assert (names(list_people_of(frozen, NOW)), frozen.people, frozen.frozen_at) == (["老周", "阿茗"], 2, NOW)
    assert do_thaw_segment(segment.id, at=NOW, user_id=user)
    assert not do_thaw_segment(segment.id, at=NOW, user_id=user)
    assert names(list_people_of(segment, NOW)) == ["新人", "老周", "阿茗"]


def test_a_changed_rule_ends_a_freeze_and_a_changed_name_does_not(home: Home, user: int) -> None:
    segment = save(home)
    do_freeze_segment(segment.id, [1], at=NOW, user_id=user)
    assert save(home, "老名字", segment_id=segment.id).frozen_at == NOW
    assert save(home, "老名字", {"silent_days": 3}, segment_id=segment.id).frozen_at is None
    assert not SegmentMember.objects.exists()


def test_a_segment_needs_a_name_of_its_own(home: Home, user: int) -> None:
    save(home)
    for name, why in (("说话的", "已经有"), ("  ", "要有名字"), ("长" * 61, "最多 60")):
        with pytest.raises(BadUse, match=why):
            save(home, name)
    do_remove_segment(list_segments([home.id])[0].id, at=NOW, user_id=user)
    assert list_segments(None) == []
    told = Fact.objects.filter(name__startswith="segment.").order_by("id").values_list("name", flat=True)
    assert list(told) == ["segment.saved", "segment.removed"]


@pytest.fixture(autouse=True)
def user(request: pytest.FixtureRequest) -> int:
    """A sign-in that owns what is made."""
    if "home" not in request.fixturenames:
        return 0
    request.getfixturevalue("db")
    from django.contrib.auth.models import User

    return User.objects.get_or_create(pk=1, username="lin")[0].pk


def test_metrics_and_retention_count_only_the_people_of_a_segment(home: Home) -> None:
    scope = Scope(home.counted, NOON - 9 * DAY, NOW)
    only = (home.who("老周"),)
    narrowed = Scope(home.counted, NOON - 9 * DAY, NOW, people=only)
    messages, members = get_metric("messages"), get_metric("members")
    assert [measure(messages, one)[0]["value"] for one in (scope, narrowed)] == [3, 2]
    assert [measure(members, one)[0]["value"] for one in (scope, narrowed)] == [3, 1]
    nobody = Scope(home.counted, NOON - 9 * DAY, NOW, people=())
    assert measure(messages, nobody)[0]["value"] == 0
    sizes = [count_retention(Retention(), one, one.since)[""][0].size for one in (scope, narrowed)]
    assert sizes == [3, 1]


def test_every_metric_can_be_asked_of_a_segment_with_merged_accounts(home: Home) -> None:
    Identity.objects.filter(pk=home.who("阿茗")).update(person_id=home.who("老周"))
    narrowed = Scope(home.counted, NOON - 9 * DAY, NOW, people=(home.who("老周"),))
    assert measure(get_metric("messages"), narrowed)[0]["value"] == 3
    for metric in CATALOGUE:
        measure(metric, narrowed)


def told(*arguments: str) -> str:
    out = StringIO()
    with clock.at(NOW):
        call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_who_is_in_a_segment(home: Home) -> None:
    save(home)
    found = json.loads(told("segment", "说话的", "--json"))
    assert sorted(one["name"] for one in found["people"]) == ["老周", "阿茗"]
    assert found["rule"] == SPOKE
    assert json.loads(told("segment", "--list", "--json"))[0]["name"] == "说话的"
    assert "老周" in told("segment", "说话的")
    with pytest.raises(BadUse, match="相近的有：说话的"):
        told("segment", "说话")


def test_a_sheet_of_people_holds_no_formula(home: Home) -> None:
    home.say("=HYPERLINK(1)", NOON - DAY)
    sheet = told("segment", "--csv", "--rule", json.dumps(SPOKE))
    assert "'=HYPERLINK(1)" in sheet
    assert len(sheet.splitlines()) == 4


def test_a_rule_is_tried_without_keeping_it(home: Home) -> None:
    found = json.loads(told("segment", "--json", "--rule", json.dumps(SPOKE)))
    assert (found["people"], found["of"], len(found["examples"])) == (2, 3, 2)
    with pytest.raises(BadUse, match=r"silent_days"):
        told("segment", "--rule", '{"silent_days": "x"}')


def test_a_metric_is_asked_of_a_segment_by_name(home: Home) -> None:
    save(home, "常说的", {"did": "messages", "at_least": 2, "last_days": 30})
    rows = json.loads(told("metric", "messages", "--segment", "常说的", "--json"))["rows"]
    assert rows[0]["value"] == 2
    with pytest.raises(BadUse):
        told("metric", "messages", "--segment", "没有的")


def test_names_in_two_communities_are_told_apart(home: Home) -> None:
    save(home)
    save(Home())
    with pytest.raises(BadUse, match="--community"):
        find_segment_named("说话的")
    assert ByHand(Town(home, 0, ())).people(read_rule(SPOKE))
