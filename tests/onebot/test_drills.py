"""Drills, also the acceptance drills, decide on the QQ simulator what they decide on the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from qunying.pipeline.drill.expect import deadline, judge
from qunying.pipeline.drill.play import play
from qunying.pipeline.drill.script import read_script
from qunying.pipeline.roster import ROSTER
from tests.decisions import decided_on_the_sandbox, decisions_of, paths_of_drills
from tests.onebot.drilled import qq_stage

MAKES_NO_SENSE: Mapping[str, str] = MappingProxyType(
    {
        "order-edited-later": "nobody can change what was said on QQ",
        "ordinary-talk": "nobody can change what was said on QQ",
        "order-innocent-allowed-person": "its settings name an account by what the sandbox calls it",
    }
)
OFTEN = (
    "carrier-down-short",  # what was said meanwhile comes from the history
    "crash-in-the-middle",  # the names of who comes in have to be asked for
    "images-ladder",  # pictures are fetched from where the platform says they are
    "order-own-steps",  # who is removed can be told nothing afterwards
    "order-poses-as-staff",  # a contact card
    "rules-before-the-deadline",  # nobody tells an account what it said itself
)
SENSIBLE = [path for path in paths_of_drills() if path.stem not in MAKES_NO_SENSE]
marks = {False: (pytest.mark.nightly,), True: ()}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem, marks=marks[path.stem in OFTEN]) for path in SENSIBLE]
)
def test_a_drill_decides_the_same_on_qq(path: Path) -> None:
    there = decided_on_the_sandbox(path)
    with qq_stage() as stage:
        outcomes, seen = judge(play(read_script(path, ROSTER), ROSTER, deadline, stage))
    assert [(one.expect, one.why) for one in outcomes if not one.met] == []
    assert decisions_of(seen) == there


def test_every_drill_that_is_left_out_or_played_often_is_there() -> None:
    assert set(MAKES_NO_SENSE) | set(OFTEN) <= {path.stem for path in paths_of_drills()}
