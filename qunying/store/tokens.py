"""Words as search sees them: Chinese has no spaces, so every two neighbouring characters are a token."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from operator import add

_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+", re.UNICODE)
_IS_CJK = re.compile(f"[{_CJK}]")
_LATIN = re.compile("[a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
INDEXED_LETTERS = 20_000  # a tsvector holds 1 MB
RUNS_REMEMBERED = 20_000
WORD_LETTERS = 64  # what is longer is an address or an encoded file, and a lexeme holds 2 kB
_LATIN_WORD = re.compile(f"([a-z0-9]{{1,{WORD_LETTERS}}})[a-z0-9]*")
_FIRST_CJK, _LAST_CJK = "\u3400", "\u9fff"  # of the common block


def index_tokens(text: str) -> str:
    """Space-separated tokens of a text to be found: bigrams of each Chinese run, its last character, other words whole.

    Only the first ``INDEXED_LETTERS`` of a text are findable, and the first ``WORD_LETTERS`` of a word.
    """
    text = text[:INDEXED_LETTERS]
    if text.isascii():
        return " ".join(_LATIN_WORD.findall(text.lower()))
    tokens: list[str] = []
    for run in _runs(text):
        if not _is_chinese(run):
            tokens.append(_plain(run)[:WORD_LETTERS])
        else:
            tokens += map(add, run, run[1:])
            tokens.append(run[-1])
    return " ".join(tokens)


def query_phrases(query: str, *, is_whole: bool = False) -> list[str]:
    """The phrases that must all be found: one per run of the query.

    A lone Chinese character becomes a prefix ``茶*``; so does a Latin word, unless only the whole word is meant.
    """
    return [_phrase(run, is_whole=is_whole) for run in _runs(query)]


def initials(name: str) -> str:
    """First letters of a Chinese name's pinyin and of Latin words, lower case: 上海 CTO → ``shcto``."""
    return "".join(_first_letters(run) for run in _runs(name))[:64]


@lru_cache(maxsize=RUNS_REMEMBERED)
def _first_letters(run: str) -> str:
    """Rare characters have no pinyin, or an empty one: they are left out. Names of places and trades come again and again."""
    if not _is_chinese(run):
        return "".join(_LATIN.findall(run))
    from pypinyin import Style, lazy_pinyin  # takes fifty megabytes, which whoever seeks no initials is spared

    return "".join(sound[:1] for sound in lazy_pinyin(run, style=Style.NORMAL, errors="ignore"))


def _runs(text: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text).lower())


def _is_chinese(run: str) -> bool:
    """A run is Chinese or not as a whole."""
    first = run[0]
    return _FIRST_CJK <= first <= _LAST_CJK or (first > _LAST_CJK and _IS_CJK.match(first) is not None)


def _plain(run: str) -> str:
    """Without accents: café is found by cafe, and the other way round."""
    if run.isascii():
        return run
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", run)))


def _phrase(run: str, *, is_whole: bool) -> str:
    if not _is_chinese(run):
        return f"{_plain(run)[:WORD_LETTERS]}{'' if is_whole else '*'}"
    if len(run) == 1:
        return f"{run}*"
    return " ".join(a + b for a, b in pairwise(run))
