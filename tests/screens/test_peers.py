"""A group's tiles beside those of the groups of the same kind."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests import cast
from tests.screens.conftest import counted


@pytest.fixture(params=[7, 4])
def groups(request: pytest.FixtureRequest, db: None) -> cast.Tea:
    """So many groups of one community; in each somebody else said more yesterday, and something was said today."""
    with cast.clock_stands(cast.TUESDAY):
        refs = [f"g{n}" for n in range(request.param)]
        tea = cast.build_tea(groups=refs)
    with cast.clock_stands(cast.TUESDAY - timedelta(days=1)):
        for number, ref in enumerate(refs):
            cast.arrive([cast.message(f"{ref}-{n}", "an", "白茶") for n in range(number + 1)], ref)
        cast.told()
    with cast.clock_stands(cast.TUESDAY):
        cast.arrive([cast.message("now", "bo", "早")], "g0")
        cast.told()
        counted()
    return tea


def test_tiles_stand_beside_their_peers_only_where_there_are_enough(groups: cast.Tea, owner: Client) -> None:
    with cast.clock_stands(cast.TUESDAY):
        page = owner.get(reverse("console:group", args=[groups.first])).content.decode()
        report = owner.get(reverse("console:group-report", args=[groups.first])).content.decode()
        older = owner.get(reverse("console:group-report", args=[groups.first]) + "?from=2024-02-01&to=2024-02-07")

    has_peers = len(groups.groups) > 5
    assert ('class="range"' in page) is ("同类中间" in page) is has_peers
    assert ("差不多大的 6 个群" in page) is has_peers
    assert ("同类的群只有 3 个" in page) is not has_peers
    assert ('class="range"' in report) is has_peers
    assert 'class="range"' not in older.content.decode()


def test_a_report_taken_along_stands_beside_the_same_peers(groups: cast.Tea, owner: Client) -> None:
    with cast.clock_stands(cast.TUESDAY):
        address = reverse("console:group-report-file", args=[groups.first, "json"])
        today = cast.TUESDAY.date()
        told = owner.get(address, {"from": (today - timedelta(days=1)).isoformat(), "to": today.isoformat()}).json()
        older = owner.get(address + "?from=2024-02-01&to=2024-02-07").json()
        book = owner.get(reverse("console:group-report-file", args=[groups.first, "xlsx"])).content
        text = owner.get(reverse("console:group-report-file", args=[groups.first, "md"])).content.decode()

    has_peers = len(groups.groups) > 5
    beside = told["beside_its_kind"]
    assert (beside["groups"], bool(beside["figures"])) == (6, True) if has_peers else (3, False)
    assert older["beside_its_kind"] is None
    assert ("和同类的群比" in load_workbook(io.BytesIO(book)).sheetnames) is has_peers
    assert ("同类一半在" in text) is has_peers
    if has_peers:
        messages = beside["figures"]["messages"]
        assert (messages["place"], messages["of"]) == (7, 7)
        assert messages["value"] < messages["middle"]
