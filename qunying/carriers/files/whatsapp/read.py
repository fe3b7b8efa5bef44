"""Reads a WhatsApp chat: one line in, one record out, in constant memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..bodies import Block, damage, split_blocks
from ..formats import Choices
from ..records import ChatStarts, PastJoin, PastLeave, PastMessage, PastNotice, PersonRef, Record, Skipped
from ..sources import Source
from .headers import MARKS, find_date_order, header_reader, match_header
from .marks import read_body
from .names import Overview, look_over, name_from_path
from .system import SystemEvent, is_wordy, read_system

_ISO_WITHOUT_SECONDS = re.compile(r"\[\d{4}-\d\d-\d\d, \d\d:\d\d\] ")
_ENCRYPTION_NOTES = (
    "Messages and calls are end-to-end encrypted.",
    "Messages to this group are now secured with end-to-end encryption.",
    "Messages you send to this group are now secured with end-to-end encryption.",
    "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
    "Los mensajes y las llamadas están cifrados de extremo a extremo.",
    "消息和通话都进行端到端加密",
    "消息与通话均已端到端加密",
    "訊息和通話皆經端對端加密",
    "As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta",
    "Les messages et les appels sont chiffrés de bout en bout",
    "I messaggi e le chiamate sono crittografati end-to-end",
    "الرسائل والمكالمات مشفّرة تمامًا",
)
_NOTE_BEGINNINGS = frozenset(note[:5] for note in _ENCRYPTION_NOTES)
_MARKS = frozenset(MARKS)
_TILDE = re.compile(r"^~\s*")
_MENTION_OPENS = "@\u2068"
_MENTION = re.compile("@\u2068([^\u2068\u2069\n]{1,100})\u2069")
_SPACES = " \u202f\u00a0"


def detect(head: str) -> int:
    """How much of the head looks like WhatsApp: 90 where most of it does, less where Signal writes the same."""
    lines = [line for line in head.splitlines()[:200] if line.strip()]
    headers = [line for line in lines if match_header(line) is not None]
    if not headers or not any(": " in line for line in headers):
        return 0
    if all(_ISO_WITHOUT_SECONDS.match(line) for line in headers):
        return 60
    if all("] <" in line or "] ***" in line for line in headers):
        return 10
    share = len(headers) / len(lines)
    return 90 if share > 0.5 else 75 if share > 0.1 or match_header(lines[0]) else 40


def survey(source: Source) -> Choices:
    """The order of the dates, judged over the whole file."""
    order, is_certain = find_date_order(source)
    return Choices(date_order=order, is_date_order_certain=is_certain, chat_name=name_from_path(source))


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """The records of one chat; times are the naive local time of the phone that exported.

    An edited message has its own time as ``edited_at``: the file does not say when.
    """
    order = choices.date_order or find_date_order(source)[0]
    overview = look_over(source)
    name = choices.chat_name or name_from_path(source) or overview.title
    yield ChatStarts(name=name, platform="whatsapp", is_private=overview.is_private(name))
    for block in split_blocks(source.lines(), header_reader(order)):
        if isinstance(block, Skipped):
            yield block
        else:
            yield from _records(block, overview)


def _records(block: Block, overview: Overview) -> tuple[Record, ...]:
    sender, text = _split_sender(block.rest, overview)
    if (
        not sender
        or (text[:5] in _NOTE_BEGINNINGS and text.startswith(_ENCRYPTION_NOTES))
        or (text[:1] in _MARKS and read_system(text) is not None)
    ):
        words = block.text(text).strip(MARKS)
        return _told(block, read_system(text), words), *damage(block, words)
    whole = block.text(text)
    message = _message(block, sender, whole)
    return (message, *damage(block, whole)) if block.is_cut or "\ufffd" in whole else (message,)


def _split_sender(rest: str, overview: Overview) -> tuple[str, str]:
    """Who wrote the line, and what; the sender is "" for a system line."""
    rest = rest.lstrip(MARKS)
    name, colon, text = rest.partition(": ")
    if not colon:
        if rest[-1:] != ":" or is_wordy(rest):
            return "", rest
        return rest[:-1], ""
    if is_wordy(name):
        return "", rest
    if overview.doubled:
        longer = f"{name}: {text.partition(': ')[0]}"
        if longer in overview.doubled:
            return longer, rest[len(longer) + 2 :]
    return name, text


def _message(block: Block, sender: str, text: str) -> PastMessage:
    body = read_body(text)
    mentions = _mentions(text) if _MENTION_OPENS in text else ()
    if body is None:
        return PastMessage(at=block.at, sender=_person(sender), text=text, place=block.place, mentions=mentions)
    return PastMessage(
        at=block.at,
        sender=_person(sender),
        text=body.text,
        place=block.place,
        kind=body.kind,
        mentions=mentions,
        media=body.media,
        is_recalled=body.is_recalled,
        edited_at=block.at if body.is_edited else None,
    )


def _told(block: Block, event: SystemEvent | None, words: str) -> Record:
    at, place = block.at, block.place
    by = _person(event.by) if event is not None and event.by else None
    if event is None or event.kind == "notice" or not event.people or block.below:
        return PastNotice(at=at, text=words, place=place, by=by)
    people = tuple(_person(name) for name in event.people)
    if event.kind == "join":
        return PastJoin(at=at, people=people, place=place, inviter=by, via=event.via)
    return PastLeave(at=at, people=people, place=place, operator=by)


def _mentions(text: str) -> tuple[PersonRef, ...]:
    """Whom a message calls, each once: newer apps put direction marks around the name, so that it is clear where it ends."""
    return tuple(_person(name) for name in dict.fromkeys(_MENTION.findall(text)))


@lru_cache(maxsize=8192)
def _person(name: str) -> PersonRef:
    return PersonRef(_TILDE.sub("", name.strip(MARKS).strip(_SPACES)) or name)
