"""Words of lists found in a text, however many there are: one pass over it for all of them.

``exact`` is the whole text, ``substring`` any part of it, ``pinyin`` any part that sounds the same, ``pattern`` a regular
expression of RE2, whose time grows with the text only, goes_together the pattern. All but patterns are looked for in the bare
letters (see ``bare``): width, script, look-alikes, what is put between letters and repetitions make no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import re2
from daachorse import CharwiseDoubleArrayAhoCorasick

from qunying.judgement.folding import fold, tighten
from qunying.judgement.patterns.bare import Bare, is_letter, strip
from qunying.judgement.sounds import sound_of
from qunying.judgement.views import Span, View, as_written

WAYS = ("exact", "substring", "pattern", "pinyin")
LONGEST_PATTERN = 1_000  # letters
_MEMORY = 8 << 20  # bytes that RE2 may take for one pattern
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")

_Dresser = Callable[[View], Bare]


class Word(NamedTuple):
    """One entry of a list. Hits of a word that ``allows`` take away the hits that lie inside them."""

    text: str
    listed: str = ""
    way: str = "substring"
    allows: bool = False
    inside_words: bool = False  # a Latin word is then found inside others too


class Hit(NamedTuple):
    """A word was found at ``span`` of the original."""

    word: str
    listed: str
    way: str
    span: Span


class BadPattern(ValueError):
    """A word that cannot be looked for: what is wrong, and at which letter of it."""

    def __init__(self, word: str, reason: str, place: int = 0) -> None:
        super().__init__(f"{reason} at {place + 1} of {word!r}")
        self.word, self.reason, self.place = word, reason, place


class Words:
    """Lists made ready to be looked for. Raises ``BadPattern`` for a word that cannot be."""

    def __init__(self, words: Iterable[Word]) -> None:
        ways: defaultdict[str, list[Word]] = defaultdict(list)
        for word in words:
            check(word)
            ways[_place_of(word)].append(word)
        self._exact = _by_key(ways["exact"])
        dresses = (("bare", strip), ("marked", _as_it_is), ("pinyin", _heard))
        self._finders = [_Finder(ways[way], dress) for way, dress in dresses if ways[way]]
        self._patterns = _Patterns(ways["pattern"])

    def find(self, text: str, folded: View | None = None) -> tuple[Hit, ...]:
        """All hits in the order of the text, those inside an allowed hit left out. ``folded`` spares folding. Never raises."""
        view = folded or fold(text)
        found: set[tuple[Word, Span]] = {*self._whole(text, view), *self._patterns.find(text, view)}
        for finder in self._finders:
            found.update(finder.find(view))
        allowed = [span for word, span in found if word.allows]
        hits = {Hit(w.text, w.listed, w.way, span) for w, span in found if not w.allows and not _lies_in(span, allowed)}
        return tuple(sorted(hits, key=lambda hit: (hit.span, hit.listed, hit.word, hit.way)))

    def _whole(self, text: str, view: View) -> list[tuple[Word, Span]]:
        return [(word, (0, len(text))) for word in self._exact.get(_key(view), ())] if text and self._exact else []


def check(word: Word) -> None:
    """Raises ``BadPattern`` for a word that cannot be looked for."""
    if word.way not in WAYS:
        raise BadPattern(word.text, f"unknown way {word.way}")
    if not fold(word.text).text.strip():
        raise BadPattern(word.text, "nothing to look for")
    if word.way == "pattern":
        _compile(word.text)


def _place_of(word: Word) -> str:
    """Which finder looks for it: a word with signs in it, as ``t.me``, is looked for with its signs."""
    if word.way != "substring":
        return word.way
    return "bare" if all(map(is_letter, fold(word.text).text.strip())) else "marked"


def _heard(view: View) -> Bare:
    return strip(sound_of(view))


def _as_it_is(view: View) -> Bare:
    places = range(len(view))
    return Bare(view.text, view, places, places, bytes([1]) * len(view))


def _key(view: View) -> str:
    """What ``exact`` compares: the letters, or the signs where there are no letters."""
    return tighten(view).text or view.text.strip()


def _by_key(words: Sequence[Word]) -> dict[str, list[Word]]:
    found: defaultdict[str, list[Word]] = defaultdict(list)
    for word in words:
        found[_key(fold(word.text))].append(word)
    return dict(found)


def _lies_in(span: Span, allowed: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in allowed)


class _Finder:
    """An automaton of Aho and Corasick over the words in one dress.

    Words are kept as plain tuples and bytes, which the garbage collector passes over however many there are.
    """

    def __init__(self, words: Sequence[Word], dress: _Dresser) -> None:
        self._dress = dress
        self._known = [tuple(word) for word in words]
        bares = [dress(fold(word.text.strip())) for word in words]
        self._runs = [bytes(min(run, 255) for run in bare.runs) for bare in bares]
        self._automaton = CharwiseDoubleArrayAhoCorasick([bare.text for bare in bares])

    def find(self, view: View) -> Iterator[tuple[Word, Span]]:
        """Every word at every place where its runs stand, apart from others as it must be."""
        bare = self._dress(view)
        for start, end, number in self._automaton.find_overlapping(bare.text):
            if bare.holds(self._runs[number], start) and bare.is_apart(start, end):
                word = Word._make(self._known[number])
                if word.inside_words or not bare.is_within_latin(start, end):
                    yield word, bare.span(start, end)


class _Patterns:
    """Expressions of RE2; which of them occur at all is asked in one pass."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = [(word, _compile(word.text)) for word in words]
        self._set = re2.Set.SearchSet(_options())
        for word in words:
            self._set.Add(word.text)
        if words:
            self._set.Compile()

    def find(self, text: str, view: View) -> Iterator[tuple[Word, Span]]:
        """In the folded text, and in the text as written where that is another."""
        if not self._words:
            return
        for read in (view, as_written(text.translate(_SURROGATES))):
            for number in self._set.Match(read.text) or ():  # nothing for an empty text
                word, expression = self._words[number]
                for match in expression.finditer(read.text):
                    if match.end() > match.start():
                        yield word, read.span(*match.span())


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors, options.case_sensitive, options.max_mem = False, False, _MEMORY
    return options


def _compile(pattern: str) -> re2._Regexp:
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(pattern, f"longer than {LONGEST_PATTERN} letters", LONGEST_PATTERN)
    try:
        return re2.compile(pattern, _options())
    except UnicodeEncodeError as error:
        raise BadPattern(pattern, "half of a letter", error.start) from None
    except re2.error as error:
        told = error.args[0].decode()
        reason, _, part = told.partition(": ")
        raise BadPattern(pattern, reason, max(pattern.rfind(part), 0)) from None
