"""Element's JSON export of a room: ``{room_name, …, messages: [events]}``; or a server's ``{chunk: [events]}``."""

from __future__ import annotations

from collections.abc import Iterator

from ..formats import Choices
from ..jsonstream import read_header, read_items
from ..jsonvalues import as_map, as_ref, as_text
from ..records import ChatStarts, Record, Skipped
from ..sources import Source
from .event import Room, edit_of, tell_event, tell_orphaned_edit

EXPORT, CHUNK, LIST = "messages.item", "chunk.item", "item"


def detect(head: str) -> int:
    """Certain by Element's header; likely by the fields every Matrix event has."""
    if '"room_name"' in head and ('"exported_by"' in head or '"room_creator"' in head):
        return 95
    return 80 if '"origin_server_ts"' in head and '"event_id"' in head else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """Two passes: the first collects edits, which stand after what they edit. Memory grows with the edits alone."""
    path = _path(source)
    name, ref = _name(source) if path == EXPORT else ("", "")
    room = Room()
    for found in read_items(source, path):
        if not isinstance(found, Skipped) and (edit := edit_of(as_map(found.value), found.place)):
            room.remember(edit)
    yield ChatStarts(name=name or choices.chat_name, ref=ref, platform="matrix")
    for found in read_items(source, path):
        if isinstance(found, Skipped):
            yield found
        elif (record := tell_event(found.value, found.place, room)) is not None:
            yield record
    for edit in room.edits.values():
        yield tell_orphaned_edit(edit, room)


def _path(source: Source) -> str:
    head = source.head().decode(source.encoding, "replace").lstrip("\ufeff").lstrip()
    if head.startswith("["):
        return LIST
    chunk, messages = head.find('"chunk"'), head.find('"messages"')
    return CHUNK if chunk >= 0 and (messages < 0 or chunk < messages) else EXPORT


def _name(source: Source) -> tuple[str, str]:
    header = read_header(source, "room_name")
    first = next((found for found in read_items(source, EXPORT) if not isinstance(found, Skipped)), None)
    ref = as_ref(as_map(first.value).get("room_id")) if first else None
    return as_text(header.get("room_name")), ref or ""
