"""Words as search sees them: Chinese has no spaces, so every two neighbouring characters are a token."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from operator import add

from pypinyin import Style, lazy_pinyin

_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+", re.UNICODE)
_IS_CJK = re.compile(f"[{_CJK}]")
_LATIN = re.compile("[a-z0-9]+")
INDEXED_LETTERS = 20_000  # a tsvector holds 1 MB
WORD_LETTERS = 64  # what is longer is an address or an encoded file, and a lexeme holds 2 kB
_FIRST_CJK = "\u3400"


def index_tokens(text: str) -> str:
    """Space-separated tokens of a text to be found: bigrams of each Chinese run, its last character, other words whole.

    Only the first ``INDEXED_LETTERS`` of a text are findable, and the first ``WORD_LETTERS`` of a word.
    """
    text = text[:INDEXED_LETTERS]
    if text.isascii():
        return " ".join(word[:WORD_LETTERS] for word in _LATIN.findall(text.lower()))
    tokens: list[str] = []
    for run in _runs(text):
        if run[0] < _FIRST_CJK or not _IS_CJK.match(run):
            tokens.append(run[:WORD_LETTERS])
        else:
            tokens += map(add, run, run[1:])
            tokens.append(run[-1])
    return " ".join(tokens)


def query_phrases(query: str) -> list[str]:
    """The phrases that must all be found: one per run of the query; a lone Chinese character becomes a prefix ``茶*``."""
    return [_phrase(run) for run in _runs(query)]


def initials(name: str) -> str:
    """First letters of a Chinese name's pinyin and of Latin words, lower case: 上海 CTO → ``shcto``."""
    return "".join(_first_letters(run) for run in _runs(name))[:64]


def _first_letters(run: str) -> str:
    """Rare characters have no pinyin, or an empty one: they are left out."""
    if not _IS_CJK.match(run):
        return "".join(_LATIN.findall(run))
    return "".join(sound[:1] for sound in lazy_pinyin(run, style=Style.NORMAL, errors="ignore"))


def _runs(text: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text).lower())


def _phrase(run: str) -> str:
    if len(run) == 1 or not _IS_CJK.match(run):
        return f"{run[:WORD_LETTERS]}*"
    return " ".join(a + b for a, b in pairwise(run))
