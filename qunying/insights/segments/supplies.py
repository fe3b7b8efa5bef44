"""What only the database knows of a rule's conditions, as tables of ids that go along with the question."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa

from qunying.communities.queries import list_carriers_of_groups
from qunying.insights.columns import EPOCH
from qunying.insights.scope import Scope
from qunying.insights.segments.compiling import ON_SEATS, Clock
from qunying.insights.segments.rule import About, Condition, Did
from qunying.insights.tables import table_of_rows
from qunying.people.layers import list_people_standing
from qunying.people.matching import list_odd_roles, list_seats_by_card, list_seats_invited_by
from qunying.people.tags import list_people_tagged
from qunying.talk.threads import list_openings

KNOWN = pa.schema([("number", pa.int64()), ("identity_id", pa.int64()), ("many", pa.int64())])
KNOWN_SEATS = pa.schema([("number", pa.int64()), ("seat_id", pa.int64())])
CARRIERS = pa.schema([pa.field("group_id", pa.int64()), pa.field("carrier", pa.string())])
ROLES = pa.schema([("seat_id", pa.int64()), ("role", pa.string())])


def supply(conditions: Collection[Condition], scope: Scope, clock: Clock) -> dict[str, pa.Table]:
    """The tables for these conditions, by name."""
    people, seats = [KNOWN.empty_table()], [KNOWN_SEATS.empty_table()]
    for number, one in enumerate(conditions):
        if isinstance(one, About) and one.what in ON_SEATS:
            ids = _seats(one)
            seats.append(pa.table([_column([number] * len(ids)), _column(ids)], schema=KNOWN_SEATS))
        else:
            ids, many = _people(one, scope, clock)
            people.append(pa.table([_column([number] * len(ids)), _column(ids), _column(many)], schema=KNOWN))
    tables = {"known_people": pa.concat_tables(people), "known_seats": pa.concat_tables(seats)}
    wanted = {one.what for one in conditions if isinstance(one, About)}
    if "carrier" in wanted:
        tables["carriers"] = table_of_rows(list_carriers_of_groups(scope.community_ids), CARRIERS)
    if "role" in wanted:
        tables["roles"] = table_of_rows(list_odd_roles(), ROLES)
    return tables


def _column(values: Sequence[int]) -> pa.Array:
    return pa.array(values, pa.int64())


def _seats(one: About) -> list[int]:
    if one.what == "inviter":
        return list_seats_invited_by(_numbers(one))
    return list_seats_by_card(one.what, _words(one))


def _people(one: Condition, scope: Scope, clock: Clock) -> tuple[list[int], list[int]]:
    """(people, how many each) where the database is to be asked."""
    homes, ids = scope.community_ids, list[int]()
    if isinstance(one, Did) and one.what == "openings":
        since, until = clock.span(one.window)
        rows = list_openings(homes, since or EPOCH, min(until or clock.now, clock.now))
        return [row[2] for row in rows], [row[3] for row in rows]
    if isinstance(one, About) and one.what == "tag":
        ids = list_people_tagged(_numbers(one), homes, clock.now)
    if isinstance(one, About) and one.what == "layer":
        ids = list_people_standing(_words(one), homes, one.group)
    return ids, [1] * len(ids)


def _words(one: About) -> list[str]:
    return [value for value in one.any_of if isinstance(value, str)]


def _numbers(one: About) -> list[int]:
    return [value for value in one.any_of if isinstance(value, int)]
