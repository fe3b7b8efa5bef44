"""What hangs on three people in a whole community, counted while its lines pass by group by group.

The same figures as ``insights/dependency`` tells of lines that lie in memory, but for layers: of everybody it is noted what
would be lost without them, so that in the end the three who say most are simply looked up. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from qunying.insights.dependency import TOP, Carried, Dependency, Pillar
from qunying.insights.seeds.signals import Line

MANY = -1  # a person whose lines stand in conversations begun by several, or by nobody we know
Kept = dict[str, Any]


class Hanging:
    """Takes the lines of one group after another, and says in the end what hangs on whom."""

    def __init__(self, apart: Collection[int] = ()) -> None:
        self._apart = frozenset(apart)
        self._said: Counter[int] = Counter()
        self._begun: Counter[int] = Counter()
        self._answers: Counter[int] = Counter()
        self._conversations = self._answered = 0
        self._lost_lines: Counter[int] = Counter()
        self._lost_talks: Counter[int] = Counter()
        self._lost_answers: Counter[int] = Counter()
        self._only_with: dict[int, int] = {}

    def take(self, lines: Sequence[Line]) -> None:
        """The lines of one group in the order of time."""
        good = [line for line in lines if line.who not in self._apart and not line.is_bad]
        threads: dict[int, list[Line]] = defaultdict(list)
        for line in good:
            threads[line.thread].append(line)
        openers = {pk: some[0].who for pk, some in threads.items() if some[0].id == pk}
        for line in good:
            self._take_line(line, openers.get(line.thread))
        for pk, some in threads.items():
            self._take_thread({line.who for line in some}, openers.get(pk))
        self._take_answers(good, openers)

    def _take_line(self, line: Line, opener: int | None) -> None:
        self._said[line.who] += 1
        for who in {line.who, opener} - {None}:
            self._lost_lines[who or 0] += 1
        here = MANY if opener is None or opener == line.who else opener
        if self._only_with.setdefault(line.who, here) != here:
            self._only_with[line.who] = MANY

    def _take_thread(self, people: Collection[int], opener: int | None) -> None:
        if len(people) < 2:
            return
        self._conversations += 1
        if opener is not None:
            self._begun[opener] += 1
        alone = {*people} if len(people) == 2 else set()
        for who in alone | ({opener} if opener is not None else set()):
            self._lost_talks[who] += 1

    def _take_answers(self, good: Iterable[Line], openers: dict[int, int]) -> None:
        asked = {line.id: line for line in good if line.asks}
        by_question: dict[int, list[Line]] = defaultdict(list)
        for line in good:
            question = asked.get(line.answers or 0)
            if question and question.who != line.who and not (line.asks or line.thanks or line.joins_in):
                by_question[question.id].append(line)
        for pk, answers in by_question.items():
            self._answered += 1
            for who in {line.who for line in answers}:
                self._answers[who] += 1
            carried = [{line.who, openers.get(line.thread)} for line in answers]
            lost = {asked[pk].who, openers.get(asked[pk].thread)} | set.intersection(*carried)
            for who in lost - {None}:
                self._lost_answers[who or 0] += 1

    def found(self, present: Collection[int]) -> Dependency:
        """What hangs on the three of those ``present`` who said most; names are not known here."""
        total, answers = self._said.total(), self._answers.total()
        top = [who for who, _n in sorted(self._said.items(), key=lambda each: (-each[1], each[0])) if who in present]
        best = sum(sorted(self._answers.values(), reverse=True)[:TOP])
        most = sum(sorted(self._said.values(), reverse=True)[:TOP])
        return Dependency(
            whole=Carried(total, len(self._said), self._conversations, self._answered),
            share=most / total if total else None,
            answers=answers,
            answers_share=best / answers if answers else None,
            pillars=tuple(self._pillar(who, total) for who in top[:TOP]),
        )

    def _pillar(self, who: int, total: int) -> Pillar:
        with_them = 1 + sum(only == who for only in self._only_with.values())
        left = Carried(
            total - self._lost_lines[who],
            len(self._said) - with_them,
            self._conversations - self._lost_talks[who],
            self._answered - self._lost_answers[who],
        )
        said = self._said[who]
        return Pillar(who, "", said, said / total, self._answers[who], self._begun[who], left)


_CARRIED = ("messages", "speakers", "conversations", "answered")
_PILLAR = ("person_id", "messages", "share", "answers", "opened")


def to_kept(found: Dependency) -> Kept:
    """As it is kept: ids and numbers."""
    return {
        "whole": [getattr(found.whole, name) for name in _CARRIED],
        "share": found.share,
        "answers": found.answers,
        "answers_share": found.answers_share,
        "pillars": [
            [*(getattr(one, name) for name in _PILLAR), *(getattr(one.without, name) for name in _CARRIED)]
            for one in found.pillars
        ],
    }


def from_kept(kept: Kept) -> Dependency:
    """What was kept; names are not known here."""
    return Dependency(
        whole=Carried(*kept["whole"]),
        share=kept["share"],
        answers=kept["answers"],
        answers_share=kept["answers_share"],
        pillars=tuple(
            Pillar(who, "", said, share, answers, opened, Carried(*without))
            for who, said, share, answers, opened, *without in kept["pillars"]
        ),
    )
