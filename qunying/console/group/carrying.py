"""Who of a group carries its community, as last counted."""

from __future__ import annotations

from qunying.communities.queries import GroupInfo
from qunying.console.seeds.panel import SeedsPanel, lay_seeds
from qunying.insights.carrying import read_carrying


def read_seeds_panel(group: GroupInfo) -> SeedsPanel:
    """The first of the community's ranking who sit in this group now."""
    found = read_carrying(group.community_id, group.zone.key, group_id=group.id)
    return lay_seeds(found, group.community_id)
