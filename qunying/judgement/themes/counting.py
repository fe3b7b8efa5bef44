"""Who speaks of what: voices now and before, and the terms that may stand for a theme."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from qunying.judgement.themes.lines import Limits, Line
from qunying.judgement.themes.names import Names
from qunying.judgement.themes.trend import SURE, SURER, strength
from qunying.judgement.themes.words import Read, read

Voice = tuple[int, int]  # somebody on a day; days are counted back from the end of the span
DAY, LATELY = 86_400.0, 2
MOST_COPIES = 2  # of the same words on a day: a chant is one voice and an echo
RISING_TERMS, STEADY_TERMS = 60, 40
_MOST_SHARE, _FEW_VOICES = 0.15, 40  # what more speak of is what the group is about; in a small one nobody knows
_STRONG = 2.0


@dataclass(frozen=True, slots=True)
class Talk:
    """Lines that count, read, and the terms of every voice, for one span."""

    lines: tuple[Line, ...]
    reads: Mapping[int, Read]
    voices: Mapping[Voice, frozenset[int]]


def listen(lines: Iterable[Line], until: float, names: Names) -> Talk:
    """The lines of one span, whose days are counted back from ``until``. Mute ones and the third copy of the same words on a day are left out."""
    copies: Counter[tuple[int, str]] = Counter()
    kept, reads, voices = list[Line](), dict[int, Read](), defaultdict[Voice, set[int]](set)
    for line in lines:
        if line.is_mute:
            continue
        voice = voice_of(line, until)
        copies[voice[0], line.text] += 1
        if copies[voice[0], line.text] > MOST_COPIES:
            continue
        found = read(line.text, names)
        kept.append(line)
        reads[line.id] = found
        voices[voice] |= found.terms
    return Talk(tuple(kept), reads, {voice: frozenset(terms) for voice, terms in voices.items() if terms})


def voice_of(line: Line, until: float) -> Voice:
    """Whose voice a line is: however much somebody says on a day, it is one."""
    return int((until - line.at) // DAY), line.who


@dataclass(frozen=True, slots=True)
class Counts:
    """Voices per term, now, before and lately, and of everybody."""

    now: Mapping[int, int]
    before: Mapping[int, int]
    lately: Mapping[int, int]
    of: int
    of_before: int
    of_lately: int

    @classmethod
    def of_talk(cls, now: Talk, before: Talk) -> Counts:
        """Counted in both spans, and in the last days of the first."""
        lately = {voice: terms for voice, terms in now.voices.items() if is_late(voice)}
        return cls(
            now=_counted(now.voices),
            before=_counted(before.voices),
            lately=_counted(lately),
            of=len(now.voices),
            of_before=len(before.voices),
            of_lately=len(lately),
        )

    def strength(self, term: int) -> float:
        """How certainly more speak of it than before, in the week or in its last days: surely from ``SURE`` on."""
        now, before, lately = self.now.get(term, 0), self.before.get(term, 0), self.lately.get(term, 0)
        in_week = strength(now, self.of, before, self.of_before)
        till_then = now + before - lately, self.of + self.of_before - self.of_lately
        return max(in_week, strength(lately, self.of_lately, *till_then) - (SURER - SURE))

    def weight(self, term: int) -> float:
        """How much the term says of this talk: many voices, but not everybody's."""
        said = self.now.get(term, 0)
        return said * log(self.of / said) if said else 0.0


def is_late(voice: Voice) -> bool:
    """Whether it is one of the last two days."""
    return voice[0] < LATELY


def _counted(voices: Mapping[Voice, frozenset[int]]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for terms in voices.values():
        counts.update(terms)
    return counts


def candidates(talk: Talk, counts: Counts, limits: Limits) -> list[int]:
    """Terms that enough people use: those that rise most, then those that say most."""
    most = counts.of * _MOST_SHARE if counts.of >= _FEW_VOICES else counts.of
    able = [term for term, said in counts.now.items() if limits.people <= said <= most]
    who = _users(talk, able)
    able = [term for term in able if len(who[term]) >= limits.people]
    by_rise = sorted(able, key=lambda term: (-counts.strength(term), term))[:RISING_TERMS]
    rising = [term for term in by_rise if counts.strength(term) >= _STRONG]
    steady = sorted(able, key=lambda term: (-counts.weight(term), term))[:STEADY_TERMS]
    return list(dict.fromkeys([*rising, *steady]))


def _users(talk: Talk, terms: Sequence[int]) -> dict[int, set[int]]:
    wanted, who = set(terms), defaultdict[int, set[int]](set)
    for (_, person), said in talk.voices.items():
        for term in said & wanted:
            who[term].add(person)
    return who
