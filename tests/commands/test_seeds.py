"""``qunying seeds COMMUNITY`` as a person types it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from qunying.communities.actions import do_found_community
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.models import Identity, MemberSignals
from tests import cast

DAY = timedelta(days=1)


@pytest.fixture
def talked(tea: cast.Tea) -> cast.Tea:
    """安安 asks, 阿博 answers and is thanked, in the first group; a customer whom nobody knows was on the platform."""
    said = [
        cast.message("q", "an", "老茶怎么洗？"),
        cast.message("a", "bo", "沸水快出两次", reply_to="q"),
        cast.message("t", "an", "谢谢阿博", reply_to="a"),
    ]
    cast.arrive(said)
    cast.told()
    bo, stranger = (
        Identity.objects.get(ref="bo"),
        Identity.objects.create(carrier="shop", ref="x", name="路人", created_at=clock.now()),
    )
    Identity.objects.filter(pk=stranger.pk).update(person_id=None)
    do_keep_deeds(
        [NewDeed(tea.community_id, one.pk, "app", "visit", f"v{one.pk}", clock.now()) for one in (bo, stranger)]
    )
    return tea


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    with cast.later(DAY):
        call_command("seeds", *words, "--json", "--language", "zh-hans")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_one_object_tells_the_ranking_with_every_part(talked: cast.Tea, capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "茶友会")
    bo, an = answer["people"]
    assert (bo["rank"], bo["name"], bo["rung"]) == (1, "阿博", "ordinary")
    assert bo["signals"] == {
        "days": 1,
        "openings": 0,
        "answerers": 1,
        "helped": 1,
        "thanked": 1,
        "messages": 1,
        "said": 1,
    }
    assert bo["platform"] == {"deeds": [0, 1, 0], "days": [0, 1, 0]}
    assert an["platform"] is None
    assert bo["score"] == pytest.approx(sum(bo["points"].values()), abs=0.01)
    assert bo["reason"].startswith("30 天里来了 1 天")
    platform = answer["platform"]
    assert (platform["founded_on"], platform["members"], platform["unknown"]) == ("2024-03-05", 1, 1)
    assert [(one["name"], one["reason"]) for one in platform["unknown_people"]] == [("路人", "in_no_group")]
    assert not MemberSignals.objects.exists()  # asking writes nothing


def test_one_group_and_fewer_people_are_told_when_asked(talked: cast.Tea, capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["name"] for one in told(capsys, "茶友会", "--limit", "1")["people"]] == ["阿博"]
    assert told(capsys, "茶友会", "--group", "茶友会2群")["members_ranked"] == 1  # from the platform
    with cast.later(DAY):
        call_command("seeds", "茶友会", "--language", "en")
    out = capsys.readouterr().out
    assert "Here on 1 of 30 days" in out


def test_bad_use_names_what_is_wrong(talked: cast.Tea) -> None:
    do_found_community(name="别家", at=clock.now())
    with pytest.raises(BadUse, match=r"没有叫"):
        call_command("seeds", "没有这样的社群")
    with pytest.raises(BadUse, match="不是「别家」的群"):
        call_command("seeds", "别家", "--group", "茶友会1群")
    for option in (("--days", "0"), ("--days", "999"), ("--limit", "x")):
        with pytest.raises(CommandError):
            call_command("seeds", "茶友会", *option)
