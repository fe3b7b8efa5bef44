"""Finds whom a chat means where it tells a name alone: «"甲"邀请"乙"加入了群聊» says no id, 乙's own messages do.

Without it everybody who was brought in would be two people: one who came and never spoke, one who spoke and never came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from qunying.carriers.files.discovery import Job, read_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import (
    ChatStarts,
    PastJoin,
    PastLeave,
    PastMessage,
    PastRecall,
    PersonRef,
    Record,
)

ChatKey = tuple[str, str]
Bearers = dict[str, PersonRef | None]  # name or card → who bears it; None where several do
START: ChatKey = ("", "")


class NameBook:
    """The names of one export, chat by chat, read through once more when the first bare name turns up beside ids.

    A name counts only where exactly one person of the whole chat bears it, as name or as card. Who writes is never
    guessed: a sender without an id may be anonymous.
    """

    def __init__(self, read: Callable[[], Iterable[Record]]) -> None:
        self._read = read
        self._books: dict[ChatKey, Bearers] | None = None
        self._has_ids = False
        self._chat = START

    def resolved(self, batch: Sequence[Record]) -> list[Record]:
        """The same records with ids for bare names. Call it with every batch of the export, in order."""
        self._has_ids = self._has_ids or any(person.ref for record in batch for person in _all_in(record))
        return [self._resolved(record) for record in batch] if self._has_ids else list(batch)

    def _resolved(self, record: Record) -> Record:
        match record:
            case ChatStarts():
                self._chat = _chat_key(record)
            case PastMessage(mentions=mentions) if mentions and _has_bare(mentions):
                return replace(record, mentions=self._all(mentions))
            case PastJoin(people=people, inviter=by) if _has_bare((*people, by)):
                return replace(record, people=self._all(people), inviter=self._one(by))
            case PastLeave(people=people, operator=by) if _has_bare((*people, by)):
                return replace(record, people=self._all(people), operator=self._one(by))
            case PastRecall(by=by) if _has_bare((by,)):
                return replace(record, by=self._one(by))
        return record

    def _all(self, people: Iterable[PersonRef]) -> tuple[PersonRef, ...]:
        return tuple(self._known(person) for person in people)

    def _one(self, person: PersonRef | None) -> PersonRef | None:
        return None if person is None else self._known(person)

    def _known(self, person: PersonRef) -> PersonRef:
        if person.ref:
            return person
        if self._books is None:
            self._books = _books_of(self._read())
        found = self._books.get(self._chat, {}).get(person.name)
        return person if found is None else replace(found, role=person.role or found.role, alias=person.name)


def batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    """Batches of a file's records, always cut at the same places, goes_together chats they are in."""
    while batch := list(islice(records, size)):
        yield batch


def book_of(job: Job, choices: Choices) -> NameBook:
    """The names of an export; reading them does not disturb another reading of the same job."""
    return NameBook(lambda: read_job(_apart(job), choices))


def _apart(job: Job) -> Job:
    """The same files with positions of their own."""
    if job.tree is not None:
        return replace(job, tree=replace(job.tree, sources=tuple(replace(one) for one in job.tree.sources)))
    return job if job.source is None else replace(job, source=replace(job.source))


def _books_of(records: Iterable[Record]) -> dict[ChatKey, Bearers]:
    books: dict[ChatKey, Bearers] = {}
    bearers = books.setdefault(START, {})
    for record in records:
        if isinstance(record, ChatStarts):
            bearers = books.setdefault(_chat_key(record), {})
            continue
        for person in _all_in(record):
            if person.ref:
                _enter(bearers, person.name, person)
                if person.card:
                    _enter(bearers, person.card, person)
    return books


def _enter(bearers: Bearers, name: str, person: PersonRef) -> None:
    if name not in bearers:
        bearers[name] = person
        return
    known = bearers[name]
    if known is not None and known.ref != person.ref:
        bearers[name] = None


def _chat_key(starts: ChatStarts) -> ChatKey:
    return starts.name, starts.ref


def _all_in(record: Record) -> Iterator[PersonRef]:
    """Everybody a record tells of with a name of their own; how a mention spells somebody is no name."""
    match record:
        case PastMessage(sender=sender):
            if sender is not None:
                yield sender
        case PastJoin(people=people, inviter=by) | PastLeave(people=people, operator=by):
            yield from people
            if by is not None:
                yield by


def _has_bare(people: Iterable[PersonRef | None]) -> bool:
    return any(person is not None and not person.ref for person in people)
