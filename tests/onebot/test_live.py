"""A QQ world live: every act, every refusal, cuts and answers that go astray, two accounts."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.contrib.auth.models import User

from qunying.carriers.base import Outcome
from qunying.carriers.onebot import acting, names, settling, watching
from qunying.carriers.onebot.answers import MUTED, NO_GROUP, NO_REQUEST, NO_RIGHT, NOT_THERE, PROTECTED
from qunying.carriers.onebot.carrier import NAME
from qunying.carriers.onebot.simulator.faults import Fault
from qunying.carriers.wire.lines import find_line
from qunying.communities.models import Group
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import (
    Announce,
    ApproveJoin,
    Ban,
    DeleteMessage,
    Invite,
    Mute,
    Outside,
    Pin,
    RejectJoin,
    RemoveMember,
    Say,
    SetCard,
    Unban,
    Unmute,
    Whisper,
)
from qunying.kernel.texts import Sentence
from qunying.outbox.actions import do_order
from qunying.outbox.models import OutboxItem
from qunying.people.models import Membership
from qunying.talk.models import Message
from qunying.talk.models import Whisper as Whispered
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
    STRANGER,
    build_world,
    live,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for an answer that never comes waits less long."""
    monkeypatch.setattr(watching, "WATCH_EVERY", 0.05)
    monkeypatch.setattr(watching, "GRACE", 0.5)


def say(text: str = "周六上午开课", **more: object) -> Say:
    return Say(group_id=1, text=text, **more)  # type: ignore[arg-type]


def reason(words: str) -> str:
    return Sentence.of_text(words).template


def facts(name: str) -> int:
    return Fact.objects.filter(name=name).count()


def test_everything_that_we_do_is_done_when_the_account_may() -> None:
    with live() as play:
        world = play.world
        heard = world.say(GROUP, ANN, "加我微信领资料")
        play.until_said("加我微信领资料")
        name = f"s{heard.seq}"
        assert play.do(Pin(group_id=1, message_key=name)).outcome is Outcome.DONE
        assert heard.message_id in world.state.groups[GROUP].essence
        assert play.do(DeleteMessage(group_id=1, message_key=name)).outcome is Outcome.DONE
        assert heard.is_recalled
        member = world.state.groups[GROUP].members
        assert play.do(Mute(group_id=1, member=1, duration=timedelta(days=45)), member=ANN).outcome is Outcome.DONE
        assert member[ANN].muted_until - world.state.now() in range(30 * 86400 - 20, 30 * 86400)
        assert play.do(Unmute(group_id=1, member=1), member=ANN).outcome is Outcome.DONE
        assert member[ANN].muted_until <= world.state.now()
        assert play.do(SetCard(group_id=1, member=1, card="安安 3月班"), member=ANN).outcome is Outcome.DONE
        assert member[ANN].card == "安安 3月班"
        assert play.do(RemoveMember(group_id=1, member=1), member=ANN).outcome is Outcome.DONE
        assert ANN not in member
        assert not world.state.groups[GROUP].blocked
        assert play.do(Ban(group_id=1, member=1), member=LI).outcome is Outcome.DONE
        assert LI in world.state.groups[GROUP].blocked
        for effect in (Unban(group_id=1, member=1), Invite(group_id=1, member=1)):
            assert play.do(effect, member=LI).outcome is Outcome.REFUSED
        assert play.mishaps() == {}


def test_words_reach_the_group_and_people_in_private_and_an_announcement_can_be_taken_down() -> None:
    with live() as play:
        told = play.do(Announce(group_id=1, text="周六停课一次"))
        assert [each.text for each in play.world.state.groups[GROUP].announcements.values()] == ["周六停课一次"]
        assert play.do(DeleteMessage(group_id=1, message_key=told.ref)).outcome is Outcome.DONE
        assert not play.world.state.groups[GROUP].announcements
        assert play.do(Whisper(group_id=1, member=1, text="欢迎"), member=ANN).outcome is Outcome.DONE
        (private,) = play.world.list_private(BOT, ANN)
        assert (private.text, private.via_group) == ("欢迎", GROUP)
        assert play.do(Whisper(group_id=1, member=1, text="您好"), member=STRANGER).outcome is Outcome.REFUSED
        play.world.make_friends(BOT, STRANGER)
        assert play.do(Whisper(group_id=1, member=1, text="您好"), member=STRANGER).outcome is Outcome.DONE


def test_an_announcement_is_an_ordinary_message_when_there_are_no_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    from qunying.carriers.onebot.simulator.api import ACTIONS

    monkeypatch.delitem(ACTIONS, "_send_group_notice")
    with live() as play:
        answer = play.do(Announce(group_id=1, text="周六停课一次"))
        assert (answer.outcome, [each.text for each in play.world.list_said(GROUP)]) == (Outcome.DONE, ["周六停课一次"])


def test_what_a_member_wrote_stays_words_when_we_repeat_it() -> None:
    with live() as play:
        assert play.do(say("[CQ:at,qq=all] & [图片]")).outcome is Outcome.DONE
        (message,) = play.world.list_said(GROUP)
        assert [(part.type, part.data) for part in message.segments] == [("text", {"text": "[CQ:at,qq=all] & [图片]"})]


def test_who_asks_to_come_in_is_let_in_or_turned_down() -> None:
    world = build_world()
    early = world.ask(GROUP, STRANGER, "来学习", question="为什么想来？")  # before anybody listened
    with live(world) as play:
        until(lambda: play.tell() or facts("member.asked") == 1)
        assert (
            play.do(RejectJoin(group_id=1, request_ref=f"add:{early.flag}", words="请写明来意")).outcome is Outcome.DONE
        )
        assert (early.is_approved, early.reason) == (False, "请写明来意")
        late = world.ask(GROUP, STRANGER, "朋友推荐")
        until(lambda: play.tell() or facts("member.asked") == 2)
        assert play.do(ApproveJoin(group_id=1, request_ref=f"add:{late.flag}")).outcome is Outcome.DONE
        assert STRANGER in world.state.groups[GROUP].members
        again = play.do(ApproveJoin(group_id=1, request_ref=f"add:{late.flag}"))
        assert (again.outcome, reason(again.words)) == (Outcome.REFUSED, NO_REQUEST)


REFUSALS: list[tuple[Outside, int, int, str]] = [
    (Mute(group_id=1, member=1, duration=timedelta(minutes=10)), OWNER, GROUP, PROTECTED),
    (Ban(group_id=1, member=1), ADMIN, GROUP, PROTECTED),
    (Ban(group_id=1, member=1), STRANGER, GROUP, NOT_THERE),
    (SetCard(group_id=1, member=1, card="x"), OWNER, OTHER, NO_RIGHT),
    (Unmute(group_id=1, member=1), STRANGER, GROUP, NOT_THERE),
]


def test_a_refusal_says_why_in_our_words_and_theirs() -> None:
    with live() as play:
        for effect, member, group, why in REFUSALS:
            answer = play.do(effect, member=member, group=group)
            assert (answer.outcome, reason(answer.words)) == (Outcome.REFUSED, why), (effect, answer)
            assert Sentence.of_text(answer.words).values["said"]
        gone = play.do(RemoveMember(group_id=1, member=1), member=STRANGER)
        assert gone.outcome is Outcome.DONE
        play.world.mute(OTHER, BOT, by=OWNER, seconds=600)
        assert reason(play.do(say(), group=OTHER).words) == MUTED
        play.simulator.fault(BOT, Fault("refused", "send_group_msg", words="操作过于频繁，请稍后再试"))
        slow = play.do(say())
        assert slow.outcome is Outcome.LATER
        assert slow.retry_at is not None
        assert slow.retry_at > clock.now()
        play.simulator.fault(BOT, Fault("refused", "send_group_msg"))
        assert play.do(say()).outcome is Outcome.REFUSED
        play.world.kick(OTHER, BOT, by=OWNER)
        assert reason(play.do(say(), group=OTHER).words) == NO_GROUP
        assert play.do(Pin(group_id=1, message_key="s99999")).outcome is Outcome.REFUSED
        nobody = play.do(Mute(group_id=1, member=1, duration=timedelta(minutes=1)))
        assert nobody.outcome is Outcome.REFUSED


def test_it_is_unknown_whether_it_was_said_when_no_answer_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with live() as play:
        monkeypatch.setattr(acting, "ANSWER_WITHIN", 0.4)
        for kind, seconds in (("never", 0.0), ("garbled", 0.0), ("late", 0.8)):
            play.simulator.fault(BOT, Fault(kind, "send_group_msg", seconds=seconds))  # type: ignore[arg-type]
            assert play.do(say(kind)).outcome is Outcome.UNKNOWN
        until(lambda: play.mishaps().get("late_answer") == 1)
        play.simulator.fault(BOT, Fault("twice", "send_group_msg"))
        assert play.do(say("twice")).outcome is Outcome.DONE
        until(lambda: play.mishaps().get("late_answer") == 2)
        assert play.mishaps()["malformed"] == 1
        assert [each.text for each in play.world.list_said(GROUP)] == ["never", "garbled", "late", "twice"]
        play.simulator.fault(BOT, Fault("cut", "send_group_msg"))
        assert play.do(say("cut")).outcome is Outcome.UNKNOWN


def test_a_message_of_long_ago_is_taken_back_when_its_id_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "REMEMBERED", 10)
    monkeypatch.setattr(acting, "HISTORY", 5)
    with live() as play:
        first = play.world.say(GROUP, ANN, "加我领资料")
        for number in range(30):
            play.world.say(GROUP, LI, str(number))
        play.until_said("加我领资料", *(str(number) for number in range(30)))
        answer = play.do(DeleteMessage(group_id=1, message_key=f"s{first.seq}"))
        assert (answer.outcome, first.is_recalled) == (Outcome.DONE, True)
        assert play.do(DeleteMessage(group_id=1, message_key="s99999")).outcome is Outcome.REFUSED


def test_what_nobody_knew_was_said_is_found_in_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    with live() as play:
        monkeypatch.setattr(acting, "ANSWER_WITHIN", 0.4)
        monkeypatch.setattr(settling, "LOOK_BACK_AFTER", 0.2)
        play.simulator.fault(BOT, Fault("never", "send_group_msg"))
        community = Group.objects.get(pk=play.groups[GROUP]).community_id
        words = Say(group_id=play.groups[GROUP], text="八点开课")
        user = User.objects.create_user("li").pk
        do_order(words, community_id=community, user_id=user, key="a", at=clock.now(), carrier=NAME)
        play.until_said("八点开课")
        until(lambda: play.tell() or OutboxItem.objects.get().state == "sent")
        assert [one.text for one in play.world.list_said(GROUP)] == ["八点开课"]  # and it was not said again


def test_nothing_is_said_while_everybody_is_muted_and_we_are_no_administrator() -> None:
    with live() as play:
        for group in (GROUP, OTHER):
            play.world.mute_all(group, by=OWNER)
        until(lambda: play.tell() or facts("group.muted") == 2)
        assert play.do(say()).outcome is Outcome.DONE  # an administrator may
        play.simulator.fault(BOT, Fault("cut", "send_group_msg"))  # nobody is asked
        answer = play.do(say(), group=OTHER)
        assert (answer.outcome, answer.words) == (Outcome.REFUSED, acting.SILENCED.words)
        assert play.do(Whisper(group_id=1, member=1, text="您好"), member=ANN).outcome is Outcome.DONE
        play.world.mute_all(OTHER, by=OWNER, enable=False)
        until(lambda: play.tell() or facts("group.unmuted") == 1)
        assert play.do(say(), group=OTHER).outcome is Outcome.UNKNOWN  # now the fault is met


def test_we_are_told_of_our_own_words_once_when_the_account_hears_itself() -> None:
    with live(report_self="message_sent") as play:
        answer = play.do(say())
        play.world.say(GROUP, BOT, "群主本人在这里")  # typed by a person, on the account's own phone
        until(lambda: play.tell() or Message.objects.filter(group=play.groups[GROUP]).count() == 2)
        own = Message.objects.filter(group=play.groups[GROUP]).order_by("id")
        assert [(one.is_own, one.source_key == answer.ref) for one in own] == [(True, True), (True, False)]


def test_what_the_owner_of_the_account_types_in_private_is_kept_as_said_by_us() -> None:
    with live(report_self="message_sent") as play:
        assert (
            play.do(Whisper(group_id=1, member=1, text="欢迎"), member=ANN).outcome is Outcome.DONE
        )  # kept by who sent it
        play.world.whisper(ANN, BOT, "请问课表在哪", via_group=GROUP)
        play.world.whisper(BOT, ANN, "在群公告里", via_group=GROUP)
        until(lambda: play.tell() or Whispered.objects.count() == 2)
        told = Whispered.objects.order_by("id").values_list("text", "is_own", "identity__ref")
        assert list(told) == [("请问课表在哪", False, str(ANN)), ("在群公告里", True, str(ANN))]
        assert play.mishaps() == {}


def test_what_happens_in_a_group_is_heard() -> None:
    with live() as play:
        world, group = play.world, play.groups[GROUP]
        first = world.say(GROUP, ANN, "在吗")
        world.say(GROUP, LI, f"[CQ:reply,id={first.message_id}][CQ:at,qq={ANN},name=安安] 在")
        world.join(GROUP, STRANGER)
        world.set_card(GROUP, STRANGER, "路人甲")
        world.set_admin(GROUP, STRANGER, by=OWNER)
        world.mute(GROUP, LI, by=OWNER, seconds=600)
        world.mute(GROUP, LI, by=OWNER, seconds=0)
        world.mute_all(GROUP, by=OWNER)
        world.mute_all(GROUP, by=OWNER, enable=False)
        world.recall(first, by=ANN)
        world.kick(GROUP, LI, by=OWNER)
        world.leave(GROUP, ANN)
        world.rename(GROUP, "体验课 3 月群", by=OWNER)
        world.upload(GROUP, STRANGER, "课表.pdf")
        play.until_said("在吗", "@安安 在", "课表.pdf")
        answer = Message.objects.get(group=group, text="@安安 在")
        assert answer.reply_to == f"s{first.seq}"
        assert Message.objects.get(group=group, text="在吗").recalled_at is not None
        seats = {one.identity.ref: one for one in Membership.objects.filter(group=group).select_related("identity")}
        assert (seats[str(STRANGER)].card, seats[str(STRANGER)].role) == ("路人甲", "admin")
        assert [seats[str(who)].is_present for who in (STRANGER, LI, ANN, OWNER)] == [True, False, False, True]
        assert str(BOT) not in {ref for ref, seat in seats.items() if seat.is_present}
        until(lambda: play.tell() or Group.objects.get(pk=group).carrier_name == "体验课 3 月群")
        assert play.mishaps() == {}


def test_what_means_nothing_to_us_passes_and_what_nobody_knows_is_counted() -> None:
    with live() as play:
        first = play.world.say(GROUP, ANN, "在吗")
        play.world.poke(ANN, LI, group=GROUP)
        play.world.like(first, LI, "76")
        play.world.add_essence(first, by=OWNER)
        play.world.set_title(GROUP, ANN, "课代表", by=OWNER)
        play.world.notify(
            GROUP, {"notice_type": "notify", "sub_type": "honor", "user_id": ANN, "honor_type": "talkative"}
        )
        play.world.notify(GROUP, {"notice_type": "group_dream", "user_id": ANN})
        play.until_said("在吗")
        until(lambda: play.mishaps() == {"unknown_kind": 1})


def test_an_invitation_is_never_accepted_by_itself() -> None:
    with live() as play:
        play.world.add_group(20003, "外面的群", OWNER)
        request = play.world.invite(20003, BOT, by=OWNER)
        play.world.befriend(STRANGER, BOT, "你好")
        until(lambda: play.mishaps() == {"awaits_person": 2})
        assert getattr(request, "is_approved", 0) is None


def test_a_group_is_gone_when_the_account_is_removed_or_it_is_dissolved() -> None:
    with live() as play:
        assert set(find_line(play.lines[BOT]).can) == {str(GROUP), str(OTHER)}  # type: ignore[union-attr]
        play.world.kick(OTHER, BOT, by=OWNER)
        until(lambda: play.mishaps() == {"group_gone": 1})
        until(lambda: set(find_line(play.lines[BOT]).can) == {str(GROUP)})  # type: ignore[union-attr]
        play.world.dismiss(GROUP, by=OWNER)
        until(lambda: play.mishaps() == {"group_gone": 2})
        until(lambda: find_line(play.lines[BOT]).can == {})  # type: ignore[union-attr]


def test_where_the_account_may_do_what_follows_its_role() -> None:
    with live() as play:

        def can(group: int) -> dict[str, object]:
            found = find_line(play.lines[BOT])
            assert found is not None
            return dict(found.can[str(group)])

        assert "Mute" in can(GROUP)["can"]  # type: ignore[operator]
        assert can(OTHER)["can"] == ["Announce", "Say", "Whisper"]
        assert can(OTHER)["lacks"]["Mute"] == "not_admin"  # type: ignore[index]
        play.world.set_admin(OTHER, BOT, by=OWNER)
        until(lambda: "Mute" in can(OTHER)["can"])  # type: ignore[operator]


def test_nobody_is_gone_when_the_list_of_members_lacks_people(monkeypatch: pytest.MonkeyPatch) -> None:
    from qunying.carriers.onebot.simulator.api import ACTIONS

    def present() -> set[str]:
        seats = Membership.objects.filter(group=play.groups[GROUP], is_present=True)
        return set(seats.values_list("identity__ref", flat=True))

    with live() as play:
        everybody, whole = present(), ACTIONS["get_group_member_list"]
        monkeypatch.setitem(ACTIONS, "get_group_member_list", lambda call: whole(call)[:2])
        play.world.set_admin(OTHER, BOT, by=OWNER)  # so that we look around
        until(lambda: play.mishaps() == {"partial_list": 1})
        play.tell()
        assert present() == everybody >= {str(ANN), str(LI)}
        play.world.kick(GROUP, LI, by=OWNER)
        until(lambda: play.tell() or present() == everybody - {str(LI)})


def test_the_account_is_gone_when_qq_logs_it_out_and_back_with_what_it_missed() -> None:
    with live(heartbeat=0.1) as play:
        play.world.say(GROUP, ANN, "一")
        play.until_said("一")
        play.world.go_offline(BOT)
        until(lambda: play.state() == "offline")
        assert play.do(say()).outcome is Outcome.LATER
        play.world.say(GROUP, ANN, "二")
        play.world.go_online(BOT)
        play.until_said("一", "二")
        until(lambda: play.state() == "online")


def test_silence_is_noticed_when_heartbeats_stop() -> None:
    with live(heartbeat=0.5) as play:
        account = play.simulator.lines[BOT]
        beat, beats = account.heartbeat, count(1)

        def beat_twice() -> None:
            if next(beats) <= 2:
                beat()

        account.heartbeat = beat_twice  # type: ignore[method-assign]
        until(lambda: facts("account.offline") == 1)


def test_one_account_listens_and_the_other_takes_over_when_it_is_gone() -> None:
    world = build_world(own_ids=True)
    with live(world, BOT, SECOND) as play:
        first = world.say(GROUP, ANN, "一")
        world.mute(GROUP, ADMIN, by=OWNER, seconds=60)
        play.until_said("一")
        world.recall(first, by=ANN)
        play.simulator.cut(BOT)
        second = world.say(GROUP, LI, "二")
        play.until_said("一", "二")  # though it came before anybody knew that the first was gone
        play.simulator.mend(BOT)
        until(lambda: play.simulator.is_heard(BOT))
        world.say(GROUP, LI, "三")
        play.until_said("一", "二", "三")
        assert play.do(DeleteMessage(group_id=1, message_key=f"s{second.seq}")).outcome is Outcome.DONE
        assert second.is_recalled  # heard by the one, taken back by the other, each with an id of its own
        assert facts("member.muted") == 1
        assert play.do(say("我在"), account=SECOND).outcome is Outcome.DONE
