"""What groups talk about: their conversations, who opens them, and the questions that nobody has answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from qunying.communities.queries import CountedGroup
from qunying.insights.scope import Scope
from qunying.insights.world import apart
from qunying.judgement.threads import Conversation, Line, Turn, converse
from qunying.kernel.readings import Reading, Verdict
from qunying.people.queries import list_odd_identities, names_of
from qunying.talk.queries import Spoken, list_spoken
from qunying.talk.readings import readings_of

LINES = 3000  # put into threads at most
ANSWERED_WITHIN = timedelta(days=1)  # after the end of a span somebody may still answer what was asked in it
NO_QUESTION = (Verdict.AD, Verdict.ABUSE)  # whoever wants to sell or to hurt waits for no answer
US = 0  # our own account among people


@dataclass(frozen=True, slots=True)
class Saying:
    """Words of somebody in a group. ``person_id`` is ``US`` where our own account said it."""

    group_id: int
    message_id: int
    person_id: int
    name: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its first words, who took part (whoever came first first), and the question left open in it."""

    opener: Saying
    people: tuple[tuple[int, str], ...]
    messages: int
    last_at: datetime
    waiting: Saying | None


@dataclass(frozen=True, slots=True)
class Opener:
    """Somebody who begins conversations that others join: how many, and how many different people joined them."""

    person_id: int
    name: str
    talks: int
    joined_by: int
    share: float  # of everybody else who said something


@dataclass(frozen=True, slots=True)
class Talks:
    """The conversations of a span: threads in which two people or more said something, or a question waits.

    ``lines`` messages were looked at, ``is_cut``: only the newest of more; ``unread`` of them nobody has judged.
    """

    talks: tuple[Talk, ...] = ()
    speakers: int = 0
    staff: frozenset[int] = frozenset()
    lines: int = 0
    is_cut: bool = False
    unread: int = 0

    @property
    def joined(self) -> tuple[Talk, ...]:
        """Those in which several people spoke."""
        return tuple(talk for talk in self.talks if len(talk.people) > 1)

    @property
    def size(self) -> tuple[int, int] | None:
        """Messages and people of the conversation in the middle; None where there is none."""
        joined = self.joined
        if not joined:
            return None
        middles = (median(one.messages for one in joined), median(len(one.people) for one in joined))
        return round(middles[0]), round(middles[1])

    @property
    def waiting(self) -> tuple[Saying, ...]:
        """The questions nobody has answered, whoever waits longest first."""
        return tuple(sorted((one.waiting for one in self.talks if one.waiting), key=lambda saying: saying.at))

    def openers(self, limit: int) -> tuple[Opener, ...]:
        """Members whose conversations others joined, most first."""
        begun = [talk for talk in self.joined if talk.opener.person_id not in {*self.staff, US}]
        names = {talk.opener.person_id: talk.opener.name for talk in begun}
        counts = Counter(talk.opener.person_id for talk in begun)
        joined_by = {who: {pk for talk in begun if talk.opener.person_id == who for pk, _ in talk.people} for who in names}
        found = [self._opener(who, name, counts[who], len(joined_by[who]) - 1) for who, name in names.items()]
        return tuple(sorted(found, key=lambda one: (-one.talks, -one.joined_by))[:limit])

    def _opener(self, person_id: int, name: str, talks: int, joined_by: int) -> Opener:
        return Opener(person_id, name, talks, joined_by, joined_by / max(1, self.speakers - 1))
