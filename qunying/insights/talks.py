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
    """The conversations of a span: threads in which two people or more said something, or a question waits.

    ``lines`` messages were looked at, ``is_cut``: only the newest of more; ``unread`` of them nobody has judged.
    """

    talks: tuple[Talk, ...] = ()
    speakers: int = 0
    apart: frozenset[int] = frozenset()  # colleagues and programs among the people
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
        return tuple(sorted((asked for talk in self.talks for asked in talk.waiting), key=lambda asked: asked.at))

    def openers(self, limit: int) -> tuple[Opener, ...]:
        """Members whose conversations others joined, most first."""
        begun = [talk for talk in self.joined if talk.opener.person_id not in {*self.apart, US}]
        names = {talk.opener.person_id: talk.opener.name for talk in begun}
        counts = Counter(talk.opener.person_id for talk in begun)
        joined_by = {
            who: {pk for talk in begun if talk.opener.person_id == who for pk, _ in talk.people} for who in names
        }
        found = [self._opener(who, name, counts[who], len(joined_by[who]) - 1) for who, name in names.items()]
        return tuple(sorted(found, key=lambda one: (-one.talks, -one.joined_by))[:limit])

    def _opener(self, person_id: int, name: str, talks: int, joined_by: int) -> Opener:
        return Opener(person_id, name, talks, joined_by, joined_by / max(1, self.speakers - 1))


@dataclass(frozen=True, slots=True)
class _Room:
    """One group's lines with everything that is needed to understand them."""

    group: CountedGroup
    lines: Sequence[Spoken]
    readings: Mapping[int, Reading]


def read_talks(
    groups: Sequence[CountedGroup], since: datetime, until: datetime, now: datetime, *, most: int = LINES
) -> Talks:
    """The conversations that began in a span, newest first; of ``most`` messages at most, divided among the groups.

    One that goes on after the span is told with what was said on the day after: so nothing waits that was answered then.
    Colleagues' questions wait for nobody, their answers count.
    """
    each = max(1, most // max(1, len(groups)))
    end = min(until + ANSWERED_WITHIN, max(now, until))
    heard = {group: list_spoken(group.id, since, end, each + 1) for group in groups}
    rooms = [_room(group, lines[-each:]) for group, lines in heard.items()]
    people = _People.of(Scope(tuple(groups), since, until), rooms)
    talks = [talk for room in rooms for talk in _talks(room, people, until, now)]
    spoken = [line for room in rooms for line in room.lines]
    unread = [
        one for room in rooms for one in room.lines if one.text and not one.is_own and one.id not in room.readings
    ]
    return Talks(
        talks=tuple(sorted(talks, key=lambda talk: talk.opener.at, reverse=True)),
        speakers=len({people.who(line) for line in spoken if line.identity_id and not line.is_own}),
        apart=frozenset(people.apart),
        lines=len(spoken),
        is_cut=any(len(lines) > each for lines in heard.values()),
        unread=len(unread),
    )


def _room(group: CountedGroup, lines: Sequence[Spoken]) -> _Room:
    return _Room(group, lines, readings_of([line.id for line in lines]))


@dataclass(frozen=True, slots=True)
class _People:
    """Which person an identity is, what people are called, and which of them are colleagues or programs."""

    persons: Mapping[int, int]
    names: Mapping[int, str]
    apart: frozenset[int]

    @classmethod
    def of(cls, scope: Scope, rooms: Sequence[_Room]) -> _People:
        odd = list_odd_identities(scope.group_ids)
        persons = {one: person for one, person, _ in odd if one != person}
        lines = [line for room in rooms for line in room.lines]
        met = {one for line in lines for one in (line.identity_id, *line.mentions) if one}
        names = {pk: found.name for pk, found in names_of(met | {persons.get(pk, pk) for pk in met}).items()}
        others = apart(scope, {one for one, _, is_bot in odd if is_bot})
        return cls(persons, names, frozenset(persons.get(one, one) for _, one, _ in others))

    def who(self, line: Spoken) -> int:
        return US if line.is_own else self.persons.get(line.identity_id or 0, line.identity_id or 0)

    def name(self, person: int) -> str:
        return "" if person == US else self.names.get(person) or f"#{person}"


def _talks(room: _Room, people: _People, until: datetime, now: datetime) -> Iterator[Talk]:
    by_id = {str(line.id): line for line in room.lines}
    for found in converse(_turns(room, people), now.timestamp()):
        begun = by_id[found.opener.line.id].at
        if begun < until and (found.waiting or len(found.people) > 1):
            yield _talk(found, room.group, people, by_id)


def _turns(room: _Room, people: _People) -> Iterator[Turn]:
    """Their lines as threads take them; whoever is known to nobody is passed over."""
    ids = {line.source_key: str(line.id) for line in room.lines}
    for line in room.lines:
        if line.identity_id is None and not line.is_own:
            continue
        who = people.who(line)
        called = tuple(people.name(people.persons.get(one, one)) for one in line.mentions)
        reply_to = ids.get(line.reply_to, line.reply_to) or None
        placed = Line(str(line.id), line.at.timestamp(), people.name(who) or "us", line.text, called, reply_to)
        asks = who not in people.apart and _asks(line, room.readings.get(line.id))
        yield Turn(placed, who, asks, line.recalled_at is not None)


def _asks(line: Spoken, reading: Reading | None) -> bool:
    if reading is None or not reading.is_so(Verdict.QUESTION):
        return False
    if sum(letter.isalnum() for letter in line.text) < LEAST_ASKED:
        return False
    return not any(reading.is_so(other) for other in NO_QUESTION)


def _talk(found: Conversation, group: CountedGroup, people: _People, by_id: Mapping[str, Spoken]) -> Talk:
    def saying(turn: Turn) -> Saying:
        line = by_id[turn.line.id]
        words = " ".join(line.text.split())
        return Saying(group.id, group.name, line.id, turn.who, people.name(turn.who), line.at, words)

    return Talk(
        opener=saying(found.opener),
        people=tuple((who, people.name(who)) for who in found.people),
        messages=len(found.turns),
        last_at=by_id[found.turns[-1].line.id].at,
        waiting=tuple(saying(asked) for asked in found.waiting),
    )
