"""Lines: kept with their secrets sealed, held by one process, spoken through by workers, counted when they go wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from types import MappingProxyType

import httpx
import pytest
from aiohttp import web

from qunying.carriers.base import Answer, Arrival, Delivery, Outcome
from qunying.carriers.wire.feed import fetching
from qunying.carriers.wire.gateway import Wiring
from qunying.carriers.wire.line import Ear, GroupLook, Kept, Speaking, WrongAccount
from qunying.carriers.wire.lines import (
    do_change_line,
    do_close_line,
    do_know,
    do_mark,
    do_open_line,
    do_pause_line,
    find_line,
    list_kept,
)
from qunying.carriers.wire.mishaps import do_count_mishap, list_mishaps
from qunying.carriers.wire.models import Heard, Line, Switchboard
from qunying.carriers.wire.roster import roster_arrivals
from qunying.carriers.wire.sealing import CannotOpen, seal, unseal
from qunying.carriers.wire.speech import read_answer, read_delivery, write_answer, write_delivery
from qunying.carriers.wire.switchboard import do_look, sending
from qunying.communities.actions import (
    NewGroup,
    do_found_community,
    do_know_account,
    do_listen,
    do_note_account,
    do_register_group,
    do_release_groups,
)
from qunying.communities.models import Account, Community, Group
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import Mute, Say
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Who
from qunying.pipeline.demo.remove import do_begin_removal, do_finish_removal
from tests import cast
from tests.lines import gateway, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
NOW = cast.utc(cast.TUESDAY)
SECRET = "open-sesame-31415"


@pytest.fixture(autouse=True)
def clock_stands() -> Iterator[None]:
    with cast.clock_stands(cast.TUESDAY):
        yield


class Toy:
    """A line to a platform that is always there; ``said`` is what it was asked to do."""

    said: list[Delivery] = []
    answer = Answer(Outcome.DONE, ref="m9")

    def __init__(self, kept: Kept, ear: Ear) -> None:
        self._kept, self._ear = kept, ear

    async def run(self) -> None:
        await self._ear.known("10001", "小助手")
        await self._ear.online()
        await self._ear.seen(await self.look())
        await self._ear.hear([Arrival("e1", NOW, {"hello": 1}, group_ref="20001")], cursor="c1")
        await asyncio.Event().wait()

    async def act(self, delivery: Delivery) -> Answer:
        self.said.append(delivery)
        if isinstance(delivery.effect, Mute):
            raise RuntimeError("the platform answered nonsense")
        return self.answer

    async def look(self) -> Sequence[GroupLook]:
        return [GroupLook("20001", "书友群", frozenset({"Say"}), {"Mute": "not_admin"}, (Who("30001", "安安"),))]


async def door(request: web.Request, lines: dict[int, Speaking]) -> web.Response:
    return web.json_response({"lines": len(lines), "rest": request.match_info.get("rest", "")})


TOYS = MappingProxyType({"toy": Wiring(Toy, door)})


def said(text: str = "你好") -> Delivery:
    return Delivery("k1", Say(group_id=1, text=text, mentions=(7,)), "10001", "20001", mention_refs=("30001",))


def test_a_secret_is_sealed_and_shown_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    line = do_open_line("toy", {"url": "http://127.0.0.1:1"}, {"token": SECRET}, at=NOW)
    row = Line.objects.get(pk=line)
    assert SECRET not in "".join(str(value) for value in row.__dict__.values())
    assert list_kept()[0].secrets == {"token": SECRET}
    assert SECRET not in repr(list_kept()[0])
    assert SECRET not in caplog.text
    with pytest.raises(CannotOpen):
        unseal(seal({"token": SECRET})[:-6] + "AAAAA=")


def test_a_line_becomes_an_account_when_the_platform_says_who_we_are_and_never_another_one() -> None:
    line, other = (do_open_line("toy", {}, {}, at=NOW) for _ in range(2))
    do_know(line, "10001", "小助手", at=NOW)
    do_know(line, "10001", "小助手", at=NOW)
    assert Account.objects.filter(carrier="toy").values_list("ref", "name").get() == ("10001", "小助手")
    for wrong in ((line, "10002"), (other, "10001")):
        with pytest.raises(WrongAccount):
            do_know(*wrong, "x", at=NOW)


def test_going_and_coming_back_are_news_once() -> None:
    line = do_open_line("toy", {}, {}, at=NOW)
    do_know(line, "10001", "小助手", at=NOW)
    for state in ("online", "offline", "offline", "online"):
        do_mark(line, state, "", at=NOW)
    assert list(Fact.objects.filter(name__startswith="account.").order_by("id").values_list("name", flat=True)) == [
        "account.offline",
        "account.online",
    ]
    assert Account.objects.get(carrier="toy").is_online


def test_a_paused_line_is_not_held_and_one_that_was_refused_waits_for_a_person() -> None:
    line = do_open_line("toy", {}, {"token": "a"}, at=NOW)
    do_know(line, "10001", "小助手", at=NOW)
    do_pause_line(line, is_paused=True, at=NOW)
    assert list_kept() == []
    assert not Account.objects.get(carrier="toy").is_online
    assert Fact.objects.get(name="account.offline").words["why"] == "有人暂停了这条线路"
    do_pause_line(line, is_paused=False, at=NOW)
    do_mark(line, "refused", "口令不对", at=NOW)
    assert list_kept() == []
    do_change_line(line, secrets={"token": "b"}, at=NOW)
    assert [one.secrets for one in list_kept()] == [{"token": "b"}]
    do_close_line(line, at=NOW)
    assert find_line(line) is None
    with pytest.raises(BadUse):
        do_pause_line(line, is_paused=True, at=NOW)


def test_what_was_heard_before_an_account_was_taken_down_does_not_give_it_its_group_back() -> None:
    home = do_found_community(name="悦读会", at=NOW)
    old, new = (do_know_account("toy", ref, ref, at=NOW) for ref in ("10001", "10002"))
    group = do_register_group(home, NewGroup(carrier="toy", ref="g1", carrier_name="g1", account_id=old), at=NOW)
    do_note_account("toy", "10001", is_online=False, at=NOW)
    do_release_groups("toy", "10001", {})
    do_listen("toy", {"g1": "10001"})
    assert Group.objects.get(pk=group).account is None
    do_listen("toy", {"g1": "10002"})
    assert Group.objects.get(pk=group).account_id == new


def test_new_groups_belong_nowhere_when_their_community_is_removed() -> None:
    home = do_found_community(name="演示", at=NOW)
    line = do_open_line("toy", {}, {"token": "a"}, community_id=home, at=NOW)
    Community.objects.update(is_demo=True)
    do_begin_removal(NOW, user_id=None)
    do_finish_removal(NOW)
    assert not Community.objects.exists()
    do_know(line, "10001", "小助手", at=NOW)
    assert Account.objects.get(carrier="toy").home is None


def test_a_line_waits_for_a_person_when_its_secret_cannot_be_opened_and_the_others_go_on() -> None:
    lost, fine = (do_open_line("toy", {}, {"token": SECRET}, at=NOW) for _ in range(2))
    Line.objects.filter(pk=lost).update(sealed=seal({"token": "x"})[:-6] + "AAAAA=")
    assert [one.id for one in list_kept()] == [fine]
    shown = find_line(lost)
    assert shown is not None
    assert (shown.state, "密钥换过" in shown.why) == ("refused", True)


def test_a_member_list_without_anybody_is_no_list() -> None:
    groups = [GroupLook("1", "空", frozenset(), members=()), GroupLook("2", "有", frozenset(), members=(Who("a"),))]
    assert [one.group_ref for one in roster_arrivals(groups, NOW)] == ["2"]


def test_mishaps_add_up_per_day_and_keep_the_latest() -> None:
    for sample in ("a\x00", "b" * 900):
        do_count_mishap("toy", 0, "malformed", sample, NOW)
    do_count_mishap("toy", 0, "malformed", "old", NOW - timedelta(days=30))
    (one,) = list_mishaps(0, NOW)
    assert (one.what, one.times, one.sample) == ("malformed", 2, "b" * 300)


def test_what_is_asked_and_answered_crosses_over_whole() -> None:
    assert read_delivery(write_delivery("toy", said())) == ("toy", said())
    for answer in (Answer(Outcome.LATER, words="慢点", retry_at=NOW), Answer(Outcome.DONE, ref="m1")):
        assert read_answer(write_answer(answer)) == answer
    with pytest.raises(TypeError):
        read_delivery({**write_delivery("toy", said()), "kind": "OpenCase", "effect": {"key": "a", "kind": "b"}})


def test_nothing_was_asked_where_no_process_holds_the_lines() -> None:
    assert sending("toy")(said(), NOW).outcome is Outcome.LATER
    Switchboard.objects.create(address="http://127.0.0.1:9", sealed=seal({"secret": "x"}), seen_at=NOW)
    assert sending("toy")(said(), NOW).outcome is Outcome.LATER


def test_a_line_hears_speaks_and_shows_where_it_may_do_what() -> None:
    line = do_open_line("toy", {}, {"token": SECRET}, at=NOW)
    Toy.said.clear()
    with gateway(TOYS) as address:
        until(lambda: Heard.objects.count() == 2)
        assert sending("toy")(said(), clock.now()) == Answer(Outcome.DONE, ref="m9")
        assert Toy.said == [said()]
        assert do_look(line) == {"is_there": True, "groups": 1}
        assert httpx.get(f"{address}/toy/v11/ws", trust_env=False).json() == {"lines": 1, "rest": "v11/ws"}
        assert httpx.get(f"{address}/other/x", trust_env=False).status_code == 404
        assert httpx.post(f"{address}/act", json={}, trust_env=False).status_code == 403
    shown = find_line(line)
    assert shown is not None
    assert (shown.account_ref, shown.state) == ("10001", "online")
    assert shown.can == {"20001": {"name": "书友群", "can": ["Say"], "lacks": {"Mute": "not_admin"}}}
    assert Line.objects.get(pk=line).cursor == "c1"
    fetched = fetching("toy")(10)
    assert [one.key for one in fetched if one.payload == {"hello": 1}] == ["e1"]
    rosters = [one.key for one in fetched if one.payload.get("type") == "qunying.roster"]
    assert len(rosters) == 2  # as it came up, and as it was asked to look
    assert len(set(rosters)) == 1
    assert fetching("toy")(10) == []


def test_nobody_knows_whether_it_was_done_when_a_line_falls_over_meanwhile() -> None:
    do_open_line("toy", {}, {}, at=NOW)
    mute = Delivery("k2", Mute(group_id=1, member=7, duration=timedelta(minutes=10)), "10001", "20001", "30001")
    with gateway(TOYS):
        until(lambda: Heard.objects.count() == 2)
        assert sending("toy")(mute, clock.now()).outcome is Outcome.UNKNOWN


def test_a_line_stops_when_it_is_closed_and_starts_anew_when_its_secret_changes() -> None:
    line = do_open_line("toy", {}, {"token": "a"}, at=NOW)
    with gateway(TOYS):
        until(lambda: Heard.objects.count() == 2)
        do_change_line(line, secrets={"token": "b"}, at=NOW)
        until(lambda: Heard.objects.count() == 4)
        do_close_line(line, at=NOW)
        until(lambda: sending("toy")(said(), clock.now()).outcome is Outcome.LATER)
