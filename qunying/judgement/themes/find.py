"""From lines of talk to themes: what several people speak of in several conversations, and whether that rises.

Counted are voices, not lines: somebody on a day, however much they say. Terms that the same voices use make a
theme; a theme that is known goes on with its terms, so that it keeps its key and title from day to day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qunying.judgement.themes.counting import Counts, Talk, candidates, is_late, listen, voice_of
from qunying.judgement.themes.grouping import grouped, likeness
from qunying.judgement.themes.lines import Known, Limits, Line, Moved, Theme, Title, Trend
from qunying.judgement.themes.names import NOBODY, Names
from qunying.judgement.themes.phrases import best_title, kept_title, lines_saying
from qunying.judgement.themes.quoting import quotes
from qunying.judgement.themes.trend import SURE, moved
from qunying.judgement.threads import Turn, waiting

MOST_TERMS, CORE = 8, 3  # a line is on a theme with one of its core terms, or two of the others
_BESIDE = 0.5
_RISES_WITH = 0.6  # of the strongest rise: what rises less, as a city's name, is not what came up
LEAST_TERMS = 2  # of what does not rise: one word alone that is always said («羡慕») is a habit
_ORDER = {Trend.RISING: 0, Trend.UNKNOWN: 1, Trend.STEADY: 1, Trend.FADING: 2}


@dataclass(frozen=True, slots=True)
class Span:
    """The time looked at, [since, until), and from when on the talk before it is compared; in seconds."""

    before: float
    since: float
    until: float


def find_themes(
    lines: Iterable[Line],
    span: Span,
    known: Sequence[Known] = (),
    names: Names = NOBODY,
    limits: Limits | None = None,
) -> list[Theme]:
    """The themes of a span: rising ones first, then by people. ``known`` come latest first.

    The same lines give the same themes, goes_together their order.
    """
    bounds = limits or Limits()
    ordered = sorted(
        (line for line in lines if span.before <= line.at < span.until), key=lambda line: (line.at, line.id)
    )
    inside = [line for line in ordered if line.at >= span.since]
    now = listen(inside, span.until, names)
    before = listen([line for line in ordered if line.at < span.since], span.until, names)
    counts = Counts.of_talk(now, before)
    met = {term for one in known for term in one.terms if counts.now.get(term)}
    terms = list(dict.fromkeys([*candidates(now, counts, bounds), *sorted(met)]))
    if not terms:
        return []
    rising = {term for term in terms if counts.strength(term) >= SURE}
    groups = grouped(terms, likeness(terms, now.voices), known, rising)
    told = [_group(one, members, counts) for one, members in groups]
    shared = _shared(now, told)
    found = [
        _theme(group, some, _Heard(now, before, counts, span), bounds)
        for group, some in zip(told, shared, strict=True)
        if some
    ]
    themes = sorted((one for one in found if one is not None), key=_rank)[: bounds.most]
    return [_with_questions(one, inside, span.until) for one in themes]


@dataclass(frozen=True, slots=True)
class _Group:
    """A known theme or none, and the terms found together, weightiest first; whether the first of them rises."""

    known: Known | None
    terms: tuple[int, ...]
    rises: bool


def _group(known: Known | None, terms: Sequence[int], counts: Counts) -> _Group:
    ranked = sorted(terms, key=lambda term: (-counts.weight(term) * (1 + max(0.0, counts.strength(term))), term))
    most = max(counts.strength(term) for term in ranked)
    if most < SURE:
        return _Group(known, tuple(ranked[:MOST_TERMS]), rises=False)
    rising = [term for term in ranked if counts.strength(term) >= most * _RISES_WITH]
    return _Group(known, tuple(rising[:MOST_TERMS]), rises=True)


def _shared(talk: Talk, groups: Sequence[_Group]) -> list[list[Line]]:
    """The lines of each group: a line with terms of several belongs to the one of which it has most, or which rises."""
    of_term: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for number, group in enumerate(groups):
        for place, term in enumerate(group.terms):
            of_term[term].append((number, 1.0 if place < CORE else _BESIDE))
    shared: list[list[Line]] = [[] for _ in groups]
    for line in talk.lines:
        votes: dict[int, float] = defaultdict(float)
        for term in talk.reads[line.id].terms:
            for number, vote in of_term.get(term, ()):
                votes[number] += vote
        best = min(votes, key=lambda number: (-votes[number], not groups[number].rises, number), default=-1)
        if best >= 0 and votes[best] >= 1.0:
            shared[best].append(line)
    return shared


@dataclass(frozen=True, slots=True)
class _Heard:
    """The talk of a span and before it, and what is counted in both."""

    now: Talk
    before: Talk
    counts: Counts
    span: Span


def _theme(group: _Group, lines: Sequence[Line], heard: _Heard, limits: Limits) -> Theme | None:
    """The theme of a group of terms; None where too few speak of it, or where nobody says a phrase that could be its title."""
    people, threads, places = ({pick(line) for line in lines} for pick in (_who, _thread, _place))
    voices = {voice_of(line, heard.span.until) for line in lines}
    if group.known and group.known.is_open:
        is_enough = len(people) >= limits.stays_people and len(voices) >= limits.stays_voices
    else:
        is_spread = len(threads) >= limits.threads or len(people) >= limits.crowd
        is_enough = len(people) >= limits.people and len(voices) >= limits.voices and is_spread
    if not is_enough or len(places) < limits.places:
        return None
    move, title = _moved(group.terms, heard), _title(group, heard, [line.id for line in lines])
    if title is None or (move.trend is not Trend.RISING and len(group.terms) < LEAST_TERMS):
        return None
    return Theme(
        key=group.known.key if group.known else None,
        terms=group.terms,
        title=title,
        moved=move,
        lines=tuple(line.id for line in lines),
        threads=len(threads),
        people=len(people),
        places=len(places),
        quotes=quotes(heard.now, lines, group.terms, lines_saying(title, heard.now, group.terms, lines)),
        waiting=(),
    )


def _who(line: Line) -> int:
    return line.who


def _thread(line: Line) -> int:
    return line.thread


def _place(line: Line) -> int:
    return line.place


def _moved(terms: Sequence[int], heard: _Heard) -> Moved:
    """By the voices that say enough of it, goes_together else they say."""
    core, others = set(terms[:CORE]), set(terms[CORE:])
    here, earlier = (
        [v for v, said in talk.voices.items() if not core.isdisjoint(said) or len(others & said) * _BESIDE >= 1.0]
        for talk in (heard.now, heard.before)
    )
    lately, counts = sum(is_late(voice) for voice in here), heard.counts
    return moved((len(here), counts.of), (len(earlier), counts.of_before), (lately, counts.of_lately))


def _title(group: _Group, heard: _Heard, lines: Sequence[int]) -> Title | None:
    """The title it had, as long as anybody says it."""
    kept = kept_title(group.known.title, (heard.now, heard.before), group.terms, lines) if group.known else None
    return kept or best_title(heard.now, group.terms, set(lines))


def _rank(theme: Theme) -> tuple[int, int, float, int]:
    return _ORDER[theme.moved.trend], -theme.people, -(theme.moved.ratio or 0.0), theme.lines[0]


def _with_questions(theme: Theme, lines: Sequence[Line], now: float) -> Theme:
    """With the questions on it that nobody has answered."""
    mine, threads = set(theme.lines), defaultdict[int, list[Turn]](list)
    wanted = {line.thread for line in lines if line.id in mine}
    for line in lines:
        if line.thread in wanted:
            threads[line.thread].append(Turn(line.id, line.who, line.at, line.asks, line.replies))
    asked = [turn for turns in threads.values() for turn in waiting(turns, now) if turn.id in mine]
    return Theme(
        theme.key,
        theme.terms,
        theme.title,
        theme.moved,
        theme.lines,
        theme.threads,
        theme.people,
        theme.places,
        theme.quotes,
        tuple(turn.id for turn in sorted(asked, key=lambda turn: (turn.at, turn.id))),
    )
