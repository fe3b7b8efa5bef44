"""The past as it would be told: events in their order, with what the judges said, and the people as they stood then."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from qunying.communities.queries import staff_of
from qunying.intake.queries import list_told
from qunying.journal.queries import list_joins_in
from qunying.judgement.judge import read_all
from qunying.judgement.learning import Learnt
from qunying.kernel.events import Attachment, Event, MemberJoined, MessageReceived, PictureRead, Who
from qunying.kernel.readings import UNREAD, Reading
from qunying.kernel.scene import GroupScene, Member
from qunying.people.seats import Seated, list_seated
from qunying.pipeline.batch import PICTURES, picture_of_words
from qunying.talk.learning import learnt_of
from qunying.talk.past import PastLine, list_past_lines

SOMEBODY = (Who(""),)  # was named or answered; whom does not matter
_when = attrgetter("at")


class Told(NamedTuple):
    """An event of the past with its reading; ``message_id`` of what was said or shown, 0 of who came. ``is_looked_at``: what its
    pictures show is told too."""

    at: datetime
    event: Event
    reading: Reading
    message_id: int
    is_looked_at: bool = False


class Looked(NamedTuple):
    """What was seen in the pictures of a message when they were looked at, and the reading of its words."""

    at: datetime
    words: Mapping[str, Any]
    reading: Reading


class Said(NamedTuple):
    """A message of the past with its reading; ``is_anew``: nobody had read it before. ``looked``: what its pictures show."""

    line: PastLine
    reading: Reading
    is_anew: bool = False
    looked: Looked | None = None


def list_said(groups: Mapping[int, GroupScene], since: datetime, until: datetime) -> Iterator[Said]:
    """What members said in these groups in that time, in its order; read anew by the judges where nobody has read it."""
    learnt = learnt_of({group.community_id for group in groups.values()})
    each = [_said_in(group, since, until, learnt.get(group.community_id)) for group in groups.values()]
    return heapq.merge(*each, key=lambda said: said.line.at)


def _said_in(group: GroupScene, since: datetime, until: datetime, learnt: Learnt | None) -> Iterator[Said]:
    for lines in list_past_lines(group.id, since, until):
        unread = [line for line, reading in lines if reading is None and line.text]
        readings = read_all([line.text for line in unread], learnt)
        anew = dict(zip([line.id for line in unread], readings, strict=True))
        looked = _looked(group.id, [line for line, _ in lines if line.media], learnt)
        for line, reading in lines:
            yield Said(line, reading or anew.get(line.id, UNREAD), line.id in anew, looked.get(line.id))


def _looked(group_id: int, lines: Sequence[PastLine], learnt: Learnt | None) -> dict[int, Looked]:
    """What was seen in the pictures of these messages, by their ids; those nobody looked at are absent."""
    keys = {f"picture:{line.source_key}": line.id for line in lines}
    told = list_told(PICTURES, group_id, keys)
    readings = read_all([str(words["text"]) for _, words in told.values()], learnt)
    return {
        keys[key]: Looked(at, words, reading)
        for (key, (at, words)), reading in zip(told.items(), readings, strict=True)
    }


class Past:
    """What happened in groups from ``since`` on and before ``until``, when ``said`` is what was said.

    ``people`` are those who sit or sat there, by group and reference, as they stand when the next event is told: roles and
    names as they are now, for nobody kept what they were. ``read_anew`` counts messages that nobody had read before.
    """

    def __init__(
        self, groups: Mapping[int, GroupScene], since: datetime, until: datetime, said: Iterable[Said]
    ) -> None:
        self._groups, self._since, self._until, self._said = groups, since, until, said
        seated = list_seated(groups)
        staff = staff_of({group.community_id for group in groups.values()})
        official = {(line.community_id, line.carrier, line.ref) for lines in staff.values() for line in lines}
        self._refs = {(one.group_id, one.identity_id): one.ref for one in seated}
        self.people = {(one.group_id, one.ref): self._member(one, official) for one in seated}
        self._joins = self._list_joins(seated)
        self.read_anew = 0

    def __iter__(self) -> Iterator[Told]:
        """Everything in the order of time."""
        return heapq.merge(iter(self._joins), self._told(), key=_when)

    def move_on(self, told: Told) -> None:
        """Whoever came has come."""
        if isinstance(told.event, MemberJoined):
            key = (told.event.group_id or 0, told.event.member.ref)
            self.people[key] = replace(self.people[key], is_present=True, joined_at=told.at)

    def let_have_said(self, spoken: Mapping[tuple[int, str], int]) -> None:
        """Counts with each of these, by group and reference, what they said since."""
        for key, count in spoken.items():
            self.people[key] = replace(self.people[key], messages=self.people[key].messages + count)

    def _member(self, one: Seated, official: set[tuple[int, str, str]]) -> Member:
        came_before = one.joined_at is not None and one.joined_at < self._since
        return Member(
            identity_id=one.identity_id,
            ref=one.ref,
            name=one.name,
            card=one.card,
            role=one.role,
            is_official=(self._groups[one.group_id].community_id, one.carrier, one.ref) in official,
            joined_at=one.joined_at if came_before else None,
        )

    def _list_joins(self, seated: Sequence[Seated]) -> list[Told]:
        """Who came in that time; a record of a member without one of their coming tells of that too."""
        known = set(list_joins_in(self._groups, self._since, self._until))
        for one in seated:
            if one.joined_at is not None and self._since <= one.joined_at < self._until:
                known.add((one.joined_at, one.group_id, one.identity_id))
        return [self._came(*one) for one in sorted(known) if one[1:] in self._refs]

    def _came(self, at: datetime, group_id: int, identity_id: int) -> Told:
        ref = self._refs[group_id, identity_id]
        card = self.people[group_id, ref].card
        event = MemberJoined(
            key=f"past:join:{group_id}:{identity_id}:{at.isoformat()}",
            at=at,
            lane_id=group_id,
            community_id=self._groups[group_id].community_id,
            group_id=group_id,
            member=Who(ref, card=card),
        )
        return Told(at, event, UNREAD, 0)

    def _told(self) -> Iterator[Told]:
        seen: list[tuple[datetime, int, Told]] = []  # in pictures, and to be told after other things were said
        for line, reading, is_anew, looked in self._said:
            while seen and seen[0][0] <= line.at:
                yield heapq.heappop(seen)[2]
            ref = self._refs.get((line.group_id, line.sender_id))
            self.read_anew += is_anew
            if ref is None:
                continue
            group = self._groups[line.group_id]
            yield Told(line.at, _received(line, ref, group), reading, line.id, looked is not None)
            if looked and looked.at < self._until:
                heapq.heappush(seen, (looked.at, line.id, _shown(line, ref, group, looked)))
        yield from (told for _, _, told in sorted(seen, key=lambda one: one[:2]))


def _received(line: PastLine, ref: str, group: GroupScene) -> MessageReceived:
    return MessageReceived(
        key=f"past:{line.id}",
        at=line.at,
        lane_id=line.group_id,
        community_id=group.community_id,
        group_id=line.group_id,
        sender=Who(ref),
        source_key=line.source_key,
        text=line.text,
        kind=line.kind,
        reply_to=line.reply_to,
        mentions=SOMEBODY if line.mentions else (),
        media=tuple(_attachment(one) for one in line.media) if line.media else (),
    )


def _shown(line: PastLine, ref: str, group: GroupScene, looked: Looked) -> Told:
    event = PictureRead(
        key=f"past:{line.id}:picture",
        at=looked.at,
        lane_id=line.group_id,
        community_id=group.community_id,
        group_id=line.group_id,
        **picture_of_words({**looked.words, "sender": {"ref": ref, "name": ""}}),
    )
    return Told(looked.at, event, looked.reading, line.id)


def _attachment(words: Mapping[str, object]) -> Attachment:
    return Attachment(str(words.get("kind", "")), str(words.get("name", "")), str(words.get("url", "")))
