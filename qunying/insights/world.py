"""What an engine needs for one question: which files of the lake, and from the database what is not in them yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from qunying.communities.queries import staff_of
from qunying.insights.lake import table_of_versions
from qunying.insights.models import LakeCursor, Part
from qunying.insights.parts import lake_folder
from qunying.insights.scope import Scope, scope_rows
from qunying.insights.tables import CHANGED, EVENTS, MOMENT, MOVED, TALK, table_of_moves, table_of_rows, table_of_talk
from qunying.journal.queries import last_fact_id, list_moves
from qunying.people.queries import (
    ids_of_accounts,
    list_odd_identities,
    list_seats_in,
    list_seats_of,
)
from qunying.talk.queries import last_message_id, last_revision_id, list_revised, list_said

FEW_GROUPS = 50
TAIL_LIMIT = 10_000_000

SCOPE = pa.schema(
    [
        ("group_id", pa.int64()),
        ("community_id", pa.int64()),
        ("from_at", MOMENT),
        ("until_at", MOMENT),
        ("offset_us", pa.int64()),
        ("last_day", pa.date32()),
    ]
)
ALIASES = pa.schema([("identity_id", pa.int64()), ("person_id", pa.int64())])
APART = pa.schema([("group_id", pa.int64()), ("identity_id", pa.int64()), ("standing", pa.string())])
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
    ]
)


@dataclass(frozen=True, slots=True)
class World:
    """Everything one question is asked of. ``files`` per lake table; ``tables`` are small, or not in the lake yet."""

    scope: Scope
    files: dict[str, list[str]]
    tables: dict[str, pa.Table]


def see(scope: Scope, sources: Collection[str]) -> World:
    """The world as of now, for questions about these ``sources``: messages, events, memberships."""
    positions = dict(LakeCursor.objects.values_list("source", "position"))
    parts = _parts(scope)
    odd = list_odd_identities(_narrow(scope))
    tables = {
        "scope": table_of_rows(scope_rows(scope.groups, scope.since, scope.until), SCOPE),
        "aliases": table_of_rows([(one, person) for one, person, _ in odd if one != person], ALIASES),
        "apart": table_of_rows(_apart(scope, {one for one, _, is_bot in odd if is_bot}), APART),
    }
    if "messages" in sources:
        tables |= _talk_tail(positions, parts, _narrow(scope))
    if "events" in sources:
        tables["tail_events"] = _moves_tail(positions, parts)
    if "memberships" in sources:
        tables["seats"] = table_of_rows(list_seats_in(_narrow(scope)), SEATS)
    folder = lake_folder()
    files = {table.name: _files(parts, table.name, folder, scope) for table in (TALK, CHANGED, MOVED)}
    return World(scope, files, tables)


def _parts(scope: Scope) -> list[Part]:
    """The whole manifest in one statement: where each table ends must fit the files that are read."""
    return list(Part.objects.filter(retired_at=None).order_by("pk"))


def _files(parts: Iterable[Part], table: str, folder: Path, scope: Scope) -> list[str]:
    low, high = scope.since.date().replace(day=1), scope.until.date()
    communities = scope.community_ids
    return [
        str(folder / part.path)
        for part in parts
        if part.table == table and part.community_id in communities and low <= part.month <= high
    ]


def _position(source: str, table: str, positions: dict[str, int], parts: Iterable[Part]) -> int:
    """Up to where the lake goes. The cursor was read before the parts, so it may lag behind them, never run ahead."""
    return max([positions.get(source, 0), *(part.last_id for part in parts if part.table == table)])


def _talk_tail(positions: dict[str, int], parts: list[Part], groups: list[int] | None) -> dict[str, pa.Table]:
    flushed = _position("messages", TALK.name, positions, parts)
    last, revised = last_message_id(), positions.get("revisions", 0)
    said = list_said(flushed, last, TAIL_LIMIT, group_ids=groups) if last > flushed else []
    changes = list_revised(revised, last_revision_id(), TAIL_LIMIT)
    return {"tail_messages": table_of_talk(said), "tail_versions": table_of_versions(changes, flushed)}


def _moves_tail(positions: dict[str, int], parts: list[Part]) -> pa.Table:
    flushed = _position("facts", MOVED.name, positions, parts)
    last = last_fact_id()
    return table_of_moves(list_moves(flushed, last, TAIL_LIMIT)) if last > flushed else EVENTS.empty_table()


def _narrow(scope: Scope) -> list[int] | None:
    """Group ids where naming them is quicker than reading everything and joining."""
    return scope.group_ids if len(scope.groups) <= FEW_GROUPS else None


def _apart(scope: Scope, bots: set[int]) -> list[tuple[int, int, str]]:
    """(group, identity, standing) of bots and staff: what they say and do is told apart from what members do.

    Staff is who stands on the community's roster. A member whom a group made its administrator stays a member.
    """
    lines = [
        (line.community_id, line.carrier, line.ref)
        for lines in staff_of(scope.community_ids).values()
        for line in lines
    ]
    known = ids_of_accounts({(carrier, ref) for _, carrier, ref in lines})
    official = {(home, known[carrier, ref]) for home, carrier, ref in lines if (carrier, ref) in known}
    standings: dict[tuple[int, int], str] = {}
    for community, group, identity in list_seats_of(bots | {identity for _, identity in official}):
        if identity in bots:
            standings[group, identity] = "bot"
        elif (community, identity) in official:
            standings[group, identity] = "staff"
    return [(group, identity, standing) for (group, identity), standing in standings.items()]
