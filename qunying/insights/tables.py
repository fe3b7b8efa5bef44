"""The shape of the lake's tables, and how rows of the database become it. Ids, times and marks: no words (decision 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qunying.journal.queries import Move
from qunying.talk.queries import ANSWER, EDITED, OWN, RECALLED

MONTHS = 12 * 10_000  # more than any calendar has, so that one number names community and month
MOMENT = pa.timestamp("us", tz="UTC")
MESSAGES = pa.schema(
    [
        pa.field("message_id", pa.int64(), nullable=False),
        pa.field("community_id", pa.int64(), nullable=False),
        pa.field("group_id", pa.int64(), nullable=False),
        pa.field("identity_id", pa.int64()),
        pa.field("said_at", MOMENT, nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("is_own", pa.bool_(), nullable=False),
        pa.field("is_recalled", pa.bool_(), nullable=False),
        pa.field("is_edited", pa.bool_(), nullable=False),
        pa.field("is_answer", pa.bool_(), nullable=False),
        pa.field("length", pa.int32(), nullable=False),
    ]
)
VERSIONS = MESSAGES.append(pa.field("version", pa.int64(), nullable=False))
EVENTS = pa.schema(
    [
        pa.field("fact_id", pa.int64(), nullable=False),
        pa.field("community_id", pa.int64(), nullable=False),
        pa.field("group_id", pa.int64(), nullable=False),
        pa.field("identity_id", pa.int64(), nullable=False),
        pa.field("happened_at", MOMENT, nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("via", pa.string(), nullable=False),
        pa.field("inviter_id", pa.int64()),
        pa.field("operator_id", pa.int64()),
    ]
)
DEEDS = pa.schema(
    [
        pa.field("deed_id", pa.int64(), nullable=False),
        pa.field("community_id", pa.int64(), nullable=False),
        pa.field("identity_id", pa.int64(), nullable=False),
        pa.field("done_at", MOMENT, nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("amount", pa.int64()),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("quantity", pa.int64(), nullable=False),
    ]
)
ACTS = pa.schema(
    [
        pa.field("act_id", pa.int64(), nullable=False),
        pa.field("community_id", pa.int64(), nullable=False),
        pa.field("group_id", pa.int64(), nullable=False),
        pa.field("identity_id", pa.int64()),
        pa.field("happened_at", MOMENT, nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("capability", pa.string(), nullable=False),
        pa.field("took_us", pa.int64(), nullable=False),
    ]
)

SEATS = pa.schema(
    [
        ("community_id", pa.int64()),
        ("group_id", pa.int64()),
        ("identity_id", pa.int64()),
        ("is_present", pa.bool_()),
        ("joined_at", MOMENT),
        ("left_at", MOMENT),
        ("first_spoke_at", MOMENT),
        ("last_spoke_at", MOMENT),
        ("via", pa.string()),
        ("seat_id", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the lake: its columns, which of them is the id that cursors count by, which is the time, and what lies together."""

    name: str
    schema: pa.Schema
    key: str
    time: str
    together: str = "group_id"


TALK = Table("messages", MESSAGES, "message_id", "said_at")
CHANGED = Table("versions", VERSIONS, "version", "said_at")
MOVED = Table("events", EVENTS, "fact_id", "happened_at")
DONE = Table("deeds", DEEDS, "deed_id", "done_at", "identity_id")
SEATED = Table("seats", SEATS, "identity_id", "joined_at")
ACTED = Table("acts", ACTS, "act_id", "happened_at")  # never in files: what was decided may still be taken back
TABLES = (TALK, CHANGED, MOVED, DONE, SEATED, ACTED)


def table_of_talk(said: Sequence[Sequence[Any]], versions: Sequence[int] | None = None) -> pa.Table:
    """Messages as ``talk.queries.list_said`` answers them, or (with ``versions``, one per row) their changed states."""
    columns = said or [()] * 8
    plain = [_column(values, field.type) for values, field in zip(columns[:6], MESSAGES, strict=False)]
    marks = pa.array(columns[6], pa.int8())
    flags = [pc.not_equal(pc.bit_wise_and(marks, mark), 0) for mark in (OWN, RECALLED, EDITED, ANSWER)]
    length = pa.array(columns[7], pa.int32())
    if versions is None:
        return pa.table([*plain, *flags, length], schema=MESSAGES)
    return pa.table([*plain, *flags, length, pa.array(versions, pa.int64())], schema=VERSIONS)


def table_of_rows(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Rows in the order of the schema's columns; see ``table_of_columns``."""
    # column by column: turning very many rows in one go takes three times as long
    return table_of_columns([list(map(itemgetter(at), rows)) for at in range(len(schema))], schema)


def table_of_columns(columns: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Columns in the order of the schema's, all of one length. Truths may be numbers, times the database's text in UTC."""
    return pa.table([_column(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema)


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        return pa.array([None if value is None else bool(value) for value in values], kind)
    if pa.types.is_timestamp(kind) and any(isinstance(value, str) for value in values):
        return pa.array(values, pa.string()).cast(pa.timestamp("us")).cast(kind)
    return pa.array(values, kind)


def table_of_moves(moves: Iterable[Move]) -> pa.Table:
    """Comings and goings as the lake keeps them."""
    rows = [
        (m.fact_id, m.community_id, m.group_id, m.identity_id, m.at, m.name, m.via, m.inviter_id, m.operator_id)
        for m in moves
    ]
    return table_of_rows(rows, EVENTS)


def split_by_place(rows: pa.Table, table: Table) -> list[tuple[int, date, pa.Table]]:
    """The rows per community and month (UTC, its first day), each sorted as the table wants it."""
    months = pc.add(pc.multiply(pc.year(rows[table.time]), 12), pc.subtract(pc.month(rows[table.time]), 1))
    place = pc.add(pc.multiply(rows["community_id"], MONTHS), months)
    marked = sort(rows.append_column("place", place), table, before=("place",))
    runs = pc.run_end_encode(marked["place"].combine_chunks())
    found, start = [], 0
    for value, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        community, month = divmod(value, MONTHS)
        part = marked.slice(start, end - start).drop_columns("place")
        found.append((community, date(month // 12, month % 12 + 1, 1), part))
        start = end
    return found


def sort(rows: pa.Table, table: Table, before: Sequence[str] = ()) -> pa.Table:
    """By group or person, then time, then id (after ``before``): what a page asks for lies together."""
    return rows.sort_by([(name, "ascending") for name in (*before, table.together, table.time, table.key)])
