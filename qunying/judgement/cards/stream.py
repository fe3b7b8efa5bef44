"""The logic of ``qunying card``: one group card a line in, one JSON object a line out."""

from __future__ import annotations

import json
from typing import TextIO

from qunying.judgement.cards.card import FIELDS, Card
from qunying.judgement.cards.parse import parse_card


def run(stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Answers every line, also an empty one, in order; returns the exit code.

    ``confidence`` is an object with a number (0 to 1) for each field that is not null. Any text is a card, so no line can
    be wrong; 1 is returned, with a line on ``stderr``, only where the input cannot be decoded at all.
    """
    try:
        for line in stdin:
            stdout.write(as_json(line.rstrip("\r\n")) + "\n")
    except UnicodeDecodeError as wrong:
        stderr.write(f"qunying card: the input is not UTF-8 ({wrong.reason} at byte {wrong.start})\n")
        return 1
    return 0


def as_json(card: str) -> str:
    """One line of the answer; letters that no encoding can write are escaped."""
    row = as_row(card, parse_card(card))
    text = json.dumps(row, ensure_ascii=False)
    return text if _can_be_written(text) else json.dumps(row)


def as_row(written: str, card: Card) -> dict[str, object]:
    """The fields as INTERFACES.md names them."""
    sure = {field: round(value, 3) for field, value in card.confidence.items()}
    return {"card": written, **{field: getattr(card, field) for field in FIELDS}, "confidence": sure}


def _can_be_written(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
