"""The brake: a rule that is wrong does not empty a group before anybody looks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from qunying.desk.models import Case
from qunying.kernel.effects import DeleteMessage, EffectState, Outside, RemoveMember
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Reason
from qunying.outbox.actions import do_approve, do_enqueue
from qunying.outbox.brake import STOPPED, Removal, limit_of, weight_of
from qunying.outbox.models import OutboxItem
from tests import cast

NOW = cast.TUESDAY


@pytest.fixture
def tea(db: None) -> cast.Tea:
    with cast.clock_stands(NOW):
        return cast.build_tea()


def remove(tea: cast.Tea, who: int, at: datetime, group: str = "g1") -> None:
    """A capability decides to remove somebody and take their message down."""
    key, group_id = f"e{who}-{group}-{at.isoformat()}", tea.groups[group]
    event = Event(key=key, at=at, lane_id=1, community_id=tea.community_id, group_id=group_id)
    effects: list[Outside] = [
        DeleteMessage(group_id=group_id, message_key=f"m{who}", member=who),
        RemoveMember(group_id=group_id, member=who),
    ]
    do_enqueue(
        [(event, [Act(one, "order", Reason("order.test"), f"{key}/order/{n}") for n, one in enumerate(effects)])]
    )


def states(kind: str = "RemoveMember", group: str = "g1", *, tea: cast.Tea) -> list[str]:
    items = OutboxItem.objects.filter(kind=kind, group_id=tea.groups[group]).order_by("id")
    return list(items.values_list("state", flat=True))


@pytest.mark.parametrize(("members", "limit"), [(0, 5), (100, 5), (250, 5), (300, 6), (499, 9), (500, 10), (5000, 10)])
def test_a_larger_group_may_lose_more_but_never_more_than_ten(members: int, limit: int) -> None:
    assert limit_of(members) == limit


def test_what_a_person_let_go_counts_as_one_up_to_fifty() -> None:
    by_itself, approved = Removal(NOW, is_approved=False), Removal(NOW, is_approved=True)
    assert weight_of([by_itself] * 3) == 3
    assert weight_of([approved] * 50 + [by_itself] * 2) == 3
    assert weight_of([approved] * 53) == 4


def test_the_sixth_removal_within_ten_minutes_waits_for_a_person(tea: cast.Tea) -> None:
    for number in range(7):
        remove(tea, 100 + number, NOW + timedelta(seconds=number))
    assert states(tea=tea) == ["waiting"] * 5 + ["needs_approval"] * 2
    assert states("DeleteMessage", tea=tea) == ["waiting"] * 7
    assert Case.objects.filter(kind="approval", state="open").count() == 2
    assert set(OutboxItem.objects.filter(state="needs_approval").values_list("error", flat=True)) == {STOPPED}
    remove(tea, 200, NOW, "g2")
    assert states(group="g2", tea=tea) == ["waiting"]


def test_removals_go_on_when_time_has_passed_or_a_person_let_the_wave_go(tea: cast.Tea) -> None:
    li = User.objects.create_user("li")
    for number in range(6):
        remove(tea, 100 + number, NOW + timedelta(seconds=number))
    remove(tea, 300, NOW + timedelta(minutes=11))
    assert states(tea=tea)[-1] == "waiting"
    braked = OutboxItem.objects.get(state=EffectState.NEEDS_APPROVAL)
    do_approve(braked.pk, user_id=li.pk, at=NOW + timedelta(minutes=11))
    assert states(tea=tea) == ["waiting"] * 7
    assert not OutboxItem.objects.exclude(error="").exists()
