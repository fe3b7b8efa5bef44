"""Which groups fit what somebody typed: any word we noted, dates, tags, bounds such as ``weight>80``, initials, names misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from qunying.communities.noting import Importance
from qunying.communities.queries import GroupLine
from qunying.console.group.notes import IMPORTANCE_WORDS
from qunying.console.search.wanted import Wanted, fold
from qunying.people.asked import LIKE_ENOUGH, likeness
from qunying.store.tokens import initials

REMEMBERED = 20_000  # texts: about four times the groups of a large house
LEAST_INITIALS = 2
LATIN_LETTERS = 4  # of a word that may be misspelt
CHINESE_LETTERS = 2
SIGNS_AT_MOST = 20
MOST_MISSING = 3
_LATIN = re.compile("[a-z]+")
_CHINESE = re.compile(r"[^\W\da-zA-Z_]+")


def fits(line: GroupLine, wanted: Wanted) -> bool:
    """Whether a group keeps every bound and has every word in what it is called or noted as, or as initials."""
    if not all(one.holds(line) for one in wanted.conditions):
        return False
    return all(_has(line, word) for word in wanted.words)


def find_like(others: Iterable[GroupLine], wanted: Wanted) -> list[GroupLine]:
    """Of groups that do not fit, those that keep every bound and would fit if one of the words was a name with a mistake."""
    found = []
    for line in others:
        if all(one.holds(line) for one in wanted.conditions):
            is_one = len(wanted.words) == 1
            missing = wanted.words if is_one else [word for word in wanted.words if not _has(line, word)]
            if len(missing) == 1 and _is_like(line, missing[0]):
                found.append(line)
    return found


def find_fitting(lines: Sequence[GroupLine], wanted: Wanted) -> tuple[list[GroupLine], bool]:
    """The groups that fit; where none does, those with a name like it, and True."""
    if wanted.is_nothing:
        return list(lines), False
    found = [line for line in lines if fits(line, wanted)]
    if found or not wanted.words:
        return found, False
    like = find_like(lines, wanted)
    return like, bool(like)


def _has(line: GroupLine, word: str) -> bool:
    if word in _hay(
        line.remark,
        line.carrier_name,
        line.city,
        line.industry,
        line.company,
        line.community,
        line.tags,
        line.rule_set,
        line.note,
        line.noted_on.isoformat() if line.noted_on else "",
        str(IMPORTANCE_WORDS[Importance(line.importance)]) if line.importance else "",
    ):
        return True
    if len(word) < LEAST_INITIALS or not word.isascii() or not word.isalnum():
        return False
    return word in _short(line.remark, line.carrier_name, line.city, line.industry, line.company, line.tags)


@lru_cache(maxsize=REMEMBERED)
def _short(remark: str, carrier_name: str, city: str, industry: str, company: str, tags: str) -> str:
    """The initials of its names, and of its fields as people say them one after another; one line each."""
    texts = (remark, carrier_name, f"{city} {industry} {company}", f"{city} {company}", tags)
    return "\n".join(_initials(text) for text in texts)


@lru_cache(maxsize=REMEMBERED)
def _hay(*parts: str) -> str:
    return fold("\n".join(parts))


@lru_cache(maxsize=REMEMBERED)
def _initials(text: str) -> str:
    return initials(text)


def _is_like(line: GroupLine, word: str) -> bool:
    if not word.isalpha() or len(word) > SIGNS_AT_MOST:
        return False
    names = (line.remark, line.carrier_name, line.city, line.company)
    return any(_is_name_like(word, name) for name in names if name)


def _is_name_like(word: str, name: str) -> bool:
    if word.isascii():
        return len(word) >= LATIN_LETTERS and any(_is_like_piece(word, piece) for piece in _LATIN.findall(name.lower()))
    return len(word) >= CHINESE_LETTERS and any(_is_like_piece(word, run) for run in _CHINESE.findall(name))


@lru_cache(maxsize=REMEMBERED)
def _is_like_piece(word: str, run: str) -> bool:
    """Whether the word is like a piece of a run of one script; names of many groups have the same runs."""
    if word.isascii():
        return abs(len(run) - len(word)) <= MOST_MISSING and likeness(word, run) >= LIKE_ENOUGH
    if not _may_be_like(word, run):
        return False
    pieces = (run[at : at + len(word)] for at in range(len(run) - len(word) + 1))
    return any(likeness(word, piece) >= LIKE_ENOUGH for piece in pieces)


def _may_be_like(word: str, run: str) -> bool:
    """Cheap, because thousands of names are asked: whether all signs but one are there, or it sounds like a piece of it."""
    if len(word) > CHINESE_LETTERS and len(set(word) & set(run)) >= len(set(word)) - 1:
        return True
    return _initials(word) in _initials(run)
