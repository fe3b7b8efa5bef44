"""What Today says of rules: what ends soon and has not reached everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.capabilities.rules.addresses import address
from qunying.capabilities.rules.queries import count_reached
from qunying.capabilities.rules.reaching import staff_ids
from qunying.communities.queries import list_community_names
from qunying.communities.queries_rules import list_rules_ending
from qunying.kernel.capability import TodayLine
from qunying.people.present import count_members, members_of
from qunying.ui.figures import exact

SHOWN = 3
SOON = timedelta(days=3)


def list_today(community_ids: Sequence[int], now: datetime) -> list[TodayLine]:
    """A line for each rule of these communities that ends within three days and that somebody has not seen, the soonest first."""
    found = [(line, ends_at) for line, ends_at in list_rules_ending(community_ids, now, now + SOON)][:SHOWN]
    names = list_community_names({line.community_id for line, _ends in found}) if found else {}
    lines = []
    for line, ends_at in found:
        seats = members_of(line.community_id, staff_ids(line.community_id))
        meaning = (line.id, line.meaning)
        missing = count_members(seats) - count_reached([meaning], seats).get(meaning, 0)
        if missing:
            words = ngettext(
                "「%(rule)s」快到期了，还有 %(n)s 人没看到", "「%(rule)s」快到期了，还有 %(n)s 人没看到", missing
            )
            lines.append(
                TodayLine(
                    what=words % {"rule": line.name, "n": exact(missing)},
                    where=names.get(line.community_id, ""),
                    action=_("看看是谁"),
                    href=address("rules:rule", line.id),
                    tone="look",
                    harm=0.6,
                    at=ends_at,
                )
            )
    return lines
