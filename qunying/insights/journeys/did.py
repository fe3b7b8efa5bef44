"""``did``: everything people did that a question asks for, as one table of (member, moment, local time, name).

A member is a person in a community: one number, community · 2⁴⁰ + person, because one key is quicker to join than two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyarrow as pa

from qunying.insights.engines.base import Session
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.parting import Parts
from qunying.insights.journeys.steps import parts_of, sources_of
from qunying.insights.tables import table_of_rows

HOME = 1 << 40
WAYS = pa.schema([("member", pa.int64()), ("via", pa.string())])
PARTED = pa.schema([("person_id", pa.int64()), ("via", pa.string())])
_PARTS = {"messages": "talk", "events": "moves", "deeds": "deeds"}
_NO_WAY = "SELECT 0::BIGINT AS member, '' AS via WHERE false"


def hold_did(session: Session, steps: Collection[str], *, with_clocks: bool = True) -> None:
    """Has the session hold ``did`` for these steps; without local times unless ``with_clocks``."""
    session.hold("did", _did(steps, with_clocks=with_clocks), _names(steps))


def name_did(session: Session, steps: Collection[str], *, with_clocks: bool = True) -> None:
    """The same, read anew by every question: for few of them."""
    session.name("did", _did(steps, with_clocks=with_clocks), _names(steps))


def hold_ways(session: Session, *, with_way: bool, in_parts: Parts | None = None) -> None:
    """Has the session hold ``came_by``: by which way each member came last; empty unless ``with_way``.

    It says of what is given ``in_parts`` where that is; then it needs ``did`` to be there.
    """
    if in_parts is not None and not isinstance(in_parts, Mapping):
        session.take("parted", table_of_rows(list(in_parts), PARTED))
        session.hold("came_by", read_sql("journeys/came_by_part"), {})
        return
    if in_parts is not None:
        rows = [(community * HOME + person, word) for (community, person), word in in_parts.items()]
        session.take("came_by", table_of_rows(rows, WAYS))
        return
    session.hold("came_by", read_sql("journeys/came_by") if with_way else _NO_WAY, {})


def _did(steps: Collection[str], *, with_clocks: bool) -> str:
    parts = "\n    UNION ALL\n".join(read_sql(f"journeys/did_{_PARTS[source]}") for source in sources_of(steps))
    columns = "member, at_us, local_at, name" if with_clocks else "member, at_us, name"
    return f"SELECT {columns} FROM (\n{parts}) AS d WHERE list_contains($names, name)"


def _names(steps: Collection[str]) -> dict[str, list[str]]:
    return {"names": sorted({name for step in steps for name in parts_of(step)})}
