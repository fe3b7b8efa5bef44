"""A report in words, in the active language: what a person would say about these numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from qunying.insights.findings import Headcount, Suggestion
from qunying.insights.report import Report
from qunying.insights.suggest import HELD_BY_FEW, MANY_MESSAGES
from qunying.people.leaving import REASONS
from qunying.ui.charts import day_name, hour_name
from qunying.ui.dates import tell_date
from qunying.ui.figures import duration, number, percent
from qunying.ui.moments import tell_zone

NOTICEABLE = 0.1
MOMENT = timedelta(microseconds=1)
WEEK = 7


def title(report: Report) -> str:
    """The groups' name, or the community's where there are several groups."""
    if len(report.groups) == 1:
        return report.groups[0]
    return _("%(community)s：%(n)d 个群") % {"community": report.community, "n": len(report.groups)}


def kind(report: Report) -> str:
    """«周报» for a week, «报告» for any other span."""
    return _("周报") if len(report.days) == WEEK else _("报告")


def span(report: Report) -> str:
    """«11 月 15 日 – 11 月 21 日», local days; one day alone where the span is within a day."""
    zone = ZoneInfo(report.timezone)
    first, last = report.since.astimezone(zone), (report.until - MOMENT).astimezone(zone)
    far = first.year != last.year or last.year != report.made_at.astimezone(zone).year
    shape = pgettext("date format", "Y 年 n 月 j 日") if far else pgettext("date format", "n 月 j 日")
    begin, end = tell_date(first, shape), tell_date(last, shape)
    return begin if begin == end else f"{begin} – {end}"


def headline(report: Report) -> str:
    """The first sentence: against before, and who holds the talk together."""
    if not report.now.messages:
        return _("这段时间没有人说话。")
    clauses = [_said(report)]
    if report.now.is_by_nobody:
        clauses.append(_("记录里没写是谁说的"))
    share = report.now.top_share
    is_much = report.now.known >= MANY_MESSAGES and report.now.speakers > len(report.pillars)
    if share is not None and share >= HELD_BY_FEW and is_much:
        clauses.append(_("三位成员占了 %(share)s 的发言") % {"share": percent(share)})
    if report.headcount.joined:
        clauses.append(_joined(report.headcount))
    return _("，").join(clauses) + _("。")


def _said(report: Report) -> str:
    change = report.change
    if change is None and report.now.is_by_nobody:
        words = ngettext("说了 %(n)s 条", "说了 %(n)s 条", report.now.messages)
        return words % {"n": number(report.now.messages)}
    if change is None:
        numbers = {"people": number(report.now.speakers), "messages": number(report.now.messages)}
        return _("%(people)s 个人说了 %(messages)s 条") % numbers
    is_week, share = len(report.days) == WEEK, {"share": percent(abs(change))}
    if abs(change) < NOTICEABLE:
        return _("和上周差不多热闹") if is_week else _("和前一段差不多热闹")
    if change < 0:
        return (_("比上周安静 %(share)s") if is_week else _("比前一段安静 %(share)s")) % share
    return (_("比上周热闹 %(share)s") if is_week else _("比前一段热闹 %(share)s")) % share


def who_unknown() -> str:
    """Why people are not counted, where a record holds words without senders."""
    return capfirst(_("记录里没写是谁说的"))


def _joined(count: Headcount) -> str:
    words = ngettext("来了 %(n)d 位新成员", "来了 %(n)d 位新成员", count.joined)
    return words % {"n": count.joined}


def peak(report: Report) -> str:
    """«周三 20 点最热闹，平均每周 34 条»; within one week just «34 条»."""
    if report.peak is None:
        return _("没有人说话")
    if not report.peak.is_telling:
        return _("话太少，看不出什么时候最热闹")
    when = moment_of_week(report.peak.weekday, report.peak.hour)
    found = report.peak.messages
    if report.peak.weeks > 1:
        return _("%(when)s最热闹，平均每周 %(n)s 条") % {"when": when, "n": number(round(report.peak.a_week))}
    words = ngettext("%(when)s最热闹，%(n)s 条", "%(when)s最热闹，%(n)s 条", found)
    return words % {"when": when, "n": number(found)}


def heat(report: Report) -> str:
    """What the hours of the week are counts of."""
    weeks = report.peak.weeks if report.peak else 1
    if weeks > 1:
        return _("每小时消息数，%(n)d 周平均，%(zone)s") % {"n": weeks, "zone": tell_zone(report.timezone)}
    return _("每小时消息数，%(zone)s") % {"zone": tell_zone(report.timezone)}


def unit_of_messages() -> str:
    """What stands behind a count of messages."""
    return npgettext("unit", "条", "条", 2)


def moment_of_week(weekday: int, hour: int) -> str:
    """«周三 20 点»; Monday is 0."""
    return f"{day_name(weekday)} {hour_name(hour)}"


def pillars(report: Report) -> str:
    """Who the three are, what they said, which share that is."""
    people = report.pillars
    if not people:
        return who_unknown() + _("。") if report.now.is_by_nobody else _("没有人说话。")
    names = _("、").join(one.name for one in people)
    share = percent(report.now.top_share)
    words = ngettext(
        "%(names)s说了 %(n)s 条，占 %(share)s。", "%(names)s说了 %(n)s 条，占 %(share)s。", report.now.by_three
    )
    return words % {"names": names, "n": number(report.now.by_three), "share": share}


def moves(count: Headcount) -> str:
    """«+4 −2，净增 2»."""
    net = count.joined - count.left
    signed = f"+{net}" if net > 0 else f"−{-net}" if net else "0"
    return _("+%(joined)s −%(left)s，净增 %(net)s") % {"joined": count.joined, "left": count.left, "net": signed}


def sources(count: Headcount) -> str:
    """«邀请 3，扫码 1»: by which way people came, most first; '' where nobody came or nothing is known about it."""
    if not any(via for via, _people in count.joined_by):
        return ""
    ways = [f"{way(via)} {number(people)}" for via, people in count.joined_by]
    return _("，").join(ways)


def tell_why(reason: str) -> str:
    """Why somebody left; «unknown» where nobody said."""
    return _(REASONS[reason]) if reason in REASONS else _("不知道为什么")


def way(via: str) -> str:
    """A platform's word for a way of joining, in ours. Words we do not know stand as they are."""
    known = {
        "": _("不知怎么来的"),
        "invite": _("邀请"),
        "link": _("链接"),
        "qr": _("扫码"),
        "request": _("申请"),
        "search": _("搜索"),
        "added": _("被拉进来"),
        "created": _("建群"),
    }
    return known.get(via, via)


def silence(report: Report) -> str:
    """How many members said nothing, and how many of them never did; nothing where it is not known who spoke."""
    count = report.headcount
    if not count.members or report.now.is_by_nobody:
        return ""
    if not count.silent:
        return _("每位成员都说过话。")
    words = _("%(silent)s 位成员这段时间没说话，其中 %(never)s 位从没说过。")
    return words % {"silent": number(count.silent), "never": number(count.never)}


def newcomers(report: Report) -> str:
    """How many came, how many spoke, after how long."""
    new = report.newcomers
    if not new.joined:
        return _("没有新成员。")
    if report.now.is_by_nobody:
        return _joined(report.headcount) + _("。")
    if not new.spoke:
        return _("来了 %(joined)s 位，还没有人开口。") % {"joined": number(new.joined)}
    words = _("来了 %(joined)s 位，%(spoke)s 位开了口，一半人在 %(wait)s内。")
    return words % {
        "joined": number(new.joined),
        "spoke": number(new.spoke),
        "wait": duration(new.median_wait),
    }


def suggestion(found: Suggestion) -> str:
    """A suggestion with the numbers behind it, as one sentence."""
    return SENTENCES[found.code](found.numbers)


def _answer_what_waits(n: Mapping[str, Any]) -> str:
    words = _("%(waiting)s 个问题没人答，等得最久的是%(name)s：先把这些答了，答案记下来。")
    return words % {"waiting": number(n["waiting"]), "name": n["name"]}


def _ask_why_they_left(n: Mapping[str, Any]) -> str:
    words = _("走了 %(left)s 位，只来了 %(joined)s 位：问问最近走的人为什么走。")
    return words % {"left": number(n["left"]), "joined": number(n["joined"])}


def _wake_up(n: Mapping[str, Any]) -> str:
    numbers = {"before": number(n["before"]), "now": number(n["now"]), "name": n["name"]}
    if "hour" not in n:
        return _("消息从 %(before)s 条降到 %(now)s 条：请%(name)s开个头。") % numbers
    words = _("消息从 %(before)s 条降到 %(now)s 条：请%(name)s在%(when)s开个头，那时人最多。")
    return words % (numbers | {"when": moment_of_week(n["weekday"], n["hour"])})


def _wake_up_from_silence(n: Mapping[str, Any]) -> str:
    words = _("之前有 %(before)s 条，现在 %(now)s 条：看看这个群还要不要，要就由同事先开口。")
    return words % {"before": number(n["before"]), "now": number(n["now"])}


def _greet_newcomers(n: Mapping[str, Any]) -> str:
    words = _("%(joined)s 位新人里 %(mute)s 位还没开口：挨个打个招呼，问一件 TA 答得上来的事。")
    return words % {"joined": number(n["joined"]), "mute": number(n["mute"])}


def _share_the_load(n: Mapping[str, Any]) -> str:
    words = _("三位成员占了 %(share)s：下一个话题请%(name)s开头，TA 说过 %(messages)s 条。")
    return words % {"share": percent(n["share"]), "name": n["name"], "messages": number(n["messages"])}


def _ask_something_small(n: Mapping[str, Any]) -> str:
    numbers = {"members": number(n["members"]), "silent": number(n["silent"])}
    if "hour" not in n:
        return _("%(members)s 位成员里 %(silent)s 位没说话：问一个一句话就能答的问题。") % numbers
    words = _("%(members)s 位成员里 %(silent)s 位没说话：%(when)s人最多，那时问一个一句话就能答的问题。")
    return words % (numbers | {"when": moment_of_week(n["weekday"], n["hour"])})


SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "answer_what_waits": _answer_what_waits,
    "ask_why_they_left": _ask_why_they_left,
    "wake_up": _wake_up,
    "wake_up_from_silence": _wake_up_from_silence,
    "greet_newcomers": _greet_newcomers,
    "share_the_load": _share_the_load,
    "ask_something_small": _ask_something_small,
}


def note(report: Report) -> str:
    """What holds for all numbers of a report."""
    return note_of(report.timezone, report.made_at)


def note_of(timezone: str, made_at: datetime) -> str:
    """The zone of the days, who is left out, when it was made."""
    local = made_at.astimezone(ZoneInfo(timezone))
    words = _("%(zone)s，不含同事和机器人 · %(made)s 做成")
    return words % {"zone": tell_zone(timezone), "made": local.strftime("%Y-%m-%d %H:%M")}


def nothing_said() -> str:
    """The title of a drawing without bars."""
    return _("没有人说话")


def best_bar(label: str, messages: int, share: float) -> str:
    """«周三最多，118 条，占 29%»."""
    words = _("%(label)s最多，%(n)s 条，占 %(share)s")
    return words % {"label": label, "n": number(messages), "share": percent(share)}


def the_others(people: int) -> str:
    """«其余 47 人»."""
    return ngettext("其余 %(n)d 人", "其余 %(n)d 人", people) % {"n": people}
