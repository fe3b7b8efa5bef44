"""What groups talk about: their conversations, who opens them, and the questions that nobody has answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from qunying.communities.queries import CountedGroup
from qunying.insights.aside import Aside, read_aside
from qunying.insights.scope import Scope
from qunying.judgement.threads import Turn, waiting
from qunying.kernel.readings import Verdict, mask_of
from qunying.people.queries import names_of
from qunying.talk.placing import count_unplaced
from qunying.talk.readings import count_unread_among
from qunying.talk.threads import (
    SaidInThread,
    ThreadOfTalk,
    list_asked_in,
    list_said_in,
    list_threads,
    list_threads_by_id,
    words_of_messages,
)

TALKS = 3000  # conversations told at most, and questions looked into
LOOKED_AT = 1000  # messages among which those are counted that nobody has judged
ANSWERED_WITHIN = timedelta(days=1)  # after the end of a span somebody may still answer what was asked in it
NO_QUESTION = (Verdict.AD, Verdict.ABUSE)  # whoever wants to sell or to hurt waits for no answer
LEAST_ASKED = 4  # letters: «真的吗» and «是吗» are said by the way
US = 0  # our own account among people


@dataclass(frozen=True, slots=True)
class Saying:
    """Words of somebody in a group. ``person_id`` is ``US`` where our own account said it."""

    group_id: int
    group: str
    message_id: int
    person_id: int
    name: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its first words, who took part (whoever came first first), and the questions left open in it."""

    opener: Saying
    people: tuple[tuple[int, str], ...]
    messages: int
    last_at: datetime
    waiting: tuple[Saying, ...]


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
    """The conversations that began in a span: threads in which two people or more said something, or a question waits.

    ``is_cut``: only the newest of more. Of the newest ``lines`` messages with words nobody has judged ``unread``, and
    ``unplaced`` messages are in no conversation yet; None where so many wait that nobody counts them.
    """

    talks: tuple[Talk, ...] = ()
    apart: frozenset[int] = frozenset()  # colleagues and programs among the people
    is_cut: bool = False
    lines: int = 0
    unread: int = 0
    unplaced: int | None = 0

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
        return tuple(sorted((asked for talk in self.talks for asked in talk.waiting), key=lambda asked: asked.at))

    def openers(self, limit: int, speakers: int) -> tuple[Opener, ...]:
        """Members whose conversations other members joined, most first; shares are of so many members who spoke."""
        outside = {*self.apart, US}
        begun = [talk for talk in self.joined if talk.opener.person_id not in outside]
        names = {talk.opener.person_id: talk.opener.name for talk in begun}
        counts = Counter(talk.opener.person_id for talk in begun)
        joined_by: dict[int, set[int]] = {who: set() for who in names}
        for talk in begun:
            joined_by[talk.opener.person_id].update(pk for pk, _ in talk.people if pk not in outside)
        others = max(1, speakers - 1)
        found = [
            Opener(who, name, counts[who], len(joined_by[who]) - 1, min(1.0, (len(joined_by[who]) - 1) / others))
            for who, name in names.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.talks, -one.joined_by))[:limit])


def read_talks(
    groups: Sequence[CountedGroup],
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    most: int = TALKS,
    aside: Aside | None = None,
) -> Talks:
    """The conversations that began in a span, newest first; of ``most`` conversations and as many questions at most.

    A question asked in the span is answered, too, by what was said on the day after it. Colleagues' questions wait for
    nobody, their answers count.
    """
    scope = Scope(tuple(groups), since, until)
    begun = [one for one in list_threads(scope.group_ids, since, until, most + 1) if _keeps(scope, one)]
    asked = list_asked_in(scope.group_ids, since, until, NO_QUESTION, most + 1)
    said = list_said_in(asked[:most], min(until + ANSWERED_WITHIN, max(now, until)))
    threads = {one.id: one for one in begun[:most]}
    threads |= {one.id: one for one in list_threads_by_id(said.keys() - threads.keys()) if _keeps(scope, one)}
    people = _People.of(scope, {who for one in threads.values() for who in one.speakers} - {US}, aside)
    open_in = {thread: tuple(_waiting(lines, people, scope, now)) for thread, lines in said.items()}
    talks = list(_talks(threads, open_in, groups, people))
    lines, unread = count_unread_among(scope.group_ids, since, until, LOOKED_AT)
    return Talks(
        talks=tuple(sorted(talks, key=lambda talk: talk.opener.at, reverse=True)),
        apart=frozenset(people.apart),
        is_cut=len(begun) > most or len(asked) > most,
        lines=lines,
        unread=unread,
        unplaced=count_unplaced(scope.group_ids),
    )


@dataclass(frozen=True, slots=True)
class _People:
    """Which person an identity is, what people are called, and which of them are colleagues or programs."""

    persons: Mapping[int, int]
    names: Mapping[int, str]
    apart: frozenset[int]

    @classmethod
    def of(cls, scope: Scope, met: Collection[int], aside: Aside | None) -> _People:
        known = aside or read_aside(scope, scope.group_ids)
        persons = known.persons
        names = {pk: found.name for pk, found in names_of({persons.get(pk, pk) for pk in met}).items()}
        return cls(persons, names, frozenset(persons.get(one, one) for _, one, _ in known.apart))

    def who(self, identity: int) -> int:
        return self.persons.get(identity, identity)

    def name(self, person: int) -> str:
        return "" if person == US else self.names.get(person) or f"#{person}"


def _keeps(scope: Scope, thread: ThreadOfTalk) -> bool:
    """Whether it began before another group went on with the history of its group."""
    return scope.keeps(thread.group_id, thread.begun_at)


def _waiting(
    lines: Sequence[SaidInThread], people: _People, scope: Scope, now: datetime
) -> Iterator[tuple[SaidInThread, int]]:
    """The questions of one thread that were asked in the span and wait for somebody, with who asked."""
    turns = [_turn(line, people) for line in lines]
    by_id = {line.id: line for line in lines}
    for turn in waiting(turns, now.timestamp()):
        line = by_id[turn.id]
        if scope.covers(line.group_id, line.at):
            yield line, turn.who


def _turn(line: SaidInThread, people: _People) -> Turn:
    who = people.who(line.identity_id)
    asks = line.identity_id != US and who not in people.apart and _asks(line)
    return Turn(line.id, who, line.at.timestamp(), asks, line.replies)


def _asks(line: SaidInThread) -> bool:
    if not line.holds & mask_of(Verdict.QUESTION) or any(line.holds & mask_of(other) for other in NO_QUESTION):
        return False
    return sum(letter.isalnum() for letter in line.text) >= LEAST_ASKED


def _talks(
    threads: Mapping[int, ThreadOfTalk],
    open_in: Mapping[int, Sequence[tuple[SaidInThread, int]]],
    groups: Sequence[CountedGroup],
    people: _People,
) -> Iterator[Talk]:
    """Threads as conversations; left out are those of one person in which nothing waits."""
    words = words_of_messages({one.opener_id for one in threads.values()})
    called = {group.id: group.name for group in groups}

    def saying(group_id: int, message_id: int, who: int, at: datetime, text: str) -> Saying:
        return Saying(group_id, called[group_id], message_id, who, people.name(who), at, " ".join(text.split()))

    for thread, one in threads.items():
        who = tuple(dict.fromkeys(people.who(pk) for pk in one.speakers))
        left_open = open_in.get(thread, ())
        if len(who) > 1 or left_open:
            yield Talk(
                opener=saying(one.group_id, one.opener_id, who[0], one.begun_at, words.get(one.opener_id, "")),
                people=tuple((pk, people.name(pk)) for pk in who),
                messages=one.messages,
                last_at=one.last_at,
                waiting=tuple(saying(line.group_id, line.id, pk, line.at, line.text) for line, pk in left_open),
            )
