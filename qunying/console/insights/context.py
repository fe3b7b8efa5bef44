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
    error: str = field(default="", metadata={"help": "选得不对时说哪里不对"})
