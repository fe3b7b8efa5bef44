"""What ``qunying threads`` does: JSON lines of a room in, where each one belongs out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import isfinite
from typing import Any, TextIO

from qunying.judgement.jsonlines import BadLine, read_object, write_object
from qunying.judgement.threads.lines import Line, Placed
from qunying.judgement.threads.threads import Threads

DONE = 0
WANTED = "«id», «at», «from» and «text»"


def run(stdin: Iterable[str | bytes], stdout: TextIO, stderr: TextIO) -> int:
    """Place every line ``{"id", "at", "from", "text"[, "mentions"][, "reply_to"]}``, in time order; the code to exit with.

    Each answer is written at once, so it can be used live. A broken line is told on ``stderr`` with its number, gets no
    answer, and the next one is read. Empty lines are passed over.
    """
    threads = Threads()
    for line, counts in _read(getattr(stdin, "buffer", stdin)):
        if isinstance(line, BadLine):
            print(f"qunying threads: {line}", file=stderr)
            continue
        stdout.write(write_object(_answer(threads.place(line), counts=counts)) + "\n")
        stdout.flush()
    return DONE


def _answer(placed: Placed, *, counts: bool) -> dict[str, Any]:
    """The answer's fields; ids are numbers where the line's own id was written as one."""
    ids: dict[str, Any] = {"id": placed.id, "reply_to": placed.reply_to, "thread": placed.thread}
    if counts:
        ids = {name: int(value) if value and _is_whole(value) else value for name, value in ids.items()}
    return {**ids, "score": round(placed.score, 4)}


def _is_whole(word: str) -> bool:
    return word.isascii() and word.removeprefix("-").isdigit()


def read_lines(rows: Iterable[str | bytes]) -> Iterator[Line | BadLine]:
    """The lines of talk behind JSON lines; what cannot be read comes as the error itself, so that the rest goes on."""
    return (line for line, _ in _read(rows))


def _read(rows: Iterable[str | bytes]) -> Iterator[tuple[Line | BadLine, bool]]:
    """Each line, and whether its id was written as a number."""
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            continue
        try:
            found = read_object(row, WANTED)
            yield _line(found), isinstance(found["id"], int)
        except BadLine as error:
            yield BadLine(f"line {number}: {error}"), False


def _line(row: dict[str, Any]) -> Line:
    reply_to, mentions = row.get("reply_to"), row.get("mentions")
    if mentions is not None and not isinstance(mentions, list):
        raise BadLine("field «mentions» is not a list")
    return Line(
        id=_word(row, "id"),
        at=_moment(row.get("at")),
        author=_word(row, "from"),
        text=_text(row),
        mentions=tuple([_plain(one, "mentions") for one in mentions or ()]),
        reply_to=None if reply_to is None else _plain(reply_to, "reply_to"),
    )


def _text(row: dict[str, Any]) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise BadLine("field «text» is missing or not a text")
    return text


def _word(row: dict[str, Any], field: str) -> str:
    if field not in row:
        raise BadLine(f"field «{field}» is missing")
    return _plain(row[field], field)


def _plain(value: Any, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadLine(f"field «{field}» is neither a text nor a whole number")
    return str(value)


def _moment(value: Any) -> float:
    """Seconds since 1970, from a number or from a date with time in ISO 8601 (without offset: UTC)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except OverflowError:
            seconds = float("inf")
        if isfinite(seconds):
            return seconds
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            pass
    raise BadLine("field «at» is neither seconds nor a date with time")
