"""``did``: everything people did that a question asks for, as one table of (member, moment, local time, name).

A member is a person in a community: one number, community · 2⁴⁰ + person, because one key is quicker to join than two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from qunying.insights.engines.base import Session
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.steps import parts_of, sources_of

HOME = 1 << 40
_PARTS = {"messages": "talk", "events": "moves", "deeds": "deeds"}
_NO_WAY = "SELECT 0::BIGINT AS member, '' AS via WHERE false"


Parts = Mapping[tuple[int, int], str]  # by community and person


def hold_did(
    session: Session,
    steps: Collection[str],
    *,
    with_clocks: bool = True,
    with_way: bool = False,
    in_parts: Parts | None = None,
) -> None:
    """Has the session hold ``did`` for these steps, and ``came_by``: by which way each member came last.

    ``did`` has no local times unless ``with_clocks``; ``came_by`` is empty unless ``with_way``, and says of what is given
    ``in_parts`` where that is.
    """
    parts = "\n    UNION ALL\n".join(read_sql(f"journeys/did_{_PARTS[source]}") for source in sources_of(steps))
    names = sorted({name for step in steps for name in parts_of(step)})
    columns = "member, at_us, local_at, name" if with_clocks else "member, at_us, name"
    session.hold("did", f"SELECT {columns} FROM (\n{parts}) WHERE list_contains($names, name)", {"names": names})
    if in_parts is not None:
        members = [community * HOME + person for community, person in in_parts]
        params = {"members": members, "words": list(in_parts.values())}
        session.hold("came_by", read_sql("journeys/came_by_part"), params)
        return
    session.hold("came_by", read_sql("journeys/came_by") if with_way else _NO_WAY, {})
