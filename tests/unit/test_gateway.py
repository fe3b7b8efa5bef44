"""What carriers bring in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qunying.carriers.base import Arrival
from qunying.intake.gateway import do_accept_arrivals
from qunying.intake.queries import count_waiting
from tests import cast

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 5, 6, 0, tzinfo=UTC)


def _join(ref: str, group: str) -> Arrival:
    words = {"type": "join", "ref": ref, "at": NOW.isoformat(), "group": group, "user": {"ref": ref, "name": ref}}
    return Arrival(key=ref, at=NOW, payload=words, group_ref=group)


def test_known_groups_are_taken_in_when_one_of_the_batch_is_unknown() -> None:
    cast.build_tea()
    assert do_accept_arrivals("sandbox", [_join("a", "nobody-knows"), _join("b", "g1")], NOW) == 1
    assert count_waiting() == 1
