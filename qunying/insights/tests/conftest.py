"""A lake of its own for every test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qunying.insights.parts import lake_folder


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any) -> Path:
    """The folder of this test's lake."""
    settings.HOME = tmp_path
    return lake_folder()
