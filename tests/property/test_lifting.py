"""Whatever a step of the ladder did, lifting it leaves the member as they were: voice, money, and what the next offence comes to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qunying.capabilities.order.actions import do_lift_step
from qunying.capabilities.order.models import StepTaken
from qunying.carriers.sandbox.models import Seat
from qunying.communities.actions import do_set_settings
from qunying.ledger.actions import Act, do_pay_deposit
from qunying.ledger.queries import list_balances_of
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity
from tests import cast

pytestmark = pytest.mark.django_db
AD = "兼职日结三百，加V hu_1990 详聊"
HOUR = timedelta(hours=1)
PARTS = ("warn", "delete", "mute 2h", "forfeit")
steps = st.lists(
    st.sets(st.sampled_from(PARTS), min_size=1).map(lambda parts: "+".join(sorted(parts))), min_size=1, max_size=3
)
paid = st.dictionaries(
    st.sampled_from(["CNY", "USD", "JPY"]), st.integers(1, 9_999).map(lambda n: n * 10_000), max_size=3
)


def offend(at: datetime, ref: str) -> None:
    """The same person advertises, and everything that follows is done."""
    with cast.clock_stands(at):
        cast.arrive([cast.message(ref, "an", AD)])
        cast.passed(at, at + timedelta(seconds=10))


def stands() -> tuple[object, ...]:
    """Whether they may speak, and what they have paid."""
    seat = Seat.objects.get(group_ref="g1", user_ref="an")
    balances = list_balances_of([who()], None)
    return seat.is_present, seat.muted_until, sorted((one.currency, one.amount) for one in balances)


def who() -> int:
    return Identity.objects.get(ref="an").pk


@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ladder=steps, deposits=paid, offences=st.integers(1, 3))
def test_a_member_is_as_before_when_every_step_against_them_is_lifted(
    tea: cast.Tea, ladder: list[str], deposits: dict[str, int], offences: int
) -> None:
    with transaction.atomic():
        li = User.objects.create_user("li")
        do_set_settings("order", {"steps": ladder}, community_id=tea.community_id, at=cast.TUESDAY, actor="test")
        for currency, amount in deposits.items():
            act = Act(key=currency, community_id=tea.community_id, identity_id=who(), at=cast.TUESDAY)
            do_pay_deposit(act, amount, currency)
        before = stands()
        for number in range(offences):
            offend(cast.TUESDAY + number * HOUR, f"m{number}")
        later = cast.TUESDAY + offences * HOUR
        with cast.clock_stands(later):
            for step in StepTaken.objects.order_by("-at"):
                do_lift_step(step.pk, user_id=li.pk, at=later)
            cast.passed(later, later + timedelta(seconds=10))
        assert stands() == before
        offend(later + HOUR, "again")
        assert StepTaken.objects.latest("at").step == 1
        first = OutboxItem.objects.filter(cause_key__contains="m0", capability="order", undoes=None)
        again = OutboxItem.objects.filter(cause_key__contains="again", capability="order", undoes=None)
        assert sorted(again.values_list("kind", flat=True)) == sorted(first.values_list("kind", flat=True))
        transaction.set_rollback(True)
