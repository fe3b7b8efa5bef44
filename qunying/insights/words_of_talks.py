"""Conversations, their openers and open questions in words, in the active language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.insights.talks import Opener, Saying, Talks
from qunying.ui.figures import number, percent


def talked(talks: Talks) -> str:
    """How many conversations there were, and how large the one in the middle is."""
    if talks.size is None:
        return _("没有两个人以上接着说的话。")
    count = len(talks.joined)
    messages, people = talks.size
    words = ngettext(
        "聊起来 %(n)s 次，一般 %(people)s 个人说 %(messages)s 条。",
        "聊起来 %(n)s 次，一般 %(people)s 个人说 %(messages)s 条。",
        count,
    )
    return words % {"n": number(count), "people": number(people), "messages": number(messages)}


def opened(one: Opener) -> str:
    """How often somebody's words were taken up, and by whom: «3 次 · 8 人接话，占其他人的 40%»."""
    times = ngettext("%(n)s 次", "%(n)s 次", one.talks) % {"n": number(one.talks)}
    joined = ngettext("%(n)s 人接话，占其他人的 %(share)s", "%(n)s 人接话，占其他人的 %(share)s", one.joined_by)
    return f"{times} · {joined % {'n': number(one.joined_by), 'share': percent(one.share)}}"


def waiting(talks: Talks) -> str:
    """How many questions nobody has answered; what was not judged yet says nothing."""
    count = len(talks.waiting)
    if count:
        return ngettext("%(n)s 个问题没人答。", "%(n)s 个问题没人答。", count) % {"n": number(count)}
    if talks.unread == talks.lines:
        return ""
    return _("问出来的都有人接了话。")


def asked_at(question: Saying, timezone: str) -> str:
    """When it was asked, in the report's zone: a report is read on other days, too."""
    return f"{question.at.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"


def looked_at(talks: Talks) -> str:
    """What of the talk was left out; nothing where all of it was looked at."""
    told = []
    if talks.is_cut:
        count = len(talks.talks)
        words = ngettext("只看了最新的 %(n)s 段对话。", "只看了最新的 %(n)s 段对话。", count)
        told.append(words % {"n": number(count)})
    if talks.unread:
        words = ngettext("还有 %(n)s 条没判读。", "还有 %(n)s 条没判读。", talks.unread)
        told.append(words % {"n": number(talks.unread)})
    if talks.unplaced is None:
        told.append(_("新导入的消息还没归进对话。"))
    elif talks.unplaced:
        words = ngettext("还有 %(n)s 条没归进对话。", "还有 %(n)s 条没归进对话。", talks.unplaced)
        told.append(words % {"n": number(talks.unplaced)})
    return " ".join(told)
