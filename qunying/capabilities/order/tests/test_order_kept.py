"""Order through the whole machine: what is kept, delivered, counted, lifted, and told again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from qunying.capabilities.order.actions import do_lift_step
from qunying.capabilities.order.models import OrderTrace, StepTaken
from qunying.carriers.sandbox.models import Seat
from qunying.communities.actions import NewStaff, do_name_staff, do_set_mode, do_set_settings
from qunying.communities.queries import infos_of_groups, staff_of
from qunying.desk.models import Case
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.outbox.actions import do_reject
from qunying.outbox.models import OutboxItem
from qunying.pipeline.setting import scenes_of
from tests import cast

pytestmark = pytest.mark.django_db
AD = "兼职日结三百，加V hu_1990 详聊"
HOUR = timedelta(hours=1)


@pytest.fixture
def tea() -> cast.Tea:
    with cast.clock_stands(cast.TUESDAY):
        return cast.build_tea()


def say(text: str, at: datetime, ref: str, who: str = "an") -> None:
    """Somebody says it in the first group, and everything that follows is done."""
    with cast.clock_stands(at):
        cast.arrive([cast.message(ref, who, text)])
        cast.passed(at, at + timedelta(seconds=10))


def kinds(state: str = "sent") -> list[str]:
    return list(
        OutboxItem.objects.filter(capability="order", state=state).order_by("id").values_list("kind", flat=True)
    )


def test_the_ladder_is_climbed_only_by_what_was_delivered(tea: cast.Tea) -> None:
    say(AD, cast.TUESDAY, "m1")
    say(AD + " 急招", cast.TUESDAY + timedelta(seconds=30), "m2")  # they have not had the time to read
    say(AD, cast.TUESDAY + HOUR, "m3")
    assert list(StepTaken.objects.order_by("at").values_list("step", flat=True)) == [1, 2]
    assert kinds() == ["DeleteMessage", "Say", "DeleteMessage", "DeleteMessage", "Say"]


def test_a_step_counts_no_more_when_its_time_is_over(tea: cast.Tea) -> None:
    do_set_settings("order", {"counts_days": 2}, community_id=tea.community_id, at=cast.TUESDAY, actor="test")
    for number, day in enumerate((0, 1, 4)):
        say(AD, cast.TUESDAY + timedelta(days=day), f"m{number}")
    assert list(StepTaken.objects.order_by("at").values_list("step", flat=True)) == [1, 2, 1]


def test_lifting_takes_back_everything_that_can_be_and_the_ladder_is_as_before(tea: cast.Tea) -> None:
    li = User.objects.create_user("li")
    do_set_settings(
        "order",
        {"steps": ["mute 1h+warn+delete", "remove"]},
        community_id=tea.community_id,
        at=cast.TUESDAY,
        actor="test",
    )
    say(AD, cast.TUESDAY, "m1")
    assert Seat.objects.get(group_ref="g1", user_ref="an").muted_until is not None
    later = cast.TUESDAY + timedelta(minutes=10)
    step = StepTaken.objects.get()
    with cast.clock_stands(later):
        assert (
            do_lift_step(step.pk, user_id=li.pk, at=later) == 2
        )  # the mute and the words; what was taken down stays so
        cast.passed(later, later + timedelta(seconds=10))
    assert Seat.objects.get(group_ref="g1", user_ref="an").muted_until is None
    with pytest.raises(BadUse):
        do_lift_step(step.pk, user_id=li.pk, at=later)
    say(AD, cast.TUESDAY + HOUR, "m2")
    assert list(StepTaken.objects.order_by("at").values_list("step", flat=True)) == [1, 1]


def test_the_same_message_told_twice_is_one_step(tea: cast.Tea) -> None:
    say(AD, cast.TUESDAY, "m1")
    say(AD, cast.TUESDAY + timedelta(seconds=1), "m1")
    assert StepTaken.objects.count() == 1
    assert OutboxItem.objects.filter(kind="Say").count() == 1


def test_what_is_proposed_is_one_case_and_counts_when_it_was_done(tea: cast.Tea) -> None:
    do_set_mode("order", Mode.SUGGEST, community_id=tea.community_id, at=cast.TUESDAY, actor="test")
    say(AD, cast.TUESDAY, "m1")
    say(AD, cast.TUESDAY + HOUR, "m2")
    assert Case.objects.filter(kind="approval", state="open").count() == 2
    assert list(StepTaken.objects.values_list("step", flat=True)) == [1, 1]
    assert kinds() == []


def test_nothing_is_kept_against_anybody_when_a_group_is_only_observed(tea: cast.Tea) -> None:
    do_set_mode("order", Mode.OBSERVE, community_id=tea.community_id, at=cast.TUESDAY, actor="test")
    say(AD, cast.TUESDAY, "m1")
    assert StepTaken.objects.count() == 0
    assert kinds("simulated") == ["DeleteMessage", "Say"]


def test_traces_hold_no_words_and_are_forgotten(tea: cast.Tea) -> None:
    say(AD, cast.TUESDAY, "m1")
    trace = OrderTrace.objects.get(kind="draw")
    assert all(isinstance(mark, int) for mark in [*trace.marks, *trace.sketch])
    say(AD, cast.TUESDAY + timedelta(days=8), "m2")
    assert list(OrderTrace.objects.filter(kind="draw").values_list("key", flat=True)) == ["m2"]


def test_what_a_person_let_pass_is_not_asked_about_again_when_the_same_comes_back(tea: cast.Tea) -> None:
    li = User.objects.create_user("li")
    do_set_settings("order", {"act_from": 100}, community_id=tea.community_id, at=cast.TUESDAY, actor="test")
    say("领资料加V zl_666888", cast.TUESDAY, "m1", who="chen")
    item = OutboxItem.objects.filter(state="needs_approval").order_by("id")[0]
    with cast.clock_stands(cast.TUESDAY + timedelta(minutes=5)):
        do_reject(item.pk, user_id=li.pk, at=cast.TUESDAY + timedelta(minutes=5))
    say("领资料加V zl_666888 还有要的吗", cast.TUESDAY + HOUR, "m2", who="chen")
    say("领资料的加这个，加V zl_666888", cast.TUESDAY + HOUR, "m3", who="fang")
    assert Case.objects.filter(state="open").count() == 0
    before = OutboxItem.objects.count()
    say(AD, cast.TUESDAY + HOUR, "m4", who="man")
    assert OutboxItem.objects.count() > before


def test_two_of_the_staff_with_one_name_are_both_staff_and_named_once(tea: cast.Tea) -> None:
    twins = [NewStaff("sandbox", ref, "王老师", "teacher") for ref in ("chen", "fang")]
    do_name_staff(tea.community_id, twins)
    for number, ref in enumerate(("chen", "fang")):
        say(f"加我微信 wang_{number}2024 领资料", cast.TUESDAY, f"t{number}", who=ref)
    assert OutboxItem.objects.filter(capability="order").count() == 0
    scene = scenes_of(list(infos_of_groups([tea.first]).values()), staff_of([tea.community_id]), [])[tea.first]
    assert scene.staff_names == ("小李", "王老师")
