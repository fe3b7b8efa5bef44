"""A rule of order as somebody writes it to be rehearsed: settings, and whole lists of words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qunying.capabilities.order.lists import line_of
from qunying.judgement.patterns import read_words
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark


def read_rule(words: Mapping[str, Any], folder: Path | None) -> Mapping[str, Any]:
    """Settings: ``list`` names a table of words beside the file, ``do`` is short for ``words_do``, a ladder may be written as steps.

    Raises ``BadUse`` for a table that is not there or has wrong lines, saying which.
    """
    told = dict(words)
    if isinstance(told.get("ladder"), list):
        told["steps"] = told.pop("ladder")
    if "do" in told:
        told["words_do"] = told.pop("do")
    if "list" in told and folder is None:  # handed in from afar, it must not name files of this machine
        raise BadUse(mark("交上来的规则里不能用 list 指别的文件：词写在 words 里，或者另外读进词表"))
    if "list" in told and folder is not None:
        told["words"] = [*_as_list(told.get("words", [])), *_read_table(folder / str(told.pop("list")))]
    return told


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _read_table(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadUse(mark("%(path)s：%(why)s"), path=path, why=error) from error
    words, mistakes = read_words(lines, "")
    if mistakes:
        raise BadUse(mark("%(path)s 第 %(line)s 行：%(why)s"), path=path, line=mistakes[0].line, why=mistakes[0].reason)
    return [line_of(word) for word in words]
