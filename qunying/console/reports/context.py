"""Everything the templates of the reports receive."""

from __future__ import annotations

from dataclasses import dataclass, field

from qunying.console.choices import Choice
from qunying.insights.rendering.laying import Laid


@dataclass(frozen=True, slots=True)
class Home:
    """A community and where its reports are."""

    id: int = field(metadata={"help": "社群"})
    name: str = field(metadata={"help": "社群的名字"})
    choices: tuple[Choice, ...] = field(metadata={"help": "日报、周报、月报"})


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The communities somebody may see, each with its reports."""

    homes: tuple[Home, ...] = field(metadata={"help": "看得到的社群"})


@dataclass(frozen=True, slots=True)
class DigestPage:
    """A community's story of a day, a week or a month."""

    id: int = field(metadata={"help": "社群"})
    title: str = field(metadata={"help": "报告的名字"})
    blocks: tuple[Laid, ...] = field(metadata={"help": "报告正文，一块一块"})
    rest_at: str = field(metadata={"help": "后到的那部分的地址"})
    ending: tuple[Laid, ...] = field(metadata={"help": "正文最后：每个群，和怎么数的"})
    periods: tuple[Choice, ...] = field(metadata={"help": "日报、周报、月报"})
    earlier: str = field(metadata={"help": "前一份的地址"})
    later: str = field(metadata={"help": "后一份的地址，还没有就空着"})
    period: str = field(metadata={"help": "这是日报、周报还是月报"})
    day: str = field(metadata={"help": "这一份的第一天"})
    shapes: tuple[tuple[str, str], ...] = field(metadata={"help": "可以带走的样子"})
    error: str = field(default="", metadata={"help": "日期不对时说哪里不对"})


@dataclass(frozen=True, slots=True)
class DigestRest:
    """What of a report comes after its page: conversations, who stayed, what to do."""

    title: str = field(metadata={"help": "报告的名字"})
    whole: str = field(metadata={"help": "整份的地址"})
    blocks: tuple[Laid, ...] = field(metadata={"help": "报告正文，一块一块"})
