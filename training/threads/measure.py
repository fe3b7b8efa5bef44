"""How well lines were put: links as published for IRC, whole conversations as published for Gitter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import comb

from .data import Talk


@dataclass(frozen=True, slots=True)
class Links:
    """Counts of links: said, true, and both."""

    said: int = 0
    true: int = 0
    both: int = 0

    def __add__(self, other: Links) -> Links:
        return Links(self.said + other.said, self.true + other.true, self.both + other.both)

    @property
    def f(self) -> float:
        """Harmonic mean of precision and recall, in per cent."""
        return 200.0 * self.both / max(1, self.said + self.true)


def links(talk: Talk, put: dict[int, int], *, with_system: bool) -> Links:
    """Links of the judged lines, a beginning being a link to itself (Kummerfeld et al. 2019).

    ``with_system`` counts the lines that no person wrote as put right, each by itself, as a reader of logs would do.
    """
    both = sum(put[number] in targets for number, targets in talk.answers.items())
    said, true = len(talk.answers), sum(map(len, talk.answers.values())) + talk.lost_links
    extra = (talk.system_lines, talk.system_links, talk.system_lines) if with_system else (0, 0, 0)
    return Links(said + extra[0], true + extra[1], both + extra[2])


def threads(put: dict[int, int]) -> list[int]:
    """The first line of each line's thread."""
    first: dict[int, int] = {}
    for number in sorted(put):
        first[number] = first.get(put[number], number)
    return [first[number] for number in sorted(put)]


def exact_f(truth: list[int], said: list[int], *, single: bool = False) -> float:
    """F of conversations found line for line; those of one line are left out, as published, unless ``single``."""
    least = 1 if single else 2
    true, found = (_groups(labels, least) for labels in (truth, said))
    both = len(true & found)
    return 2 * both / max(1, len(true) + len(found))


def _groups(labels: list[int], least: int) -> set[frozenset[int]]:
    members: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        members.setdefault(label, []).append(place)
    return {frozenset(group) for group in members.values() if len(group) >= least}


def adjusted_rand(truth: list[int], said: list[int]) -> float:
    """Agreement on pairs beyond chance (Hubert and Arabie 1985)."""
    pairs = sum(comb(count, 2) for count in Counter(zip(truth, said, strict=True)).values())
    of_truth = sum(comb(count, 2) for count in Counter(truth).values())
    of_said = sum(comb(count, 2) for count in Counter(said).values())
    chance = of_truth * of_said / comb(len(truth), 2)
    most = (of_truth + of_said) / 2
    return (pairs - chance) / (most - chance) if most != chance else 1.0
