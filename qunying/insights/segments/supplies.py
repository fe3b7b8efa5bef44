"""What only the database knows of a rule's conditions, as tables of ids that go along with the question."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import pyarrow as pa

from qunying.communities.queries import list_carriers_of_groups
from qunying.insights.columns import EPOCH
from qunying.insights.scope import Scope
from qunying.insights.segments.compiling import Clock
from qunying.insights.segments.rule import About, Condition, Did
from qunying.insights.tables import table_of_rows
from qunying.people.layers import list_people_standing
from qunying.people.matching import list_by_card, list_invited_by, list_odd_roles
from qunying.people.tags import list_people_tagged
from qunying.talk.threads import list_openings

KNOWLEDGE = pa.schema([("number", pa.int64()), ("identity_id", pa.int64()), ("many", pa.int64())])
CARRIERS = pa.schema([pa.field("group_id", pa.int64()), pa.field("carrier", pa.string())])
ROLES = pa.schema([("group_id", pa.int64()), ("identity_id", pa.int64()), ("role", pa.string())])
ON_CARDS = frozenset({"city", "industry", "company", "job", "card"})


def supply(conditions: Collection[Condition], scope: Scope, clock: Clock) -> dict[str, pa.Table]:
    """The tables for these conditions, by name."""
    parts = [
        pa.table(
            [pa.array([number] * len(ids), pa.int64()), pa.array(ids, pa.int64()), pa.array(many, pa.int64())],
            schema=KNOWLEDGE,
        )
        for number, one in enumerate(conditions)
        for ids, many in _known(one, scope, clock)
    ]
    wanted = {one.what for one in conditions if isinstance(one, About)}
    tables = {"knowledge": pa.concat_tables(parts) if parts else KNOWLEDGE.empty_table()}
    if "carrier" in wanted:
        tables["carriers"] = table_of_rows(list_carriers_of_groups(scope.community_ids), CARRIERS)
    if "role" in wanted:
        tables["roles"] = table_of_rows(list_odd_roles(scope.community_ids), ROLES)
    return tables


def _known(one: Condition, scope: Scope, clock: Clock) -> Iterator[tuple[list[int], list[int]]]:
    """(identities, how many each) where the database is to be asked."""
    homes = scope.community_ids
    if isinstance(one, Did) and one.what == "openings":
        since, until = clock.span(one.window)
        rows = list_openings(homes, since or EPOCH, min(until or clock.now, clock.now))
        groups = set(scope.group_ids)
        yield [row[2] for row in rows if row[1] in groups], [row[3] for row in rows if row[1] in groups]
    elif isinstance(one, About):
        ids = _ids(one, homes, clock.now)
        if ids is not None:
            yield ids, [1] * len(ids)


def _ids(one: About, homes: Collection[int], now: datetime) -> list[int] | None:
    words, numbers = (
        [str(value) for value in one.any_of],
        [int(value) for value in one.any_of if isinstance(value, int)],
    )
    if one.what in ON_CARDS:
        return list_by_card(one.what, words, homes)
    if one.what == "inviter":
        return list_invited_by(numbers, homes)
    if one.what == "tag":
        return list_people_tagged(numbers, homes, now)
    if one.what == "layer":
        return list_people_standing(words, homes, one.group)
    return None
