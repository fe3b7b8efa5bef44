"""Telegram Desktop's ``result.json``: one chat, or an account with ``chats.list``; and telegram-cli's JSON lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..formats import Choices
from ..jsonstream import Found, read_events, read_header, read_items, read_json_lines, text_chunks
from ..jsonvalues import as_map, as_ref, as_size, as_text
from ..records import ChatStarts, PastMessage, PastNotice, Record, Skipped
from ..sources import Source
from .cli import tell_cli_line
from .message import tell_message

SINGLE = "messages.item"
LISTS = ("chats.list.item", "left_chats.list.item")
HEADER = ("name", "type", "id")

MIGRATED = "migrate_from_group"
SCALARS = frozenset({"string", "number", "boolean", "null"})
STARTS = SCALARS | {"start_map", "start_array"}

_GROUPS = frozenset(
    {"private_group", "private_supergroup", "public_supergroup", "private_channel", "public_channel", ""}
)
_CLI_LINE = re.compile(r'^\s*\{[^\n]*"event"\s*:\s*"(?:message|service)"', re.MULTILINE)
_EMPTY = re.compile(
    r'"type"\s*:\s*"(?:private_(?:super)?group|public_supergroup|(?:private|public)_channel)",\s*"id"\s*:\s*\d+,'
    r'\s*"messages"\s*:\s*\[\s*\]'
)
_DATE = re.compile(r'"date"\s*:\s*"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"')


@dataclass(slots=True)
class _Chat:
    """One chat of an account, from the first pass: what it is called and how many messages belong to it."""

    path: str
    header: dict[str, object]
    count: int = 0


def detect(head: str) -> int:
    """Certain by Telegram's own words; likely by the shape of its messages."""
    if _is_cli(head):
        return 95
    if not head.lstrip().startswith("{") or ('"messages"' not in head and '"chats"' not in head):
        return 0
    if '"text_entities"' in head or '"date_unixtime"' in head or _EMPTY.search(head):
        return 95
    return 80 if _DATE.search(head) and '"from"' in head and '"text"' in head else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """Reads whichever of the three shapes the file has."""
    head = source.head().decode(source.encoding, "replace").lstrip("\ufeff")
    if _is_cli(head):
        yield from _read_cli(source, choices)
    elif _is_account(head):
        yield from _read_account(source)
    else:
        yield _announce(read_header(source, *HEADER), choices)
        yield from _told(source)


def _is_cli(head: str) -> bool:
    return '"peer_type"' in head and _CLI_LINE.search(head) is not None


def _is_account(head: str) -> bool:
    chats, messages = re.search(r'"(?:left_)?chats"\s*:\s*\{', head), re.search(r'"messages"\s*:\s*\[', head)
    is_single = messages is not None and (chats is None or messages.start() < chats.start())
    return not is_single and (chats is not None or '"personal_information"' in head)


def _announce(header: dict[str, object], choices: Choices, *, is_one_of_many: bool = False) -> ChatStarts:
    return ChatStarts(
        name=as_text(header.get("name")) or choices.chat_name,
        ref=as_ref(header.get("id")) or "",
        platform="telegram",
        is_private=as_text(header.get("type")) not in _GROUPS,
        is_one_of_many=is_one_of_many,
    )


def _record(found: Found | Skipped) -> Record:
    return found if isinstance(found, Skipped) else tell_message(found.value, found.place)


def _told(source: Source) -> Iterator[Record]:
    """The records of one chat. What a group said before it became a supergroup has numbers that come again later."""
    is_before = _starts_anew(source)
    for found in read_items(source, SINGLE):
        if isinstance(found, Found) and as_map(found.value).get("action") == MIGRATED:
            is_before = False
        record = _record(found)
        yield _of_old_group(record) if is_before else record


def _starts_anew(source: Source) -> bool:
    """Whether the group became a supergroup within this file and its numbers begin again there."""
    if not _has_migrated(source):
        return False
    highest = 0
    for found in read_items(source, SINGLE):
        row = as_map(found.value) if isinstance(found, Found) else {}
        number = as_size(row.get("id")) or 0
        if row.get("action") == MIGRATED:
            return 0 < number <= highest
        highest = max(highest, number)
    return False


def _has_migrated(source: Source) -> bool:
    last = ""
    for chunk in text_chunks(source):
        if f'"{MIGRATED}"' in last + chunk:
            return True
        last = chunk[-len(MIGRATED) - 2 :]
    return False


def _of_old_group(record: Record) -> Record:
    """The same with ids that stay apart from the supergroup's; newer exports write them below zero themselves."""
    if isinstance(record, PastMessage):
        return replace(record, source_id=_old_id(record.source_id), reply_to=_old_id(record.reply_to))
    if isinstance(record, PastNotice):
        return replace(record, source_id=_old_id(record.source_id))
    return record


def _old_id(ref: str | None) -> str | None:
    return ref if ref is None or ref.startswith("-") else f"old-{ref}"


def _read_account(source: Source) -> Iterator[Record]:
    """Two passes, because a message does not say whose chat it is in and a chat may name itself after its messages.

    A damaged place ends it: behind it nobody could tell a private chat from a group.
    """
    chats, is_whole = _survey_chats(source)
    for path in LISTS:
        members = [chat for chat in chats if chat.path == path]
        messages = read_items(source, f"{path}.{SINGLE}", is_repaired=False) if members else iter(())
        for chat in members:
            announced = _announce(chat.header, Choices(), is_one_of_many=True)
            is_unknown = not is_whole and "type" not in chat.header  # it would have stood behind the broken place
            yield replace(announced, is_private=announced.is_private or is_unknown)
            for place in range(1, chat.count + 1):
                found = next(messages, None)
                if not isinstance(found, Found):
                    yield Skipped(reason="cut_off", place=place, sample=found.sample if found else "")
                    return
                yield tell_message(found.value, place)
    if not is_whole:
        yield Skipped(reason="cut_off", place=chats[-1].count + 1 if chats else 1)


def _survey_chats(source: Source) -> tuple[list[_Chat], bool]:
    """The chats in their order, each with the number of its messages; and whether the file ends as it should."""
    wanted = {f"{path}.{key}": key for path in LISTS for key in HEADER}
    counted = {f"{path}.{SINGLE}" for path in LISTS}
    chats: list[_Chat] = []
    is_whole = False
    for path, event, value in read_events(source):
        is_whole = path == "" and event == "end_map"
        if path in LISTS and event == "start_map":
            chats.append(_Chat(path, {}))
        elif path in wanted and event in SCALARS:
            chats[-1].header.setdefault(wanted[path], value)
        elif path in counted and event in STARTS:
            chats[-1].count += 1
    return chats, is_whole


def _read_cli(source: Source, choices: Choices) -> Iterator[Record]:
    """Lines, newest first as telegram-cli writes them; the chat is named by the first line that names one."""
    is_announced = False
    for found in read_json_lines(source):
        if isinstance(found, Skipped):
            yield found
            continue
        row = as_map(found.value)
        if not is_announced:
            is_announced = True
            yield _cli_chat(as_map(row.get("to")), choices)
        yield tell_cli_line(found.value, found.place)


def _cli_chat(to: dict[str, object], choices: Choices) -> ChatStarts:
    return ChatStarts(
        name=as_text(to.get("title")) or as_text(to.get("print_name")) or choices.chat_name,
        ref=as_ref(to.get("peer_id")) or "",
        platform="telegram",
        is_private=to.get("peer_type") == "user",
    )
