"""Writes small exports for tests."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from qunying.carriers.files.sources import Source, Tree, open_tree


def write_source(folder: Path, content: object, name: str = "export.json") -> Source:
    """A file with these bytes, this text, or this value as JSON."""
    if isinstance(content, str):
        content = content.encode()
    if not isinstance(content, bytes):
        content = json.dumps(content, ensure_ascii=False, indent=1).encode()
    path = folder / name
    path.write_bytes(content)
    return Source(name, path, size=len(content))


def write_tree(folder: Path, files: Mapping[str, object]) -> Tree:
    """A folder with these files."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_source(folder, content, name)
    return open_tree(folder)


def data_folder() -> Path:
    """The shared real data; the test is skipped where it is not there."""
    beside = Path(__file__).resolve().parents[5] / "shared" / "data"
    folder = Path(os.environ.get("QUNYING_DATA", beside))
    if not folder.is_dir():
        pytest.skip("the shared data is not here (QUNYING_DATA)")
    return folder
