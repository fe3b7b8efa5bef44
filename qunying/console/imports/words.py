"""Sentences of the import pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.carriers.files.explanations import explanation
from qunying.carriers.files.records import CUT_OFF, REASONS
from qunying.pipeline.past.queries import Import
from qunying.ui.figures import number
from qunying.ui.plots import Plot, Series

STATE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": gettext_noop("排着队"),
        "running": gettext_noop("正在读"),
        "paused": gettext_noop("歇着"),
        "failed": gettext_noop("没读成"),
        "done": gettext_noop("读完了"),
        "dropped": gettext_noop("不导了"),
    }
)
STATE_TONES: Mapping[str, str] = MappingProxyType(
    {"waiting": "", "running": "teal", "paused": "look", "failed": "act", "done": "plain", "dropped": "plain"}
)
FIELD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "time": gettext_noop("时间"),
        "date": gettext_noop("日期（和时间分开写时）"),
        "sender": gettext_noop("谁说的"),
        "sender_id": gettext_noop("这个人的账号"),
        "text": gettext_noop("说了什么"),
        "group": gettext_noop("在哪个群"),
        "reply_to": gettext_noop("回复哪一条"),
        "kind": gettext_noop("消息类型"),
        "id": gettext_noop("消息编号"),
    }
)
ENCODING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "utf-8": "UTF-8",
        "utf-8-sig": "UTF-8",
        "gb18030": "GB18030",
        "big5hkscs": "Big5",
        "utf-16": "UTF-16",
        "utf-32": "UTF-32",
    }
)
ORDER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "dmy": gettext_noop("日在前，月在后"),
        "mdy": gettext_noop("月在前，日在后"),
        "ymd": gettext_noop("年、月、日"),
    }
)


def broke_off(run: Import) -> bool:
    """Whether it was read to the end and a file broke off before its own."""
    return run.state == "done" and CUT_OFF in run.tally.skipped


def tell_state(run: Import) -> tuple[str, str]:
    """How an import stands, and the tone of it; a file that broke off is no success."""
    if broke_off(run):
        return _("没读全"), "look"
    return _(STATE_WORDS[run.state]), STATE_TONES[run.state]


def tell_size(size: int) -> str:
    """Bytes as people say them: «168 MB», «2 GB», «340 KB»."""
    for unit, word in ((2**30, "GB"), (2**20, "MB"), (2**10, "KB")):
        if size >= unit:
            return f"{size / unit:.0f} {word}" if size % unit == 0 or size >= 10 * unit else f"{size / unit:.1f} {word}"
    return ngettext("%(n)d 字节", "%(n)d 字节", size) % {"n": size}


def tell_skip(reason: str) -> str:
    """Why something was left out."""
    return _(REASONS[reason]) if reason in REASONS else reason


def tell_sample(sample: str) -> str:
    """The words that were left out as they stand in the file, or what is said in their place."""
    found = explanation(sample)
    return found.said(_) if found is not None else sample


def tell_encoding(name: str) -> str:
    """The usual name of an encoding."""
    return ENCODING_WORDS.get(name, name)


def tell_formats(run: Import) -> str:
    """«10 个 QQ 消息管理器 (txt)、1 个 表格 (CSV, TSV)»."""
    counts: dict[str, int] = {}
    for note in run.notes:
        title = _(str(note["title"]))
        counts[title] = counts.get(title, 0) + 1
    return _("、").join(f"{n} × {title}" if len(run.notes) > 1 else title for title, n in counts.items())


def tell_kept_rate(run: Import) -> str:
    """How much was left out, as a share: «每万行不到 2 行»; empty where nothing was read yet."""
    if not run.seen:
        return ""
    share = -(-run.skipped * 10_000 // (run.seen + run.skipped))
    if share < 100:
        return ngettext("每万行不到 %(n)d 行", "每万行不到 %(n)d 行", share) % {"n": share}
    return _("每百行约 %(n)d 行") % {"n": round(share / 100)}


def months_plot(run: Import) -> Plot | None:
    """Messages by month as a line, gaps as nought; None below two months. The title names the liveliest month."""
    months = sorted(run.tally.months)
    if len(months) < 2:
        return None
    labels = _all_months(months[0], months[-1])
    values = tuple(float(run.tally.months.get(label, 0)) for label in labels)
    year, month = labels[values.index(max(values))].split("-")
    title = _("最热闹的是 %(year)s 年 %(month)d 月，%(n)s 条") % {
        "year": year,
        "month": int(month),
        "n": number(int(max(values))),
    }
    sub = _("每月消息数，已读到的 %(n)s 条") % {"n": number(run.tally.messages)}
    return Plot("line", title, sub, _("条"), tuple(labels), (Series(_("消息"), values),))


def _all_months(first: str, last: str) -> Sequence[str]:
    """Every month from the first to the last; a wrong year far away must not make a plot of ten thousand months."""
    begin, end = (int(name[:4]) * 12 + int(name[5:7]) - 1 for name in (first, last))
    begin = max(begin, end - 12 * 40)
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(begin, end + 1)]
