"""A lake of its own for every test, into which rows go at once on either database."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from qunying.insights import lake as lakes
from qunying.insights.parts import lake_folder


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's lake. Waiting for late commits has a test of its own."""
    settings.HOME = tmp_path
    monkeypatch.setattr(lakes, "connection", Mock(vendor="sqlite"))
    return lake_folder()
