"""A week at home that reports are made of, and names that are hard to write."""

from __future__ import annotations

from datetime import datetime, timedelta

from qunying.insights.report import Report, make_report
from qunying.insights.scope import midnight
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home

DAY = timedelta(days=1)
END = NOON + 6 * DAY + rows.hours(8)
ODD_NAMES = (
    "👩‍👩‍👧 一家",
    "مرحبا عمر",
    "陳曉峯－臺北",
    "＜ｂ＞全角＜／ｂ＞",
    "<script>alert(1)</script>",
    "零\u200b宽\u200d名",
    "\u202e倒着写",
    "长" * 120,
    "| 表 | 格 |",
    "𠮷野家",
)


def report_of(home: Home, since: datetime | None = None, until: datetime = END) -> Report:
    """The report of everything at home over the week from noon's day on."""
    return make_report(home.counted, since or midnight(NOON.date(), "Asia/Shanghai"), until, END)


def tea() -> Home:
    """62 messages before, 40 now; three say 30 of them; five newcomers, of whom two speak."""
    home = Home()
    for n in range(62):
        home.say("老周", NOON - 7 * DAY + rows.hours(n))
    for name, count in (("老周", 14), ("阿茗", 9), ("陆小满", 7), ("简一", 4), ("桥西", 2), ("何以安", 2)):
        for n in range(count):
            home.say(name, NOON + rows.hours(8) + timedelta(minutes=n))
    for n, name in enumerate(["苏念", "禾生", "许知夏", "小满", "安安"]):
        home.join(name, NOON + n * DAY, via="qr")
    home.say("苏念", NOON + timedelta(minutes=10), "大家好，\n我是苏念 <b>新来的</b>")
    home.say("禾生", NOON + DAY + timedelta(minutes=30), "想问问白茶")
    return home
