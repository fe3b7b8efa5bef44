"""Every page on a phone, in both languages, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from qunying.capabilities.incidents.queries import list_incidents
from qunying.capabilities.order.lists_told import list_lists
from qunying.communities.queries_rules import list_rules
from qunying.kernel import clock
from qunying.outbox.queries import list_items
from qunying.people.queries import ids_of_accounts
from qunying.pipeline.past.queries import list_imports
from qunying.pipeline.rehearsal.asked import list_rehearsals
from qunying.talk.past import list_newest_said
from tests import cast
from tests.journeys.looks import list_faint_words, list_overhanging, list_ways
from tests.journeys.visits import Visits
from tests.journeys.world import do_live_three_weeks
from tests.past import exports
from tests.past.conftest import import_here

pytestmark = pytest.mark.browser

PHONE = 390
LONG_ONE = ("sandbox", "long")
FEWEST_PAGES = 24


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_fits_and_can_be_read_when_held_in_a_hand(
    visits: Visits, lin: User, tmp_path: Path, language: str
) -> None:
    tea = cast.build_tea()
    do_live_three_weeks(tea)
    import_here(exports.write(tmp_path, "茶.txt", exports.whatsapp(60)))
    page = visits.open(who=lin, language=language, width=PHONE)
    found: dict[str, list[str]] = {}
    seen = 0
    for path in _paths(page, [*_rare(tea), _played_lab(lin)]):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-CN")
        found |= {f"{path} {theme}": wrong for theme, wrong in _wrong(page) if wrong}
        seen += 1
    assert found == {}
    assert seen >= FEWEST_PAGES


def _wrong(page: Page) -> Iterator[tuple[str, list[str]]]:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        yield theme, list_overhanging(page) + list_faint_words(page)


def _paths(page: Page, rare: Iterable[str]) -> Iterator[str]:
    """The pages that navigations lead to, from page to page, and those that only rows lead to."""
    waiting = ["/", *rare]
    known = set(waiting)
    while waiting:
        yield waiting.pop(0)
        new = [path for path in list_ways(page) if path not in known]
        known.update(new)
        waiting += new


def _rare(tea: cast.Tea) -> list[str]:
    community = f"/settings/community/{tea.community_id}/"
    return [
        f"/groups/{tea.first}/",
        f"/people/{ids_of_accounts([LONG_ONE])[LONG_ONE]}/",
        f"/outbox/{list_items(tea.community_id)[0].pk}/undo/",
        community,
        f"{community}capability/onboarding/",
        "/settings/community/",
        "/settings/demo/",
        "/settings/pause/?community=all",
        "/insights/messages/",
        f"{community}capability/order/",
        *_rules(tea),
        *(f"/incidents/{one.id}/" for one in list_incidents(tea.community_id)),
        *(f"/rules/{one.id}/{rest}" for one in list_rules(tea.community_id) for rest in ("", "say/", "tell/")),
        "/import/",
        f"/import/{list_imports(None, limit=1)[0].id}/",
        "/search/?q=押金",
        "/account/password/change/",
    ]


def _rules(tea: cast.Tea) -> Iterator[str]:
    """Lists of words, what they would find, what was rehearsed, and what an incident teaches."""
    for one in list_lists(tea.community_id, clock.now()):
        yield from (f"/order/lists/{one.id}/{page}" for page in ("", "switch/", "idle/", "remove/"))
    yield "/rehearse/"
    yield from (f"/rehearse/{one.pk}/" for one in list_rehearsals(tea.community_id))
    said = ",".join(str(one.id) for one in list_newest_said([tea.first], clock.now() - timedelta(days=60), 60))
    yield f"/order/learn/?community={tea.community_id}&messages={said}"


def _played_lab(who: User) -> str:
    client = Client()
    client.force_login(who)
    lab = str(client.post("/sandbox/new/", {"group": ""})["Location"])
    client.post(f"{lab}play/", {"scene": "odd"})
    return lab


def test_every_section_is_at_hand_when_the_screen_is_small(visits: Visits, lin: User) -> None:
    tea = cast.build_tea()
    do_live_three_weeks(tea)
    page = visits.open(who=lin, width=PHONE)
    bar = page.get_by_role("navigation", name="主导航")
    bar.get_by_role("link", name=re.compile("^群(?!规)")).click()
    page.get_by_role("link", name="茶友会1群").click()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_text("位成员占了")).to_be_in_viewport()
    expect(page.get_by_role("region", name="消息流")).to_be_visible()

    expect(page.get_by_role("link", name="日志")).to_be_hidden()
    bar.get_by_role("button", name="更多").click()
    page.get_by_role("link", name="日志").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("日志")


@pytest.mark.parametrize("width", [PHONE, 900])
def test_a_large_count_stands_on_one_line_beside_its_icon_when_there_is_little_room(
    visits: Visits, lin: User, width: int
) -> None:
    cast.build_tea()
    page = visits.open(who=lin, width=width)
    link = page.get_by_role("navigation", name="主导航").get_by_role("link", name=re.compile("^群(?!规)"))
    lines, icon_right, left = link.evaluate(
        """(link) => {
          const count = link.querySelector(".count");
          count.textContent = "3,000";
          return [count.getClientRects().length && count.offsetHeight / parseFloat(getComputedStyle(count).lineHeight),
                  link.querySelector("svg").getBoundingClientRect().right, count.getBoundingClientRect().left];
        }"""
    )
    assert lines < 1.5
    assert left >= icon_right - 3
