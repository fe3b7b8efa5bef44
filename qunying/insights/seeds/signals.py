"""What each member did for a community in a span, from its lines of talk. Pure: rows in, numbers out.

Breadth counts, volume does not: everything is counted per day with a cap, so that one noisy day cannot win. Colleagues,
programs and our own account are no members; advertising and abuse do nothing for anybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MESSAGES_A_DAY = 10
OPENINGS_A_DAY = 2
ANSWERERS_A_DAY = 4
HELPED_A_DAY = 3
THANKED_A_DAY = 2


class Line(NamedTuple):
    """One line of talk, of one group, in the order of time. A tuple, because a community has millions.

    ``thread`` is the id of the conversation's first line, ``day`` a local day (its ordinal), ``answers`` the line it
    answers or None. ``is_bad``: advertising or abuse.
    """

    id: int
    thread: int
    who: int
    day: int
    answers: int | None = None
    asks: bool = False
    thanks: bool = False
    thanks_all: bool = False
    joins_in: bool = False
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Signals:
    """What one member did: each number is a sum over days of at most so many a day, ``answerers`` are different people.

    ``said`` are all their messages, uncapped, for showing only.
    """

    days: int = 0
    openings: int = 0
    answerers: int = 0
    helped: int = 0
    thanked: int = 0
    messages: int = 0
    said: int = 0


SIGNALS = ("days", "openings", "answerers", "helped", "thanked", "messages")
_Days = Counter[int]


@dataclass(slots=True)
class _Did:
    """What is gathered of one member: how often on which day, and since when somebody answered them."""

    said: _Days = field(default_factory=Counter)
    openings: _Days = field(default_factory=Counter)
    answered_by: dict[int, int] = field(default_factory=dict)
    helped: _Days = field(default_factory=Counter)
    thanked: _Days = field(default_factory=Counter)


class Tally:
    """Takes the lines of one group after another, and says in the end what everybody did."""

    def __init__(self, apart: Collection[int] = ()) -> None:
        self._apart = frozenset(apart)
        self._did: dict[int, _Did] = defaultdict(_Did)
        self._thanks: set[tuple[int, int, int]] = set()

    def take(self, lines: Sequence[Line]) -> None:
        """The lines of one group in the order of time."""
        good = [line for line in lines if not line.is_bad and line.who not in self._apart]
        by_id = {line.id: line for line in good}
        answered: set[tuple[int, int]] = set()
        for line in good:
            self._did[line.who].said[line.day] += 1
            self._take_answer(line, by_id.get(line.answers or 0), answered)
        for thread in _threads(good).values():
            self._take_opening(thread)
            self._take_thanks(thread, by_id)

    def _take_answer(self, line: Line, to: Line | None, answered: set[tuple[int, int]]) -> None:
        if to is None or to.who == line.who:
            return
        days = self._did[to.who].answered_by
        days[line.who] = min(line.day, days.get(line.who, line.day))
        is_help = to.asks and not (line.asks or line.thanks or line.joins_in)
        if is_help and (line.who, to.id) not in answered:
            answered.add((line.who, to.id))
            self._did[line.who].helped[line.day] += 1

    def _take_opening(self, thread: Sequence[Line]) -> None:
        first = thread[0]
        if first.id == first.thread and any(line.who != first.who for line in thread):
            self._did[first.who].openings[first.day] += 1

    def _take_thanks(self, thread: Sequence[Line], by_id: Mapping[int, Line]) -> None:
        for place, line in enumerate(thread):
            if line.thanks:
                for helper in _helpers(line, thread[:place], by_id):
                    self._thanks.add((line.who, helper, line.day))

    def signals(self) -> dict[int, Signals]:
        """What everybody did who said anything."""
        for _who, helper, day in self._thanks:
            self._did[helper].thanked[day] += 1
        self._thanks.clear()
        return {who: _signals(did) for who, did in self._did.items() if did.said}


def signals_of(lines: Iterable[Sequence[Line]], apart: Collection[int] = ()) -> dict[int, Signals]:
    """What everybody did in these groups, each given by its lines."""
    tally = Tally(apart)
    for group in lines:
        tally.take(group)
    return tally.signals()


def _threads(lines: Sequence[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.thread].append(line)
    return found


def _helpers(thanks: Line, before: Sequence[Line], by_id: Mapping[int, Line]) -> set[int]:
    """Whom these words of thanks are for.

    Whoever said what they reply to; else whoever answered last since the one who thanks asked. «谢谢大家» goes to all who
    answered since then.
    """
    to = by_id.get(thanks.answers or 0)
    asked = next((n for n in reversed(range(len(before))) if before[n].who == thanks.who and before[n].asks), None)
    since = [] if asked is None else [line.who for line in before[asked + 1 :] if _helps(line, thanks.who)]
    direct = [to.who] if to is not None and _helps(to, thanks.who) else since[-1:]
    return {*direct, *since} if thanks.thanks_all else set(direct)


def _helps(line: Line, asker: int) -> bool:
    return line.who != asker and not (line.asks or line.thanks or line.joins_in)


def _signals(did: _Did) -> Signals:
    return Signals(
        days=len(did.said),
        openings=_capped(did.openings, OPENINGS_A_DAY),
        answerers=_capped(Counter(did.answered_by.values()), ANSWERERS_A_DAY),
        helped=_capped(did.helped, HELPED_A_DAY),
        thanked=_capped(did.thanked, THANKED_A_DAY),
        messages=_capped(did.said, MESSAGES_A_DAY),
        said=did.said.total(),
    )


def _capped(days: _Days, most: int) -> int:
    return sum(min(count, most) for count in days.values())
