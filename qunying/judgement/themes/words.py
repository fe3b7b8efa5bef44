"""What a line speaks of, as numbers: its telling words and the pairs they stand in, each where it stands.

Words are kept as numbers made of them, so that what is remembered of a theme holds nothing that anybody wrote. Left out are
function words and small talk, numbers, links, code, who is called, and what people are called.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import rjieba

from qunying.judgement.answers.background import words_share
from qunying.judgement.answers.words import stem
from qunying.judgement.folding import View, fold
from qunying.judgement.themes.names import NOBODY, Names
from qunying.judgement.themes.usual import HOLLOW, USUAL

MOST_LETTERS = 600  # of a line are read; whoever pastes a book speaks of what it begins with
_USUAL_SHARE = 0.012  # of ordinary Chinese messages: a word that is in more of them tells nothing
_HAN = re.compile("[\u3400-\u9fff]")
_TOKEN = re.compile(
    r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:['’+#][^\W_\u3400-\u9fff]*)*|[^\S\n]+|[-_/.](?=\w)|[^\w\s]|\n"
)
# what stands in a line and is no word of it: links, addresses, code, pictures and stickers written as words, who is called
_NO_WORDS = re.compile(
    r"```.*?(?:```|$)|`[^`\n]*`|\[?<-\w+->\]?|\[[^\[\]\n]{1,12}\]|<[^<>\n]{1,80}>|https?://\S*|www\.\S*|\S+@\S+\.\w+"
    r"|@[^\s@]{1,30}|[\w./\\-]*[/\\][\w./\\-]*\w|:[a-z_0-9+-]{2,30}:|[!-~]{40,}",
    re.DOTALL,
)
_TELLING = frozenset("navijlzbsx")  # kinds of Chinese words that name something: nouns, verbs, adjectives, idioms
_PARTS = frozenset("upcyeo")  # kinds that only bind others together
_BEGINS = frozenset(
    [
        "不",
        "没",
        "没有",
        "别",
        "怎么",
        "怎样",
        "如何",
        "为什么",
        "为啥",
        "什么",
        "哪里",
        "哪个",
        "多少",
        "多久",
        "几点",
        "能",
        "能不能",
        "可以",
        "有",
    ]
)
_BEGINS_EN = frozenset(["how", "no", "not", "can", "cannot", "why", "what", "where", "when"])
_CALLED = re.compile(r"[^\s:,]{1,30}[:,](?=\s)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands in the folded line. ``term`` is its number; ``tells``: it can stand for a theme.

    ``is_hollow``: no phrase ends with it, nor begins, unless it ``begins``.
    """

    term: int
    tells: bool
    is_hollow: bool
    begins: bool
    is_han: bool
    start: int
    end: int


Clause = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A line in clauses, and the terms in it: telling words, and pairs of neighbours of which one tells."""

    clauses: tuple[Clause, ...]
    terms: frozenset[int]


@lru_cache(maxsize=50_000)
def term_of(key: str) -> int:
    """The number of a word or pair; equal ones have the same on every machine."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big")


def view_of(text: str) -> View:
    """The line as it is read; its ``span`` leads back to what was written."""
    return fold(text[:MOST_LETTERS])


def read(text: str, names: Names = NOBODY) -> Read:
    """What a line speaks of, without people's names. Never fails."""
    plain = view_of(text).text
    bare = _NO_WORDS.sub(_blank, plain)
    called = _CALLED.match(bare)
    if called and called[0][:-1] in names.words:
        bare = _blank(called) + bare[called.end() :]
    clauses = tuple(clause for clause in _clauses(bare, names) if clause)
    return Read(clauses, frozenset(_terms(clauses)))


def _blank(found: re.Match[str]) -> str:
    return "\n" * len(found[0])


def _clauses(text: str, names: Names) -> Iterator[Clause]:
    """Runs of words with nothing between them but space; a name of somebody ends one."""
    clause: list[Word] = []
    for match in _TOKEN.finditer(text):
        found = match[0]
        if found.isspace() and found != "\n":
            continue
        if found in "-_/.":
            continue
        if not found[0].isalnum():
            yield tuple(clause)
            clause = []
            continue
        if found in names.words:
            yield tuple(clause)
            clause = []
            continue
        if not _HAN.match(found):
            clause.append(Word(*_known(found, ""), match.start(), match.end()))
            continue
        for number, (part, place) in enumerate(names.parts(found)):
            if number or place:
                yield tuple(clause)
                clause = []
            clause += _cut(part, match.start() + place)
    yield tuple(clause)


def _cut(run: str, start: int) -> Iterator[Word]:
    for word, kind in rjieba.tag(run):
        yield Word(*_known(word, kind), start, start + len(word))
        start += len(word)


@lru_cache(maxsize=50_000)
def _known(word: str, kind: str) -> tuple[int, bool, bool, bool, bool]:
    """Term, tells, is hollow, begins, is Chinese."""
    if _HAN.match(word):
        is_hollow = word in HOLLOW or kind[:1] in _PARTS or all(letter in HOLLOW for letter in word)
        says = len(word) > 1 and kind[:1] in _TELLING and word not in USUAL and words_share(word) < _USUAL_SHARE
        return term_of(word), says and not is_hollow, is_hollow, word in _BEGINS, True
    bare, mark, rest = word.replace("’", "'").partition("'")
    root = stem(bare)
    is_hollow = bare in USUAL or root in USUAL or len(bare) == 1 or bool(mark and rest not in {"", "s"})
    return (
        term_of(root),
        not is_hollow and len(bare) > 2 and not bare[0].isdigit(),
        is_hollow,
        bare in _BEGINS_EN,
        False,
    )


def _terms(clauses: Sequence[Clause]) -> Iterator[int]:
    for clause in clauses:
        for word in clause:
            if word.tells:
                yield word.term
        for first, second in itertools.pairwise(clause):
            if (first.tells or second.tells) and not first.is_hollow and not second.is_hollow:
                yield pair_of(first, second)


def pair_of(first: Word, second: Word) -> int:
    """The number of two neighbours."""
    return term_of(f"{first.term} {second.term}")
