"""Everything the templates of a community's pages receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.forms import Form

from qunying.console.choices import Choice
from qunying.console.group.dependency import DependencyPanel
from qunying.console.group.themes import ThemesPanel
from qunying.console.seeds.panel import MovesPanel, SeedsPanel
from qunying.ui.charts import Layer
from qunying.ui.plots import Plot


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every page of a community, and what this person may do there."""

    id: int
    name: str
    can_set: bool
    can_decide: bool
    can_import: bool


@dataclass(frozen=True, slots=True)
class LinkBox:
    """One link as the line draws it. ``step`` says how much of the counted one before came here; ``css`` marks it."""

    name: str
    count: str
    unit: str
    how: str
    step: str
    step_how: str
    is_ours: bool
    is_missing: bool


@dataclass(frozen=True, slots=True)
class ChainPanel:
    """The chain as one line, with the answer as its title; no links where nobody drew it."""

    title: str
    links: tuple[LinkBox, ...]


@dataclass(frozen=True, slots=True)
class KpiTile:
    """One KPI: its latest number, its trend, how it stands to its target. ``is_off``: it misses it."""

    name: str
    title: str
    how: str
    number: str
    unit: str
    trend: tuple[float | None, ...]
    tone: str
    target: str
    is_off: bool
    note: str
    lacks: str


@dataclass(frozen=True, slots=True)
class PurposePanel:
    """The KPIs of one purpose, and the answer: which of them miss their target."""

    purpose: str
    title: str
    tiles: tuple[KpiTile, ...]


@dataclass(frozen=True, slots=True)
class StageChoiceBox:
    """A stage to choose from."""

    code: str
    name: str
    is_on: bool
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    """An item of the checklist. ``is_done`` None: cannot be said now. ``is_by_hand``: a person ticks it."""

    code: str
    title: str
    how: str
    number: str
    is_done: bool | None
    is_by_hand: bool


@dataclass(frozen=True, slots=True)
class StagePanel:
    """In which stage a community is, why, and what is to be done this week: what is open first."""

    code: str
    title: str
    reasons: tuple[str, ...]
    said: str
    can_take_back: bool
    choices: tuple[StageChoiceBox, ...]
    open: tuple[CheckLine, ...]
    done: tuple[CheckLine, ...]
    todo_title: str


@dataclass(frozen=True, slots=True)
class BoardPart:
    """What is counted of a community."""

    lead: str = field(metadata={"help": "一句话的答案"})
    days: int = field(metadata={"help": "一段时间有几天"})
    query: str = field(metadata={"help": "同样几天的链接要带的参数"})
    spans: tuple[Choice, ...] = field(metadata={"help": "能看几天一段"})
    as_of: datetime = field(metadata={"help": "数到什么时候"})
    chain: ChainPanel = field(metadata={"help": "运营链"})
    purposes: tuple[PurposePanel, ...] = field(metadata={"help": "每个目的的 KPI"})
    stage: StagePanel = field(metadata={"help": "到了哪个阶段，这周做什么"})


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One group of the community."""

    id: int
    name: str
    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class AboutPanel:
    """What the community is and where it lives."""

    topic: str
    promise: str
    purposes: tuple[str, ...]
    strategy: str
    started: str
    zone: str
    language: str
    carriers: str


@dataclass(frozen=True, slots=True)
class CommunityPage:
    """A community: what is counted comes at once where it is known, else after the page."""

    head: Head = field(metadata={"help": "社群，和这个人在这里能做什么"})
    about: AboutPanel = field(metadata={"help": "是什么样的社群"})
    board: BoardPart | None = field(metadata={"help": "数出来的；没有就等它数完"})
    query: str = field(metadata={"help": "取数用的同一串参数"})
    places: tuple[PlaceRow, ...] = field(metadata={"help": "它的群，重要的在前"})
    places_more: int = field(metadata={"help": "没列出来的还有几个"})
    place_form: Form = field(metadata={"help": "登记论坛板块或线下聚会的表单"})


@dataclass(frozen=True, slots=True)
class LayersBar:
    """Who begins, goes on, looks on and sleeps in the whole community, as last counted."""

    title: str
    how: str
    told: str
    parts: tuple[Layer, ...]
    href: str


@dataclass(frozen=True, slots=True)
class CarriedPage:
    """On whom a community stands, and what it talks about."""

    head: Head = field(metadata={"help": "社群，和这个人在这里能做什么"})
    seeds: SeedsPanel = field(metadata={"help": "谁撑着它：前几位，分从哪里来，名单上走到哪一步"})
    is_counting: bool = field(metadata={"help": "有人要重新数，还没数好"})
    moves: MovesPanel = field(metadata={"help": "这周谁升谁降，谁快降了"})
    dependency: DependencyPanel | None = field(metadata={"help": "离不开谁；还看不出来就没有"})
    layers: LayersBar | None = field(metadata={"help": "分层；还没数过就没有"})
    themes: ThemesPanel | None = field(metadata={"help": "在聊什么；还没看过就没有"})


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link of the chain to be changed: its form, and its count as a bar against the largest of its unit."""

    id: int
    box: LinkBox
    bar: float
    counting: str
    form: Form
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """A ready-made chain."""

    purpose: str
    title: str
    story: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A row of a file that was left out."""

    line: int
    sample: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportedNumbers:
    """What became of a file."""

    title: str
    notes: tuple[str, ...]
    wrong: tuple[WrongLine, ...]
    wrong_more: int


@dataclass(frozen=True, slots=True)
class HookPanel:
    """How another program tells numbers. ``token`` is shown once."""

    address: str
    made_at: datetime | None
    token: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainPage:
    """The funnel over the chain, and the chain to be changed."""

    head: Head = field(metadata={"help": "社群，和这个人在这里能做什么"})
    title: str = field(metadata={"help": "一句话的答案"})
    scope: str = field(metadata={"help": "哪段时间"})
    spans: tuple[Choice, ...] = field(metadata={"help": "能看几天"})
    as_of: datetime = field(metadata={"help": "数到什么时候"})
    lines: tuple[LinkLine, ...] = field(metadata={"help": "每个环节"})
    funnel_href: str = field(metadata={"help": "同一批人走到哪一步；环节不够就没有"})
    version: int | None = field(metadata={"help": "能撤回的那次改动"})
    ready: tuple[ReadyLine, ...] = field(metadata={"help": "现成的四条"})
    add_form: Form = field(metadata={"help": "加一个环节"})
    upload_form: Form = field(metadata={"help": "导入数字"})
    imported: ImportedNumbers | None = field(metadata={"help": "刚导入的结果"})
    hook: HookPanel = field(metadata={"help": "别的系统怎么报数"})
    days: int = field(metadata={"help": "看几天"})


@dataclass(frozen=True, slots=True)
class KpiPage:
    """One KPI of a community: its course, its target, its definition."""

    head: Head = field(metadata={"help": "社群，和这个人在这里能做什么"})
    name: str = field(metadata={"help": "KPI 的名字"})
    kpi_title: str = field(metadata={"help": "叫什么"})
    title: str = field(metadata={"help": "一句话的答案"})
    tile: KpiTile = field(metadata={"help": "现在多少"})
    parts: tuple[str, ...] = field(metadata={"help": "另列的"})
    plot: Plot | None = field(metadata={"help": "一段一段的走势"})
    definition: str = field(metadata={"help": "怎么算的"})
    caveats: tuple[str, ...] = field(metadata={"help": "要当心的地方"})
    unit: str = field(metadata={"help": "单位"})
    sources: tuple[str, ...] = field(metadata={"help": "从哪里来"})
    metric_href: str = field(metadata={"help": "同一个数在数据页"})
    is_brought: bool = field(metadata={"help": "数的是别处带来的订单和别的事"})
    is_of_leaving: bool = field(metadata={"help": "数的是为什么走，可以去写原因"})
    form: Form = field(metadata={"help": "目标"})
    has_before: bool = field(metadata={"help": "改过目标，能撤回"})
    days: int = field(metadata={"help": "一段几天"})
    spans: tuple[Choice, ...] = field(metadata={"help": "能看几天一段"})
    as_of: datetime = field(metadata={"help": "数到什么时候"})
