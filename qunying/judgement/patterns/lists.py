"""Reads a word list that was kept as a table: columns ``word``, ``way`` and ``kind``, in any order, also named in Chinese."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qunying.judgement.patterns.wordlists import BadPattern, Word, check

_COLUMNS = {"word": "word", "way": "way", "kind": "kind", "词": "word", "方式": "way", "类型": "kind"}
_WAYS = {
    "": "substring",
    "exact": "exact",
    "substring": "substring",
    "pattern": "pattern",
    "pinyin": "pinyin",
    "完全": "exact",
    "包含": "substring",
    "正则": "pattern",
    "拼音": "pinyin",
}
_KINDS = {"": False, "block": False, "allow": True, "禁止": False, "允许": True}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that could not be read, and why."""

    line: int
    reason: str


def read_words(lines: Iterable[str], listed: str) -> tuple[list[Word], list[Mistake]]:
    """The words of a table for the list of that name, and every line that is wrong; the same word twice is one word."""
    rows = csv.reader(lines)
    words: dict[Word, None] = {}
    mistakes: list[Mistake] = []
    columns: list[str] = []
    while True:
        try:
            row = next(rows)
            if columns:
                if any(cell.strip() for cell in row):
                    words.setdefault(_word(dict(zip(columns, row, strict=False)), listed))
            else:
                columns = _columns(row)
        except StopIteration:
            return list(words), mistakes
        except BadPattern as error:
            mistakes.append(Mistake(rows.line_num, f"{error.reason} at {error.place + 1}"))
        except (ValueError, csv.Error) as error:
            mistakes.append(Mistake(rows.line_num, str(error)))
            if not columns:
                return [], mistakes


def _columns(head: Sequence[str]) -> list[str]:
    columns = [_COLUMNS.get(cell.strip("\ufeff ").lower(), "") for cell in head]
    if "word" not in columns:
        raise ValueError("no column named word")
    return columns


def _word(row: dict[str, str], listed: str) -> Word:
    way, kind = row.get("way", "").strip().lower(), row.get("kind", "").strip().lower()
    if way not in _WAYS:
        raise ValueError(f"unknown way {way}")
    if kind not in _KINDS:
        raise ValueError(f"unknown kind {kind}")
    word = Word(row.get("word", "").strip(), listed, _WAYS[way], _KINDS[kind])
    check(word)
    return word
