"""Three ways to find what rises: ours, words by TF-IDF, and non-negative factors of TF-IDF (scikit-learn), each day anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

from qunying.judgement.themes import Known, Line, Span, Trend, find_themes
from qunying.judgement.themes.words import read
from training.themes.measure import BEFORE, WEEK, Found, Way
from training.themes.streams import DAY, Stream

_FACTORS, _MOST = 20, 5
_RISES, _LEAST = 2.0, 3


def ours(stream: Stream) -> Way:
    """What the product does, with what it kept of the day before."""
    known: list[Known] = []
    last = [0]

    def way(lines: Sequence[Line], until: float) -> list[Found]:
        span = Span(until - (WEEK + BEFORE) * DAY, until - WEEK * DAY, until)
        found = []
        for theme in find_themes(lines, span, tuple(known), stream.names):
            if theme.key is None:
                last[0] += 1
                theme = replace(theme, key=last[0])
            found.append(theme)
        met = {theme.key for theme in found}
        known[:] = [
            *(Known(theme.key or 0, theme.terms, theme.title) for theme in found),
            *(replace(one, is_open=False) for one in known if one.key not in met),
        ]
        return [
            Found(
                theme.key,
                stream.texts[theme.title.line][theme.title.start : theme.title.end],
                frozenset(theme.lines),
                theme.moved.trend is Trend.RISING,
            )
            for theme in found
        ]

    return way


def words(stream: Stream) -> Way:
    """The words whose TF-IDF of the week, against the four weeks before, is highest: each is a theme of its lines."""

    def way(lines: Sequence[Line], until: float) -> list[Found]:
        said = {line.id: {*_words(line, stream)} for line in lines}
        now = [line for line in lines if line.at >= until - WEEK * DAY]
        counts = Counter(word for line in now for word in said[line.id])
        usual = Counter(word for line in lines if line.at < until - WEEK * DAY for word in said[line.id])
        docs = 1 + len(lines) - len(now)
        able = [word for word, count in counts.items() if count >= _LEAST]
        best = sorted(able, key=lambda word: (-counts[word] * log(docs / (1 + usual[word])), word))[:_MOST]
        return [
            Found(word, word, frozenset(line.id for line in now if word in said[line.id]), is_rising=True)
            for word in best
        ]

    return way


def factors(stream: Stream) -> Way:
    """Factors of the five weeks' TF-IDF, a line in the strongest; tied to yesterday's by the lines they share."""
    before: list[Found] = []
    last = [0]

    def way(lines: Sequence[Line], until: float) -> list[Found]:
        told = [" ".join(_words(line, stream)) for line in lines]
        vectorizer = TfidfVectorizer(analyzer=str.split, min_df=2)
        table = vectorizer.fit_transform(told)
        model = NMF(_FACTORS, init="nndsvd", random_state=0, max_iter=200)
        weights = model.fit_transform(table)
        vocabulary = vectorizer.get_feature_names_out()
        best = np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), -1)
        is_now = np.array([line.at >= until - WEEK * DAY for line in lines])
        found = []
        for factor in range(_FACTORS):
            mine = best == factor
            here, earlier = int((mine & is_now).sum()), int((mine & ~is_now).sum())
            if here < _LEAST:
                continue
            ratio = (here / is_now.sum()) / ((earlier + 0.5) / max(1, (~is_now).sum()))
            title = " ".join(vocabulary[place] for place in model.components_[factor].argsort()[::-1][:3])
            ids = frozenset(line.id for line, so in zip(lines, mine & is_now, strict=True) if so)
            found.append((ratio, Found(None, title, ids, bool(ratio >= _RISES))))
        ranked = [one for _, one in sorted(found, key=lambda pair: -pair[0])]
        before[:] = _tied(ranked, before, last)
        return list(before)

    return way


def _tied(found: Sequence[Found], before: Sequence[Found], last: list[int]) -> list[Found]:
    """Each with the name of the one of yesterday whose lines it shares most, once."""
    pairs = sorted(
        (
            (len(a.lines & b.lines) / len(a.lines | b.lines), i, j)
            for i, a in enumerate(found)
            for j, b in enumerate(before)
        ),
        reverse=True,
    )
    names: dict[int, object] = {}
    for alike, i, j in pairs:
        if alike > 0.1 and i not in names and before[j].name not in names.values():
            names[i] = before[j].name
    tied = []
    for i, one in enumerate(found):
        if i not in names:
            last[0] += 1
        tied.append(replace(one, name=names.get(i, last[0])))
    return tied


def _words(line: Line, stream: Stream) -> list[str]:
    """The same words that we look at, so that only what is made of them is compared."""
    return [str(word.term) for clause in read(line.text, stream.names).clauses for word in clause if word.tells]


WAYS = {"ours": ours, "TF-IDF words": words, "NMF": factors}
