"""An account of ours that stays away is an incident until it is back; one that somebody stopped is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from qunying.capabilities.incidents.models import Incident, Moment
from qunying.carriers.wire import watching
from qunying.carriers.wire.lines import do_close_line, do_know, do_mark, do_open_line, do_pause_line, find_line
from qunying.carriers.wire.models import Switchboard
from qunying.communities.models import Account, Group
from qunying.journal.models import Fact
from qunying.kernel import clock
from tests import cast

MINUTE = timedelta(minutes=1)


@pytest.fixture
def line(tea: cast.Tea) -> int:
    """A line whose account listens in the groups of the tea friends."""
    line_id = do_open_line("toy", {}, {"token": "open-sesame"}, community_id=tea.community_id, at=clock.now())
    do_know(line_id, "10001", "小助手", at=clock.now())
    do_mark(line_id, "online", "", at=clock.now())
    Group.objects.filter(community=tea.community_id).update(account=Account.objects.get(carrier="toy"))
    return line_id


def at(minutes: int, *does: Callable[[], object]) -> None:
    """So many minutes later something happens, and all there is to do is done."""
    with cast.later(minutes * MINUTE) as now:
        for do in does:
            do()
        cast.told(now)


def goes(line_id: int, state: str) -> Callable[[], object]:
    return lambda: do_mark(line_id, state, "", at=clock.now())


def test_an_incident_is_opened_once_when_an_account_stays_away_and_ends_when_it_is_back(line: int) -> None:
    at(0, goes(line, "offline"))
    at(4)
    assert not Incident.objects.exists()
    at(6)
    incident = Incident.objects.get()
    assert (incident.kind, incident.severity, incident.closed_at) == ("carrier_down", "high", None)
    at(20, goes(line, "refused"))
    assert Incident.objects.count() == 1
    at(30, goes(line, "online"))
    incident.refresh_from_db()
    assert incident.closed_at == cast.TUESDAY + 30 * MINUTE
    assert list(Moment.objects.filter(kind="closed").values_list("by_id", flat=True)) == [None]
    assert list(Fact.objects.filter(name="incident.closed").values_list("actor", flat=True)) == ["system"]


def test_nothing_is_opened_when_an_account_is_back_in_time(line: int) -> None:
    at(0, goes(line, "offline"))
    at(3, goes(line, "online"))
    at(10)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("how", ["paused", "closed"])
def test_nothing_is_opened_when_somebody_stopped_it(line: int, how: str) -> None:
    def stop() -> None:
        if how == "paused":
            do_pause_line(line, is_paused=True, at=clock.now())
        else:
            do_close_line(line, at=clock.now())

    at(0, goes(line, "offline"))
    at(2, stop)
    at(10)
    assert not Incident.objects.exists()


def test_a_new_incident_is_opened_when_it_goes_away_again(line: int) -> None:
    at(0, goes(line, "offline"))
    at(6)
    at(7, goes(line, "online"))
    at(20, goes(line, "offline"))
    at(26)
    assert [one.closed_at is None for one in Incident.objects.order_by("id")] == [False, True]


def test_an_account_is_away_when_nobody_holds_its_line_any_more(line: int) -> None:
    assert watching.step(clock.now()) == 0  # no such process was ever here
    Switchboard.objects.create(address="http://127.0.0.1:1", sealed="", seen_at=clock.now())
    with cast.later(watching.GONE_AFTER):
        assert watching.step(clock.now()) == 0
    with cast.later(watching.GONE_AFTER + timedelta(seconds=1)):
        assert not watching.is_held(clock.now())
        assert watching.step(clock.now()) == 1
        assert watching.step(clock.now()) == 0
    found = find_line(line)
    assert found is not None
    assert (found.state, found.why) == ("offline", watching.GONE)
    assert not Account.objects.get(carrier="toy").is_online
