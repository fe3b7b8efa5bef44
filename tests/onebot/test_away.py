"""A line that breaks and comes back: what was said, recalled and muted meanwhile, and where nobody can know."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from qunying.carriers.base import Outcome
from qunying.carriers.onebot import looking, settling, watching
from qunying.carriers.onebot.carrier import NAME
from qunying.carriers.onebot.listening import Listening
from qunying.carriers.onebot.simulator.faults import Fault
from qunying.carriers.wire.lines import do_close_line, find_line
from qunying.communities.models import Group
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import (
    DeleteMessage,
    Say,
)
from qunying.outbox.actions import do_order
from qunying.outbox.models import OutboxItem
from qunying.people.models import Membership
from qunying.talk.models import Message
from tests.lines import until
from tests.onebot.stage import (
    ADMIN,
    ANN,
    BOT,
    GROUP,
    LI,
    OTHER,
    OWNER,
    SECOND,
    build_world,
    live,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for an answer that never comes waits less long."""
    monkeypatch.setattr(watching, "WATCH_EVERY", 0.05)
    monkeypatch.setattr(watching, "GRACE", 0.5)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One more number each time when a line has fetched what it missed."""
    found: list[int] = []
    go_on = Listening.go_on

    async def note(listening: Listening, now: int) -> None:
        await go_on(listening, now)
        found.append(now)

    monkeypatch.setattr(Listening, "go_on", note)
    return found


def say(text: str = "周六上午开课", **more: object) -> Say:
    return Say(group_id=1, text=text, **more)  # type: ignore[arg-type]


def facts(name: str) -> int:
    return Fact.objects.filter(name=name).count()


def test_nothing_is_lost_or_told_twice_when_the_line_breaks_and_comes_back() -> None:
    with live() as play:
        play.world.say(GROUP, ANN, "一")
        play.until_said("一")
        play.simulator.cut(BOT)
        until(lambda: play.state() == "offline")
        assert play.do(say()).outcome is Outcome.LATER
        for text in ("二", "三"):
            play.world.say(GROUP, LI, text)
        play.simulator.mend(BOT)
        play.until_said("一", "二", "三")
        assert play.state() == "online"
        play.simulator.drop(BOT)
        play.world.say(GROUP, LI, "四")
        play.until_said("一", "二", "三", "四")
        assert play.mishaps() == {}
        assert facts("account.offline") == 1  # what was back at once was not away


def test_nothing_is_lost_when_the_line_breaks_again_while_what_was_missed_is_fetched() -> None:
    with live() as play:
        play.world.say(GROUP, ANN, "一")
        play.until_said("一")
        play.simulator.cut(BOT)
        for group in (GROUP, OTHER):
            play.world.say(group, OWNER, "二")
        for action in ("get_group_msg_history", "get_group_member_list", "get_group_msg_history"):
            play.simulator.fault(BOT, Fault("cut", action))
        play.simulator.mend(BOT)
        play.until_said("一", "二")
        play.until_said("二", group=OTHER)
        assert "gap" not in play.mishaps()


def test_what_was_recalled_while_the_line_was_broken_is_told() -> None:
    with live() as play:
        _before, first, second, _after = [play.world.say(GROUP, ANN, text) for text in ("零", "一", "二", "三")]
        play.until_said("零", "一", "二", "三")
        play.world.recall(first, by=ADMIN)
        until(lambda: play.tell() or recalled() == {"一"})
        play.simulator.cut(BOT)
        play.world.recall(second, by=ADMIN)
        play.world.recall(play.world.say(GROUP, LI, "没人听到"), by=LI)
        play.world.say(GROUP, LI, "四")
        play.simulator.mend(BOT)
        play.until_said("零", "一", "二", "三", "四")
        until(lambda: play.tell() or recalled() == {"一", "二"})
        assert play.mishaps() == {}


def recalled() -> set[str]:
    return set(Message.objects.filter(recalled_at__isnull=False).values_list("text", flat=True))


def test_who_was_muted_and_unmuted_while_the_line_was_broken_is_told(settled: list[int]) -> None:
    world = build_world()
    world.mute(GROUP, SECOND, by=OWNER, seconds=600)  # before we came: told to nobody
    with live(world) as play:
        world.mute(GROUP, ANN, by=OWNER, seconds=600)
        world.mute(GROUP, ADMIN, by=OWNER, seconds=600)
        until(lambda: play.tell() or facts("member.muted") == 2)
        times = len(settled)
        play.simulator.drop(BOT)
        until(lambda: len(settled) > times and play.simulator.is_heard(BOT))
        play.simulator.cut(BOT)
        world.mute(GROUP, ANN, by=OWNER, seconds=0)
        world.mute(GROUP, LI, by=OWNER, seconds=3600)
        world.mute_all(GROUP, by=OWNER)
        times = len(settled)
        play.simulator.mend(BOT)
        until(lambda: len(settled) > times)
        play.tell()
        kinds = ("member.muted", "member.unmuted", "group.muted", "group.unmuted")
        assert [facts(kind) for kind in kinds] == [3, 1, 1, 0]
        latest = Fact.objects.filter(name="member.muted").latest("id")
        assert latest.identity_id == Membership.objects.get(group=play.groups[GROUP], identity__ref=str(LI)).identity_id
        world.mute_all(GROUP, by=OWNER, enable=False)
        until(lambda: play.tell() or facts("group.unmuted") == 1)


@pytest.mark.parametrize("kept", [slice(-1, None), slice(0, 0), slice(None, None, 9), None])
def test_nothing_counts_as_recalled_when_the_history_is_not_whole(
    kept: slice | None, settled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from qunying.carriers.onebot.simulator.api import ACTIONS

    whole = ACTIONS["get_group_msg_history"]
    texts = [str(number) for number in range(9)]
    with live() as play:
        for text in texts:
            last = play.world.say(GROUP, ANN, text)
        play.until_said(*texts)
        play.simulator.cut(BOT)
        play.world.recall(last, by=ADMIN)
        play.world.say(GROUP, LI, "四")
        if kept is None:
            monkeypatch.delitem(ACTIONS, "get_group_msg_history")
        else:
            part = kept
            monkeypatch.setitem(
                ACTIONS, "get_group_msg_history", lambda call: {"messages": whole(call)["messages"][part]}
            )
        times = len(settled)
        play.simulator.mend(BOT)
        until(lambda: len(settled) > times)
        play.tell()
        assert recalled() == set()


def test_the_whole_gap_is_fetched_page_by_page_where_history_goes_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "PAGE", 3)
    texts = [str(number) for number in range(12)]
    with live(napcat=True) as play:
        play.world.say(GROUP, ANN, "起")
        play.until_said("起")
        play.simulator.cut(BOT)
        for text in texts:
            play.world.say(GROUP, LI, text)
        play.simulator.mend(BOT)
        play.until_said("起", *texts)
        assert "gap" not in play.mishaps()


def test_a_gap_is_noted_when_there_is_no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    from qunying.carriers.onebot.simulator.api import ACTIONS

    monkeypatch.delitem(ACTIONS, "get_group_msg_history")
    with live() as play:
        play.world.say(GROUP, ANN, "一")
        play.until_said("一")
        play.simulator.cut(BOT)
        play.world.say(GROUP, LI, "二")
        play.simulator.mend(BOT)
        until(lambda: play.mishaps().get("gap") == 2)  # in either group
        play.world.say(GROUP, LI, "三")
        play.until_said("一", "三")


def test_a_gap_is_noted_when_more_was_said_than_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "PAGE", 3)
    monkeypatch.setattr(settling, "PAGES", 2)
    with live() as play:
        play.world.say(GROUP, ANN, "起")
        play.until_said("起")
        play.simulator.cut(BOT)
        for number in range(12):
            play.world.say(GROUP, LI, str(number))
        play.simulator.mend(BOT)
        until(lambda: play.mishaps().get("gap") == 1)
        play.until_said("起", *(str(number) for number in range(7, 12)))


def test_a_line_settles_in_when_nobody_answers_who_is_muted(
    settled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MUTED_WITHIN", 0.3)
    world = build_world()
    for number in range(20101, 20121):
        world.add_group(number, f"群{number}", OWNER)
        world.seat(number, BOT)
    with live(world) as play:
        until(lambda: len(settled) > 0)
        play.simulator.fault(BOT, Fault("lost", "get_group_shut_list", times=100))
        times = len(settled)
        play.simulator.drop(BOT)
        until(lambda: len(settled) > times, 4.0)
        assert play.simulator.lines[BOT].faults.used  # it was asked, and not as often as there are groups
        assert sum(play.simulator.lines[BOT].faults.used.values()) <= settling.TRIES


def test_a_group_goes_on_with_another_account_when_its_own_was_taken_down() -> None:
    world = build_world(own_ids=True)
    with live(world, BOT, SECOND) as play:
        first = world.say(GROUP, ANN, "一")
        play.until_said("一")
        world.set_admin(GROUP, SECOND, by=OWNER)
        until(lambda: str(GROUP) in find_line(play.lines[SECOND]).can)  # type: ignore[union-attr]
        do_close_line(play.lines[BOT], at=clock.now())
        group = Group.objects.get(pk=play.groups[GROUP])
        assert group.account.ref == str(SECOND)  # at once, for it sees the group
        assert Group.objects.get(pk=play.groups[OTHER]).account is None  # nobody else is in there
        world.say(GROUP, LI, "二")
        play.until_said("一", "二")
        user = User.objects.create_user("li").pk
        for key, effect in (
            ("a", Say(group_id=group.pk, text="我来接着管")),
            ("b", DeleteMessage(group_id=group.pk, message_key=f"s{first.seq}")),
        ):
            do_order(effect, community_id=group.community_id, user_id=user, key=key, at=clock.now(), carrier=NAME)
        until(lambda: play.tell() or set(OutboxItem.objects.values_list("state", flat=True)) == {"sent"})
        assert first.is_recalled
        assert world.list_said(GROUP)[-1].sender_id == SECOND
        assert Membership.objects.filter(group=group.pk, identity__ref=str(ANN), is_present=True).exists()
