"""Which earlier line each line of a room answers, and so which thread of talk it belongs to: one pass, live.

What people say plainly goes first: a reply the carrier knows of, a quotation, «楼上». Otherwise the learned scorer looks
back over the window; names and mentions weigh in there, because whoever calls somebody may still go on with their own line.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from math import isfinite

from qunying.judgement.threads.lines import Line, Placed
from qunying.judgement.threads.scorer import Scorer, shipped
from qunying.judgement.threads.window import SIZE, Sight, Window
from qunying.judgement.threads.words import Said, read

_REMEMBERED = 20_000  # ids whose thread is known, for replies to what was said long ago
_SURE = 1.0
_QUOTED = 0.95  # a quotation or «楼上»: hardly ever wrong, but nobody pressed «reply»
_LEAST_QUOTE = 4


@dataclass(frozen=True, slots=True)
class _Choice:
    """How many places back the answered line is (``None``: nowhere), and how sure."""

    back: int | None
    score: float


class Threads:
    """One room. Lines come in time order; a line's place is final once given. Not for several rooms at once."""

    def __init__(self, scorer: Scorer | None = None) -> None:
        self._scorer = scorer or shipped()
        self._window = Window()
        self._ids: deque[str] = deque(maxlen=SIZE)
        self._thread_of: dict[str, str] = {}
        self._at = 0.0

    def place(self, line: Line) -> Placed:
        """Where the line belongs; it is remembered from now on.

        A line without an author was said by the room itself (somebody joined …): it begins a thread of its own and nothing
        answers it. A time that is no number or earlier than the line before is read as the time of the line before.
        """
        if not line.author.strip():
            return self._placed(line, None, _SURE)
        self._at = max(self._at, line.at) if isfinite(line.at) else self._at
        said = read(line.text)
        sight = self._window.look(said, self._at, line.author, line.mentions)
        if line.reply_to and line.reply_to != line.id:
            back = self._back_of(line.reply_to)
            self._keep(line, sight, back)
            return self._placed(line, line.reply_to, _SURE)
        choice = self._pointed(said, sight) or self._guessed(sight)
        answered = None if choice.back is None else self._ids[-choice.back]
        self._keep(line, sight, choice.back)
        return self._placed(line, answered, choice.score)

    def remember(self, line: Line, answered: str | None, thread: str) -> None:
        """A line whose place is known from before: what comes next is placed as if this one had been placed here."""
        self._at = max(self._at, line.at) if isfinite(line.at) else self._at
        sight = self._window.look(read(line.text), self._at, line.author, line.mentions)
        self._keep(line, sight, None if answered is None else self._back_of(answered))
        self.know(line.id, thread)

    def know(self, identity: str, thread: str) -> None:
        """The thread of a line that was said long ago, should something reply to it."""
        self._thread_of.pop(identity, None)
        self._thread_of[identity] = thread
        if len(self._thread_of) > _REMEMBERED:
            for old in list(islice(self._thread_of, _REMEMBERED // 10)):
                del self._thread_of[old]

    def _back_of(self, identity: str) -> int | None:
        for back, known in enumerate(reversed(self._ids), start=1):
            if known == identity:
                return back
        return None

    def _keep(self, line: Line, sight: Sight, back: int | None) -> None:
        self._window.keep(sight, back)
        self._ids.append(line.id)

    def _placed(self, line: Line, answered: str | None, score: float) -> Placed:
        """The thread of an answered line that was never seen begins, as far as we know, with that line."""
        thread = line.id if answered is None else self._thread_of.get(answered, answered)
        self.know(line.id, thread)
        return Placed(line.id, answered, thread, score)

    def _pointed(self, said: Said, sight: Sight) -> _Choice | None:
        """The line that is quoted or pointed up at, if there is one in the window."""
        for who, words in said.quotes:
            back = self._quoted(who, words)
            if back is not None:
                return _Choice(back, _QUOTED)
        if said.above and not sight.is_call:
            back = self._up(sight.author, said.above)
            if back is not None:
                return _Choice(back, _QUOTED)
        return None

    def _quoted(self, who: str, words: str) -> int | None:
        """The youngest line that holds the quoted words; short ones count only with the name of who said them."""
        words = words.rstrip(".…。 ")
        for back in range(1, len(self._window) + 1):
            named = bool(who) and self._window.is_by(back, who)
            if words and (named or len(words) >= _LEAST_QUOTE) and words in self._window.text(back):
                return back
        return None

    def _up(self, author: int, speakers: int) -> int | None:
        """The last line of the ``speakers``-th speaker above, changes of speaker counted, one's own lines passed over."""
        last = author
        for back in range(1, len(self._window) + 1):
            speaker = self._window.author(back)
            if speaker not in (author, last):
                speakers -= 1
                if not speakers:
                    return back
            last = speaker
        return None

    def _guessed(self, sight: Sight) -> _Choice:
        chances = self._scorer.chances(sight)
        best = int(chances.argmax())
        count = len(chances) - 1
        return _Choice(None if best == count else count - best, float(chances[best]))
