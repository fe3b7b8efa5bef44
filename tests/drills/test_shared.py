"""The acceptance drills: what the product has promised to do, each played as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.drills.test_drills import played

SHARED = sorted((Path(__file__).resolve().parent / "shared").glob("*.yaml"))


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_an_acceptance_drill_passes(path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    code, summary = played(path, django_db_blocker)
    assert [one for one in summary["expectations"] if not one["met"]] == []
    assert code == 0
