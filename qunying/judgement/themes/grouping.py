"""Terms that the same voices use belong together: merged by the mean of their likeness, those of a known theme from the start."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.themes.counting import Voice
from qunying.judgement.themes.lines import Known

ALIKE = 0.3  # mean cosine from which groups of terms are one
SAME = 0.6  # from which two themes known as different become one
NEVER = (
    2.0  # cosines end at 1: what begins to rise stands apart from a theme that does not, however general that one is
)
_MOST_OF_IT = 0.34  # of the terms of a group rise: it rises
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def likeness(terms: Sequence[int], voices: Mapping[Voice, frozenset[int]]) -> Floats:
    """The cosine of every two terms over the voices that use them."""
    place = {term: row for row, term in enumerate(terms)}
    said = np.zeros((len(terms), len(voices)))
    for column, used in enumerate(voices.values()):
        for term in used:
            if term in place:
                said[place[term], column] = 1.0
    size = np.sqrt(said.sum(axis=1))
    size[size == 0] = 1.0
    return (said @ said.T) / np.outer(size, size)


def grouped(
    terms: Sequence[int], alike: Floats, known: Sequence[Known], rising: Collection[int]
) -> list[tuple[Known | None, list[int]]]:
    """Groups of these terms, each with the known theme it goes on with, if any. ``rising`` are terms that rise by themselves."""
    place = {term: row for row, term in enumerate(terms)}
    groups: list[tuple[Known | None, list[int]]] = []
    taken: set[int] = set()
    for one in known:
        rows = [place[term] for term in one.terms if term in place and place[term] not in taken]
        if rows:
            groups.append((one, rows))
            taken.update(rows)
    groups += [(None, [row]) for row in range(len(terms)) if row not in taken]
    rises = np.array([term in rising for term in terms])
    return [(one, [terms[row] for row in rows]) for one, rows in _merged(groups, alike, rises)]


def _merged(
    groups: list[tuple[Known | None, list[int]]], alike: Floats, rises: Bools
) -> list[tuple[Known | None, list[int]]]:
    """The two most alike become one, again and again. The first of two known themes goes on, the other ends."""
    groups = list(groups)
    while len(groups) > 1:
        means = _means([rows for _, rows in groups], alike)
        lead = means - _needed(groups, rises)
        first, second = sorted(divmod(int(np.argmax(lead)), len(groups)))
        if lead[first, second] < 0:
            break
        groups[first] = (groups[first][0] or groups[second][0], groups[first][1] + groups[second][1])
        del groups[second]
    return groups


def _needed(groups: Sequence[tuple[Known | None, list[int]]], rises: Bools) -> Floats:
    """How alike any two of them must be."""
    is_known = np.array([one is not None for one, _ in groups])
    rise = np.array([bool(rises[rows].mean() > _MOST_OF_IT) for _, rows in groups])
    calm = np.outer(is_known & ~rise, ~is_known & rise)
    needed = np.where(np.outer(is_known, is_known), SAME, ALIKE)
    return np.where(calm | calm.T, NEVER, needed)


def _means(groups: Sequence[Sequence[int]], alike: Floats) -> Floats:
    """The mean likeness between groups; of a group with itself less than any."""
    belongs = np.zeros((len(groups), len(alike)))
    for row, members in enumerate(groups):
        belongs[row, members] = 1.0 / len(members)
    means = belongs @ alike @ belongs.T
    np.fill_diagonal(means, -1.0)
    return means
