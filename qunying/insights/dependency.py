"""What hangs on a few people: the top three's share of talk and of answers, and what a group would be without each of them.

Without somebody means: without what they said, and without the conversations they began, as those would not have been.
Pure from lines of talk; colleagues and programs are left out, their answers too: the question is what members carry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.communities.queries import CountedGroup
from qunying.insights.aside import Aside
from qunying.insights.layers import Traces, layer_of
from qunying.insights.scope import Scope, days_earlier
from qunying.insights.seeds.lines import Crowd, lines_of
from qunying.insights.seeds.signals import Line
from qunying.insights.thresholds import BUILT_IN, Thresholds, limits_of
from qunying.people.layers import Layer
from qunying.people.queries import list_present_named
from qunying.talk.answering import list_placed

TOP = 3
DAYS = 30
LINES = 3_000  # the newest of a span, at most
FEW = 20  # messages below which nothing is said
RISKY = 0.5
CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class Carried:
    """What a group has: messages and speakers, conversations that others joined, questions that were answered, members in
    each layer of those who were heard."""

    messages: int = 0
    speakers: int = 0
    conversations: int = 0
    answered: int = 0
    openers: int = 0
    followers: int = 0


@dataclass(frozen=True, slots=True)
class Pillar:
    """One of the top three: their share, and what would be left without them."""

    person_id: int
    name: str
    messages: int
    share: float
    answers: int
    opened: int
    without: Carried


@dataclass(frozen=True, slots=True)
class Dependency:
    """How far a group hangs on its top three. ``share`` is of messages, ``answers_share`` of answers to members' questions
    (None where none was answered by a member), ``is_cut``: only the newest lines."""

    whole: Carried = Carried()
    share: float | None = None
    answers: int = 0
    answers_share: float | None = None
    pillars: tuple[Pillar, ...] = ()
    is_cut: bool = False

    @property
    def is_telling(self) -> bool:
        """Whether enough was said, by enough people, to speak of depending on somebody."""
        return self.whole.messages >= FEW and self.whole.speakers > TOP

    @property
    def is_risky(self) -> bool:
        """Whether half of talk or of answers hangs on three."""
        return self.is_telling and max(self.share or 0.0, self.answers_share or 0.0) >= RISKY

    @property
    def heaviest(self) -> Pillar | None:
        """The one without whom fewest conversations would be left."""
        return min(self.pillars, key=lambda one: (one.without.conversations, one.without.messages), default=None)


def read_dependency(
    groups: Sequence[CountedGroup],
    until: datetime,
    *,
    days: int = DAYS,
    most: int = LINES,
    aside: Aside | None = None,
    limits: Thresholds | None = None,
) -> Dependency:
    """The same from what was said in the days before that moment in these groups, of their newest lines at most."""
    zone = groups[0].timezone if groups else "UTC"
    scope = Scope(tuple(groups), days_earlier(until, days, zone), until)
    crowd = Crowd.of(scope, aside)
    said = list_placed(scope.group_ids, scope.since, scope.until, newest=most + 1)
    is_cut = len(said) > most
    if is_cut:
        said.remove(min(said, key=lambda one: (one.at, one.id)))
    lines = list(lines_of(said, groups, crowd))
    names = list_present_named(_loudest(lines, crowd.apart), scope.group_ids)
    return _named(depend(lines, crowd.apart, names, is_cut=is_cut, limits=limits or limits_of(groups)), names)


def _loudest(lines: Iterable[Sequence[Line]], apart: Collection[int]) -> list[int]:
    """Among whom the pillars are: some of those who said most may have left."""
    said = Counter([line.who for group in lines for line in group if line.who not in apart])
    return [who for who, _n in said.most_common(CANDIDATES)]


def _named(found: Dependency, names: Mapping[int, str]) -> Dependency:
    pillars = tuple(
        Pillar(
            one.person_id,
            names.get(one.person_id) or f"#{one.person_id}",
            one.messages,
            one.share,
            one.answers,
            one.opened,
            one.without,
        )
        for one in found.pillars
    )
    return Dependency(found.whole, found.share, found.answers, found.answers_share, pillars, found.is_cut)


def depend(
    groups: Iterable[Sequence[Line]],
    apart: Collection[int],
    present: Collection[int],
    *,
    is_cut: bool = False,
    limits: Thresholds = BUILT_IN,
) -> Dependency:
    """The dependency of these groups, each given by its lines. Pillars are the three who said most and are there."""
    lines = [line for group in groups for line in group if line.who not in apart and not line.is_bad]
    said = Counter(line.who for line in lines)
    answers = _answers(lines)
    by_person = Counter(who for some in answers.values() for who in some)
    total = sum(by_person.values())
    top = [who for who, _n in sorted(said.items(), key=lambda each: (-each[1], each[0])) if who in present][:TOP]
    best = sorted(by_person.values(), reverse=True)[:TOP]
    most = sorted(said.values(), reverse=True)[:TOP]
    begun = Counter(_opener(thread) for thread in _threads(lines).values() if _is_joined(thread))
    return Dependency(
        whole=_carried(lines, limits),
        share=sum(most) / len(lines) if lines else None,
        answers=total,
        answers_share=sum(best) / total if total else None,
        pillars=tuple(
            Pillar(who, "", said[who], said[who] / len(lines), by_person[who], begun[who], _without(lines, who, limits))
            for who in top
        ),
        is_cut=is_cut,
    )


def _without(lines: Sequence[Line], who: int, limits: Thresholds) -> Carried:
    """What is left without what somebody said and without the conversations they began."""
    theirs = {line.thread for line in lines if line.who == who and line.id == line.thread}
    return _carried([line for line in lines if line.who != who and line.thread not in theirs], limits)


def _carried(lines: Sequence[Line], limits: Thresholds) -> Carried:
    joined = [thread for thread in _threads(lines).values() if _is_joined(thread)]
    layers = _layers(lines, Counter(_opener(thread) for thread in joined), limits)
    return Carried(
        messages=len(lines),
        speakers=len({line.who for line in lines}),
        conversations=len(joined),
        answered=len(_answers(lines)),
        openers=layers[Layer.OPENER],
        followers=layers[Layer.FOLLOWER],
    )


def _layers(lines: Sequence[Line], openings: Mapping[int, int], limits: Thresholds) -> Counter[Layer]:
    said = Counter([line.who for line in lines])
    days = Counter([who for who, _day in {(line.who, line.day) for line in lines}])
    return Counter(layer_of(Traces(n, days[who], openings.get(who, 0)), limits) for who, n in said.items())


def _threads(lines: Sequence[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.thread].append(line)
    return found


def _is_joined(thread: Sequence[Line]) -> bool:
    return any(line.who != thread[0].who for line in thread)


def _opener(thread: Sequence[Line]) -> int:
    return thread[0].who if thread[0].id == thread[0].thread else 0


def _answers(lines: Sequence[Line]) -> dict[int, set[int]]:
    """By question of a member, who of the other members answered it."""
    asked = {line.id: line for line in lines if line.asks}
    found: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        question = asked.get(line.answers or 0)
        if question and question.who != line.who and not (line.asks or line.thanks or line.joins_in):
            found[question.id].add(line.who)
    return found
