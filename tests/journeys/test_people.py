"""A person is found by what they are called, and what they did is read."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests import cast
from tests.journeys.visits import Visits
from tests.journeys.world import LONG, do_live_three_weeks

pytestmark = pytest.mark.browser

# the last one is who is opened
TYPED = {"نور": "نور الهدى", "特别长": LONG, "ｆｕｌｌ": "Ｆｕｌｌ", "繁體": "繁體字", "cc": "陈晨", "陈": "陈晨"}


def test_somebody_is_found_and_their_course_read_when_names_are_typed_as_people_type(visits: Visits, lin: User) -> None:
    do_live_three_weeks(cast.build_tea())
    page = visits.open("/people/", who=lin)
    box = page.get_by_placeholder("名字、群名片、首字母")
    for typed, found in TYPED.items():
        box.fill("")
        expect(page.get_by_role("link", name="阿博").first).to_be_visible()
        box.press_sequentially(typed)
        expect(page.get_by_role("link", name="阿博")).to_have_count(0)
        expect(page.get_by_role("link", name=found).first).to_be_visible()
    page.get_by_role("link", name="陈晨").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("陈晨")
    course = page.get_by_role("listitem").filter(has_text="进群").filter(has_text="茶友会1群")
    expect(course.first).to_be_visible()
    expect(page.get_by_role("heading", name="在哪些群")).to_be_visible()
    page.get_by_role("link", name="茶友会1群").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("茶友会1群")
