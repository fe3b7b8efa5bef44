"""Workers that claim, die and meet: every envelope is told once, and no wake-up is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from qunying.intake.actions import LEASE, do_claim, do_release
from qunying.intake.models import Envelope, Lane
from qunying.journal.models import Fact
from qunying.kernel.errors import LostLease
from qunying.people.models import Identity, Membership, Person
from qunying.pipeline import worker
from qunying.pipeline.inbound import tell
from qunying.talk.models import Message
from tests import cast
from tests.concurrency.threads import together

NOW = cast.TUESDAY
ROUNDS = 12


def say_in_every_group(tea: cast.Tea, count: int) -> None:
    for group in tea.groups:
        cast.arrive([cast.message(f"{group}-{number}", "an", f"第{number}句") for number in range(count)], group)


def work_until_idle() -> int:
    told = 0
    while step := worker.step(NOW):
        told += step
    return told


def test_every_envelope_is_told_once_when_two_workers_claim_the_same_lanes(shared_tea: cast.Tea) -> None:
    say_in_every_group(shared_tea, 40)
    cast.arrive([cast.join("j1", "chen")], "g3")
    together(NOW, work_until_idle, work_until_idle)
    assert set(Envelope.objects.values_list("state", flat=True)) == {"done"}
    assert Message.objects.count() == 6 * 40
    assert Membership.objects.get(group=shared_tea.first, identity__ref="an").messages == 40
    assert Fact.objects.filter(name="member.joined").count() == 1
    assert not Lane.objects.exclude(leased_by="").exists()


def test_messages_of_a_lane_keep_their_order_when_workers_share_the_lanes(shared_tea: cast.Tea) -> None:
    for start in range(0, 60, 20):
        for group in shared_tea.groups:
            numbers = range(start, start + 20)
            cast.arrive([cast.message(f"{group}-{number}", "bo", f"{number}") for number in numbers], group)
        together(NOW, lambda: worker.step(NOW), lambda: worker.step(NOW), lambda: worker.step(NOW))
    work_until_idle()
    for group_id in shared_tea.groups.values():
        texts = Message.objects.filter(group=group_id).order_by("id").values_list("text", flat=True)
        assert list(texts) == [str(number) for number in range(60)]


def test_two_claims_share_no_lane_when_they_are_made_at_once(shared_tea: cast.Tea) -> None:
    for round_ in range(ROUNDS):
        for group in shared_tea.groups:
            cast.arrive([cast.message(f"{group}-{round_}", "an", "在吗")], group)
        one, other = together(NOW, lambda: do_claim(NOW, lane_limit=4), lambda: do_claim(NOW, lane_limit=4))
        assert not set(one.lanes) & set(other.lanes)  # type: ignore[attr-defined]
        for claim in (one, other):
            tell(claim)  # type: ignore[arg-type]
            do_release(claim)  # type: ignore[arg-type]
        work_until_idle()


def test_nothing_is_told_twice_when_the_lease_was_lost(shared_tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "第一句"), cast.join("j1", "chen")])
    slow = do_claim(NOW)
    later = NOW + LEASE
    with cast.clock_stands(later):
        quick = do_claim(later)
        tell(quick)
        do_release(quick)
        with pytest.raises(LostLease):
            tell(slow)
        do_release(slow)
    assert Message.objects.count() == 1
    assert Fact.objects.filter(name="decision.made").count() == 1
    assert Membership.objects.get(group=shared_tea.first, identity__ref="an").messages == 1


def test_one_of_both_wins_when_two_workers_tell_the_same_claim(shared_tea: cast.Tea) -> None:
    """The slow one wakes up in the very moment in which the quick one, after the lease, tells the same."""
    for round_ in range(8):
        cast.arrive([cast.message(f"m{round_}", "an", "早"), cast.message(f"n{round_}", "bo", "早")])
        slow = do_claim(NOW)
        quick = do_claim(NOW + LEASE)

        def tell_or_lose(claim: object) -> bool:
            try:
                tell(claim)  # type: ignore[arg-type]
            except Exception:  # noqa: BLE001 - on PostgreSQL the second one meets the first one's rows before it learns why
                return False
            return True

        assert sum(map(bool, together(NOW, lambda: tell_or_lose(slow), lambda: tell_or_lose(quick)))) == 1  # noqa: B023
        do_release(quick)
    assert Message.objects.count() == 16


def test_a_claim_is_told_once_after_its_lease_when_its_worker_died(shared_tea: cast.Tea) -> None:
    class DiedError(Exception):
        """Killed after working everything out, before the commit."""

    cast.arrive([cast.message("m1", "an", "第一句")])
    claim = do_claim(NOW)

    def tell_and_die() -> None:
        with transaction.atomic():
            tell(claim)
            raise DiedError

    with pytest.raises(DiedError):
        tell_and_die()
    assert worker.step(NOW + LEASE - timedelta(seconds=1)) == 0
    assert Message.objects.count() == 0
    cast.worked(NOW + LEASE)
    assert Message.objects.count() == 1


def test_no_wake_up_is_lost_when_accepting_races_with_releasing(shared_tea: cast.Tea) -> None:
    cast.arrive([cast.message("m", "an", "早")])
    work_until_idle()
    for round_ in range(ROUNDS * 2):
        cast.arrive([cast.message(f"first-{round_}", "an", "早")])
        claim = do_claim(NOW)
        tell(claim)
        together(
            NOW,
            lambda: do_release(claim),  # noqa: B023
            lambda: cast.arrive([cast.message(f"second-{round_}", "bo", "早")]),  # noqa: B023
        )
        assert worker.step(NOW) == 1, f"the second message of round {round_} sleeps for ever"
    assert not Envelope.objects.exclude(state="done").exists()


def test_an_arrival_is_accepted_once_when_two_gateways_bring_it(shared_tea: cast.Tea) -> None:
    for round_ in range(ROUNDS):
        payloads = [cast.message(f"m{round_}-{number}", "an", "早") for number in range(5)]
        together(NOW, lambda: cast.arrive(payloads), lambda: cast.arrive(list(reversed(payloads))))  # noqa: B023
    assert Envelope.objects.count() == ROUNDS * 5


def test_a_stranger_becomes_one_person_when_two_groups_meet_them_at_once(shared_tea: cast.Tea) -> None:
    for round_ in range(ROUNDS):
        refs = [f"new-{round_}-{number}" for number in range(4)]
        cast.arrive([cast.join(f"a-{ref}", ref) for ref in refs], "g1")
        cast.arrive([cast.join(f"b-{ref}", ref) for ref in reversed(refs)], "g2")
        one, other = do_claim(NOW, lane_limit=1), do_claim(NOW, lane_limit=1)
        together(NOW, lambda: _tell_at_last(one), lambda: _tell_at_last(other))  # noqa: B023
        do_release(one)
        do_release(other)
    assert Identity.objects.filter(ref__startswith="new-").count() == ROUNDS * 4
    assert Person.objects.filter(name__startswith="new-").count() == ROUNDS * 4
    assert Membership.objects.filter(identity__ref__startswith="new-").count() == ROUNDS * 8
    assert not Envelope.objects.filter(state="failed").exists()


def _tell_at_last(claim: object) -> None:
    """As the worker does: what fails at this moment is told once more."""
    try:
        tell(claim)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - whichever way the database says that somebody else was first
        tell(claim)  # type: ignore[arg-type]
