"""Everything the templates of the metric catalogue receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qunying.console.choices import Choice
from qunying.ui.charts import Week
from qunying.ui.pages import Pages
from qunying.ui.plots import Plot


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A metric as the catalogue lists it."""

    name: str = field(metadata={"help": "名字，命令行也用它"})
    title: str = field(metadata={"help": "叫什么"})
    definition: str = field(metadata={"help": "怎么算的"})
    unit: str = field(metadata={"help": "单位"})
    caveats: tuple[str, ...] = field(metadata={"help": "要当心的地方"})
    by: tuple[str, ...] = field(metadata={"help": "能按什么拆开"})


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Every metric there is."""

    metrics: tuple[MetricLine, ...] = field(metadata={"help": "全部指标"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One number beside its name."""

    name: str = field(metadata={"help": "叫什么"})
    value: str = field(metadata={"help": "多少"})
    unit: str = field(default="", metadata={"help": "单位，写在后面"})


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a breakdown. ``bar`` is it against the largest."""

    name: str = field(metadata={"help": "哪一部分"})
    value: str = field(metadata={"help": "多少"})
    bar: float = field(metadata={"help": "和最大的比"})
    href: str = field(default="", metadata={"help": "去看它"})


@dataclass(frozen=True, slots=True)
class MetricPage:
    """One metric, over time or in parts, for the groups and the span chosen."""

    metric: MetricLine = field(metadata={"help": "这个指标"})
    scope: str = field(metadata={"help": "算的是哪些群、哪段时间"})
    as_of: datetime | None = field(metadata={"help": "数到什么时候；没有就是现在"})
    total: Figure = field(metadata={"help": "总数"})
    apart: tuple[Figure, ...] = field(metadata={"help": "另列的几个数"})
    plot: Plot | None = field(metadata={"help": "按时间拆开的图"})
    week: Week | None = field(metadata={"help": "星期乘小时的图"})
    parts: tuple[PartLine, ...] = field(metadata={"help": "按群、社群、来路拆开的榜"})
    pages: Pages | None = field(metadata={"help": "榜的页码"})
    bys: tuple[Choice, ...] = field(metadata={"help": "能按什么拆开"})
    spans: tuple[Choice, ...] = field(metadata={"help": "能看哪段时间"})
    communities: tuple[Choice, ...] = field(metadata={"help": "能看哪个社群"})
    kept: tuple[tuple[str, str], ...] = field(metadata={"help": "表单要带着的其他选择"})
    group: str = field(metadata={"help": "只看的那个群的名字"})
    is_brought: bool = field(metadata={"help": "数的是别处带来的事，这个人也能带来"})
    error: str = field(default="", metadata={"help": "选得不对时说哪里不对"})
    title: str = field(default="", metadata={"help": "叫什么，只看谁"})
    only: Only | None = field(default=None, metadata={"help": "只看的人群"})
    segments: Ask | None = field(default=None, metadata={"help": "能只看哪些人群"})
    query: str = field(default="", metadata={"help": "还没数时，取答案用的参数"})
    is_waiting: bool = field(default=False, metadata={"help": "答案等页面出来以后再数"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to choose from a list."""

    name: str = field(metadata={"help": "参数"})
    label: str = field(metadata={"help": "叫什么"})
    options: tuple[tuple[str, str], ...] = field(metadata={"help": "能选的：值和叫法"})
    chosen: str = field(metadata={"help": "选了哪个"})


@dataclass(frozen=True, slots=True)
class Tick:
    """One of several things of which some are chosen."""

    name: str = field(metadata={"help": "参数"})
    value: str = field(metadata={"help": "值"})
    label: str = field(metadata={"help": "叫什么"})
    is_on: bool = field(metadata={"help": "选了没有"})


@dataclass(frozen=True, slots=True)
class Only:
    """The segment that alone is looked at, and the address without it."""

    id: int = field(metadata={"help": "哪个人群"})
    name: str = field(metadata={"help": "叫什么"})
    without: str = field(metadata={"help": "不只看它的地址"})


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """A funnel, retention or the life cycle: what is asked. The answer comes after the page."""

    metric: MetricLine = field(metadata={"help": "怎么算的"})
    asks: tuple[Ask, ...] = field(metadata={"help": "能选的步骤、窗口、周期"})
    communities: tuple[Choice, ...] = field(metadata={"help": "能看哪个社群"})
    spans: tuple[Choice, ...] = field(metadata={"help": "能看哪段时间"})
    kept: tuple[tuple[str, str], ...] = field(metadata={"help": "表单要带着的其他选择"})
    query: str = field(metadata={"help": "取答案用的同一串参数"})
    group: str = field(metadata={"help": "只看的那个群的名字"})
    title: str = field(metadata={"help": "叫什么，只看谁"})
    only: Only | None = field(default=None, metadata={"help": "只看的人群"})
    ticks: tuple[Tick, ...] = field(default=(), metadata={"help": "能拿来比的人群"})


@dataclass(frozen=True, slots=True)
class StageLine:
    """One step of a funnel."""

    name: str = field(metadata={"help": "哪一步"})
    people: str = field(metadata={"help": "多少人"})
    share: str = field(metadata={"help": "占第一步的多少"})
    bar: float = field(metadata={"help": "和第一步比"})
    note: str = field(metadata={"help": "占上一步多少、用了多久"})
    href: str = field(default="", metadata={"help": "看这一步的人"})


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a funnel: how many came to each step, and how long the way took to those who came to its end."""

    name: str = field(metadata={"help": "哪一部分"})
    steps: tuple[HeatCell, ...] = field(metadata={"help": "每一步多少人"})
    share: str = field(metadata={"help": "走到最后的占多少"})
    bar: float = field(metadata={"help": "走到最后的占多少，画成条"})
    time: str = field(metadata={"help": "一半人用了多久"})
    slow: str = field(metadata={"help": "九成人用了多久"})


@dataclass(frozen=True, slots=True)
class FunnelParts:
    """A funnel broken down: which part goes furthest, every part, and all of them together."""

    title: str = field(metadata={"help": "一句话的答案"})
    head: str = field(metadata={"help": "按什么拆开"})
    columns: tuple[str, ...] = field(metadata={"help": "每一步叫什么"})
    rows: tuple[PartRow, ...] = field(metadata={"help": "每一部分，人多的在前"})
    total: PartRow = field(metadata={"help": "不拆开的"})
    note: str = field(metadata={"help": "各项相加等不等于总数"})
    pages: Pages = field(metadata={"help": "页码"})


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell of a table that is coloured by its value."""

    value: str = field(metadata={"help": "多少；还没到的那一期是空的"})
    css: str = field(metadata={"help": "深浅"})
    told: str = field(default="", metadata={"help": "几个人里的几个人"})
    href: str = field(default="", metadata={"help": "看这一格的人"})


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One cohort or period."""

    label: str = field(metadata={"help": "哪一批人"})
    size: HeatCell = field(metadata={"help": "多少人"})
    cells: tuple[HeatCell, ...] = field(metadata={"help": "每一期"})


@dataclass(frozen=True, slots=True)
class Dot:
    """Somebody in a drawing of who talks with whom; ``label`` is written beside them where there is room."""

    name: str = field(metadata={"help": "叫什么"})
    href: str = field(metadata={"help": "去看这个人"})
    x: str = field(metadata={"help": "横着在哪"})
    y: str = field(metadata={"help": "竖着在哪"})
    r: str = field(metadata={"help": "多大：和别人说得越多越大"})
    css: str = field(metadata={"help": "桥、同事还是别人"})
    told: str = field(metadata={"help": "接了几次，被接几次"})
    label: str = field(default="", metadata={"help": "写在旁边的名字"})
    label_y: str = field(default="", metadata={"help": "名字写在哪一行"})


@dataclass(frozen=True, slots=True)
class Thread:
    """A line between two people who talk with each other."""

    x1: str = field(metadata={"help": "从哪里"})
    y1: str = field(metadata={"help": "从哪里"})
    x2: str = field(metadata={"help": "到哪里"})
    y2: str = field(metadata={"help": "到哪里"})
    css: str = field(metadata={"help": "多粗：说得越多越粗"})


@dataclass(frozen=True, slots=True)
class PersonNote:
    """Somebody and a sentence about them."""

    name: str = field(metadata={"help": "叫什么"})
    href: str = field(metadata={"help": "去看这个人"})
    told: str = field(metadata={"help": "怎么回事"})


@dataclass(frozen=True, slots=True)
class PairLine:
    """Who turned to whom, how often, and by which ways."""

    who: PersonNote = field(metadata={"help": "谁"})
    to: PersonNote = field(metadata={"help": "对谁"})
    times: int = field(metadata={"help": "几次"})
    replies: int = field(metadata={"help": "用回复"})
    follows: int = field(metadata={"help": "顺着话接"})
    mentions: int = field(metadata={"help": "点名"})


@dataclass(frozen=True, slots=True)
class RepliesPanel:
    """Who answers whom: the drawing, whoever holds others together, whoever nobody talks with, and the table behind."""

    width: int = field(metadata={"help": "图的宽"})
    height: int = field(metadata={"help": "图的高"})
    dots: tuple[Dot, ...] = field(metadata={"help": "人"})
    threads: tuple[Thread, ...] = field(metadata={"help": "线"})
    note: str = field(metadata={"help": "图里画了谁"})
    bridges: tuple[PersonNote, ...] = field(metadata={"help": "把几伙人连起来的人"})
    alone: tuple[PersonNote, ...] = field(metadata={"help": "说了话没人接的人"})
    alone_more: str = field(metadata={"help": "还有多少人没列"})
    pairs: tuple[PairLine, ...] = field(metadata={"help": "接得最多的"})
    is_more: bool = field(metadata={"help": "后面还有"})


@dataclass(frozen=True, slots=True)
class QuotedPerson:
    """Somebody to whom it happened, and the words that show it."""

    name: str = field(metadata={"help": "叫什么"})
    href: str = field(metadata={"help": "去看这个人"})
    group: str = field(metadata={"help": "在哪个群"})
    at: datetime = field(metadata={"help": "什么时候走的、说的最后一句"})
    words: str = field(default="", metadata={"help": "原话"})
    words_href: str = field(default="", metadata={"help": "去看那条消息"})


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One thing that may have happened: how often to those who went, how often to those who stayed."""

    name: str = field(metadata={"help": "碰到了什么"})
    gone: str = field(metadata={"help": "走的人里占多少"})
    gone_bar: float = field(metadata={"help": "走的人的条"})
    stayed: str = field(metadata={"help": "留下的人里占多少"})
    stayed_bar: float = field(metadata={"help": "留下的人的条"})
    finding: str = field(metadata={"help": "比出了什么，看不出来就说看不出来"})
    tone: str = field(metadata={"help": "要不要留意"})
    people: tuple[QuotedPerson, ...] = field(metadata={"help": "是谁，原话"})
    more: str = field(metadata={"help": "还有多少人没列"})


@dataclass(frozen=True, slots=True)
class ChurnPanel:
    """What had happened before people went, and what the figures leave out."""

    signals: tuple[SignalLine, ...] = field(metadata={"help": "每一样"})
    gone_name: str = field(metadata={"help": "走的人叫什么"})
    notes: tuple[str, ...] = field(metadata={"help": "数的是谁，少了谁"})


@dataclass(frozen=True, slots=True)
class Block:
    """What part of the newcomers did as their n-th step, as drawn; ``label`` where there is room for it."""

    x: str = field(metadata={"help": "从哪里"})
    y: str = field(metadata={"help": "在哪一层"})
    width: str = field(metadata={"help": "多宽：人越多越宽"})
    css: str = field(metadata={"help": "做了什么"})
    told: str = field(metadata={"help": "做了什么，多少人"})
    label: str = field(default="", metadata={"help": "写在里面的话"})
    text_x: str = field(default="", metadata={"help": "话写在哪"})
    text_y: str = field(default="", metadata={"help": "话写在哪"})


@dataclass(frozen=True, slots=True)
class PathLine:
    """One path and how many took it."""

    steps: tuple[str, ...] = field(metadata={"help": "一步一步"})
    people: str = field(metadata={"help": "多少人"})
    share: str = field(metadata={"help": "占多少"})
    bar: float = field(metadata={"help": "占多少，画成条"})


@dataclass(frozen=True, slots=True)
class PathsPanel:
    """What newcomers do first: the drawing from top to bottom, and the paths most took."""

    width: int = field(metadata={"help": "图的宽"})
    height: int = field(metadata={"help": "图的高"})
    blocks: tuple[Block, ...] = field(metadata={"help": "每一步"})
    flows: tuple[str, ...] = field(metadata={"help": "从一步到下一步的带子"})
    lines: tuple[PathLine, ...] = field(metadata={"help": "走得最多的路"})
    notes: tuple[str, ...] = field(metadata={"help": "少了谁"})


@dataclass(frozen=True, slots=True)
class JourneyAnswer:
    """The answer as a sentence, and what is behind it."""

    title: str = field(metadata={"help": "一句话的答案"})
    scope: str = field(metadata={"help": "算的是哪些社群、哪段时间"})
    stages: tuple[StageLine, ...] = field(default=(), metadata={"help": "漏斗的每一步"})
    columns: tuple[str, ...] = field(default=(), metadata={"help": "表的列"})
    rows: tuple[HeatRow, ...] = field(default=(), metadata={"help": "表的行，新的在前"})
    unit: str = field(default="", metadata={"help": "列的单位"})
    head: str = field(default="", metadata={"help": "第一列是什么"})
    parts: FunnelParts | None = field(default=None, metadata={"help": "漏斗拆开来看"})
    paths: PathsPanel | None = field(default=None, metadata={"help": "进群后的路"})
    churn: ChurnPanel | None = field(default=None, metadata={"help": "流失前发生了什么"})
    replies: RepliesPanel | None = field(default=None, metadata={"help": "谁接谁的话"})
    error: str = field(default="", metadata={"help": "选得不对时说哪里不对"})


@dataclass(frozen=True, slots=True)
class CellPerson:
    """Somebody behind a number."""

    person_id: int = field(metadata={"help": "哪个人"})
    name: str = field(metadata={"help": "叫什么"})
    card: str = field(metadata={"help": "群名片"})
    groups: int = field(metadata={"help": "在几个群"})
    messages: int = field(metadata={"help": "说过多少条"})
    last_at: datetime | None = field(metadata={"help": "最近什么时候说话"})


@dataclass(frozen=True, slots=True)
class CellPage:
    """The people behind one number of a journey, those who did it apart from those who did not."""

    journey: MetricLine = field(metadata={"help": "哪一种看法"})
    title: str = field(metadata={"help": "一句话：这一格是谁"})
    scope: str = field(metadata={"help": "算的是哪些社群、哪段时间"})
    back: str = field(metadata={"help": "回到表的地址"})
    sides: tuple[Choice, ...] = field(metadata={"help": "做到的、没做到的"})
    rows: tuple[CellPerson, ...] = field(metadata={"help": "这一页的人"})
    pages: Pages | None = field(metadata={"help": "页码"})
    error: str = field(default="", metadata={"help": "问得不对时说哪里不对"})
