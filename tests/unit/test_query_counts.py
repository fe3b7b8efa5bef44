"""Telling needs the same number of queries for one event and for 200, in one lane and in 50."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qunying.communities.actions import do_set_mode
from qunying.intake.actions import do_claim, do_release
from qunying.kernel.scene import Mode
from qunying.pipeline.inbound import tell
from tests import cast
from tests.property.opinionated import OPINIONATED

NOW = cast.TUESDAY
GROUPS = tuple(f"g{number}" for number in range(50))
EACH = 3  # what a capability may cost
INCIDENTS = 20  # and all incidents of a batch with their tasks
BRAKED = {"removal": 6}  # of two hundred so many are removed that a person is asked
QUARRELLING = {"removal", "case"}  # of which several are an incident
Payload = Callable[[int], Mapping[str, Any]]

KINDS: dict[str, Payload] = {
    "message": lambda n: cast.message(f"r{n}", f"u{n % 40}", f"第{n}句"),
    "newcomer": lambda n: cast.join(f"r{n}", f"u{n}"),
    "newcomers who come again": lambda n: cast.join(f"r{n}", f"known{n % 40}", f"又来{n}"),
    "leave": lambda n: cast.leave(f"r{n}", f"known{n % 40}"),
    "edit": lambda n: cast.edit(f"r{n}", "an", f"old{n % 5}", f"改成{n}"),
    "recall": lambda n: cast.recall(f"r{n}", f"old{n % 5}", by="an"),
    "card": lambda n: cast.card(f"r{n}", f"known{n % 40}", f"上海-{n}"),
    "whisper": lambda n: cast.whisper(f"r{n}", "an", f"悄悄话{n}"),
    "rename": lambda n: cast.message(f"r{n}", "", "早", user=cast.who(f"known{n % 40}", f"改名{n}")),
    "removal": lambda n: cast.message(f"r{n}", f"known{n % 40}", "加V 领资料"),
    "timer": lambda n: cast.message(f"r{n}", f"known{n % 40}", "等等"),
    "case": lambda n: cast.message(f"r{n}", f"known{n % 40}", "骂人"),
    "approval": lambda n: cast.message(f"r{n}", f"known{n % 40}", f"在吗{n}？ 广告"),
}


@pytest.fixture
def fifty(db: None) -> cast.Tea:
    """Fifty groups in which forty people have spoken and wait for a welcome."""
    with cast.clock_stands(NOW):
        tea = cast.build_tea(groups=GROUPS)
        for name, mode in (("guard", Mode.ACT), ("echo", Mode.SUGGEST)):
            do_set_mode(name, mode, community_id=tea.community_id, at=NOW, actor="system")
        for group in ("g0", "g1", "g2", "g49"):
            cast.arrive([cast.message(f"{group}-old{n}", "an", f"旧{n}") for n in range(5)], group)
        for group in GROUPS:
            people = range(40) if group == "g0" else range(2)
            cast.arrive([cast.join(f"{group}-known{n}", f"known{n}") for n in people], group)
        cast.worked(roster=OPINIONATED)
    return tea


def queries_of(payload: Payload, events: int, lanes: int) -> int:
    """How many queries ``tell`` needs for so many events; the tables are as before afterwards."""
    with transaction.atomic(), cast.clock_stands(NOW):
        for number in range(events):
            cast.arrive([payload(number)], GROUPS[number % lanes])
        claim = do_claim(NOW)
        assert len(claim.envelopes) == events
        with CaptureQueriesContext(connection) as captured:
            tell(claim, OPINIONATED)
        do_release(claim)
        transaction.set_rollback(True)
    return len(captured)


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_queries_stays_the_same_when_there_is_more_to_tell(fifty: cast.Tea, kind: str) -> None:
    found = {shape: queries_of(KINDS[kind], *shape) for shape in ((1, 1), (50, 1), (200, 1), (50, 50), (200, 50))}
    assert found[(200, 1)] <= found[(50, 1)], found
    assert found[(200, 50)] <= found[(50, 50)] + BRAKED.get(kind, 0), found
    # a larger batch may meet more kinds of things (a stranger, a new name, a full waiting room), each at a fixed price
    more = (INCIDENTS if kind in QUARRELLING else 0) + BRAKED.get(kind, 0)
    assert all(count <= found[(1, 1)] + 16 + more for count in found.values()), found
    assert max(found.values()) <= 31 + EACH * len(OPINIONATED) + more, found


def test_a_plain_message_costs_few_queries_when_it_comes_alone(fifty: cast.Tea) -> None:
    assert queries_of(KINDS["message"], 1, 1) <= 32


@pytest.mark.parametrize("lanes", [1, 50])
def test_claiming_and_releasing_cost_the_same_when_there_are_more_lanes(fifty: cast.Tea, lanes: int) -> None:
    with cast.clock_stands(NOW):
        for number in range(50):
            cast.arrive([cast.message(f"m{number}", "an", "早")], GROUPS[number % lanes])
        with CaptureQueriesContext(connection) as captured:
            claim = do_claim(NOW)
            do_release(claim)
    assert len(claim.lanes) == lanes
    assert len(captured) <= 14
