"""The last lines of one room, and how a new line looks from each of them, as numbers.

The window is a block of arrays twice as long as the window itself: lines are added at the end, and when the block is full
its second half moves to the front. So the window is always one slice, and time and memory do not grow with history.

Time is measured in itself and in the room's pace, places as ranks, and the room's habit of calling people by name is a
feature itself: a room of one line an hour must be read by what was learned in a room of ten a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log1p

import numpy as np
import numpy.typing as npt

from qunying.judgement.threads.names import MOST_NAMED, key_of, named
from qunying.judgement.threads.shared import SharedWords
from qunying.judgement.threads.words import TRAITS, Said

SIZE = 64  # lines looked back on; of the links in #ubuntu one in sixty goes further
NOBODY = -1
_NO_ONE_CALLED = -2
_HABIT = 0.05  # how much a new line counts in the room's habits
_FIRST_PACE = 30.0  # seconds between lines, before anything is known
_LONGEST = 1e9  # seconds of silence that are told apart
_MOST_PEOPLE = 300  # remembered by name

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

CANDIDATE = (
    "is_new", "place", "is_1", "is_2", "is_3", "near",
    "gap", "gap_in_pace", "since_author", "since_thread", "thread_total",
    "mine", "answers_me", "calls_me", "names_me_2", "names_me_3",
    "by_called", "answers_called", "calls_called",
    "author_last", "thread_last",
    "my_last", "i_spoke_since", "first_other", "called_last", "by_named", "passed_over", "last_to_me",
    "by_partner", "partner_last", "mine_to_called", "my_thread", "called_thread",
    "shared", "rarest", "angle", "best_shared", "thread_shared",
)  # fmt: skip
FACTS = ("is_call", "begins", "answered", "open_question", "author_new", "weight")
QUERY = (
    "me_unseen", "my_place", "my_gap", "silence", "silence_in_pace", "pace", "after_me", "is_call", "calls_unknown",
    "called_place", "most_shared", "owed_answer", "crowd", "calling", "weight", "names_somebody", "full",
)  # fmt: skip
FEATURES = len(CANDIDATE) + len(FACTS) + len(TRAITS)
QUERIES = len(QUERY) + len(TRAITS)
_ROW = {name: row for row, name in enumerate(CANDIDATE)}
_OF_QUERY = {name: row for row, name in enumerate(QUERY)}
_PLACES = np.arange(SIZE, 0, -1).astype(np.float32)
_BY_PLACE = np.stack([np.log(_PLACES), _PLACES == 1, _PLACES == 2, _PLACES == 3, np.exp(-_PLACES / 5)]).astype(
    np.float32
)


@dataclass(frozen=True, slots=True)
class Sight:
    """How a line looks from where it stands: one column per earlier line, oldest first, and a last one for «begins anew»."""

    said: Said
    author: int
    called: tuple[int, ...]
    is_call: bool
    at: float
    columns: Floats
    query: Floats


class Window:
    """What is remembered of one room: at most ``SIZE`` lines, some hundred names, and how rare words are."""

    def __init__(self) -> None:
        long = 2 * SIZE
        self._end = 0  # of the window in the block
        self._count = 0  # lines in the window
        self.total = 0  # lines ever kept; a line's number is its count from the beginning
        self._texts = [""] * long
        self._at = np.zeros(long)
        self._who = np.full((2 + MOST_NAMED, long), NOBODY)  # author, whom they answer, whom they name
        self._thread = np.full(long, NOBODY)
        self._since = np.zeros((3, long), dtype=np.float32)  # since by the author, since in the thread, in the thread
        self._facts = np.zeros((len(FACTS) + len(TRAITS), long), dtype=np.float32)
        self._shared = SharedWords()
        self._pace, self._calling = _FIRST_PACE, 0.3
        self._people: dict[str, int] = {}
        self._next_person = self._next_thread = 0
        self._last_by: dict[int, int] = {}
        self._last_to: dict[int, int] = {}

    def __len__(self) -> int:
        return self._count

    def text(self, back: int) -> str:
        """The folded text of the line so many places back (1: the last one)."""
        return self._texts[self._end - back]

    def author(self, back: int) -> int:
        """The number of who wrote it."""
        return int(self._who[0, self._end - back])

    def is_by(self, back: int, name: str) -> bool:
        """Whether a person of that name wrote it."""
        return self._people.get(key_of(name), NOBODY) == self.author(back)

    def look(self, said: Said, at: float, author: str, mentions: tuple[str, ...] = ()) -> Sight:
        """How the line looks from each line before it. Changes nothing but the list of names."""
        keys, is_call = named(said, mentions, self._people)
        me = self._person(key_of(author))
        called = tuple([number for key in keys if (number := self._people.get(key, me)) != me])
        columns = np.zeros((FEATURES, self._count + 1), dtype=np.float32)
        columns[0, -1] = 1.0
        sight = Sight(said, me, called, is_call and bool(called), at, columns, np.zeros(QUERIES, dtype=np.float32))
        self._fill(sight)
        return sight

    def _person(self, key: str) -> int:
        """A number for a person; who was not heard of for long is forgotten."""
        number = self._people.pop(key, None)
        if number is None:
            number = self._next_person
            self._next_person += 1
        self._people[key] = number
        if len(self._people) > _MOST_PEOPLE:
            forgotten = self._people.pop(next(iter(self._people)))
            self._last_by.pop(forgotten, None)
            self._last_to.pop(forgotten, None)
        return number

    def _fill(self, sight: Sight) -> None:
        count = self._count
        part = slice(self._end - count, self._end)
        columns = sight.columns[:, :count]
        first = sight.called[0] if sight.called else _NO_ONE_CALLED
        my_place, first_place = self._place(self._last_by, sight.author), self._place(self._last_by, first)
        if count:
            self._times(columns, sight, part)
            self._people_of(columns, sight, part, first)
            self._latest(columns, sight, my_place, first_place)
            self._words(columns, sight, part)
            columns[len(CANDIDATE) :] = self._facts[:, part]
        self._ask(sight, my_place, first_place)

    def _place(self, last: dict[int, int], person: int) -> int:
        """Where in the window somebody's last line is; −1 for nowhere."""
        place = last.get(person, -1) - self.total + self._count
        return place if place >= 0 else -1

    def _times(self, columns: Floats, sight: Sight, part: slice) -> None:
        count = columns.shape[1]
        columns[1:6] = _BY_PLACE[:, SIZE - count :]
        gap = np.clip(sight.at - self._at[part], 0.0, _LONGEST)
        columns[6] = gap
        columns[7] = gap / self._pace
        columns[8:11] = self._since[:, part]
        columns[19:21] = columns[8:10] == 0
        np.log1p(columns[6:11], out=columns[6:11])

    def _people_of(self, columns: Floats, sight: Sight, part: slice, first: int) -> None:
        who = self._who[:, part]
        columns[11:16] = who == sight.author
        if sight.called:
            columns[16:19] = who[:3] == first
            named_too = columns[16]
            for other in sight.called[1:]:
                named_too = named_too + (who[0] == other)
            columns[25] = named_too
            if sight.is_call:
                columns[26] = 1.0 - np.minimum(named_too + columns[11], 1.0)
            columns[30] = columns[18] * columns[11]

    def _latest(self, columns: Floats, sight: Sight, my_place: int, first_place: int) -> None:
        part = slice(self._end - self._count, self._end)
        if my_place >= 0:
            columns[21, my_place] = 1.0
            columns[22, :my_place] = 1.0
            columns[31] = self._thread[part] == self._thread[part.start + my_place]
            partner = int(self._who[1, part.start + my_place])
            if partner != NOBODY:
                columns[28] = self._who[0, part] == partner
                partner_place = self._place(self._last_by, partner)
                columns[29, partner_place] = float(partner_place >= 0)
        for place in range(columns.shape[1] - 1, -1, -1):
            if not columns[11, place]:
                columns[23, place] = 1.0
                break
        if first_place >= 0:
            columns[24, first_place] = 1.0
            columns[32] = self._thread[part] == self._thread[part.start + first_place]
        to_me = self._place(self._last_to, sight.author)
        if to_me >= 0:
            columns[27, to_me] = 1.0

    def _words(self, columns: Floats, sight: Sight, part: slice) -> None:
        found = self._shared.meet(sight.said.words)
        if not found.total:
            return
        oldest = self.total - columns.shape[1]
        places = [number - oldest for number in found.total]
        totals = list(found.total.values())
        norms = [found.norm * self._shared.norm_of(number) + 1e-6 for number in found.total]
        angles = [total / norm for total, norm in zip(totals, norms, strict=True)]
        columns[33, places] = [total / 10 for total in totals]
        columns[34, places] = [rarest / 6 for rarest in found.rarest.values()]
        columns[35, places] = angles
        best, best_place = max(zip(totals, places, strict=True))
        columns[36, best_place] = 1.0
        sight.query[10] = best / 10
        threads = self._thread[part].tolist()
        by_thread: dict[int, float] = {}
        for place, angle in zip(places, angles, strict=True):
            by_thread[threads[place]] = by_thread.get(threads[place], 0.0) + angle
        capped = {thread: min(2.0, angle) for thread, angle in by_thread.items()}
        columns[37] = [capped.get(thread, 0.0) for thread in threads]

    def _ask(self, sight: Sight, my_place: int, first_place: int) -> None:
        """What is known of the line goes_together it answers."""
        count, query, said = self._count, sight.query, sight.said
        silence = min(_LONGEST, max(0.0, sight.at - float(self._at[self._end - 1]))) if count else 0.0
        to_me = self._place(self._last_to, sight.author)
        query[: len(QUERY)] = (
            sight.author not in self._last_by,
            log(count - my_place) / 4 if my_place >= 0 else 1.2,
            float(sight.columns[6, my_place]) / 8 if my_place >= 0 else 1.2,
            log1p(silence) / 8,
            log1p(silence / self._pace) / 4,
            log(self._pace) / 8,
            my_place == count - 1 and count > 0,
            sight.is_call,
            said.traits[-1] > 0 and not sight.is_call,
            log(count - first_place) / 4 if first_place >= 0 else 1.2,
            query[10],
            to_me >= 0 and to_me > my_place,
            len(set(self._who[0, max(0, self._end - 12) : self._end].tolist())) / 12,
            self._calling,
            log1p(len(said.words)) / 4,
            bool(sight.called),
            count / SIZE,
        )
        query[len(QUERY) :] = said.traits

    def keep(self, sight: Sight, back: int | None) -> None:
        """Remember the line, as an answer to the line so many places ``back`` or as the beginning of something."""
        if self._end == 2 * SIZE:
            self._move()
        end, part = self._end, slice(self._end - self._count, self._end)
        self._learn_habits(sight)
        self._texts[end] = sight.said.text
        self._at[end] = sight.at
        self._who[:, end] = NOBODY
        self._who[0, end] = sight.author
        self._who[2 : 2 + len(sight.called), end] = sight.called
        self._since[0, part] += self._who[0, part] == sight.author
        self._since[:, end] = 0.0
        asks = sight.said.traits[0]
        facts = (sight.is_call, back is None, 0.0, asks, sight.query[0], sight.query[14], *sight.said.traits)
        self._facts[:, end] = facts
        self._join(end, part, back, sight)
        self._last_by[sight.author] = self.total
        if self._who[1, end] != NOBODY:
            self._last_to[int(self._who[1, end])] = self.total
            if len(self._last_to) > _MOST_PEOPLE:  # somebody forgotten may still be answered
                del self._last_to[next(iter(self._last_to))]
        self._shared.add(sight.said.words, SIZE)
        self._end += 1
        self._count = min(self._end, SIZE)
        self.total += 1

    def _learn_habits(self, sight: Sight) -> None:
        if self._end:
            gap = max(0.0, sight.at - float(self._at[self._end - 1]))
            self._pace = max(1.0, self._pace + _HABIT * (min(gap, 5 * self._pace + 5) - self._pace))
        self._calling += _HABIT * (sight.is_call - self._calling)

    def _join(self, end: int, part: slice, back: int | None, sight: Sight) -> None:
        """Into the thread of the line it answers, or into a new one."""
        if sight.is_call:
            self._who[1, end] = sight.called[0]
        if back is None:
            self._thread[end] = self._next_thread
            self._since[2, end] = 1.0
            self._next_thread += 1
            return
        target = end - back
        self._facts[2, target] = min(1.0, self._facts[2, target] + 0.25)
        author, mine = self._who[0, target], self._who[0, target] == sight.author
        if not mine:
            self._facts[3, target] = 0.0
        if not sight.is_call:
            self._who[1, end] = self._who[1, target] if mine else author
        thread = self._thread[target]
        self._thread[end] = thread
        same = self._thread[part] == thread
        self._since[1:, part] += same
        self._since[2, end] = self._since[2, target]

    def _move(self) -> None:
        """The younger half of the block to its front."""
        self._texts[:SIZE] = self._texts[SIZE:]
        for block in (self._at, self._who, self._thread, self._since, self._facts):
            block[..., :SIZE] = block[..., SIZE:]
        self._end = SIZE
