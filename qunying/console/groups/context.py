"""Everything the template of the list of groups receives."""

from __future__ import annotations

from dataclasses import dataclass, field

from qunying.console.groups.listing import Listing


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups somebody may see."""

    listing: Listing = field(metadata={"help": "这一页的群，和筛选、排序、页码"})
