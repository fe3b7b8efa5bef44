"""What ``qunying answer --bank BANK.csv`` does: one JSON line with a question in, one with the decision out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from qunying.judgement.answers.bank import Bank
from qunying.judgement.answers.reading import BadBank, read_bank
from qunying.judgement.jsonlines import BadLine, read_object, write_object

DONE, BAD_USE = 0, 2


def run(bank_path: str | Path, stdin: Iterable[str | bytes], stdout: TextIO, stderr: TextIO) -> int:
    """Answer every line ``{"id", "text"}``; the code to exit with: 0, or 2 for a bank that is missing or broken.

    A broken line is told on ``stderr`` with its number, and the next one is read. Empty lines are passed over.
    """
    try:
        bank = Bank.of(read_bank(Path(bank_path)))
    except BadBank as error:
        print(f"qunying answer: {error}", file=stderr)
        return BAD_USE
    lines: Iterable[str | bytes] = getattr(stdin, "buffer", stdin)  # bytes: one bad letter must not end all
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            stdout.write(write_object(_answered(bank, line)) + "\n")
            stdout.flush()
        except BadLine as error:
            print(f"qunying answer: line {number}: {error}", file=stderr)
    return DONE


def _answered(bank: Bank, line: str | bytes) -> dict[str, Any]:
    asked = _parsed(line)
    answer = bank.answer(asked["text"])
    return {
        "id": asked["id"],
        "decision": answer.decision,
        "entry": answer.entry,
        "confidence": answer.confidence,
        "candidates": [{"entry": one.entry, "score": one.score} for one in answer.candidates],
    }


def _parsed(line: str | bytes) -> dict[str, Any]:
    asked = read_object(line, "«id» and «text»")
    if "id" not in asked:
        raise BadLine("field «id» is missing")
    if not isinstance(asked.get("text"), str):
        raise BadLine("field «text» is missing or not a text")
    return asked
