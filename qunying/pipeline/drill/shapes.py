"""What a drill is made of, before anybody asks what it means: lists of lines, mappings, words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from qunying.kernel.errors import BadUse
from qunying.pipeline.drill.lined import Lined

ROWS = ("staff", "groups", "members", "deposits", "timeline", "expect")
MAPPINGS = ("community", "settings")
WORDS = ("drill", "title", "timezone", "mode")


def check_shapes(words: Lined) -> None:
    """Raises ``BadUse`` with the line where a list, a mapping or words stand in each other's place."""
    for key in ROWS:
        for row in rows_of(words, key):
            _check_row(row, key)
    for key in MAPPINGS:
        if not isinstance(words.get(key, Lined()), Lined):
            raise BadUse(f"line {words.line}: {key!r} is a mapping")
    _check_words(words, WORDS)
    crowd = words.get("crowd", [])
    for row in [crowd] if isinstance(crowd, Lined) else rows_of(words, "crowd"):
        _check_words(row, row)
    _check_texts(words, "acts")
    community = words.get("community", Lined())
    _check_words(community, community.keys() - {"purpose"})
    _check_texts(community, "purpose")
    for name, values in words.get("settings", Lined()).items():
        if not isinstance(values, Lined):
            raise BadUse(f"line {words['settings'].line}: settings of {name!r} are a mapping")


def rows_of(words: Lined, key: str) -> list[Lined]:
    """The lines under a key, none where it is missing. Raises ``BadUse`` where something else stands there."""
    rows = words.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, Lined) for row in rows):
        raise BadUse(f"line {words.line}: {key!r} is a list of lines like - {{key: value}}")
    return rows


def _check_row(row: Lined, key: str) -> None:
    own = set()
    if key == "timeline":
        own = {"mention", "what"}
        if "from" in row and isinstance(row.get("card"), Lined):
            _check_words(row["card"], row["card"])
            own |= {"card"}
        elif "from" in row and "card" in row:
            raise BadUse(f"line {row.line}: 'card' is a mapping with name and ref")
        _check_texts(row, "mention")
        if isinstance(row.get("what"), Lined):
            _check_words(row["what"], row["what"])
        elif "what" in row:
            _check_words(row, ["what"])
    if key != "expect":
        _check_words(row, row.keys() - own)


def _check_words(words: Lined, keys: Collection[str]) -> None:
    for key in keys:
        if not isinstance(words.get(key, ""), str):
            raise BadUse(f"line {words.line}: {key!r} is words, not a list or mapping")


def _check_texts(words: Lined, key: str) -> None:
    value: Any = words.get(key, "")
    if not isinstance(value, str) and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        raise BadUse(f"line {words.line}: {key!r} is words or a list of words")
