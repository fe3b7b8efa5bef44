"""What a ``Skipped`` says in place of a quote, where the words of the file would not tell what is wrong.

A sample is kept as it reads in Chinese; ``explanation`` finds the sentence in it again, so that it can be said otherwise.
"""

from __future__ import annotations

import re

from qunying.kernel.texts import COMMA, Sentence, mark

NESTED_ARCHIVE = mark("压缩包里还有压缩包，请先解开")
CUT_ARCHIVE = mark("压缩包不完整，请重新下载或重新打包")
GUESSED_YEAR = mark("没有年份，按文件日期推算：%(line)s")
UNKNOWN_COLUMN = mark("没有叫%(names)s的列；有的列：%(header)s")
NO_COLUMN = mark("没有%(names)s列；有的列：%(header)s")
COLUMNS = (mark("时间"), mark("内容"))
COLUMNS_OF_GROUPS = {"name": mark("群名或群号"), "remark": mark("要登记的")}
COLUMNS_OF_DEEDS = {"time": COLUMNS[0], "person": mark("是谁"), "amount": mark("金额或做了什么")}

_SLOT = re.compile(r"%\\\((\w+)\\\)s")
_SHAPES = tuple(
    (template, re.compile(_SLOT.sub(r"(?P<\1>.*)", re.escape(template)), re.DOTALL))
    for template in (NESTED_ARCHIVE, CUT_ARCHIVE, GUESSED_YEAR, UNKNOWN_COLUMN, NO_COLUMN)
)


def explanation(sample: str) -> Sentence | None:
    """The sentence that a sample is; None where it quotes the file."""
    for template, shape in _SHAPES:
        match = shape.fullmatch(sample)
        if match is not None:
            return Sentence(template, {name: _filled(name, words) for name, words in match.groupdict().items()})
    return None


def _filled(slot: str, words: str) -> object:
    if slot == "line":
        return words
    return [
        Sentence(name)
        if name in (*COLUMNS, *COLUMNS_OF_DEEDS.values(), *COLUMNS_OF_GROUPS.values()) and slot == "names"
        else name
        for name in words.split(COMMA)
    ]
