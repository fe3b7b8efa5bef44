"""How the tests of text formats read: a text written to a file, the format's own survey, the records as a list."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import pytest

from qunying.carriers.files.formats import Choices, Format
from qunying.carriers.files.records import ChatStarts, PastMessage, Record
from qunying.carriers.files.sources import Source, open_file

_T = TypeVar("_T")


def source_of(folder: Path, content: str | bytes, name: str = "export.txt") -> Source:
    """A file with that content, opened as the import opens it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_file(path)


def read_source(form: Format, source: Source, choices: Choices | None = None) -> list[Record]:
    """Everything a format reads from a source, with the operator's choices completed by the survey."""
    return list(form.read(source, (choices or Choices()).filled_by(form.survey(source))))


def read_text(
    form: Format, folder: Path, content: str | bytes, name: str = "export.txt", choices: Choices | None = None
) -> list[Record]:
    """The same for a text."""
    return read_source(form, source_of(folder, content, name), choices)


def only(kind: type[_T], records: list[Record]) -> list[_T]:
    """The records of one kind, in order."""
    return [record for record in records if isinstance(record, kind)]


def texts(records: list[Record]) -> list[str]:
    """What was said, in order."""
    return [message.text for message in only(PastMessage, records)]


def chat(records: list[Record]) -> ChatStarts:
    """The one chat of a file."""
    (found,) = only(ChatStarts, records)
    return found


def data_folder(inner: str) -> Path:
    """A folder or file of the real data; the test is skipped where it is not at hand."""
    shared = Path(__file__).resolve().parents[4].parent / "shared" / "data"
    path = Path(os.environ.get("QUNYING_DATA", str(shared))) / inner
    if not path.exists():
        pytest.skip(f"real data not at hand: {inner} (set QUNYING_DATA)")
    return path
