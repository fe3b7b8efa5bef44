"""Everything the templates of Today receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qunying.console.today.analytics import TodayTile
from qunying.console.today.done import Done
from qunying.console.today.running import Coming
from qunying.console.today.wanting import Need
from qunying.insights.queries import Weeks
from qunying.ui.charts import Hours
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Work:
    """The part of Today that follows what happens: what needs a person, what runs by itself. ``seen`` names its content."""

    needs: tuple[Need, ...] = field(metadata={"help": "需要人的事，这一页的"})
    needs_count: int = field(metadata={"help": "一共几件"})
    minutes: int = field(metadata={"help": "全做完大约几分钟"})
    pages: Pages = field(metadata={"help": "页码"})
    done: tuple[Done, ...] = field(metadata={"help": "今天做完的，新的在前"})
    coming: tuple[Coming, ...] = field(metadata={"help": "接下来 12 小时自己会做的，近的在前"})
    coming_count: int = field(metadata={"help": "一共几项"})
    can_decide: bool = field(metadata={"help": "这个人能不能拍板"})
    seen: str = field(default="", metadata={"help": "内容的指纹，没变就不换"})


@dataclass(frozen=True, slots=True)
class TodayPage:
    """What needs you, what runs by itself, what was."""

    moment: str = field(metadata={"help": "此刻：日期、星期、钟点"})
    work: Work = field(metadata={"help": "会跟着更新的部分"})
    groups: int = field(metadata={"help": "几个群"})
    members: int = field(metadata={"help": "几个人"})
    as_of: datetime | None = field(metadata={"help": "这些数是什么时候数的；还没数过就没有"})
    tiles: tuple[TodayTile, ...] = field(metadata={"help": "昨天以来的四个数"})
    hours: Hours | None = field(metadata={"help": "昨天每小时的消息；昨天没人说话就没有"})
    quiet: tuple[Weeks, ...] = field(metadata={"help": "静下来的群，最静的在前"})
    quiet_count: int = field(metadata={"help": "一共几个群静下来"})


@dataclass(frozen=True, slots=True)
class WorkPart:
    """Only the part that follows what happens."""

    work: Work = field(metadata={"help": "会跟着更新的部分"})


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Nothing is here yet: the way to a first group."""

    can_import: bool = field(metadata={"help": "这个人能不能导入"})
