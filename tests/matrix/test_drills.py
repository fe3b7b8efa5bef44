"""Drills, also the acceptance drills, decide on a real homeserver what they decide on the sandbox."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from qunying.pipeline.drill.expect import deadline, judge
from qunying.pipeline.drill.play import play
from qunying.pipeline.drill.script import read_script
from qunying.pipeline.roster import ROSTER
from tests.decisions import Decision, decided_on_the_sandbox, decisions_of, paths_of_drills
from tests.matrix.clocked import do_turn
from tests.matrix.drilled import Town, matrix_stage
from tests.matrix.synapse import running_synapse

NO_CARDS = "nobody can recommend a contact by a card on Matrix"
MAKES_NO_SENSE: Mapping[str, str] = MappingProxyType(
    {
        "order-innocent-allowed-person": "its settings name an account by what the sandbox calls it",
        "order-poses-as-staff": NO_CARDS,
        "order-wave-innocent-newcomers": NO_CARDS,
        "order-wave-korean": NO_CARDS,
        "order-wave-line-traditional": NO_CARDS,
        "ordinary-talk": NO_CARDS,
        "s4-02-competitor-wave": NO_CARDS,
    }
)
OFTEN = (
    "carrier-down-short",  # the server is away for a while
    "images-ladder",  # pictures lie on the server
    "order-ad-ladder",  # a mute ends by itself
    "order-edited-later",
    "s4-10-links-warn-then-remove",  # who was removed opens a chat with us
)
SENSIBLE = [path for path in paths_of_drills() if path.stem not in MAKES_NO_SENSE]
marks = {False: (pytest.mark.nightly,), True: ()}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.server,
    pytest.mark.skipif(importlib.util.find_spec("synapse") is None, reason="matrix-synapse is not installed"),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    clock = folder / "clock"
    do_turn(clock, datetime(2024, 1, 1, tzinfo=UTC))
    with running_synapse(folder, clock) as synapse:
        yield Town(synapse, clock)


def besides_outages(decisions: list[Decision]) -> list[Decision]:
    """An account that stays away becomes an incident; the sandbox has no accounts that could."""
    return [one for one in decisions if one[:2] != ("incident", "carrier_down")]


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem, marks=marks[path.stem in OFTEN]) for path in SENSIBLE]
)
def test_a_drill_decides_the_same_on_matrix(path: Path, town: Town) -> None:
    there = decided_on_the_sandbox(path)
    with matrix_stage(town) as stage:
        outcomes, seen = judge(play(read_script(path, ROSTER), ROSTER, deadline, stage))
    assert [(one.expect, one.why) for one in outcomes if not one.met] == []
    assert besides_outages(decisions_of(seen)) == there


def test_every_drill_that_is_left_out_or_played_often_is_there() -> None:
    assert set(MAKES_NO_SENSE) | set(OFTEN) <= {path.stem for path in paths_of_drills()}
