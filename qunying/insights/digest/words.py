"""A digest in words, in the active language."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.insights.digest.periods import Dates, Period
from qunying.insights.digest.telling import Digest
from qunying.ui.charts import day_name
from qunying.ui.dates import tell_date
from qunying.ui.figures import number, percent

NOTICEABLE = 0.1
MOST = 4


def kind(period: Period) -> str:
    """«日报», «周报», «月报»."""
    return {Period.DAY: _("日报"), Period.WEEK: _("周报"), Period.MONTH: _("月报")}[period]


def span(digest: Digest) -> str:
    """The dates, with the weekday of a single one."""
    return dates_told(digest.dates, digest.made_at.astimezone(ZoneInfo(digest.timezone)).date())


def dates_told(dates: Dates, today: date) -> str:
    """«11 月 21 日 周六», «11 月 16 日 – 11 月 22 日»; with the year where it is not this one."""
    far = dates.first.year != today.year or dates.last.year != today.year
    shape = pgettext("date format", "Y 年 n 月 j 日") if far else pgettext("date format", "n 月 j 日")
    first = tell_date(dates.first, shape)
    if dates.first == dates.last:
        return f"{first} {day_name(dates.first.weekday())}"
    return f"{first} – {tell_date(dates.last, shape)}"


def headline(digest: Digest) -> str:
    """What to know first: how lively, who came and went, what waits."""
    clauses = [_said(digest)]
    if digest.now.joined or digest.now.gone:
        moved = {"joined": number(digest.now.joined), "gone": number(digest.now.gone)}
        clauses.append(_("来了 %(joined)s 位，走了 %(gone)s 位") % moved)
    waiting = len(digest.talks.waiting)
    if waiting:
        told = ngettext("%(n)s 个问题没人答", "%(n)s 个问题没人答", waiting)
        clauses.append(told % {"n": number(waiting)})
    return _("，").join(clauses) + _("。")


def _said(digest: Digest) -> str:
    change, period = digest.change, digest.period
    if not digest.now.messages:
        return _("没有人说话")
    if change is None:
        numbers = {"people": number(digest.now.speakers), "messages": number(digest.now.messages)}
        return _("%(people)s 个人说了 %(messages)s 条") % numbers
    against = {
        Period.DAY: _("上%(weekday)s") % {"weekday": day_name(digest.dates.first.weekday())},
        Period.WEEK: _("前一周"),
        Period.MONTH: _("前一个月"),
    }[period]
    words = {"against": against, "share": percent(abs(change))}
    if abs(change) < NOTICEABLE:
        return _("和%(against)s差不多热闹") % words
    return (_("比%(against)s热闹 %(share)s") if change > 0 else _("比%(against)s安静 %(share)s")) % words


def compared(digest: Digest) -> str:
    """What the figures before are of."""
    if digest.before is None:
        return _("还没过完，不和之前比")
    before = dates_told(digest.dates_before, digest.made_at.astimezone(ZoneInfo(digest.timezone)).date())
    return _("对比 %(dates)s") % {"dates": before}


def next_steps(digest: Digest) -> list[str]:
    """What to do, the most pressing first, each with the figures it stands on; empty where nothing stands out."""
    steps = [_answer(digest), _visit(digest), _welcome(digest), _learn(digest), _decide(digest)]
    return [step for step in steps if step][:MOST]


def _answer(digest: Digest) -> str:
    waiting = digest.talks.waiting
    if not waiting:
        return ""
    told = ngettext(
        "%(n)s 个问题没人答，等得最久的是「%(group)s」的%(name)s：先答这些。",
        "%(n)s 个问题没人答，等得最久的是「%(group)s」的%(name)s：先答这些。",
        len(waiting),
    )
    return told % {"n": number(len(waiting)), "group": waiting[0].group, "name": waiting[0].name}


def _visit(digest: Digest) -> str:
    if not digest.quieter:
        return ""
    worst = digest.quieter[0]
    told = _("「%(group)s」从 %(before)s 条降到 %(now)s 条：去看看出了什么事。")
    return told % {"group": worst.name, "before": number(worst.before), "now": number(worst.messages)}


def _welcome(digest: Digest) -> str:
    kept = digest.kept
    if kept.next_week is None or kept.counted < 10 or kept.next_week >= 0.3:
        return ""
    told = _("新来的 %(n)s 人里只有 %(share)s 下一周还在说话：看看他们进群后第一天看到了什么。")
    return told % {"n": number(kept.counted), "share": percent(kept.next_week)}


def _learn(digest: Digest) -> str:
    if not digest.louder or digest.period is Period.DAY:
        return ""
    best = digest.louder[0]
    told = _("「%(group)s」热闹了 %(share)s：做对了什么，别的群也可以试。")
    return told % {"group": best.name, "share": percent(best.change)}


def _decide(digest: Digest) -> str:
    if not digest.work.open:
        return ""
    told = ngettext("%(n)s 件待办等着人。", "%(n)s 件待办等着人。", digest.work.open)
    return told % {"n": number(digest.work.open)}
