"""What an engine needs for one question: which files of the lake, and from the database what is not in them yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from django.db.models import Max, Min, QuerySet, Value

from qunying.insights.aside import Aside, read_aside
from qunying.insights.lake import table_of_versions
from qunying.insights.models import LakeCursor, Part
from qunying.insights.parts import lake_folder
from qunying.insights.scope import Scope, scope_rows
from qunying.insights.tables import (
    ACTED,
    CHANGED,
    DONE,
    EVENTS,
    MOMENT,
    MOVED,
    SEATED,
    SEATS,
    TALK,
    table_of_columns,
    table_of_moves,
    table_of_rows,
    table_of_talk,
)
from qunying.insights.world_of_acts import table_of_acts
from qunying.insights.world_of_deeds import tables_of_deeds
from qunying.journal.queries import last_fact_id, list_moves
from qunying.people.queries import list_seats_in
from qunying.talk.queries import last_message_id, last_revision_id, list_revised, list_said

FEW_GROUPS = 50
MANY_DEEDS = 500_000
TAIL_LIMIT = 10_000_000
MOST_HERE = 20_000_000  # rows that are counted over columns in memory, a gigabyte at their peak

SCOPE = pa.schema(
    [
        ("group_id", pa.int64()),
        ("community_id", pa.int64()),
        ("from_at", MOMENT),
        ("until_at", MOMENT),
        ("offset_us", pa.int64()),
    ]
)
ALIASES = pa.schema([("identity_id", pa.int64()), ("person_id", pa.int64())])
NARROWED = pa.schema([pa.field("person_id", pa.int64())])
APART = pa.schema([("group_id", pa.int64()), ("identity_id", pa.int64()), ("standing", pa.string())])

_IN_FILES = {"messages": TALK.name, "events": MOVED.name, "deeds": DONE.name}


@dataclass(frozen=True, slots=True)
class World:
    """Everything one question is asked of. ``files`` per lake table; ``tables`` are small, or not in the lake yet."""

    scope: Scope
    files: dict[str, list[str]]
    tables: dict[str, pa.Table]
    is_large: bool = False  # so much that more than one core is worth it
    rows: int = 0  # in the files, of whatever table


def see(
    scope: Scope,
    sources: Collection[str],
    *,
    may_lag: bool = False,
    traits: pa.Table | None = None,
    aside: Aside | None = None,
) -> World:
    """The world as of now, for questions about these ``sources``: messages, events, memberships, deeds, acts.

    With ``may_lag`` memberships of many groups are taken as they were last noted (``seats_noted_at``). ``traits`` is what
    tells people apart (``traits.py``), for questions that ask for it. ``aside`` is who is told apart in these groups where
    that was read before.
    """
    positions = dict(LakeCursor.objects.values_list("source", "position"))
    files, ends, in_files = _manifest(scope)
    is_large = len(scope.groups) > FEW_GROUPS
    # customers sit in no group
    known = aside or read_aside(scope, None if "deeds" in sources else _narrow(scope))
    persons, others = known.persons, known.apart
    tables = {
        "scope": table_of_rows(scope_rows(scope.groups, scope.since, scope.until), SCOPE),
        "aliases": table_of_rows(list(persons.items()), ALIASES),
        "apart": table_of_rows(others, APART),
        **({} if traits is None else {"traits": traits}),
    }
    if scope.people is not None:
        tables["narrowed"] = table_of_rows([(pk,) for pk in scope.people], NARROWED)
    if "messages" in sources:
        tables |= _talk_tail(positions, ends, _narrow(scope))
    if "events" in sources:
        tables["tail_events"] = _moves_tail(positions, ends)
    if "memberships" in sources:
        files[SEATED.name], tables["tail_seats"] = _seats(scope, may_lag=may_lag)
    if "acts" in sources:
        files[ACTED.name], tables["tail_acts"] = [], table_of_acts(scope, persons)
    if "deeds" in sources:
        tables |= tables_of_deeds(scope, _position("deeds", DONE.name, positions, ends), others, persons, TAIL_LIMIT)
        is_large = is_large or in_files[DONE.name] > MANY_DEEDS
    return World(
        scope, files, tables, is_large, sum(in_files[_IN_FILES[source]] for source in sources if source in _IN_FILES)
    )


def _manifest(scope: Scope) -> tuple[dict[str, list[str]], dict[str, int], Counter[str]]:
    """The files of each table that may hold rows of the scope, the id up to which each table goes, and the rows of its files.

    All in one statement: where a table ends must fit the files that are read.
    """
    live = Part.objects.filter(retired_at=None).exclude(table=SEATED.name).order_by()
    low, high = scope.since.date().replace(day=1), scope.until.date()
    here = live.filter(community_id__in=scope.community_ids, month__gte=low, month__lte=high)
    ends = live.values("table").annotate(file=Value(""), end=Max("last_id"), some=Value(0))
    found = here.values_list("table", "path", "last_id", "rows")
    folder, files, last, rows = lake_folder(), dict[str, list[str]](), dict[str, int](), Counter[str]()
    for table, path, last_id, some in found.union(ends.values_list("table", "file", "end", "some"), all=True):
        if path:
            files.setdefault(table, []).append(str(folder / path))
            rows[table] += some
        else:
            last[table] = last_id
    return {table.name: sorted(files.get(table.name, ())) for table in (TALK, CHANGED, MOVED, DONE)}, last, rows


def _seats(scope: Scope, *, may_lag: bool) -> tuple[list[str], pa.Table]:
    """The files of communities whose seats were noted, and the seats of all others as they are now."""
    if not may_lag or _narrow(scope) is not None:
        return [], table_of_columns(list_seats_in(scope.living_ids), SEATS)
    noted = dict(_noted(scope.community_ids).values_list("community_id", "path"))
    others = [group.id for group in scope.groups if group.community_id not in noted]
    return [str(lake_folder() / path) for path in noted.values()], table_of_columns(list_seats_in(others), SEATS)


def seats_noted_at(scope: Scope) -> datetime | None:
    """Since when the memberships are known that ``see`` takes for this scope with ``may_lag``; None: as of now."""
    if _narrow(scope) is not None:
        return None
    found: datetime | None = _noted(scope.community_ids).aggregate(at=Min("written_at"))["at"]
    return found


def _noted(community_ids: Collection[int]) -> QuerySet[Part]:
    return Part.objects.filter(table=SEATED.name, community_id__in=community_ids, retired_at=None)


def _position(source: str, table: str, positions: Mapping[str, int], ends: Mapping[str, int]) -> int:
    """Up to where the lake goes. The cursor was read before the parts, so it may lag behind them, never run ahead."""
    return max(positions.get(source, 0), ends.get(table, 0))


def _talk_tail(positions: Mapping[str, int], ends: Mapping[str, int], groups: list[int] | None) -> dict[str, pa.Table]:
    flushed = _position("messages", TALK.name, positions, ends)
    last, revised = last_message_id(), positions.get("revisions", 0)
    said = list_said(flushed, last, TAIL_LIMIT, group_ids=groups) if last > flushed else []
    changes = list_revised(revised, last_revision_id(), TAIL_LIMIT)
    return {"tail_messages": table_of_talk(said), "tail_versions": table_of_versions(changes, flushed)}


def _moves_tail(positions: Mapping[str, int], ends: Mapping[str, int]) -> pa.Table:
    flushed = _position("facts", MOVED.name, positions, ends)
    last = last_fact_id()
    return table_of_moves(list_moves(flushed, last, TAIL_LIMIT)) if last > flushed else EVENTS.empty_table()


def _narrow(scope: Scope) -> list[int] | None:
    """Group ids where naming them is quicker than reading everything and joining."""
    return scope.group_ids if len(scope.groups) <= FEW_GROUPS else None
