"""Group talk that was taken apart by hand, as lines and what belongs together.

Two sets, two kinds of truth: IRC logs say for 250 messages of a file which earlier message each one answers (or itself:
it begins a conversation); rooms of Gitter say only which messages make one conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qunying.judgement.threads.lines import Line

_IRC_SAID = re.compile(r"^\[(\d\d):(\d\d)\] (?:<([^>]+)>| \* (\S+)) ?(.*)$")
_GITTER_SAID = re.compile(r"^(?:\d+ )?\[(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[^\]]*\] <([^>]+)> ?(.*)$")
_SEPARATOR = "-----"
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Talk:
    """One log: its lines in time order, and for line numbers what is right.

    ``answers`` maps a judged line to the lines that it may be linked to (itself: a new conversation); with clusters only,
    to every earlier line of its conversation. ``system`` are judged lines that a person did not write: each by itself.
    """

    name: str
    kind: str
    lines: tuple[Line, ...]
    answers: dict[int, tuple[int, ...]]
    system_links: int = 0
    system_lines: int = 0
    lost_links: int = 0


def irc_talks(folder: Path) -> list[Talk]:
    """Every annotated log below ``folder`` (``NAME.ascii.txt`` beside ``NAME.annotation.txt``)."""
    return [_irc_talk(path) for path in sorted(folder.rglob("*.ascii.txt"))]


def _irc_talk(path: Path) -> Talk:
    lines: list[Line] = []
    number_of: dict[int, int] = {}
    day, last = 0.0, -1.0
    raw = path.read_text(encoding="utf-8").split("\n")
    for row, text in enumerate(raw):
        said = _IRC_SAID.match(text)
        if said is None:
            continue
        clock = int(said[1]) * 3600.0 + int(said[2]) * 60.0
        day += DAY if clock < last - 3600.0 else 0.0
        last = clock
        number_of[row] = len(lines)
        lines.append(Line(id=str(row), at=day + clock, author=said[3] or said[4], text=said[5]))
    return _with_links(path, lines, number_of)


def _with_links(path: Path, lines: list[Line], number_of: dict[int, int]) -> Talk:
    answers: dict[int, list[int]] = {}
    system_lines: set[int] = set()
    system_links = lost = 0
    for row in path.with_name(path.name.replace(".ascii.", ".annotation.")).read_text().splitlines():
        first, second = sorted(int(part) for part in row.split()[:2])
        if second not in number_of:
            system_lines.add(second)
            system_links += 1
        elif first not in number_of:
            lost += 1
        else:
            answers.setdefault(number_of[second], []).append(number_of[first])
    right = {line: tuple(sorted(targets)) for line, targets in answers.items()}
    name = path.name.removesuffix(".ascii.txt")
    return Talk(name, "irc", tuple(lines), right, system_links, len(system_lines), lost)


def gitter_talks(folder: Path) -> list[Talk]:
    """Every room below ``folder``, its conversations put back into one stream by time."""
    return [_gitter_talk(path) for path in sorted(folder.glob("*.txt"))]


def _gitter_talk(path: Path) -> Talk:
    said: list[tuple[float, int, int, str, str]] = []
    conversation = 0
    for place, text in enumerate(path.read_text(encoding="utf-8").split("\n")):
        match = _GITTER_SAID.match(text)
        if match is not None:
            at = datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC).timestamp()
            said.append((at, place, conversation, match[3], match[4]))
        elif text.startswith(_SEPARATOR):
            conversation += 1
    said.sort()
    lines = tuple(Line(id=str(number), at=row[0], author=row[3], text=row[4]) for number, row in enumerate(said))
    return Talk(path.stem, "gitter", lines, _same_conversation([row[2] for row in said]))


def _same_conversation(conversations: list[int]) -> dict[int, tuple[int, ...]]:
    seen: dict[int, list[int]] = {}
    answers: dict[int, tuple[int, ...]] = {}
    for number, conversation in enumerate(conversations):
        earlier = seen.setdefault(conversation, [])
        answers[number] = tuple(earlier) if earlier else (number,)
        earlier.append(number)
    return answers
