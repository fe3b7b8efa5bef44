"""What the trained heads say of a text, and which of its words made them say it.

There is one set of heads for texts with Chinese letters and one for all others; what has hardly any letters is read as Chinese,
because there numbers and signs alone are used to lead people away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.grams import READ_LETTERS, TOGETHER, Dressed, dress, runs_of
from qunying.judgement.linear import MODELS, Heads, read_heads
from qunying.judgement.views import Span, as_written

MODEL = "texts"
VERDICTS = ("ad", "abuse", "complaint", "need", "intent", "introduction", "checkin", "question")
MOST_SPANS = 3
LETTERS_TOGETHER = 10_000  # more take megabytes and no less time
_PART = 0.6  # of the strongest place of the text: a letter that is as telling is part of what is told
_PARTS = 12  # a letter's part of a run of one to four is a whole number of twelfths
_GAP = 2  # letters that may stand between two telling ones
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[^\W\d_]{3}")
_IN_WORD = re.compile("[A-Za-z0-9À-ɏ'’]{2}")  # two neighbours that stand in one Latin word or number

Weights = NDArray[np.float64]  # of whole numbers, so that no order of adding matters


@dataclass(frozen=True, slots=True)
class Shipped:
    """The heads of one script, and the probability from which each says yes."""

    heads: Heads
    thresholds: Mapping[str, float]


@cache
def shipped(*, is_chinese: bool) -> Shipped:
    """The heads of the package for one script; read once per process."""
    script = "zh" if is_chinese else "en"
    thresholds = json.loads((MODELS / f"{MODEL}.json").read_text(encoding="utf-8"))["thresholds"]
    heads = read_heads(MODEL, MODELS, tuple(f"{verdict}_{script}" for verdict in VERDICTS))
    return Shipped(heads, {verdict: thresholds[f"{verdict}_{script}"] for verdict in VERDICTS})


def reads_chinese(text: str) -> bool:
    """Whether the Chinese heads read the text: it has a Chinese letter, or no three letters of any other script together."""
    return _HAN.search(text) is not None or _WORD.search(text) is None


def read_texts(text: str, dressed: Dressed | None = None) -> dict[str, float]:
    """The probability of each of ``VERDICTS``, nought for a text of nothing but space. Never raises.

    ``dressed`` spares dressing a text that already is.
    """
    if not text or text.isspace():
        return dict.fromkeys(VERDICTS, 0.0)
    found = shipped(is_chinese=reads_chinese(text)).heads.probabilities(dressed or dress(text))
    return dict(zip(VERDICTS, found.values(), strict=True))


def read_many(texts: Sequence[str], dressed: Sequence[Dressed]) -> list[dict[str, float]]:
    """``read_texts`` of each, several times as fast."""
    found = [dict.fromkeys(VERDICTS, 0.0) for _ in texts]
    for is_chinese in (True, False):
        heads = shipped(is_chinese=is_chinese).heads
        here = [n for n, text in enumerate(texts) if text and not text.isspace() and reads_chinese(text) is is_chinese]
        for places in _together(here, dressed):
            told = heads.probabilities_of_many([dressed[n] for n in places])
            for n, one in zip(places, told, strict=True):
                found[n] = dict(zip(VERDICTS, one.values(), strict=True))
    return found


def _together(places: Sequence[int], dressed: Sequence[Dressed]) -> Iterator[list[int]]:
    """Cut so that what is read at once is bounded, however long the texts are."""
    some, letters = list[int](), 0
    for n in places:
        some.append(n)
        letters += len(dressed[n].written)
        if letters > LETTERS_TOGETHER or len(some) == TOGETHER:
            yield some
            some, letters = [], 0
    if some:
        yield some


def thresholds_for(text: str) -> Mapping[str, float]:
    """The probabilities from which the verdicts hold for a text like this."""
    return shipped(is_chinese=reads_chinese(text)).thresholds


def find_words(text: str, verdict: str, dressed: Dressed | None = None) -> tuple[Span, ...]:
    """Where the text says what speaks most for the verdict: up to three parts of the original, in order and apart.

    At least one for every text that is not only space: all of it, where nothing in particular speaks for the verdict.
    """
    return find_words_for(text, (verdict,), dressed)[verdict]


def find_words_for(text: str, verdicts: Sequence[str], dressed: Dressed | None = None) -> dict[str, tuple[Span, ...]]:
    """The same for several verdicts at once."""
    if not verdicts or not text or text.isspace():
        return dict.fromkeys(verdicts, ())
    heads = shipped(is_chinese=reads_chinese(text)).heads
    columns = [VERDICTS.index(verdict) for verdict in verdicts]
    spoken = _spoken(dressed or dress(text), heads.weights, columns, min(len(text), READ_LETTERS + 1))
    if len(text) > READ_LETTERS:  # a line break was read for the middle
        half = READ_LETTERS // 2
        middle = np.zeros((len(columns), len(text) - READ_LETTERS))
        spoken = np.concatenate([spoken[:, :half], middle, spoken[:, half + 1 :]], axis=1)
    told = {verdict: _fit_to_read(text, _telling(one)) for verdict, one in zip(verdicts, spoken, strict=True)}
    return {verdict: spans or ((0, len(text)),) for verdict, spans in told.items()}


def _fit_to_read(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same as a reader would mark them: whole Latin words, no punctuation at the ends, no single letters beside words."""
    fit = list[Span]()
    for span in spans:
        begin, end = _whole_words(text, *_bare(text, *span))
        if fit and begin <= fit[-1][1]:
            before, last = fit.pop()
            begin, end = before, max(end, last)
        fit.append((begin, end))
    words = tuple((begin, end) for begin, end in fit if end - begin > 1)
    return words or tuple(fit)


def _bare(text: str, begin: int, end: int) -> Span:
    """Without what is neither letter nor digit at its ends; unless it is nothing else, as a row of signs may be."""
    places = [place for place in range(begin, end) if text[place].isalnum()]
    return (places[0], places[-1] + 1) if places else (begin, end)


def _whole_words(text: str, begin: int, end: int) -> Span:
    while begin and _IN_WORD.fullmatch(text, begin - 1, begin + 1):
        begin -= 1
    while _IN_WORD.fullmatch(text, end - 1, end + 1):
        end += 1
    return begin, end


def _spoken(dressed: Dressed, weights: NDArray[np.int16], columns: Sequence[int], letters: int) -> Weights:
    """For every verdict (rows) and letter that was read, how much the runs that it is part of speak for the verdict.

    Each run speaks in equal parts for the letters it covers. The shape is left out: it speaks of the whole.
    """
    read = (as_written(dressed.written), dressed.tight, dressed.sound)
    told = _spoken_in([view.text for view in read], weights, columns)
    at = list[
        int
    ]()  # of each sign the letter it stands for; those of beginnings and ends stand for one behind the last
    for view in read:
        at += [letters, *view.starts, letters]
    places = np.minimum(
        at, letters
    )  # a few capitals have two small letters, so that a view can be longer than the text
    return np.array([np.bincount(places, one, minlength=letters + 1)[:letters] for one in told])


def _spoken_in(views: Sequence[str], weights: NDArray[np.int16], columns: Sequence[int]) -> Weights:
    """For every verdict and each sign of the views, one after the other, twelve times what the runs say that cover it."""
    owners, runs = runs_of(views)
    steps = np.zeros((len(columns), len(owners) + 1))
    for size, places in enumerate(runs, start=1):
        parts = weights[places[:, None], columns].T * (_PARTS // size)
        if size > 1:
            parts *= owners[: len(places)] == owners[size - 1 :]  # of two views at once there is no run
        steps[:, : len(places)] += parts
        steps[:, size : size + len(places)] -= parts
    return steps[:, :-1].cumsum(axis=1)


def _telling(spoken: Weights) -> tuple[Span, ...]:
    """The strongest places, each with its neighbours that say at least a part as much, in order."""
    best = float(spoken.max(initial=0.0))
    if best <= 0:
        return ()
    loud = np.flatnonzero(spoken >= best * (1 - _PART))
    cuts = np.flatnonzero(np.diff(loud) > _GAP) + 1
    parts = [(int(part[0]), int(part[-1]) + 1) for part in np.split(loud, cuts)]
    strongest = sorted(parts, key=lambda part: -float(spoken[part[0] : part[1]].sum()))[:MOST_SPANS]
    return tuple(sorted(strongest))
