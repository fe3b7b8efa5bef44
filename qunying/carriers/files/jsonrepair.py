"""Gets past a damaged place in a JSON array: reads the element after all, or finds the next one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_ELEMENT = 8 * 1024 * 1024  # characters; a larger element cannot be repaired, only skipped
OVERLAP = 200  # characters kept when searching on, so that nothing is missed between two chunks
MAX_NESTING = 100
LIKENESS = 0.5  # share of the keys an object needs in common with its neighbours to be taken for one of them

TOLERANT = json.JSONDecoder(strict=False)
_BETWEEN = re.compile(r"[\s,]*")
_BETWEEN_OBJECTS = re.compile(r"(?<=\})(?=\s*,?\s*\{)")
_OBJECT = re.compile(r"\{\s*[\"}]")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_GOES_ON = re.compile(r"\s*(,\s*\{|\])")


@dataclass(slots=True)
class Pieces:
    """A text cut between neighbouring objects; what was read too far can be pushed back."""

    chunks: Iterator[str]
    _queue: list[str] = field(default_factory=list)

    def next(self) -> str | None:
        """The next piece, never empty; None at the end."""
        while not self._queue:
            chunk = next(self.chunks, None)
            if chunk is None:
                return None
            self.push_back(chunk)
        return self._queue.pop()

    def push_back(self, text: str) -> None:
        """These characters come next."""
        self._queue.extend(piece for piece in reversed(_BETWEEN_OBJECTS.split(text)) if piece)

    def take_more(self) -> str:
        """Everything that is waiting, or else the next chunk; empty at the end."""
        if self._queue:
            text = "".join(reversed(self._queue))
            self._queue.clear()
            return text
        return next(self.chunks, "")


@dataclass(frozen=True, slots=True)
class Damage:
    """Where a parser gave up: the text since the last good element, the array it was in, and what its elements look like.

    An empty ``array`` forbids to go on. ``keys`` are those of the last good element; ``has_begun`` is False while no element of the array was read.
    """

    text: str
    array: str
    has_begun: bool
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Repair:
    """What was got out of a damaged place. ``rest`` is the text to go on with inside the array, None at the end."""

    sample: str
    rest: str | None = None
    is_readable: bool = False
    value: object = None


def repair(damage: Damage, pieces: Pieces) -> Repair:
    """Reads the element tolerantly, or else skips to the next object that resembles its neighbours."""
    text, start = damage.text, _end_of_gap(damage.text, 0)
    sample = text[start : start + OVERLAP]
    if not damage.array:
        return Repair(sample)
    if not damage.has_begun:
        found = _find_array(text, damage.array, pieces)
        if found is None:
            return Repair(sample)
        text, start = found
        if text is not damage.text or not _is_sound(text[:start] + _closing(damage.array)):
            return Repair(sample, text[start:])
        sample = text[start : start + OVERLAP]
    if text[start : start + 1] == "{":
        value, end, text = _decode(text, start, pieces)
        if end:
            return Repair(sample, text[_end_of_gap(text, end) :], is_readable=True, value=value)
    return Repair(sample, _find_neighbour(text, start + 1, damage.keys, pieces))


def opening(path: str) -> str:
    """The characters that bring a fresh parser to the inside of that array."""
    return "".join("[" if step == "item" else f'{{"{step}":' for step in path.split("."))


def _closing(path: str) -> str:
    return "".join("]" if step == "item" else "}" for step in reversed(path.split(".")))


def _is_sound(text: str) -> bool:
    try:
        TOLERANT.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def nesting(text: str) -> int:
    """How deep brackets nest in a piece of JSON that starts outside a string."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _end_of_gap(text: str, position: int) -> int:
    gap = _BETWEEN.match(text, position)
    return gap.end() if gap else position


def _decode(text: str, start: int, pieces: Pieces) -> tuple[object, int, str]:
    """The object at ``start`` and its end in the text, which grows until the object is complete; 0 where it is broken."""
    while True:
        try:
            value, end = TOLERANT.raw_decode(text, start)
            return value, end, text
        except json.JSONDecodeError as error:
            is_unfinished = error.pos >= len(text) - 8 or "Unterminated" in error.msg
        except (ValueError, RecursionError):
            is_unfinished = False
        more = pieces.take_more() if is_unfinished and len(text) - start < MAX_ELEMENT else ""
        if not more:
            return None, 0, text
        text += more


def _find_array(text: str, array: str, pieces: Pieces) -> tuple[str, int] | None:
    """The text and the place behind the opening bracket of the array, reading on until it comes."""
    pattern = _array_start(array)
    while not (opened := pattern.search(text)):
        more = pieces.take_more()
        if not more:
            return None
        text = text[-OVERLAP:] + more
    return text, opened.end()


def _find_neighbour(text: str, position: int, keys: frozenset[str], pieces: Pieces) -> str | None:
    """The text from the next object on that resembles the elements read so far; None where there is none."""
    while True:
        candidate = _OBJECT.search(text, position)
        if candidate is None:
            more = pieces.take_more()
            if not more:
                return None
            text, position = text[max(position, len(text) - OVERLAP) :] + more, 0
            continue
        value, end, text = _decode(text, candidate.start(), pieces)
        if end and _is_neighbour(value, keys, is_followed=_GOES_ON.match(text, end) is not None):
            return text[candidate.start() :]
        position = candidate.start() + 1


def _is_neighbour(value: object, keys: frozenset[str], *, is_followed: bool) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    if not keys:
        return is_followed
    return len(keys & value.keys()) >= LIKENESS * max(len(keys), len(value))


def _array_start(path: str) -> re.Pattern[str]:
    key = next((step for step in reversed(path.split(".")) if step != "item"), "")
    return re.compile(rf'(?<!\\)"{re.escape(key)}"\s*:\s*\[\s*' if key else r"\[\s*")
