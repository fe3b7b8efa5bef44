"""Words as people bring them: typed a line each, or in a file, with every line that cannot be looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qunying.capabilities.order.lists import read_line
from qunying.capabilities.order.lists_told import table_of
from qunying.capabilities.order.mistakes import why_of
from qunying.judgement.patterns import Mistake, Word, read_words
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark
from qunying.kernel.workbooks import text_of_table

MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that no word could be made of, and why."""

    line: int
    text: str
    why: Sentence


def list_wrong_lines(lines: Sequence[str]) -> list[WrongLine]:
    """The lines among these that cannot be looked for."""
    return _read(lines)[1]


def read_file(content: bytes) -> tuple[list[str], list[WrongLine]]:
    """The lines of a table of words: a sheet or CSV with a head as they are, other text as words, one a line.

    Raises ``BadUse`` for what is no text, is too large, or is a table without a column of words.
    """
    lines = _decoded(content).splitlines()
    if _has_head(lines):
        return lines, []
    if lines and "," in lines[0] and all("," in line for line in lines[:5]):
        raise BadUse(mark("第一行要是表头，写着 word（词），后面可以有 way（方式）和 kind（类型）"))
    words, wrong = _read(lines)
    return table_of(words).splitlines(), wrong


def wrong_lines_of(mistakes: Sequence[Mistake], lines: Sequence[str]) -> list[WrongLine]:
    """The lines of a table that were wrong, with what stands there."""
    return [
        WrongLine(one.line, lines[one.line - 1][:80] if one.line <= len(lines) else "", why_of(one.reason))
        for one in mistakes
    ]


def _read(lines: Sequence[str]) -> tuple[list[Word], list[WrongLine]]:
    words, wrong = list[Word](), list[WrongLine]()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            words.append(read_line(line))
        except BadUse as error:
            wrong.append(WrongLine(number, line.strip()[:80], error.sentence))
    return words, wrong


def _has_head(lines: Sequence[str]) -> bool:
    """Whether the first line names a column of words."""
    return bool(lines) and not read_words(lines[:1], "")[1]


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise BadUse(mark("文件太大了，最多 %(most)d MB"), most=MOST_BYTES // 1_000_000)
    table = text_of_table(content)
    if table is not None:
        return table
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadUse(mark("这不是表格；在表格软件里另存为 .xlsx 或 CSV"))
