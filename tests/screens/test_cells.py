"""From a number of a funnel or of retention to the people behind it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.screens.conftest import signed_in_as

ANSWER = "/insights/{name}/answer/?span=all"


@pytest.fixture
def comings(tea: cast.Tea) -> cast.Tea:
    """Two came three weeks ago, one by a code and one invited; one of them spoke, at once and a week later."""
    with cast.clock_stands(cast.TUESDAY - timedelta(days=21)):
        cast.arrive([cast.join("j1", "man", via="qr"), cast.join("j2", "chen", inviter="an", via="invite")])
        cast.arrive([cast.message("m1", "man", "大家好")])
        cast.told()
    with cast.clock_stands(cast.TUESDAY - timedelta(days=14)):
        cast.arrive([cast.message("m2", "man", "今天喝什么")])
        cast.told()
    with cast.clock_stands(cast.TUESDAY - timedelta(hours=1)):
        cast.arrive([cast.message("a1", "an", "还在")])
        cast.told()
    return tea


def page(client: Client, address: str, status: int = 200) -> str:
    """What stands there."""
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def links(html: str) -> list[str]:
    """Where its numbers lead."""
    return [unescape(href) for href in re.findall(r'href="(/insights/\w+/people/[^"]+)"', html)]


def test_a_cell_of_retention_leads_to_those_who_came_back_and_those_who_did_not(
    comings: cast.Tea, owner: Client
) -> None:
    cells = links(page(owner, ANSWER.format(name="retention") + "&every=week"))
    after_a_week = next(href for href in cells if "n=1" in href)
    back, others = page(owner, after_a_week), page(owner, f"{after_a_week}&did=not")

    assert "2 人里，第 1 周又来的有 1 人" in back
    assert "小满" in back
    assert "陈晨" not in back
    assert "陈晨" in others
    assert "小满" not in others
    assert reverse("console:insights-metric", args=["retention"]) in back


def test_retention_is_told_by_the_way_people_came(comings: cast.Tea, owner: Client) -> None:
    html = page(owner, ANSWER.format(name="retention") + "&every=week&by=source")
    by_code = page(owner, next(href for href in links(html) if "slot=qr" in href and "n=2" in href))

    assert "扫码" in html
    assert "邀请" in html
    assert "扫码来的 1 人里，第 2 周又来的有 0 人" in by_code
    assert "小满" in page(owner, next(href for href in links(html) if "slot=qr" in href and "n=0" in href))


def test_a_step_of_a_funnel_leads_to_those_who_came_so_far(comings: cast.Tea, owner: Client) -> None:
    steps = links(page(owner, ANSWER.format(name="funnel")))
    assert len(steps) == 2
    assert "陈晨" in page(owner, steps[0])
    assert "小满" in page(owner, steps[1])
    assert "陈晨" in page(owner, f"{steps[1]}&did=not")


def test_nobody_is_shown_who_lies_outside_what_somebody_may_see(comings: cast.Tea, owner: Client) -> None:
    cell = next(href for href in links(page(owner, ANSWER.format(name="funnel"))))
    elsewhere = signed_in_as("far", "lead", cast.build_tea(name="别处", groups=("x",)).community_id)

    assert "小满" not in page(elsewhere, f"{cell}&community={comings.community_id}")
    assert "小满" not in page(signed_in_as("nobody"), cell)


@pytest.mark.parametrize("tail", ["retention/people/?slot=x&n=1", "retention/people/?n=-1", "retention/people/?n=²",
                                  "funnel/people/?n=9", "funnel/people/", "nothing/people/?n=1", "life_cycle/people/?n=1"])  # fmt: skip
def test_a_cell_that_there_cannot_be_is_not_found(comings: cast.Tea, owner: Client, tail: str) -> None:
    page(owner, f"/insights/{tail}", status=404)


def test_a_step_that_is_none_is_said(comings: cast.Tea, owner: Client) -> None:
    assert "没有「飞」这一步" in page(owner, "/insights/funnel/people/?step1=joined&step2=飞&n=1", status=422)
