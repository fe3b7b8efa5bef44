"""The list of groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.noting import GroupNotes, do_note_group
from qunying.communities.queries import GroupLine
from qunying.console.groups.health import Health, judge_health, tell_health
from qunying.console.groups.matching import find_fitting, fits
from qunying.console.search.wanted import read_wanted
from qunying.insights.figures import Figures
from qunying.kernel import clock
from qunying.kernel.readings import Reading, Verdict, mask_of
from qunying.talk.models import Message
from qunying.talk.readings import do_forget_readings, do_keep_readings
from tests import cast
from tests.screens.conftest import counted

HOSTILE = "<script>alert(1)</script>‮\u200b👩‍🚀" + "长" * 60
Counted = Callable[[int], AbstractContextManager[object]]


def noted(group_id: int, **notes: object) -> None:
    """What we noted about a group is now this, the rest as new groups have it."""
    plain = {"remark": "", "city": "", "industry": "", "weight": 50, "capacity": 500, "is_folded": False}
    do_note_group(group_id, GroupNotes(**{**plain, **notes}), present=0, at=clock.now(), actor="system")  # type: ignore[arg-type]


def line(**notes: object) -> GroupLine:
    """A group with these notes."""
    plain: dict[str, object] = {
        "id": 1,
        "remark": "杭州-茶友-03",
        "carrier_name": "慢茶会·杭州三群",
        "carrier": "sandbox",
        "community_id": 1,
        "community": "慢茶会",
        "city": "杭州",
        "industry": "茶",
        "weight": 80,
        "capacity": 500,
        "is_folded": False,
    }
    return GroupLine(**{**plain, **notes})  # type: ignore[arg-type]


@pytest.fixture
def page(owner: Client) -> Iterator[Callable[[str], str]]:
    """The list as the owner sees it."""

    def get(query: str = "") -> str:
        response = owner.get(reverse("console:groups") + query)
        assert response.status_code == 200
        return response.content.decode()

    return get  # type: ignore[return-value]


def test_groups_are_listed_with_their_numbers_when_somebody_may_see_them(
    tea: cast.Tea, page: Callable[[str], str]
) -> None:
    cast.arrive([cast.message(f"m{n}", "an", "白茶多少度") for n in range(3)])
    cast.told()

    with cast.later(timedelta(days=1)):
        counted()
        html = page("")

    assert "茶友会1群" in html
    assert "茶友会2群" in html
    assert 'data-l="消息">3<' in html
    assert 'data-l="说话">1<' in html


def test_the_way_to_an_import_is_shown_when_there_are_groups_already(tea: cast.Tea, owner: Client) -> None:
    assert f'href="{reverse("console:import")}"' in owner.get(reverse("console:groups")).content.decode()


def test_only_one_part_is_sent_when_htmx_asks(tea: cast.Tea, owner: Client) -> None:
    whole = owner.get(reverse("console:groups")).content.decode()
    part = owner.get(reverse("console:groups"), headers={"HX-Request": "true"}).content.decode()

    assert "<!doctype html>" in whole
    assert part.strip().startswith('<section class="panel" id="groups-list">')


def test_nothing_of_a_group_is_seen_when_somebody_has_no_role(tea: cast.Tea, stranger: Client) -> None:
    html = stranger.get(reverse("console:groups")).content.decode()

    assert "茶友会1群" not in html
    assert "还没有群" in html
    assert "chips-row" not in html, "there is nothing to choose from"


def test_the_sign_in_page_comes_when_nobody_is_signed_in(tea: cast.Tea, client: Client) -> None:
    response = client.get(reverse("console:groups"))

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_a_word_of_the_remark_finds_a_group_when_it_was_noted(tea: cast.Tea, page: Callable[[str], str]) -> None:
    noted(tea.groups["g1"], remark="上海-轻食-2024-03", city="上海", weight=90)

    assert "上海-轻食-2024-03" in page("?q=2024-03")
    assert "茶友会2群" not in page("?q=上海")
    assert "上海-轻食-2024-03" in page("?q=weight>80")
    assert "没有这样的群" in page("?q=weight>90")


def test_a_folded_group_is_out_of_the_way_when_nobody_asks_for_it(tea: cast.Tea, page: Callable[[str], str]) -> None:
    noted(tea.groups["g1"], is_folded=True)

    assert "茶友会1群" not in page("")
    assert "茶友会1群" in page("?folded=yes")
    assert "茶友会2群" in page("?folded=all")
    assert "茶友会1群" in page("?folded=all")


def test_a_hostile_name_is_shown_as_text_when_a_carrier_sends_it(tea: cast.Tea, page: Callable[[str], str]) -> None:
    noted(tea.groups["g1"], remark=HOSTILE)

    html = page("")

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_junk_in_the_address_is_ignored_when_somebody_types_it(tea: cast.Tea, page: Callable[[str], str]) -> None:
    assert "茶友会1群" in page("?page=-7&order=drop&health=%00&community=x&folded=maybe")


@pytest.mark.parametrize("order", ["name", "members", "speakers", "messages", "change"])
def test_every_order_lists_all_groups_when_asked_for(tea: cast.Tea, page: Callable[[str], str], order: str) -> None:
    html = page(f"?order={order}")

    assert "茶友会1群" in html
    assert "茶友会2群" in html


def test_the_queries_stay_the_same_when_there_are_ten_times_as_many_groups(
    db: None, owner: Client, django_assert_max_num_queries: Counted
) -> None:
    with cast.clock_stands(cast.TUESDAY):
        cast.build_tea(name="小社群")
        with django_assert_max_num_queries(45):
            owner.get(reverse("console:groups"))
        cast.build_tea(name="大社群", groups=[f"big{n}" for n in range(20)])
        with django_assert_max_num_queries(45):
            owner.get(reverse("console:groups") + "?order=name")


@pytest.mark.parametrize(
    ("weeks", "present", "expected"),
    [
        ((0, 0, 0, 0, 0, 0, 0, 0), 10, Health.DEAD),
        ((0, 0, 0, 0, 0, 0, 40, 0), 10, Health.QUIET),
        ((9, 9, 9, 9, 9, 9, 100, 70), 10, Health.SLOWING),
        ((9, 9, 9, 9, 9, 9, 100, 71), 10, Health.ACTIVE),
        ((9, 9, 9, 9, 9, 9, 100, 130), 10, Health.WARMER),
        ((9, 9, 9, 9, 9, 9, 10, 1), 10, Health.ACTIVE),
        ((9, 9, 9, 9, 9, 9, 100, 100), 475, Health.CROWDED),
        ((9, 9, 9, 9, 9, 9, 100, 60), 499, Health.SLOWING),
    ],
)
def test_the_word_of_health_is_of_the_numbers_when_they_are_known(
    weeks: tuple[int, ...], present: int, expected: Health
) -> None:
    numbers = Figures(weeks, present=present)
    found = tell_health(judge_health(numbers, 500), numbers, 500)

    assert found.health is expected
    assert found.word
    assert found.why


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"read": 40, "ads": 12, "advertisers": 2}, Health.CAPTURED),
        ({"read": 41, "ads": 12, "advertisers": 2}, Health.ACTIVE),
        ({"read": 9, "ads": 9, "advertisers": 1}, Health.ACTIVE),
        ({"gone": 12, "joined": 2, "present": 190}, Health.SLOWING),
        ({"gone": 12, "joined": 3, "present": 190}, Health.ACTIVE),
        ({"gone": 12, "joined": 2, "present": 191}, Health.ACTIVE),
    ],
)
def test_ads_and_members_make_a_word_of_health_and_are_told(more: dict[str, int], expected: Health) -> None:
    numbers = Figures((50,) * 8, **more)
    found = tell_health(judge_health(numbers, 500), numbers, 500)
    assert found.health is expected
    for figure in more.values() if expected is Health.CAPTURED else ():
        assert str(figure) in found.why
    if expected is Health.SLOWING:
        assert "走 12 人" in found.why


def test_a_group_that_ads_took_is_told_by_whom_when_judges_read_it(tea: cast.Tea, page: Callable[[str], str]) -> None:
    for number, what in enumerate("茶酒米面油盐酱醋糖姜"):
        cast.arrive([cast.message(f"ad{number}", "bo", f"兼职刷单卖{what}日结")])
    cast.told()
    said = Message.objects.filter(source_key__contains="ad").values_list("pk", flat=True)
    do_forget_readings(said)
    do_keep_readings([(pk, Reading(bytes(9), mask_of(Verdict.AD), "test")) for pk in said])
    with cast.later(timedelta(days=1)):
        counted()
        html = page("?health=captured")
    assert "茶友会1群" in html
    assert "茶友会2群" not in html
    assert "10 条（100%）是广告，1 个人发的" in html


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("体验课", True),
        ("2024-03", True),
        ("2024-03-05", True),
        ("2024-04", False),
        ("阿里", True),
        ("某网", True),
        ("通用", True),
        ("老周", True),
        ("核心", True),
        ("hzcy", True),
        ("hzal", True),
        ("capacity<=500 付费", True),
        ("capacity>500", False),
        ("杭 友", True),
    ],
)
def test_every_part_of_the_remark_finds_the_group(words: str, *, is_found: bool) -> None:
    one = line(
        company="阿里某网络",
        noted_on=date(2024, 3, 5),
        tags="体验课 付费",
        rule_set="通用",
        note="群主是老周",
        importance=2,
    )
    assert fits(one, read_wanted(words)) is is_found


@pytest.mark.parametrize("words", ["航州茶友", "杭洲", "茶有", "杭州 茶有", "杭州茶有会", "shanghia", "shngha"])
def test_a_name_with_a_mistake_finds_the_group_when_nothing_else_fits(words: str) -> None:
    lines = [
        line(remark="杭州茶友会", carrier_name="Shanghai Tea"),
        line(id=2, remark="书友会", city="", carrier_name="x"),
    ]
    found, is_guess = find_fitting(lines, read_wanted(words))
    assert ([one.id for one in found], is_guess) == ([1], True)


@pytest.mark.parametrize("words", ["北京", "天津茶馆", "abcd", "hangzhou", "9999", "weight>99 茶友"])
def test_nothing_is_guessed_when_no_name_is_like_it(words: str) -> None:
    assert find_fitting([line(remark="杭州茶友会", carrier_name="x")], read_wanted(words)) == ([], False)


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("", True),
        ("杭州", True),
        ("杭州 茶友", True),
        ("03", True),
        ("慢茶会", True),
        ("上海", False),
        ("weight>=80", True),
        ("weight > 80", False),
        ("杭州 weight<90", True),
        ("WEIGHT=80", True),
        ("weight>abc", False),
    ],
)
def test_words_and_weights_are_told_apart_when_somebody_searches(words: str, is_found: bool) -> None:
    assert fits(line(), read_wanted(words)) is is_found


def test_an_old_week_is_not_this_week_when_time_goes_by(tea: cast.Tea, page: Callable[[str], str]) -> None:
    cast.arrive([cast.message(f"m{n}", "an", "早") for n in range(25)])
    cast.told()

    with cast.later(timedelta(days=8)):
        counted()
        html = page("?health=quiet")

    assert "茶友会1群" in html
    assert "静默" in html
