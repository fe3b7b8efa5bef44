"""Reads the conversation patterns: plain text with slots and choices, one small language for all of them.

A pattern is a header and lines; a blank line ends it::

    # tea question 9-23 六日        topic, kind, hours of the day, weekdays (both optional)
    ? {茶}要[不要|不用]洗茶         opener; several openers are alternatives. ! is an opener by staff
    - 不用，{茶}很干净             reply by somebody else; ^ quotes the opener, @ names them
    = 谢谢                        the opener again
    * 看茶的老嫩                   staff

`{name}` is filled once per conversation, `{name'}` anew each time, `[a|b|]` is a choice and may hold slots. A text may
begin with <图>, <语音>, <表情>, <链接> or <文件>: the message is of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "patterns"
SIGILS = "?!-^@=*"
OPENERS = "?!"
KIND_TAGS = {"<图>": "image", "<语音>": "voice", "<表情>": "sticker", "<链接>": "link", "<文件>": "file"}
TOLD_SLOTS = frozenset({"开头", "城", "天序", "剩天", "名", "本城", "本职", "账号"})
WEEKDAYS = "一二三四五六日"
SINGLES = ("intros", "welcomes", "checkins", "adverts")


class Slot(NamedTuple):
    """A gap; `is_fresh` means: another filling each time."""

    name: str
    is_fresh: bool


class Choice(NamedTuple):
    """One of several wordings."""

    options: tuple[Parts, ...]


Part = str | Slot | Choice
Parts = tuple[Part, ...]


class Line(NamedTuple):
    """One line of a pattern: who says it (sigil), as what kind of message, in which words, in how many ways."""

    sigil: str
    kind: str
    parts: Parts
    ways: int = 1


@dataclass(frozen=True, slots=True)
class Pattern:
    """A conversation that can be held again and again in other words."""

    topic: str
    kind: str
    first_hour: int
    last_hour: int
    weekdays: frozenset[int]
    openers: tuple[Line, ...]
    lines: tuple[Line, ...]

    @property
    def is_staffs(self) -> bool:
        """Whether staff open this conversation."""
        return self.openers[0].sigil == "!"

    def fits(self, hour: int, weekday: int) -> bool:
        """Whether people talk like this at that hour of that weekday (Monday 0)."""
        return self.first_hour <= hour <= self.last_hour and weekday in self.weekdays


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All patterns by topic, slot fillings, short reactions by kind of conversation, and the one-line texts by name."""

    patterns: Mapping[str, tuple[Pattern, ...]]
    slots: Mapping[str, tuple[str, ...]]
    reactions: Mapping[str, tuple[Line, ...]]
    singles: Mapping[str, tuple[Line, ...]]


@cache
def load_phrasebook() -> Phrasebook:
    """The phrasebook of the demo world. ValueError names file and line of a pattern that cannot be read."""
    slots = _read_slots(FOLDER / "slots.txt")
    reactions = _read_reactions(FOLDER / "reactions.txt", slots)
    patterns: dict[str, list[Pattern]] = {}
    for path in sorted(FOLDER.glob("talk-*.txt")):
        for pattern in read_patterns(path.read_text(encoding="utf-8"), slots, path.name):
            patterns.setdefault(pattern.topic, []).append(pattern)
    singles = {name: _read_singles(FOLDER / f"{name}.txt", slots) for name in SINGLES}
    return Phrasebook({topic: tuple(found) for topic, found in patterns.items()}, slots, reactions, singles)


def read_patterns(text: str, slots: Mapping[str, Sequence[str]], where: str) -> Iterator[Pattern]:
    """The patterns of one text. ValueError with `where` and the line number when one is malformed."""
    header, lines, at = "", list[Line](), 0
    for number, raw in enumerate([*text.splitlines(), ""], 1):
        if raw.startswith("#"):
            header, at = raw[1:].strip(), number
        elif raw.strip():
            lines.append(_line(raw.strip(), slots, f"{where}:{number}"))
        elif header:
            yield _pattern(header, lines, f"{where}:{at}")
            header, lines = "", []


def render(parts: Parts, draw: Callable[[], float], slots: Mapping[str, tuple[str, ...]], bound: dict[str, str]) -> str:
    """The words of a line; `draw` gives numbers in [0, 1), `bound` keeps what the conversation has settled on."""
    words: list[str] = []
    for part in parts:
        if isinstance(part, str):
            words.append(part)
        elif isinstance(part, Choice):
            words.append(render(part.options[int(draw() * len(part.options))], draw, slots, bound))
        else:
            words.append(_fill(part, draw, slots, bound))
    return "".join(words)


def _fill(slot: Slot, draw: Callable[[], float], slots: Mapping[str, tuple[str, ...]], bound: dict[str, str]) -> str:
    told = bound.get(slot.name)
    if told is not None and not slot.is_fresh:
        return told
    fillings = slots[slot.name]
    filling = fillings[int(draw() * len(fillings))]
    bound.setdefault(slot.name, filling)
    return filling


def _pattern(header: str, lines: list[Line], where: str) -> Pattern:
    words = header.split()
    openers = tuple(line for line in lines if line.sigil in OPENERS)
    if len(words) < 2 or not openers:
        raise ValueError(f"{where}: a pattern needs a topic, a kind and an opener")
    first, last, weekdays = 7, 23, frozenset(range(7))
    for word in words[2:]:
        if "-" in word:
            first, last = (int(hour) for hour in word.split("-"))
        else:
            weekdays = frozenset(WEEKDAYS.index(day) for day in word)
    rest = tuple(line for line in lines if line.sigil not in OPENERS)
    return Pattern(words[0], words[1], first, last, weekdays, openers, rest)


def _line(raw: str, slots: Mapping[str, Sequence[str]], where: str) -> Line:
    sigil, text = raw[0], raw[1:].strip()
    if sigil not in SIGILS:
        raise ValueError(f"{where}: a line begins with one of {SIGILS}, not «{sigil}»")
    kind = "text"
    for tag, tagged in KIND_TAGS.items():
        if text.startswith(tag):
            kind, text = tagged, text[len(tag) :].strip()
    parts = parse_parts(text, slots, where)
    return Line(sigil, kind, parts, _ways(parts, slots))


def parse_parts(text: str, slots: Mapping[str, Sequence[str]], where: str) -> Parts:
    """Text with slots and choices, taken apart. ValueError for an unknown slot or an unclosed bracket."""
    parts, end = _parts(text, 0, slots, where, "")
    if end != len(text):
        raise ValueError(f"{where}: unexpected «{text[end]}»")
    return parts


def _ways(parts: Parts, slots: Mapping[str, Sequence[str]]) -> int:
    ways = 1
    for part in parts:
        if isinstance(part, Choice):
            ways *= sum(_ways(option, slots) for option in part.options)
        elif isinstance(part, Slot):
            ways *= len(slots.get(part.name, "?"))
    return ways


def _parts(text: str, at: int, slots: Mapping[str, Sequence[str]], where: str, stop: str) -> tuple[Parts, int]:
    parts: list[Part] = []
    while at < len(text) and text[at] not in stop:
        if text[at] == "{":
            slot, at = _slot(text, at, slots, where)
            parts.append(slot)
        elif text[at] == "[":
            choice, at = _choice(text, at + 1, slots, where)
            parts.append(choice)
        else:
            begin = at
            while at < len(text) and text[at] not in "{[" and text[at] not in stop:
                at += 1
            parts.append(text[begin:at])
    return tuple(parts), at


def _slot(text: str, at: int, slots: Mapping[str, Sequence[str]], where: str) -> tuple[Slot, int]:
    end = text.find("}", at)
    name = text[at + 1 : end].rstrip("'")
    if end < 0 or (name not in slots and name not in TOLD_SLOTS):
        raise ValueError(f"{where}: no slot is called «{name}»")
    return Slot(name, text[end - 1] == "'"), end + 1


def _choice(text: str, at: int, slots: Mapping[str, Sequence[str]], where: str) -> tuple[Choice, int]:
    options: list[Parts] = []
    while True:
        option, at = _parts(text, at, slots, where, "|]")
        options.append(option)
        if at >= len(text):
            raise ValueError(f"{where}: a choice is not closed")
        if text[at] == "]":
            return Choice(tuple(options)), at + 1
        at += 1


def _read_slots(path: Path) -> dict[str, tuple[str, ...]]:
    slots: dict[str, tuple[str, ...]] = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        name, mark, fillings = raw.partition("：")
        if raw.strip() and not mark:
            raise ValueError(f"{path.name}:{number}: a slot is written «name：filling|filling»")
        if mark:
            slots[name] = tuple(fillings.split("|"))
    return slots


def _read_singles(path: Path, slots: Mapping[str, Sequence[str]]) -> tuple[Line, ...]:
    texts = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return tuple(_line(f"-{raw.lstrip('? ')}", slots, f"{path.name}:{number}") for number, raw in texts if raw.strip())


def _read_reactions(path: Path, slots: Mapping[str, Sequence[str]]) -> dict[str, tuple[Line, ...]]:
    reactions: dict[str, list[Line]] = {}
    kind = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if raw.startswith("#"):
            kind = raw[1:].strip()
        elif raw.strip():
            reactions.setdefault(kind, []).append(_line(f"-{raw.strip()}", slots, f"{path.name}:{number}"))
    return {kind: tuple(lines) for kind, lines in reactions.items()}
