"""Keeps the records of one chat: batches of rows, people met once, comings and goings as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from qunying.carriers.files.records import (
    Media,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PastRecall,
    PersonRef,
    Record,
)
from qunying.communities.queries import GroupInfo
from qunying.journal.actions import do_record_facts
from qunying.kernel import clock
from qunying.kernel.facts import Fact
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
from qunying.pipeline.past.keys import Keys
from qunying.pipeline.past.tally import Tally
from qunying.talk.actions import Change, NewMessage, do_change_messages, do_keep_messages

NAMED_ONLY = "file"


@dataclass
class Chat:
    """One chat of an export on its way into one of our groups."""

    group: GroupInfo
    platform: str
    zone: ZoneInfo
    run_id: int
    tally: Tally
    keys: Keys = field(default_factory=Keys)
    known: dict[Account, int] = field(default_factory=dict)

    def do_keep(self, records: Sequence[Record]) -> None:
        """Keeps a batch, within the caller's transaction and holding the group."""
        self._do_meet(records)
        messages = [self._message(record) for record in records if isinstance(record, PastMessage | PastNotice)]
        kept = do_keep_messages(messages)
        do_count_talk(spoken_in(kept))
        self._do_move([record for record in records if isinstance(record, PastJoin | PastLeave)])
        do_change_messages(change for record in records if (change := self._change(record)))
        self._count(messages, kept)

    def number_all(self, records: Sequence[Record]) -> None:
        """Counts records that were kept before, without keeping them: equals are numbered in reading order."""
        for record in records:
            self._number(record)

    def _number(self, record: Record) -> None:
        match record:
            case PastMessage(source_id=None, sender=sender):
                self.keys.key(record.at, _spoken_by(sender), record.kind.value, record.text)
            case PastNotice(source_id=None):
                self.keys.key(record.at, "", "notice", record.text)
            case PastJoin() | PastLeave():
                for person in record.people:
                    self.keys.key(record.at, person.ref or person.name, _fact_name(record), "")
            case _:
                return

    def at(self, moment: datetime) -> datetime:
        """The moment in UTC; a time without a zone is local time of the import's zone."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def _count(self, messages: Sequence[NewMessage], kept: Sequence[NewMessage]) -> None:
        tally = self.tally
        tally.messages += len(kept)
        tally.duplicates += len(messages) - len(kept)
        tally.media += sum(bool(new.media) for new in kept)
        tally.groups[self.group.name] = tally.groups.get(self.group.name, 0) + len(kept)
        if messages:
            first, last = min(messages, key=_when), max(messages, key=_when)
            if not tally.first_at or first.at.isoformat() < tally.first_at:
                tally.first_words = first.text[:60]
            tally.see(first.at)
            tally.see(last.at)
        for (year, month), count in Counter((new.at.year, new.at.month) for new in kept).items():
            name = f"{year}-{month:02}"
            tally.months[name] = tally.months.get(name, 0) + count

    def _account(self, person: PersonRef) -> Account:
        if person.ref:
            return Account(self.platform or NAMED_ONLY, person.ref[:255])
        return Account(NAMED_ONLY, f"{self.group.id}:{person.name}"[:255])

    def _id(self, person: PersonRef | None) -> int | None:
        return self.known.get(self._account(person)) if person else None

    def _do_meet(self, records: Sequence[Record]) -> None:
        """Everybody who speaks, comes or goes in this batch and was not met before."""
        people: dict[Account, PersonRef] = {}
        for record in records:
            for person in _people_in(record):
                account = self._account(person)
                if account not in self.known:
                    people.setdefault(account, person)
        if not people:
            return
        for is_bot in (False, True):
            names = {account: one.name for account, one in people.items() if one.is_bot is is_bot}
            found = do_know(names, clock.now(), are_bots=is_bot)
            self.known.update({account: identity.id for account, identity in found.items()})
        do_seat(
            {
                Seat(self.group.id, self.known[account]): SeatNews(
                    self.group.community_id, one.name, one.card or "", one.role or "member", is_present=True
                )
                for account, one in people.items()
            }
        )
        self.tally.people += len(people)

    def _message(self, record: PastMessage | PastNotice) -> NewMessage:
        if isinstance(record, PastNotice):
            return self._notice(record)
        sender = record.sender
        key = record.source_id or self.keys.key(record.at, _spoken_by(sender), record.kind.value, record.text)
        return NewMessage(
            community_id=self.group.community_id,
            group_id=self.group.id,
            sender_id=self._id(sender),
            source_key=key[:160],
            at=self.at(record.at),
            text=record.text,
            kind=record.kind.value,
            reply_to=(record.reply_to or "")[:160],
            quote=record.quote,
            mentions=[found for person in record.mentions if (found := self._id(person))],
            media=[_media(part) for part in record.media],
            edited_at=self.at(record.edited_at) if record.edited_at else None,
            recalled_at=self.at(record.at) if record.is_recalled else None,
            is_imported=True,
        )

    def _notice(self, record: PastNotice) -> NewMessage:
        return NewMessage(
            community_id=self.group.community_id,
            group_id=self.group.id,
            sender_id=None,
            source_key=(record.source_id or self.keys.key(record.at, "", "notice", record.text))[:160],
            at=self.at(record.at),
            text=record.text,
            kind="notice",
            is_imported=True,
        )

    def _change(self, record: Record) -> Change | None:
        if not isinstance(record, PastRecall) or not record.source_id:
            return None
        self.tally.recalls += 1
        return Change(
            group_id=self.group.id, source_key=record.source_id, at=self.at(record.at), by=self._id(record.by)
        )

    def _do_move(self, records: Sequence[PastJoin | PastLeave]) -> None:
        """Comings and goings: facts by key, so that an overlapping export does not double them."""
        moves = [(record, person) for record in records for person in record.people if self._id(person)]
        facts = [self._fact(record, person) for record, person in moves]
        joins = do_record_facts([fact for fact in facts if fact.name == "member.joined"])
        leaves = do_record_facts([fact for fact in facts if fact.name == "member.left"])
        self.tally.joins += joins
        self.tally.leaves += leaves
        self.tally.duplicates += len(moves) - joins - leaves
        do_move_in_the_past([self._movement(record, person) for record, person in moves])

    def _movement(self, record: PastJoin | PastLeave, person: PersonRef) -> tuple[Seat, Came | Went]:
        seat = Seat(self.group.id, self._id(person) or 0)
        if isinstance(record, PastLeave):
            return seat, Went(self.at(record.at))
        return seat, Came(self.at(record.at), record.via, self._id(record.inviter))

    def _fact(self, record: PastJoin | PastLeave, person: PersonRef) -> Fact:
        name = _fact_name(record)
        words: dict[str, object] = {"imported": True}
        if isinstance(record, PastJoin):
            words |= {"via": record.via, "inviter": self._id(record.inviter)}
        elif record.operator:
            words["operator"] = self._id(record.operator)
        who = person.ref or person.name
        return Fact(
            name=name,
            at=self.at(record.at),
            community_id=self.group.community_id,
            group_id=self.group.id,
            identity_id=self._id(person),
            actor=f"import:{self.run_id}",
            key=f"{name}:{self.group.id}:{self.keys.key(record.at, who, name, '')}",
            words=words,
        )


def _when(new: NewMessage) -> datetime:
    return new.at


def _people_in(record: Record) -> tuple[PersonRef, ...]:
    match record:
        case PastMessage(sender=sender):
            return (sender,) if sender else ()
        case PastJoin(people=people, inviter=inviter):
            return (*people, inviter) if inviter else people
        case PastLeave(people=people):
            return people
        case _:
            return ()


def _spoken_by(sender: PersonRef | None) -> str:
    return (sender.ref or sender.name) if sender else ""


def _fact_name(record: PastJoin | PastLeave) -> str:
    return "member.joined" if isinstance(record, PastJoin) else "member.left"


def _media(part: Media) -> dict[str, object]:
    return {"kind": part.kind.value, "name": part.name[:300], "size": part.size, "url": part.url[:500]}
