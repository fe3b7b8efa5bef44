"""Everything the template of the list of groups receives."""

from __future__ import annotations

from dataclasses import dataclass, field

from qunying.console.groups.listing import Listing


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups somebody may see."""

    listing: Listing = field(metadata={"help": "这一页的群，和筛选、排序、页码"})
    can_import: bool = field(metadata={"help": "这个人能不能导入聊天记录"})
