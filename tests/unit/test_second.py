"""Two have to say yes where somebody trusted, one of ours, or many at once would be removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from qunying.communities.actions import NewStaff, do_name_staff
from qunying.desk.models import Case
from qunying.desk.queries import QueueWish, list_queue
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import EffectState, RemoveMember
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Reason
from qunying.outbox.actions import do_approve, do_enqueue
from qunying.outbox.models import OutboxItem
from qunying.outbox.second import MANY
from qunying.people.actions import Enrolled, do_enrol
from qunying.people.models import Identity, Membership
from qunying.pipeline.review.deciding import do_approve_case, do_dismiss_case
from qunying.pipeline.review.softening import do_soften_case
from qunying.pipeline.review.taking_back import do_take_back
from tests import cast
from tests.reviewed import MUTES, REMOVES, advertised, asks_first, colleague, state, states, trusts

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Iterator[cast.Tea]:
    with cast.clock_stands(cast.TUESDAY):
        yield cast.build_tea()


@pytest.fixture
def li() -> int:
    return colleague("li")


def approve(case: Case, user: int, people: int | None = None) -> bool:
    return do_approve_case(case.pk, user_id=user, at=clock.now(), people=people)


def trusted(tea: cast.Tea, steps: tuple[str, ...] = REMOVES) -> Case:
    """A proposal against somebody who has long been here and says much."""
    asks_first(tea, steps)
    trusts("an")
    return advertised(tea)


def wave(tea: cast.Tea, people: int) -> Case:
    """A proposal to remove so many at once."""
    refs = [f"n{number}" for number in range(people)]
    do_enrol("sandbox", tea.community_id, tea.first, [Enrolled(one, one) for one in refs], clock.now())
    known = Identity.objects.filter(ref__in=refs).values_list("pk", flat=True)
    event = Event(key="w", at=clock.now(), lane_id=0, community_id=tea.community_id, group_id=tea.first)
    acts = [
        Act(
            RemoveMember(group_id=tea.first, member=pk),
            "order",
            Reason("order.wave", {"name": "n", "count": people}),
            f"w/order/{place}",
            EffectState.NEEDS_APPROVAL,
        )
        for place, pk in enumerate(known)
    ]
    do_enqueue([(event, acts)])
    return Case.objects.get()


def test_the_first_yes_is_kept_and_anothers_completes_it_when_somebody_is_trusted(tea: cast.Tea, li: int) -> None:
    case, xu = trusted(tea), colleague("xu")
    assert not approve(case, li)
    assert set(states(case).values()) == {"needs_approval"}
    assert state(case) == "open"
    assert Fact.objects.get(name="case.seconded").actor == f"user:{li}"
    with pytest.raises(BadUse, match="你已经同意了"):
        approve(case, li)
    assert approve(case, xu)
    assert state(case) == "approved"
    assert set(states(case).values()) == {"waiting"}


def test_what_waits_for_another_is_last_in_ones_own_queue(tea: cast.Tea, li: int) -> None:
    case, xu = trusted(tea), colleague("xu")
    other = advertised(tea, "ad2", "bo")
    Case.objects.filter(pk=other.pk).update(score=0.1)
    approve(case, li)
    queues = {user: [one.pk for one in list_queue(QueueWish(None, user, clock.now()), 9)] for user in (li, xu)}
    assert queues == {li: [other.pk, case.pk], xu: [case.pk, other.pk]}


@pytest.mark.parametrize(("days", "messages"), [(59, 500), (400, 49)])
def test_one_is_enough_when_somebody_is_new_or_says_little(tea: cast.Tea, li: int, days: int, messages: int) -> None:
    colleague("xu")
    case = trusted(tea)
    joined = clock.now() - timedelta(days=days)
    Membership.objects.filter(identity__ref="an").update(messages=messages, joined_at=joined)
    assert approve(case, li)


def test_one_is_enough_when_the_trusted_are_only_muted(tea: cast.Tea, li: int) -> None:
    colleague("xu")
    assert approve(trusted(tea, MUTES), li)


@pytest.mark.parametrize("how", ["role", "roster"])
def test_two_are_needed_when_one_of_ours_would_go(tea: cast.Tea, li: int, how: str) -> None:
    colleague("xu")
    asks_first(tea, REMOVES)
    case = advertised(tea)
    if how == "role":
        Membership.objects.filter(identity__ref="an").update(role="admin")
    else:
        do_name_staff(tea.community_id, [NewStaff("sandbox", "an", "安安", "teacher")])
    assert not approve(case, li)


@pytest.mark.parametrize(("people", "is_done"), [(MANY, True), (MANY + 1, False)])
def test_two_are_needed_when_many_would_go_at_once(tea: cast.Tea, li: int, people: int, is_done: bool) -> None:
    colleague("xu")
    assert approve(wave(tea, people), li) is is_done


def test_who_is_alone_types_how_many_it_touches(tea: cast.Tea, li: int) -> None:
    case = wave(tea, MANY + 2)
    for wrong in (None, 0, MANY, MANY + 1):
        with pytest.raises(BadUse, match="只有你一个人能决定"):
            approve(case, li, wrong)
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {"needs_approval"}
    assert approve(case, li, MANY + 2)
    assert Fact.objects.get(name="case.closed").words["alone"] is True


def test_the_outbox_is_no_way_round_it(tea: cast.Tea, li: int) -> None:
    case, xu = trusted(tea), colleague("xu")
    item = OutboxItem.objects.get(kind="RemoveMember")
    for alone in (True, False):
        with pytest.raises(BadUse, match="要两位同事都同意"):
            do_approve(item.pk, user_id=li, at=clock.now(), alone=alone)
    approve(case, li)
    with pytest.raises(BadUse, match="要两位同事都同意"):
        do_approve(item.pk, user_id=li, at=clock.now())
    do_approve(item.pk, user_id=xu, at=clock.now())
    assert state(case) == "approved"


def test_one_may_always_say_no_or_less(tea: cast.Tea, li: int) -> None:
    colleague("xu")
    case = trusted(tea)
    do_soften_case(case.pk, user_id=li, at=clock.now())
    do_take_back(case.pk, user_id=li, at=clock.now())
    do_dismiss_case(case.pk, user_id=li, at=clock.now())
    assert state(case) == "dismissed"


def test_a_yes_before_counts_no_more_when_a_decision_was_taken_back(tea: cast.Tea, li: int) -> None:
    case, xu = trusted(tea), colleague("xu")
    approve(case, xu)
    do_dismiss_case(case.pk, user_id=li, at=clock.now())
    do_take_back(case.pk, user_id=li, at=clock.now())
    assert not approve(case, li)


def test_as_many_queries_are_needed_however_many_would_go(
    tea: cast.Tea, li: int, django_assert_max_num_queries: object
) -> None:
    case = wave(tea, 40)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        approve(case, li, 40)
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {"waiting"}
