"""Read the labelled lines and the labels of their second reading."""

from collections.abc import Iterator
from csv import QUOTE_NONE, DictReader
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path

HERE = Path(__file__).parent
FILES = (HERE / "zh_groups.tsv", HERE / "en_groups.tsv")
SECOND = HERE / "second_pass.tsv"
DECISIONS = HERE / "decisions.tsv"
HARD = HERE / "hard.tsv"
TALK = HERE / "talk_zh.tsv"
TITLES = HERE / "titles_zh.tsv"
VERDICTS = ("complaint", "need", "intent", "introduction", "checkin", "question", "abuse", "ad", "contact")
COLUMNS = ("id", "theme", "split", "text", *VERDICTS)


@dataclass(frozen=True)
class Line:
    """One made-up message; ``verdicts`` are the names of those that are true of it."""

    id: str
    theme: str
    split: str
    text: str
    verdicts: frozenset[str]


@dataclass(frozen=True)
class Decision:
    """A label that was looked at again: what the two readings said and what stands in the files."""

    id: str
    verdict: str
    first: bool
    second: bool
    decided: bool


def read_lines(*files: Path) -> list[Line]:
    """All lines of the files, by default of both languages; ``\\n`` in a text has become a line break."""
    return [_line(row) for file in files or FILES for row in read_rows(file)]


def read_second() -> dict[str, frozenset[str]]:
    """What the second reading found true of each line, by id."""
    return {row["id"]: _verdicts(row) for row in read_rows(SECOND)}


def read_decisions() -> list[Decision]:
    return [
        Decision(row["id"], row["verdict"], row["first"] == "1", row["second"] == "1", row["decided"] == "1")
        for row in read_rows(DECISIONS)
    ]


def read_hard() -> list[tuple[str, str]]:
    """(line, verdict) pairs where the verdict is tempting and wrong."""
    return [(row["id"], row["verdict"]) for row in read_rows(HARD)]


def read_talk() -> dict[str, frozenset[str]]:
    """Verdicts that are or may be true of messages of the public Chinese set, by ``key_of`` their text."""
    return {row["key"]: frozenset(row["verdicts"].split()) for row in read_rows(TALK)}


def key_of(text: str) -> str:
    """What stands for a message whose text is not ours to publish."""
    return blake2s(text.encode(), digest_size=8).hexdigest()


def read_rows(file: Path) -> Iterator[dict[str, str]]:
    """Rows of a tab-separated file by column name; quotes are ordinary signs in it."""
    with file.open(encoding="utf-8", newline="") as lines:
        yield from DictReader(lines, delimiter="\t", quoting=QUOTE_NONE)


def _line(row: dict[str, str]) -> Line:
    return Line(row["id"], row["theme"], row["split"], row["text"].replace("\\n", "\n"), _verdicts(row))


def _verdicts(row: dict[str, str]) -> frozenset[str]:
    return frozenset(verdict for verdict in VERDICTS if row[verdict] == "1")
