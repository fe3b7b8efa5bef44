"""Everything the templates of a group's pages receive."""

from __future__ import annotations

from dataclasses import dataclass, field

from qunying.console.group.access import GroupHead
from qunying.console.group.dependency import DependencyPanel
from qunying.console.group.items import Item
from qunying.console.group.layers import LayersPanel
from qunying.console.group.lineage import Lineage, LinkForm
from qunying.console.group.members import MemberList
from qunying.console.group.messages import Talk
from qunying.console.group.notes import NotesForm
from qunying.console.group.overview import Overview
from qunying.console.group.saying import SayForm
from qunying.console.group.settings import CapabilityPanel
from qunying.console.group.talking import Talking
from qunying.console.group.themes import ThemesPanel
from qunying.console.group.touching import TouchLine
from qunying.console.group.verdicts import JudgedMessage
from qunying.console.seeds.panel import SeedsPanel
from qunying.insights.rendering.laying import Laid


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """How a group is doing."""

    head: GroupHead = field(metadata={"help": "群的名字、标签页，和这个人在这里能做什么"})
    overview: Overview = field(metadata={"help": "一句话、数字、图和榜"})
    items: list[Item] = field(metadata={"help": "消息流的末尾，旧的在前"})
    say: SayForm = field(metadata={"help": "替小助手说一句的表单"})


@dataclass(frozen=True, slots=True)
class StreamPart:
    """What came into the stream since somebody last looked."""

    head: GroupHead = field(metadata={"help": "群"})
    items: list[Item] = field(metadata={"help": "新的几条，旧的在前"})


@dataclass(frozen=True, slots=True)
class SayPart:
    """The form to say something, empty or with what is wrong."""

    head: GroupHead = field(metadata={"help": "群"})
    say: SayForm = field(metadata={"help": "替小助手说一句的表单"})
    is_answer: bool = field(default=True, metadata={"help": "作为 htmx 的回答，连同提示一起换上"})


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Who is in a group."""

    head: GroupHead = field(metadata={"help": "群"})
    members: MemberList = field(metadata={"help": "成员表和它的筛选、排序、页码"})
    touches: tuple[TouchLine, ...] = field(default=(), metadata={"help": "对不说话的人先试的办法"})


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """Older talk of a group."""

    head: GroupHead = field(metadata={"help": "群"})
    talk: Talk = field(metadata={"help": "一段消息：往前翻的、某一天的，或搜到的"})


@dataclass(frozen=True, slots=True)
class TalksPage:
    """What a group talks about."""

    head: GroupHead = field(metadata={"help": "群"})
    talking: Talking = field(metadata={"help": "最近在聊的事，和没人答的问题"})
    themes: ThemesPanel | None = field(metadata={"help": "这周好几个人在说的事，多起来的在前；还没看过时没有"})
    layers: LayersPanel | None = field(default=None, metadata={"help": "开口、跟话、潜水、沉睡各多少人；只随群页取"})
    dependency: DependencyPanel | None = field(default=None, metadata={"help": "离不开谁；只随群页取"})


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message and what the judges say of it."""

    head: GroupHead = field(metadata={"help": "群"})
    judged: JudgedMessage = field(metadata={"help": "这条消息、前后几条和九个判断"})


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """How a group is set up."""

    head: GroupHead = field(metadata={"help": "群"})
    notes: NotesForm = field(metadata={"help": "群登记的表单"})
    panels: tuple[CapabilityPanel, ...] = field(metadata={"help": "每个能力的模式和设置"})


@dataclass(frozen=True, slots=True)
class KeptPage:
    """How many of those who came stayed."""

    head: GroupHead = field(metadata={"help": "群"})
    kept: Laid | None = field(metadata={"help": "按来的那一周，之后每一周说过话的占多少；没有人来过就空着"})
    dependency: DependencyPanel | None = field(default=None, metadata={"help": "离不开谁；报告要的时候才有"})
    seeds: SeedsPanel | None = field(default=None, metadata={"help": "谁像种子用户；报告要的时候才有"})


@dataclass(frozen=True, slots=True)
class CarriedPage:
    """Who of the group carries its community."""

    head: GroupHead = field(metadata={"help": "群"})
    seeds: SeedsPanel = field(metadata={"help": "社群排名里此刻坐在这个群的前几位"})


@dataclass(frozen=True, slots=True)
class LineagePage:
    """Where the group comes from and who goes on with it."""

    head: GroupHead = field(metadata={"help": "群"})
    lineage: Lineage = field(metadata={"help": "前身和接着它的群"})
    form: LinkForm = field(metadata={"help": "再接一个群的表单"})
