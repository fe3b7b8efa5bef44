"""What ``qunying judge`` does: a JSON line with a text in, one with nine verdicts out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from qunying.judgement.jsonlines import BadLine, read_object, write_object
from qunying.judgement.judge import WORDS, Evidence, Judged, judge

DONE = 0
WHY = {
    WORDS: "these words weigh most",
    "wechat": "a WeChat name",
    "qq": "a QQ number",
    "phone": "a phone number",
    "telegram": "a Telegram account",
    "email": "a mail address",
    "code": "an invite code",
    "invitation": "an invitation to write privately",
}


def run(stdin: Iterable[str | bytes], stdout: TextIO, stderr: TextIO) -> int:
    """Judge every line ``{"id", "text"[, "from"][, "at"][, "group"][, "role"]}``; the code to exit with.

    Each answer is written at once, so it can be used live. A broken line is told on ``stderr`` with its number, gets no
    answer, and the next one is read. Empty lines are passed over.
    """
    lines: Iterable[str | bytes] = getattr(stdin, "buffer", stdin)  # bytes: one bad letter must not end all
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            stdout.write(write_object(_judged(line)) + "\n")
            stdout.flush()
        except BadLine as error:
            print(f"qunying judge: line {number}: {error}", file=stderr)
    return DONE


def _judged(line: str | bytes) -> dict[str, Any]:
    said = read_object(line, "«id» and «text»")
    if "id" not in said:
        raise BadLine("field «id» is missing")
    if not isinstance(said.get("text"), str):
        raise BadLine("field «text» is missing or not a text")
    return {"id": said["id"], "verdicts": [_told(one) for one in judge(said["text"])]}


def _told(one: Judged) -> dict[str, Any]:
    return {
        "name": one.verdict.value,
        "score": round(one.probability, 4),
        "is": one.is_so,
        "evidence": [{"span": list(each.span), "why": _why(one, each)} for each in one.evidence],
    }


def _why(one: Judged, evidence: Evidence) -> str:
    why = WHY.get(evidence.why, "an account elsewhere")
    return why if one.is_so else f"{why}, yet not enough"
