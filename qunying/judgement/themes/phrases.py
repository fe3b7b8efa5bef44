"""What a theme is called: a phrase that members really wrote, and of those the one that most people share."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from qunying.judgement.themes.counting import Talk
from qunying.judgement.themes.lines import Line, Title
from qunying.judgement.themes.words import Word, pair_of, term_of, view_of

MOST_WORDS = 6
_LETTERS, _WORDS = (4, 10), (2, 5)  # of a Chinese title, and of others
_SHORT = 0.5  # what a shorter phrase counts
_SHARED, _SHARED_PART = (
    2,
    0.1,
)  # people who must say a phrase of good length, and which part of those who speak of the theme
_ALONE = 0.5  # what only one person says counts half


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Some words of a line, by their places in the folded text; ``worth`` by what it says of the theme."""

    number: int
    line: int
    start: int
    end: int
    worth: float
    is_long_enough: bool


def best_title(talk: Talk, terms: Sequence[int], lines: Collection[int]) -> Title | None:
    """The phrase of these lines that says most of the theme, for the most people; None where none has a word of it."""
    users, first = defaultdict[int, set[int]](set), dict[int, _Phrase]()
    for line in talk.lines:
        if line.id in lines:
            for phrase in _phrases(line.id, talk, terms):
                users[phrase.number].add(line.who)
                first.setdefault(phrase.number, phrase)
    if not first:
        return None
    shared = max(_SHARED, _SHARED_PART * len({person for some in users.values() for person in some}))
    ranked = sorted(
        first.values(),
        key=lambda one: (
            not (one.is_long_enough and len(users[one.number]) >= shared),
            -one.worth * (len(users[one.number]) - _ALONE),
            one.line,
            one.start,
        ),
    )
    return _title(ranked[0], talk)


def kept_title(title: Title, talks: Sequence[Talk], terms: Sequence[int], lines: Sequence[int]) -> Title | None:
    """The same title, as long as anybody says it in these lines of the first talk; None where nobody does.

    It stays where it stands, or moves to the first of these lines where its own is gone or says something else by now.
    """
    said = next((one for line in lines for one in _phrases(line, talks[0], terms) if one.number == title.phrase), None)
    if said is None:
        return None
    for talk in talks:
        if title.line in talk.reads and any(one.number == title.phrase for one in _phrases(title.line, talk, terms)):
            return title
    return _title(said, talks[0])


def lines_saying(title: Title, talk: Talk, terms: Sequence[int], lines: Iterable[Line]) -> set[int]:
    """Those of these lines in which the title stands."""
    return {line.id for line in lines if any(one.number == title.phrase for one in _phrases(line.id, talk, terms))}


def _title(phrase: _Phrase, talk: Talk) -> Title:
    text = next(line.text for line in talk.lines if line.id == phrase.line)
    start, end = view_of(text).span(phrase.start, phrase.end)
    return Title(phrase.number, phrase.line, start, end)


def _phrases(line: int, talk: Talk, terms: Sequence[int]) -> Iterator[_Phrase]:
    """Every run of up to six words in which a term of the theme stands, and which could be read alone."""
    wanted = {term: 1 / (2 + place) for place, term in enumerate(terms)}
    for clause in talk.reads[line].clauses:
        for start in range(len(clause)):
            for end in range(start + 1, min(len(clause), start + MOST_WORDS) + 1):
                words = clause[start:end]
                if words[-1].is_hollow or (words[0].is_hollow and not words[0].begins):
                    continue
                worth, is_long_enough = _worth(words, wanted)
                if worth:
                    number = term_of(" ".join(str(word.term) for word in words))
                    yield _Phrase(number, line, words[0].start, words[-1].end, worth, is_long_enough)


def _worth(words: Sequence[Word], wanted: dict[int, float]) -> tuple[float, bool]:
    """What the words say of the theme, and whether they are as long as a title should be; nothing where they are too long."""
    found = {word.term for word in words} | {pair_of(a, b) for a, b in itertools.pairwise(words)}
    said = sum(weight for term, weight in wanted.items() if term in found)
    letters = sum(word.end - word.start for word in words if word.is_han)
    others = sum(not word.is_han for word in words)
    if not said or letters > _LETTERS[1] or others > _WORDS[1] or letters / 2 + others > _WORDS[1]:
        return 0.0, False
    is_long_enough = letters >= _LETTERS[0] or others >= _WORDS[0] or (letters > 1 and others > 0)
    empty = sum(word.is_hollow for word in words)
    return said * (1.0 if is_long_enough else _SHORT) * (1 - empty / (len(words) + 1)), is_long_enough
