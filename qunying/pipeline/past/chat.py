"""Keeps the records of one chat: batches of rows, people met once, comings and goings as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PastRecall,
    PersonRef,
    Record,
    Skipped,
)
from qunying.communities.queries import GroupInfo
from qunying.journal.actions import do_record_facts
from qunying.kernel import clock
from qunying.kernel.facts import Fact
from qunying.kernel.keys import fitted
from qunying.people.actions import (
    Account,
    Came,
    Seat,
    SeatNews,
    Went,
    do_count_talk,
    do_know,
    do_move_in_the_past,
    do_seat,
)
from qunying.pipeline.keep import spoken_in
from qunying.pipeline.past.keys import (
    KEY_LETTERS,
    Keys,
    Move,
    fact_name,
    known_as,
    message_key,
    move_key,
    people_in,
    storable,
)
from qunying.pipeline.past.localtime import LocalTime
from qunying.pipeline.past.places import NAMED_ONLY
from qunying.pipeline.past.tally import Tally
from qunying.talk.actions import Change, NewMessage, do_change_messages, do_keep_messages

REF_LETTERS = 255
NAME_LETTERS = 200
SAID = (PastMessage, PastNotice)
when = attrgetter("at")
UNTIMED = (ChatStarts, Skipped)
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass
class Chat:
    """One chat of an export on its way into one of our groups."""

    group: GroupInfo
    platform: str
    zone: ZoneInfo
    run_id: int
    tally: Tally
    counted: set[Account]  # everybody the tally has, in other chats of the import too, and from before an interruption
    known: dict[str, int] = field(default_factory=dict)  # as ``known_as`` calls them → our identity
    names: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # the latest name of each, and since when
    seated: set[str] = field(default_factory=set)
    keys: Keys = field(init=False)
    time: LocalTime = field(init=False)

    def __post_init__(self) -> None:
        self.begin_file()

    def begin_file(self) -> None:
        """Another file tells of this chat: what it repeats of an earlier file is the same, not said again."""
        self.keys, self.time = Keys(), LocalTime(self.zone)

    def do_keep(self, records: Sequence[Record]) -> None:
        """Keeps a batch, within the caller's transaction and holding the group."""
        self._do_meet(records)
        told = [record for record in records if isinstance(record, SAID)]
        messages = [self._message(record) for record in told]
        kept = do_keep_messages(messages)
        do_count_talk(spoken_in(kept))
        self._do_move([record for record in records if isinstance(record, Move)])
        do_change_messages(change for record in records if (change := self._change(record)))
        notices = {new.source_key for new, record in zip(messages, told, strict=True) if isinstance(record, PastNotice)}
        self._count(messages, kept, notices)

    def number_all(self, records: Sequence[Record]) -> None:
        """Counts records that were kept before, without keeping them: equals are numbered in reading order."""
        people: dict[str, PersonRef] = {}
        for record in records:
            for person in people_in(record):
                self._is_newer(known_as(person), person, record)
                people[known_as(person)] = person
            if isinstance(record, SAID):
                self.time.next_utc(record.at)
                message_key(self.keys, record)
            elif isinstance(record, Move):
                for person in record.people:
                    move_key(self.keys, record, person)
        self.counted.update(map(self._account, people.values()))

    def _count(self, messages: Sequence[NewMessage], kept: Sequence[NewMessage], notices: Collection[str]) -> None:
        """What the app itself wrote is kept beside the messages and counted apart: nobody said it."""
        tally = self.tally
        tally.duplicates += len(messages) - len(kept)
        tally.media += sum(bool(new.media) for new in kept)
        said = [new for new in messages if new.source_key not in notices]
        if not said:
            tally.notices += len(kept)
            return
        new_said = [new for new in kept if new.source_key not in notices]
        tally.notices += len(kept) - len(new_said)
        months = Counter((new.at.year, new.at.month) for new in new_said)
        by_month = {f"{year}-{month:02}": count for (year, month), count in months.items()}
        tally.keep(self.group.name, len(new_said), by_month)
        first, last = min(said, key=when), max(said, key=when)
        if not tally.first_at or first.at.isoformat() < tally.first_at:
            tally.first_words = storable(first.text[:60])
        tally.see(first.at)
        tally.see(last.at)

    def _account(self, person: PersonRef) -> Account:
        if person.ref:
            return Account(self.platform or NAMED_ONLY, fitted(storable(person.ref), REF_LETTERS))
        return Account(NAMED_ONLY, fitted(f"{self.group.id}:{storable(person.name)}", REF_LETTERS))

    def _id(self, person: PersonRef | None) -> int | None:
        return self.known.get(known_as(person)) if person else None

    def _do_meet(self, records: Sequence[Record]) -> None:
        """Everybody who speaks, comes or goes in this batch and is new here or has a newer name; then who is mentioned."""
        people: dict[str, PersonRef] = {}
        for record in records:
            for person in people_in(record):
                who = known_as(person)
                if self._is_newer(who, person, record):
                    people[who] = person
                elif who not in self.seated:
                    people.setdefault(who, person)
        for is_bot in (False, True):
            self._do_know({who: one for who, one in people.items() if one.is_bot is is_bot}, is_bot=is_bot)
        new = {who: one for who, one in people.items() if who not in self.seated}
        do_seat({Seat(self.group.id, self.known[who]): self._news(one) for who, one in new.items()})
        self.seated.update(new)
        met = set(map(self._account, new.values())) - self.counted
        self.tally.people += len(met)
        self.counted |= met
        self._do_know(
            {known_as(one): one for one in _mentioned_in(records) if known_as(one) not in self.known}, is_bot=False
        )

    def _is_newer(self, who: str, person: PersonRef, record: Record) -> bool:
        """Whether this record tells a newer name of somebody than those read so far, which is remembered."""
        named = self.names.get(who)
        if named is not None and (named[0] == person.name or not person.name):
            return False
        at = EARLIEST if isinstance(record, UNTIMED) else self.time.utc(record.at)
        if named is not None and at < named[1]:
            return False
        self.names[who] = (person.name, at)
        return True

    def _do_know(self, people: dict[str, PersonRef], *, is_bot: bool) -> None:
        """In the order of accounts: two imports that meet the same people must not wait for each other in turns."""
        if not people:
            return
        accounts = {who: self._account(one) for who, one in people.items()}
        names = {
            accounts[who]: storable(people[who].name)[:NAME_LETTERS] for who in sorted(people, key=accounts.__getitem__)
        }
        found = do_know(names, clock.now(), are_bots=is_bot)
        self.known.update({who: found[account].id for who, account in accounts.items()})

    def _news(self, person: PersonRef) -> SeatNews:
        card = storable(person.card or "")[:NAME_LETTERS]
        return SeatNews(self.group.community_id, storable(person.name), card, person.role or "member", is_present=True)

    def _message(self, record: PastMessage | PastNotice) -> NewMessage:
        if isinstance(record, PastNotice):
            return self._notice(record)
        at = self.time.next_utc(record.at)
        return NewMessage(
            community_id=self.group.community_id,
            group_id=self.group.id,
            sender_id=self._id(record.sender),
            source_key=message_key(self.keys, record),
            at=at,
            text=storable(record.text),
            kind=record.kind.value,
            reply_to=fitted(record.reply_to, KEY_LETTERS) if record.reply_to else "",
            quote=storable(record.quote),
            mentions=[found for person in record.mentions if (found := self._id(person))] if record.mentions else (),
            media=[_media(part) for part in record.media] if record.media else (),
            edited_at=self.time.utc(record.edited_at) if record.edited_at else None,
            recalled_at=at if record.is_recalled else None,
            is_imported=True,
        )

    def _notice(self, record: PastNotice) -> NewMessage:
        return NewMessage(
            community_id=self.group.community_id,
            group_id=self.group.id,
            sender_id=None,
            source_key=message_key(self.keys, record),
            at=self.time.next_utc(record.at),
            text=storable(record.text),
            kind="notice",
            is_imported=True,
        )

    def _change(self, record: Record) -> Change | None:
        if not isinstance(record, PastRecall):
            return None
        self.tally.recalls += 1
        if not record.source_id:
            return None
        key = fitted(storable(record.source_id), KEY_LETTERS)
        return Change(group_id=self.group.id, source_key=key, at=self.time.utc(record.at), by=self._id(record.by))

    def _do_move(self, records: Sequence[Move]) -> None:
        """Comings and goings: facts by key, so that an overlapping export does not double them."""
        moves = [(record, person) for record in records for person in record.people if self._id(person)]
        facts = [self._fact(record, person) for record, person in moves]
        joins = do_record_facts([fact for fact in facts if fact.name == "member.joined"])
        leaves = do_record_facts([fact for fact in facts if fact.name == "member.left"])
        self.tally.joins += joins
        self.tally.leaves += leaves
        self.tally.duplicates += len(moves) - joins - leaves
        for at_once in _rounds([self._movement(record, person) for record, person in moves]):
            do_move_in_the_past(at_once)

    def _movement(self, record: Move, person: PersonRef) -> tuple[Seat, Came | Went]:
        seat = Seat(self.group.id, self._id(person) or 0)
        if isinstance(record, PastLeave):
            return seat, Went(self.time.utc(record.at))
        return seat, Came(self.time.utc(record.at), record.via, self._inviter(record, person))

    def _inviter(self, record: PastJoin, person: PersonRef) -> int | None:
        """Who founds a group brings the others, not themselves."""
        return (
            None if record.inviter is None or known_as(record.inviter) == known_as(person) else self._id(record.inviter)
        )

    def _fact(self, record: Move, person: PersonRef) -> Fact:
        name = fact_name(record)
        words: dict[str, object] = {"imported": True}
        if isinstance(record, PastJoin):
            words |= {"via": record.via, "inviter": self._inviter(record, person)}
        elif record.operator:
            words["operator"] = self._id(record.operator)
        return Fact(
            name=name,
            at=self.time.utc(record.at),
            community_id=self.group.community_id,
            group_id=self.group.id,
            identity_id=self._id(person),
            actor=f"import:{self.run_id}",
            key=f"{name}:{self.group.id}:{move_key(self.keys, record, person)}",
            words=words,
        )


def _mentioned_in(records: Sequence[Record]) -> Iterator[PersonRef]:
    """Whoever is mentioned by their reference; they need not have said anything yet. Their name may be a short form."""
    for record in records:
        if isinstance(record, PastMessage) and record.mentions:
            yield from (replace(person, name="") for person in record.mentions if person.ref)


def _rounds(moves: Sequence[tuple[Seat, Came | Went]]) -> Iterator[list[tuple[Seat, Came | Went]]]:
    """The moves in the order of time, cut so that nobody moves twice at once: who came and went has done both."""
    seen: Counter[Seat] = Counter()
    rounds: list[list[tuple[Seat, Came | Went]]] = []
    for seat, move in sorted(moves, key=lambda one: one[1].at):
        number = seen[seat]
        seen[seat] += 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append((seat, move))
    yield from rounds


def _media(part: Media) -> dict[str, object]:
    return {"kind": part.kind.value, "name": part.name[:300], "size": part.size, "url": part.url[:500]}
