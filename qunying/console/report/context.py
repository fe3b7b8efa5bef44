"""Everything the template of a report receives."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from qunying.console.choices import Choice
from qunying.console.group.access import GroupHead


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A group's story over a span."""

    head: GroupHead = field(metadata={"help": "群"})
    title: str = field(metadata={"help": "报告的名字"})
    body: SafeString = field(metadata={"help": "报告正文，和命令行、下载的是同一份"})
    spans: tuple[Choice, ...] = field(metadata={"help": "几段常看的时间"})
    since: str = field(metadata={"help": "第一天"})
    until: str = field(metadata={"help": "最后一天"})
    query: str = field(metadata={"help": "下载地址里带的时间"})
    dates: str = field(metadata={"help": "只有时间的地址，换着看前身用"})
    error: str = field(default="", metadata={"help": "日期不对时说哪里不对"})
