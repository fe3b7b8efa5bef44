"""Everything the template of the list of groups receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qunying.communities.queries import GroupLine
from qunying.console.groups.editing import EditForm, Preview, Stays, Step
from qunying.console.groups.listing import Listing


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups somebody may see."""

    listing: Listing = field(metadata={"help": "这一页的群，和筛选、排序、页码"})
    can_import: bool = field(metadata={"help": "这个人能不能导入聊天记录"})
    can_set: bool = field(metadata={"help": "这个人能不能改群登记"})


@dataclass(frozen=True, slots=True)
class EditPage:
    """Many groups to be edited at once."""

    form: EditForm = field(metadata={"help": "要改成什么的表单"})
    groups: tuple[GroupLine, ...] = field(metadata={"help": "选了哪些群"})
    preview: Preview | None = field(default=None, metadata={"help": "会改成什么样；还没看过就没有"})


@dataclass(frozen=True, slots=True)
class EditedPage:
    """What an edit of many groups changed."""

    id: int = field(metadata={"help": "第几次批量修改"})
    at: datetime = field(metadata={"help": "什么时候改的"})
    undone_at: datetime | None = field(metadata={"help": "什么时候撤回的"})
    count: int = field(metadata={"help": "改了几个群"})
    steps: tuple[Step, ...] = field(metadata={"help": "改了什么"})
    words: str = field(default="", metadata={"help": "撤回以后说的话"})
    left: tuple[Stays, ...] = field(default=(), metadata={"help": "撤回时没有动的群和原因"})


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A row of a table that is not used."""

    place: int
    sample: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """A table of notes about groups, and what it would change."""

    text: str = field(default="", metadata={"help": "表格的文字"})
    error: str = field(default="", metadata={"help": "表格不能用时说哪里不对"})
    preview: Preview | None = field(default=None, metadata={"help": "会改成什么样；还没看过就没有"})
    left: tuple[LeftLine, ...] = field(default=(), metadata={"help": "用不上的行和原因"})
    unused: tuple[str, ...] = field(default=(), metadata={"help": "没有用上的列"})
    rows: int = field(default=0, metadata={"help": "表里有几行"})
