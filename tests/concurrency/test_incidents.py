"""Workers that find the same at the same moment: one incident, one owner, one talk with everybody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from qunying.capabilities.incidents.actions import do_close_incident, do_reopen_incident
from qunying.capabilities.incidents.models import Incident, Moment
from qunying.capabilities.incidents.opening import do_open_incidents
from qunying.desk.models import Task
from qunying.intake.actions import Claim, do_claim
from qunying.journal.models import Fact
from qunying.kernel.effects import OpenIncident
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Decision, Reason
from qunying.people.models import Identity
from qunying.pipeline.inbound import tell
from tests import cast
from tests.concurrency.threads import together
from tests.incidents.watchman import WATCHED

NOW = cast.TUESDAY


def claimed(count: int) -> list[Claim]:
    """So many claims of one lane each."""
    return [do_claim(NOW, lane_limit=1) for _ in range(count)]


def telling(claim: Claim) -> Callable[[], object]:
    return lambda: tell(claim, WATCHED)


def test_one_incident_is_opened_when_workers_find_the_same_at_once(shared_tea: cast.Tea) -> None:
    for number, ref in enumerate(shared_tea.groups):
        cast.arrive([cast.message(f"m{number}", "an", "整个社群都在走")], ref)
    together(NOW, *(telling(claim) for claim in claimed(6)))
    incident = Incident.objects.get()
    assert incident.kind == "mass_leaving"
    assert sorted(Moment.objects.filter(kind="message").values_list("message_key", flat=True)) == [
        f"m{number}" for number in range(6)
    ]
    assert Moment.objects.filter(kind="found").count() == 6
    assert Moment.objects.filter(kind="member").count() == 1
    assert Fact.objects.filter(name="incident.opened").count() == 1


def acts(tea: cast.Tea, keys: list[str], who: str) -> list[tuple[Decision, Act]]:
    """Quarrels of these keys, all found by one worker."""
    members = tuple(Identity.objects.filter(ref__in=("an", "bo")).order_by("pk").values_list("pk", flat=True))
    event = Event(key=who, at=NOW, lane_id=0, community_id=tea.community_id, group_id=tea.first)
    found = []
    for number, key in enumerate(keys):
        effect = OpenIncident(key=key, kind="quarrel", group_id=tea.first, members=members)
        act = Act(effect, "order", Reason("order.saw"), f"{who}{number}/order/0")
        found.append((Decision(replace(event, key=f"{who}{number}"), acts=(act,)), act))
    return found


def test_everybody_is_talked_to_once_when_two_workers_find_many_quarrels_in_other_orders(shared_tea: cast.Tea) -> None:
    keys = [f"q{number}" for number in range(12)]
    one, other = acts(shared_tea, keys, "a"), acts(shared_tea, keys[::-1], "b")
    together(NOW, lambda: opened(one), lambda: opened(other))
    assert Incident.objects.count() == 12
    assert Task.objects.count() == 24
    assert Moment.objects.filter(kind="task").count() == 24
    assert Fact.objects.filter(name="incident.opened").count() == 12


def opened(some: list[tuple[Decision, Act]]) -> None:
    with transaction.atomic():
        do_open_incidents(some)


def test_one_stays_open_when_an_incident_is_opened_again_while_the_same_is_found(shared_tea: cast.Tea) -> None:
    user = User.objects.create_user("lin").pk
    opened(acts(shared_tea, ["q"], "a"))
    for turn in range(6):
        now = NOW + timedelta(minutes=turn)
        first = Incident.objects.filter(closed_at=None).get()
        do_close_incident(first.pk, "", user_id=user, at=now)
        together(now, lambda: reopened(first.pk, user, now), lambda: opened(acts(shared_tea, ["q"], f"t{turn}")))  # noqa: B023
        assert Incident.objects.filter(closed_at=None).count() == 1


def reopened(incident_id: int, user: int, now: datetime) -> None:
    with suppress(BadUse):  # the same was found first
        do_reopen_incident(incident_id, user_id=user, at=now)
