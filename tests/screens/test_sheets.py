"""Lists as files: the whole of what the page shows, harmless in a spreadsheet, only what this person may see."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from qunying.people.models import Membership
from tests import cast
from tests.screens.conftest import signed_in_as


def lines(client: Client, url: str) -> list[list[str]]:
    """The lines of a downloaded list, with the heads."""
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def members(client: Client, group_id: int, query: str = "") -> list[list[str]]:
    return lines(client, reverse("console:group-members-export", args=[group_id]) + query)


def test_every_member_is_in_the_file_when_the_page_shows_fifty(owner: Client) -> None:
    tea = cast.build_tea()
    cast.arrive([cast.join(f"j{number}", f"n{number}", name=f"新人{number}") for number in range(60)])
    cast.told()
    heads, *found = members(owner, tea.first)
    assert len(found) == 63
    assert heads[1] == "成员"
    assert ["小李", "管理员"] in [[line[1], line[3]] for line in found]
    assert {line[1] for line in found} >= {"安安", "新人0", "新人59"}


def test_a_file_holds_what_was_asked_for_when_the_list_is_filtered(owner: Client) -> None:
    tea = cast.build_tea()
    cast.arrive([cast.message("m1", "an", "早")])
    cast.told()
    assert [line[1] for line in members(owner, tea.first, "?state=talking")[1:]] == ["安安"]
    found = lines(owner, reverse("console:people-export") + "?talk=spoke")[1:]
    assert [(line[1], line[3], line[6]) for line in found] == [("安安", "茶友会1群", "1")]
    assert [line[1] for line in lines(owner, reverse("console:groups-export") + "?q=茶友会2")[1:]] == ["茶友会2群"]


def test_moments_are_in_the_communitys_zone_when_a_file_is_written(owner: Client) -> None:
    tea = cast.build_tea(timezone="America/New_York")
    cast.arrive([cast.message("m1", "an", "早")])
    cast.told()
    (found,) = members(owner, tea.first, "?state=talking")[1:]
    spoke_at = Membership.objects.get(group=tea.first, messages=1).last_spoke_at
    assert spoke_at is not None
    assert found[5].endswith(("-05:00", "-04:00"))
    assert cast.utc(spoke_at).strftime("%M:%S") == found[5][14:19]


def test_a_name_stays_a_name_when_it_looks_like_a_formula(owner: Client) -> None:
    tea = cast.build_tea()
    cast.arrive([cast.join("j1", "evil", name='=HYPERLINK("http://x","点我")', card="+1")])
    cast.told()
    evil = next(line for line in members(owner, tea.first)[1:] if "HYPERLINK" in line[1])
    assert (evil[1], evil[2]) == ('\'=HYPERLINK("http://x","点我")', "'+1")


@pytest.mark.parametrize("name", ["groups-export", "people-export"])
def test_nothing_out_of_reach_is_in_the_file_when_somebody_else_asks(stranger: Client, name: str) -> None:
    cast.build_tea()
    assert len(lines(stranger, reverse(f"console:{name}"))) == 1
    assert Client().get(reverse(f"console:{name}")).status_code == 302


def test_a_groups_members_are_not_found_when_the_group_is_out_of_reach(db: None) -> None:
    tea, coffee = cast.build_tea(), cast.build_tea(groups=("h1",), name="咖啡会")
    client = signed_in_as("ana", "analyst", community_id=tea.community_id)
    assert members(client, tea.first)
    assert client.get(reverse("console:group-members-export", args=[coffee.first])).status_code == 404
