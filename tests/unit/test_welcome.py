"""The welcome: its words, its hours, whom it leaves in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from qunying.capabilities.onboarding.consider import Known, Memory, Waiting, consider, greeting, remember
from qunying.capabilities.onboarding.settings import OnboardingSettings
from qunying.kernel.effects import CancelWake, Effect, Say, WakeAt
from qunying.kernel.events import Event, MemberJoined, MemberLeft, TimerDue, Who
from qunying.kernel.hours import QuietHours
from qunying.kernel.readings import UNREAD
from qunying.kernel.scene import GroupScene, Member, Mode, Scene, move_on
from qunying.pipeline.settle import settle

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime(2024, 3, 5, tzinfo=SHANGHAI)
NOON = DAY.replace(hour=12)


def group(language: str = "zh-hans", zone: str = "Asia/Shanghai", **settings: object) -> GroupScene:
    return GroupScene(
        id=1,
        ref="g1",
        carrier="sandbox",
        community_id=1,
        name="茶友会1群",
        language=language,
        quiet=QuietHours(ZoneInfo(zone)),
        staff_names=("小李",),
        modes={"onboarding": Mode.ACT},
        settings={"onboarding": OnboardingSettings(**settings)},  # type: ignore[arg-type]
    )


ODD_NAMES = [
    ("{names}", "{names}"),
    ("{group}", "{group}"),
    ("{0.__class__}", "{0.__class__}"),
    ("}{", "}{"),
    ("%s %(name)s", "%s %(name)s"),
    ("\u202eevil\u202c", "evil"),
    ("a\u200bb\u2066c", "abc"),
    ("line\nbreak\ttab", "linebreaktab"),
    ("نور", "نور"),
    ("陳晨", "陳晨"),
    ("Ｚｏｅ", "Ｚｏｅ"),
    ("👨‍👩‍👧 一家", "👨‍👩‍👧 一家"),
    ("می‌خواهم", "می‌خواهم"),
    ("👨‍" * 15, "👨‍" * 9 + "👨…"),
    ("​‍ㅤ ⠀", "新朋友"),
    ("", "新朋友"),
    ("长" * 200, "长" * 20 + "…"),
    ("  空格  ", "空格"),
]


@pytest.mark.parametrize(("name", "shown"), ODD_NAMES)
def test_a_name_stays_a_name_when_it_is_odd(name: str, shown: str) -> None:
    assert (
        greeting(group(card_template=""), [name])
        == f"欢迎 {shown} 来到「茶友会1群」！这里的工作人员只有 小李，别人说是官方的都不作数。"
    )


def test_a_welcome_is_english_when_the_community_is() -> None:
    said = greeting(group("en", rules=("No ads", "Be kind", "third")), ["Ann", "Bo", "نور"])
    assert said == (
        "Welcome to 茶友会1群, Ann, Bo and نور! Please keep in mind: No ads; Be kind. "
        "If you like, introduce yourself as “city-industry-name”, so that people can find you. "
        "Our staff here are 小李; nobody else speaks for us."
    )


def test_ten_are_named_and_all_counted_when_thirty_came() -> None:
    names = [f"新{number}" for number in range(30)]
    assert "新9 等 30 位 来到" in greeting(group(), names)
    assert "新10" not in greeting(group(), names)
    assert "新9 and 20 more!" in greeting(group("en"), names)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{names}你好，我是{staff}", "陈晨你好，我是小李"),
        ("{unknown} {names", "{unknown} {names"),
        ("{group}{group}", "茶友会1群茶友会1群"),
        ("{{names}}", "{陈晨}"),
    ],
)
def test_own_words_are_filled_when_a_community_wrote_some(words: str, said: str) -> None:
    assert greeting(group(words=words, card_template=""), ["陈晨"]).startswith(said)


def test_own_words_say_the_staff_once_when_they_name_them() -> None:
    assert greeting(group(words="{names} {staff}", card_template=""), ["陈晨"]) == "陈晨 小李"


class Play:
    """The pure story of one group: events in, effects out, as the pipeline folds them."""

    def __init__(self, scene_group: GroupScene, greeted: frozenset[int] = frozenset()) -> None:
        self.scene = Scene({1: scene_group}, {})
        self.memory = Memory({1: Known(greeted=greeted)})
        self.reasons: list[str] = []

    def tell(self, event: Event) -> list[Effect]:
        opinion = consider(event, UNREAD, self.scene, self.memory)
        decision = settle(event, self.scene, [opinion] if opinion else [])
        self.memory = remember(self.memory, event, decision, self.scene)
        self.scene = move_on(self.scene, event)
        self.reasons.append(opinion.reason.code.removeprefix("onboarding.") if opinion else "")
        return [act.effect for act in decision.acts]

    def join(self, at: datetime, number: int = 1, **member: object) -> list[Effect]:
        ref = f"n{number}"
        person = Member(identity_id=number, ref=ref, name=f"新{number}", **member)  # type: ignore[arg-type]
        self.scene = replace(self.scene, members={**self.scene.members, (1, ref): person})
        return self.tell(
            MemberJoined(key=f"join-{at}-{number}", at=at, lane_id=1, community_id=1, group_id=1, member=Who(ref))
        )

    def leave(self, at: datetime, number: int = 1) -> list[Effect]:
        return self.tell(
            MemberLeft(key=f"leave-{at}", at=at, lane_id=1, community_id=1, group_id=1, member=Who(f"n{number}"))
        )

    def ring(self, at: datetime) -> list[Effect]:
        return self.tell(
            TimerDue(
                key=f"timer-{at}",
                at=at,
                lane_id=1,
                community_id=1,
                group_id=1,
                capability="onboarding",
                timer_key="greet",
            )
        )

    @property
    def waiting(self) -> list[str]:
        return [one.name for one in self.memory.groups[1].waiting]


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(DAY.date(), time(hour, minute, second), SHANGHAI)


MORNING = at(8) + timedelta(days=1)


@pytest.mark.parametrize(
    ("joined", "wakes", "reason"),
    [
        (at(14), at(14, 3), "waits_for_others"),
        (at(22, 26, 59), at(22, 29, 59), "waits_for_others"),
        (at(22, 27), MORNING, "waits_for_others"),
        (at(22, 29), MORNING, "waits_for_others"),
        (at(22, 30), MORNING, "waits_for_morning"),
        (at(23, 59, 59), MORNING, "waits_for_morning"),
        (at(0), at(8), "waits_for_morning"),
        (at(7, 57), at(8), "waits_for_morning"),
        (at(8), at(8, 3), "waits_for_others"),
    ],
)
def test_the_clock_is_set_for_a_decent_hour_when_somebody_joins(joined: datetime, wakes: datetime, reason: str) -> None:
    play = Play(group())
    assert play.join(joined) == [WakeAt(key="greet", at=wakes)]
    assert play.reasons == [reason]


def test_morning_comes_by_the_new_clock_when_it_changed_in_the_night() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    play = Play(group(zone="Europe/Berlin"))
    [wake] = play.join(datetime(2024, 3, 30, 23, 0, tzinfo=berlin))
    assert isinstance(wake, WakeAt)
    assert wake.at == datetime(2024, 3, 31, 8, 0, tzinfo=berlin)
    assert wake.at.astimezone(ZoneInfo("UTC")).hour == 6
    assert [type(effect) for effect in play.ring(wake.at)] == [Say, CancelWake]


def test_all_are_welcomed_at_once_when_the_tenth_joins() -> None:
    play = Play(group())
    effects = [play.join(at(14, 0, number), number) for number in range(1, 11)]
    assert [len(each) for each in effects] == [1, *[0] * 8, 2]
    [say, cancel] = effects[-1]
    assert isinstance(say, Say)
    assert say.mentions == tuple(range(1, 11))
    assert cancel == CancelWake(key="greet")
    assert play.waiting == []
    assert play.join(at(14, 0, 30), 11) == [WakeAt(key="greet", at=at(14, 3, 30))]


def test_nobody_is_woken_when_the_tenth_joins_at_night() -> None:
    play = Play(group())
    effects = [effect for number in range(1, 31) for effect in play.join(at(23, number), number)]
    assert effects == [WakeAt(key="greet", at=MORNING)]
    [say, _] = play.ring(MORNING)
    assert isinstance(say, Say)
    assert len(say.mentions) == 10
    assert "等 30 位" in say.text


def test_who_left_is_not_named_when_the_others_are_welcomed() -> None:
    play = Play(group())
    play.join(at(14), 1)
    play.join(at(14, 1), 2)
    play.leave(at(14, 2), 1)
    [say, _] = play.ring(at(14, 3))
    assert isinstance(say, Say)
    assert say.mentions == (2,)
    assert "新1" not in say.text


def test_nothing_is_said_when_all_left_while_waiting() -> None:
    play = Play(group())
    play.join(at(14))
    play.leave(at(14, 1))
    assert play.ring(at(14, 3)) == []
    assert play.reasons[-1] == "nobody_left"


def test_who_left_and_came_back_waits_anew_and_is_named_once() -> None:
    play = Play(group())
    play.join(at(14), 1)
    play.join(at(14, 0, 30), 2)
    play.leave(at(14, 1), 1)
    assert play.join(at(14, 2), 1) == [], "the clock runs already"
    assert play.waiting == ["新2", "新1"]


def test_nobody_is_welcomed_twice_when_they_come_again() -> None:
    play = Play(group())
    play.join(at(14))
    play.ring(at(14, 3))
    play.leave(at(15))
    assert play.join(at(16)) == []
    assert play.reasons[-1] == "greeted_before"
    assert Play(group(), greeted=frozenset({1})).join(at(14)) == []


@pytest.mark.parametrize("member", [{"is_official": True}, {"role": "admin"}, {"role": "owner"}])
def test_staff_is_not_welcomed_when_it_joins(member: dict[str, object]) -> None:
    play = Play(group())
    assert play.join(at(14), 1, **member) == []
    assert play.reasons == ["is_staff"]
    assert play.waiting == []


def test_who_is_told_of_twice_waits_once() -> None:
    play = Play(group())
    play.join(at(14))
    assert play.join(at(14, 1)) == []
    assert play.reasons[-1] == "waits_already"
    assert play.waiting == ["新1"]


def test_who_came_first_is_named_first_when_we_learnt_of_them_later() -> None:
    play = Play(group())
    play.join(at(14, 1), 2)
    play.join(at(14, 0), 1)
    assert play.waiting == ["新1", "新2"]


def test_a_timer_waits_for_morning_when_it_rings_late_in_the_night() -> None:
    play = Play(group())
    play.join(at(22, 20))
    assert play.ring(at(23)) == [WakeAt(key="greet", at=MORNING)]


def test_nobody_waits_when_the_welcome_is_off() -> None:
    play = Play(replace(group(), modes={"onboarding": Mode.OFF}))
    assert play.join(at(14)) == []
    assert play.waiting == []


def test_nobody_is_welcomed_weeks_later_when_the_welcome_was_off_at_their_hour() -> None:
    play = Play(group())
    play.join(at(14), 1)
    play.scene = replace(play.scene, groups={1: replace(group(), modes={"onboarding": Mode.OFF})})
    assert play.ring(at(14, 3)) == []
    play.scene = replace(play.scene, groups={1: group()})
    play.join(at(14) + timedelta(days=20), 2)
    [say, _] = play.ring(at(14, 3) + timedelta(days=20))
    assert isinstance(say, Say)
    assert say.mentions == (2,)


def test_waiting_people_keep_their_turn_when_they_come_from_the_table() -> None:
    known = Known((Waiting(7, "旧", at(13)),), wakes_at=at(14, 2))
    play = Play(group())
    play.memory = Memory({1: known})
    assert play.join(at(14)) == []
    assert play.waiting == ["旧", "新1"]
