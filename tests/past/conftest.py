"""The command as a person types it, and where the real data is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

Import = Callable[..., dict[str, Any]]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def importing(db: None) -> Import:
    """``importing(PATH…, group="茶友群", dry_run=True …)`` answers what ``qunying import --json`` writes."""
    return import_here


def import_here(*paths: Path, group: str = "茶友群", **options: Any) -> dict[str, Any]:
    """The same, for tests that bring their own database."""
    out = StringIO()
    given = {"timezone": "Asia/Shanghai", **options}
    call_command("import", *map(str, paths), group=group, json=True, stdout=out, stderr=StringIO(), **given)
    words: dict[str, Any] = json.loads(out.getvalue())
    return words


def data(inner: str) -> Path:
    """A folder or file of the real data; the test is skipped where it is not at hand."""
    path = Path(os.environ.get("QUNYING_DATA", ROOT.parent / "shared" / "data")) / inner
    if not path.exists():
        pytest.skip(f"real data not at hand: {inner} (set QUNYING_DATA)")
    return path


def counts(words: dict[str, Any]) -> dict[str, Any]:
    """What an import and a dry run must agree on."""
    return {name: value for name, value in words.items() if name not in {"seconds", "messages_per_s"}}
