"""Plays every drill beside this file, and the shared ones whose capabilities are built."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

HERE = Path(__file__).resolve().parent
OWN = sorted(HERE.glob("*.yaml"))


def played(path: Path, blocker: DjangoDbBlocker) -> tuple[int, dict[str, Any]]:
    """The exit code and the summary of a drill, as a script gets them."""
    out = io.StringIO()
    code = 0
    with blocker.unblock():  # a drill has a database of its own
        try:
            call_command("drill", str(path), "--json", stdout=out)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, json.loads(out.getvalue())


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_every_expectation_is_met_when_the_drill_is_played(path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    code, summary = played(path, django_db_blocker)
    assert [one for one in summary["expectations"] if not one["met"]] == []
    assert summary["passed"]
    assert code == 0
