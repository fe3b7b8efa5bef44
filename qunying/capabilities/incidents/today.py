"""What Today says of incidents: open ones come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _

from qunying.capabilities.incidents.addresses import address
from qunying.capabilities.incidents.kinds import Severity
from qunying.capabilities.incidents.queries import IncidentLine, list_open_incidents
from qunying.capabilities.incidents.words import tell_incident, tell_owner
from qunying.communities.queries import infos_of_groups
from qunying.kernel.capability import TodayLine

SHOWN = 20
HARM: Mapping[str, float] = MappingProxyType({Severity.HIGH: 0.99, Severity.MIDDLE: 0.95, Severity.LOW: 0.9})


def list_today(community_ids: Sequence[int], now: datetime) -> list[TodayLine]:
    """A line for each open incident of these communities, the most serious first."""
    lines = list_open_incidents(community_ids)[:SHOWN]
    ids = {line.group_id for line in lines if line.group_id is not None}
    groups = {pk: info.name for pk, info in infos_of_groups(ids).items()} if ids else {}
    return [
        TodayLine(
            what=_what(line, groups),
            where=tell_owner(line.owner_name),
            action=_("去处理"),
            href=address("incidents:incident", line.id),
            tone="act",
            harm=HARM.get(line.severity, 0.9),
            at=line.opened_at,
        )
        for line in lines
    ]


def _what(line: IncidentLine, groups: Mapping[int, str]) -> str:
    said = {"group": groups.get(line.group_id or 0, ""), "what": tell_incident(line.kind)}
    return _("「%(group)s」%(what)s") % said if said["group"] else said["what"]
