"""Carries what was said, who came and went, and what people did elsewhere into the lake: Parquet per table, community and month.

The manifest rows of new files commit together with the cursor, so a crash leaves either both or a file that nobody names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from django.db import connection, transaction
from django.db.models import Count

from qunying.deeds.queries import get_last_deed_id, list_deeds
from qunying.insights.models import LakeCursor, Part
from qunying.insights.parts import drop_files, read_parts, sweep, write_part, write_parts
from qunying.insights.tables import (
    CHANGED,
    DEEDS,
    DONE,
    MESSAGES,
    MOVED,
    TALK,
    Table,
    sort,
    table_of_moves,
    table_of_rows,
    table_of_talk,
)
from qunying.journal.queries import last_fact_id, list_moves
from qunying.talk.queries import last_message_id, last_revision_id, list_revised, list_said, list_said_by_id

FLUSH_ROWS = 50_000
FLUSH_EVERY = timedelta(minutes=15)
LATE_COMMIT = timedelta(seconds=60)
ROWS_AT_ONCE = 100_000
IDS_AT_ONCE = 20_000
SCATTERED = 12


@dataclass(frozen=True, slots=True)
class Flushed:
    """How many rows went into the lake, in how many files."""

    messages: int = 0
    versions: int = 0
    events: int = 0
    deeds: int = 0
    files: int = 0


@dataclass(frozen=True, slots=True)
class Haul:
    """Rows of one source as the lake wants them, and the id up to which the source has been read."""

    table: Table
    rows: pa.Table
    position: int


@dataclass(frozen=True, slots=True)
class Source:
    """Something the lake reads by id: how far it goes, and what lies between two ids."""

    name: str
    last_id: Callable[[], int]
    haul: Callable[[int, int], Haul]


def is_due(now: datetime) -> bool:
    """Whether 50,000 rows wait, or something waits and the last flush is 15 minutes ago."""
    cursors = {cursor.source: cursor for cursor in LakeCursor.objects.all()}
    for source in SOURCES:
        cursor = cursors.get(source.name) or LakeCursor(source=source.name)
        waiting = source.last_id() - cursor.position
        if waiting >= FLUSH_ROWS or (waiting and _is_long_ago(cursor.flushed_at, now)):
            return True
    return False


def rows_outside() -> int:
    """How many rows are in no file of the lake yet."""
    positions = dict(LakeCursor.objects.values_list("source", "position"))
    return sum(max(0, source.last_id() - positions.get(source.name, 0)) for source in SOURCES)


def oldest_flush() -> datetime | None:
    """When the source that was read longest ago was read; None where one never was."""
    moments = dict(LakeCursor.objects.values_list("source", "flushed_at"))
    found = [moments.get(source.name) for source in SOURCES]
    known = [moment for moment in found if moment is not None]
    return min(known) if len(known) == len(found) else None


def _is_long_ago(flushed_at: datetime | None, now: datetime) -> bool:
    return flushed_at is None or now - flushed_at >= FLUSH_EVERY


def flush(now: datetime, folder: Path) -> Flushed:
    """Everything that can be in the lake goes there. Safe to call at any time, twice, or from two processes.

    On PostgreSQL rows stay out until a minute after their id was first seen, because lower ids may still be committed.
    """
    rows: Counter[str] = Counter()
    files = 0
    for source in SOURCES:
        for parts in _flush_source(source, now, folder):
            rows.update({parts[0].table: sum(part.rows for part in parts)})
            files += len(parts)
    if files:
        _compact_scattered(now, folder)
    return Flushed(rows[TALK.name], rows[CHANGED.name], rows[MOVED.name], rows[DONE.name], files)


def _flush_source(source: Source, now: datetime, folder: Path) -> Iterator[list[Part]]:
    cursor, _ = LakeCursor.objects.get_or_create(source=source.name)
    ripe = _ripe(cursor, source.last_id(), now)
    while cursor.position < ripe:
        haul = source.haul(cursor.position, ripe)
        parts = write_parts(haul.rows, haul.table, folder, now) if haul.rows.num_rows else []
        if not _do_name(source.name, cursor.position, haul.position, parts, now):
            drop_files(parts, folder)
            return
        cursor.position = haul.position
        if parts:
            yield parts


def _ripe(cursor: LakeCursor, last_id: int, now: datetime) -> int:
    """The id up to which nothing can be committed any more. SQLite writes one at a time, in the order of ids."""
    if connection.vendor == "sqlite":
        return last_id
    is_settled = cursor.seen_at is not None and now - cursor.seen_at >= LATE_COMMIT
    ripe = cursor.seen if is_settled else cursor.position
    if is_settled or cursor.seen_at is None:
        LakeCursor.objects.filter(pk=cursor.pk).update(seen=last_id, seen_at=now)
    return ripe


@transaction.atomic
def _do_name(source: str, before: int, after: int, parts: Sequence[Part], now: datetime) -> bool:
    """Names the files and moves the cursor, together; False when another process was here first."""
    moved = LakeCursor.objects.filter(source=source, position=before).update(position=after, flushed_at=now)
    if moved:
        Part.objects.bulk_create(parts)
    return bool(moved)


def _haul_talk(after: int, until: int) -> Haul:
    said = list_said(after, until, ROWS_AT_ONCE)
    position = said[0][-1] if len(said[0]) == ROWS_AT_ONCE else until
    return Haul(TALK, table_of_talk(said), position)


def _haul_changes(after: int, until: int) -> Haul:
    """Messages already in the lake that changed since, as they are now. The others will be read changed."""
    changes = list_revised(after, until, IDS_AT_ONCE)
    position = changes[-1][0] if len(changes) == IDS_AT_ONCE else until
    flushed = LakeCursor.objects.filter(source="messages").values_list("position", flat=True).first() or 0
    return Haul(CHANGED, table_of_versions(changes, flushed), position)


def table_of_versions(changes: Sequence[tuple[int, int]], flushed: int) -> pa.Table:
    """The present state of changed messages with ids up to ``flushed``; (revision, message) pairs in, oldest first."""
    latest = {message: revision for revision, message in changes if message <= flushed}
    said = list_said_by_id(latest)
    return table_of_talk(said, [latest[message] for message in said[0]] if said else [])


def _haul_moves(after: int, until: int) -> Haul:
    moves = list_moves(after, until, ROWS_AT_ONCE)
    position = moves[-1].fact_id if len(moves) == ROWS_AT_ONCE else until
    return Haul(MOVED, table_of_moves(moves), position)


def _haul_deeds(after: int, until: int) -> Haul:
    rows = list_deeds(after, until, ROWS_AT_ONCE)
    position = rows[-1][0] if len(rows) == ROWS_AT_ONCE else until
    return Haul(DONE, table_of_rows(rows, DEEDS), position)


# changes go first: those of messages that are not in the lake yet are passed over, and the messages then read changed
SOURCES = (
    Source("revisions", last_revision_id, _haul_changes),
    Source("messages", last_message_id, _haul_talk),
    Source("facts", last_fact_id, _haul_moves),
    Source("deeds", get_last_deed_id, _haul_deeds),
)


def compact(now: datetime, folder: Path) -> int:
    """One file per table, community and month, changed messages merged in; sweeps. Answers how many files were merged."""
    live = Part.objects.filter(retired_at=None)
    merged = 0
    for community_id, month in live.values_list("community_id", "month").distinct().order_by("community_id", "month"):
        merged += _compact_place(community_id, month, now, folder, least=2)
    sweep(now, folder)
    return merged


def _compact_scattered(now: datetime, folder: Path) -> None:
    """Places in many small files slow every reader down and do not wait for the night."""
    places = (
        Part.objects.filter(retired_at=None)
        .values("community_id", "month", "table")
        .annotate(files=Count("id"))
        .filter(files__gt=SCATTERED)
    )
    for community_id, month in {(place["community_id"], place["month"]) for place in places}:
        _compact_place(community_id, month, now, folder, least=2)


def _compact_place(community_id: int, month: date, now: datetime, folder: Path, *, least: int) -> int:
    parts = list(Part.objects.filter(community_id=community_id, month=month, retired_at=None).order_by("first_id"))
    merged = 0
    for table, names in ((TALK, {TALK.name, CHANGED.name}), (MOVED, {MOVED.name}), (DONE, {DONE.name})):
        old = [part for part in parts if part.table in names]
        if len(old) >= least:
            rows = _latest(old, folder) if table is TALK else read_parts(old, table, folder)
            part = write_part(sort(rows, table), table, community_id, month, folder, now)
            part.is_counted = all(one.is_counted for one in old)
            merged += _do_replace(old, part, now, folder)
    return merged


def _latest(parts: Sequence[Part], folder: Path) -> pa.Table:
    """Messages with their changes applied: of several states the one with the highest version."""
    said = read_parts([part for part in parts if part.table == TALK.name], TALK, folder)
    changed = read_parts([part for part in parts if part.table == CHANGED.name], CHANGED, folder)
    last = changed.group_by("message_id").aggregate([("version", "max")]).rename_columns(["message_id", "version"])
    newest = changed.join(last, ["message_id", "version"], join_type="left semi").select(MESSAGES.names)
    kept = said.join(last.select(["message_id"]), "message_id", join_type="left anti")
    return pa.concat_tables([kept.select(MESSAGES.names).cast(MESSAGES), newest.cast(MESSAGES)])


def _do_replace(old: Sequence[Part], new: Part, now: datetime, folder: Path) -> int:
    with transaction.atomic():
        retired = Part.objects.filter(pk__in=[part.pk for part in old], retired_at=None).update(retired_at=now)
        if retired == len(old):
            new.save()
            return retired
        transaction.set_rollback(True)
    drop_files([new], folder)
    return 0


def do_forget_community(community_id: int, folder: Path) -> int:
    """Takes a community out of the lake, its files at once; answers how many. For what is erased or was a demo."""
    parts = list(Part.objects.filter(community_id=community_id))
    Part.objects.filter(pk__in=[part.pk for part in parts]).delete()
    transaction.on_commit(lambda: drop_files(parts, folder))  # goes_together a crash leaves is swept at night
    return len(parts)
