"""The review by keyboard: look, decide, go on, take back; nothing happens while somebody types."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from qunying.desk.models import Case
from qunying.kernel import clock
from tests import cast
from tests.journeys.looks import list_faint_words, list_overhanging
from tests.journeys.visits import Visits
from tests.reviewed import AD, MUTES, advertised, appealed, asks_first, colleague, state, states

pytestmark = pytest.mark.browser


def do_propose(tea: cast.Tea, people: tuple[str, ...] = ("an", "bo", "chen")) -> list[Case]:
    """Each of them advertises, the first most clearly."""
    asks_first(tea)
    cases = [advertised(tea, f"ad{number}", who, f"{AD} 第{number}批") for number, who in enumerate(people)]
    for number, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(score=0.9 - number / 10)
    return cases


def test_a_queue_is_gone_through_by_keyboard_alone(visits: Visits, lin: User) -> None:
    cases = do_propose(cast.build_tea())
    page = visits.open("/", who=lin)
    page.get_by_role("link", name="复核").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("复核")
    name = page.locator(".case .big b")
    expect(name).to_have_text("安安")

    page.keyboard.press("j")
    expect(name).to_have_text("阿博")
    page.keyboard.press("ArrowRight")
    expect(name).to_have_text("陈晨")
    page.keyboard.press("ArrowLeft")
    expect(name).to_have_text("阿博")
    page.keyboard.press("k")
    expect(name).to_have_text("安安")

    page.keyboard.press("a")
    expect(page.get_by_text("同意了，照建议做")).to_be_visible()
    expect(name).to_have_text("阿博")
    expect(page.locator("#review-place")).to_have_text("2 / 3")
    page.keyboard.press("d")
    expect(name).to_have_text("陈晨")
    page.keyboard.press("s")
    expect(page.get_by_text("没有等人看的")).to_be_visible()
    assert [state(case) for case in cases] == ["approved", "dismissed", "softened"]

    page.keyboard.press("u")
    expect(name).to_have_text("陈晨")
    assert state(cases[2]) == "open"
    assert set(states(cases[2]).values()) == {"needs_approval"}
    expect(page.get_by_role("navigation", name="主导航").get_by_role("link", name="秩序 1")).to_be_visible()


def test_keys_are_letters_while_somebody_types(visits: Visits, lin: User) -> None:
    (case,) = do_propose(cast.build_tea(), ("an",))
    xu = User.objects.get(pk=colleague("xu"))
    page = visits.open("/review/", who=lin)
    expect(page.locator(".case .big b")).to_have_text("安安")
    page.keyboard.press("e")
    why = page.get_by_role("dialog").get_by_label("为什么")
    expect(why).to_be_focused()
    page.keyboard.type("dad asks")
    expect(why).to_have_value("dad asks")
    assert state(case) == "open"
    page.get_by_role("dialog").get_by_role("button", name="交给同事").click()
    expect(page.get_by_text("没有等人看的")).to_be_visible()

    theirs = visits.open("/review/", who=xu)
    expect(theirs.get_by_text("「林晚」交过来：dad asks")).to_be_visible()


def test_two_at_once_are_told_of_each_other(visits: Visits, lin: User) -> None:
    (case,) = do_propose(cast.build_tea(), ("an",))
    xu = User.objects.get(pk=colleague("xu"))
    page = visits.open("/review/", who=lin)
    expect(page.get_by_text("你在看，别人不会重复处理")).to_be_visible()
    theirs = visits.open("/review/", who=xu)
    expect(theirs.get_by_text("都有人在看")).to_be_visible()
    theirs.goto(f"/review/{case.pk}/")
    expect(theirs.get_by_text("「林晚」在看")).to_be_visible()
    Case.objects.update(claimed_by=xu.pk, claimed_until=clock.now() + timedelta(minutes=5))
    visits.expect_status(409)
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("「xu同学」正在看这一件")
    assert set(states(case).values()) == {"needs_approval"}


def test_an_appeal_is_answered_by_keyboard(visits: Visits, lin: User) -> None:
    tea = cast.build_tea()
    asks_first(tea, MUTES)
    advertised(tea)
    page = visits.open("/review/", who=lin)
    page.keyboard.press("a")
    expect(page.get_by_text("没有等人看的")).to_be_visible()
    cast.told()
    case = appealed(tea)
    xu = User.objects.get(pk=colleague("xu"))
    theirs = visits.open("/review/", who=xu)
    expect(theirs.locator(".huge")).to_contain_text("那是发给同学的")
    theirs.keyboard.press("a")
    dialog = theirs.get_by_role("dialog")
    expect(dialog.get_by_label("告诉本人")).to_have_value(re.compile("你的申诉我们看过了"))
    dialog.get_by_role("button", name="撤销处理，告诉本人").click()
    expect(theirs.get_by_text("答复了本人")).to_be_visible()
    assert state(case) == "lifted"


def test_everything_is_decided_without_a_script(visits: Visits, lin: User) -> None:
    cases = do_propose(cast.build_tea(), ("an", "bo"))
    page = visits.open("/review/", who=lin, has_script=False)
    page.get_by_role("button", name="没问题，放过").click()
    expect(page.locator(".case .big b")).to_have_text("阿博")
    page.get_by_role("button", name="撤销").first.click()
    expect(page.locator(".case .big b")).to_have_text("安安")
    assert [state(case) for case in cases] == ["open", "open"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [390, 800, 1440])
def test_the_review_fits_and_can_be_read_on_every_screen(visits: Visits, lin: User, language: str, width: int) -> None:
    tea = cast.build_tea()
    do_propose(tea)
    colleague("xu")
    page = visits.open("/review/", who=lin, language=language, width=width)
    for _ in range(2):
        page.keyboard.press("d")
        expect(page.locator(".decide")).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert list_overhanging(page) + list_faint_words(page) == []
    if width == 390:
        expect(page.locator(".decide .btn").last).to_be_in_viewport()
