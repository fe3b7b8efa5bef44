"""Themes of talk in words, in the active language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from qunying.insights.themes import Stories
from qunying.judgement.themes import Trend
from qunying.talk.themes import ThemeOfTalk
from qunying.ui.dates import tell_date
from qunying.ui.figures import exact, number

NAMES = {
    Trend.RISING: gettext_noop("多起来了"),
    Trend.STEADY: gettext_noop("一直在说"),
    Trend.FADING: gettext_noop("少下去了"),
    Trend.UNKNOWN: gettext_noop("还比不出"),
}
NAMED = 2
NOTICEABLE = 1.5  # times the usual; where it is no more, it is the usual


def name(trend: Trend) -> str:
    """How a theme moves, in a word or two."""
    return _(NAMES[trend])


def headline(stories: Stories) -> str:
    """The answer: what has come up in this week, or that nothing has."""
    rising = stories.rising
    if rising:
        titles = [_("「%(title)s」") % {"title": one.theme.title} for one in rising[:NAMED]]
        told = {"titles": pgettext("between titles", "、").join(titles), "n": number(len(rising))}
        if len(rising) > NAMED:
            return _("%(titles)s等 %(n)s 件事，这周多起来了") % told
        return _("%(titles)s这周多起来了") % told
    if stories.stories:
        return _("这周大家在说的还是那些事")
    return _("这周没有好几个人都在说的事")


def moved(theme: ThemeOfTalk) -> str:
    """Its figures now against before: «23 人次，是平常的 4.1 倍（2.3 – 7.4）»."""
    voices = ngettext("%(n)s 人次", "%(n)s 人次", theme.voices) % {"n": exact(theme.voices)}
    if theme.expected is None or theme.ratio is None or theme.low is None or theme.high is None:
        return _("%(voices)s，以前的话太少，比不出多了还是少了") % {"voices": voices}
    if theme.trend is Trend.STEADY and theme.ratio >= NOTICEABLE:
        return _("%(voices)s，照前四周该有 %(expected)s，多出来的可能是碰巧") % {
            "voices": voices,
            "expected": exact(round(theme.expected, 1)),
        }
    if theme.trend is Trend.STEADY:
        return _("%(voices)s，和平常差不多（照前四周该有 %(expected)s）") % {
            "voices": voices,
            "expected": exact(round(theme.expected, 1)),
        }
    if not theme.before:
        return _("%(voices)s，前四周没人说起") % {"voices": voices}
    if theme.trend is Trend.RISING and theme.low < 1 and theme.lately_expected is not None:
        lately = ngettext("%(n)s 人次", "%(n)s 人次", theme.lately) % {"n": exact(theme.lately)}
        return _("%(voices)s，近两天就有 %(lately)s，照以前该有 %(expected)s") % {
            "voices": voices,
            "lately": lately,
            "expected": exact(round(theme.lately_expected, 1)),
        }
    return _("%(voices)s，是平常的 %(ratio)s 倍（%(low)s – %(high)s）") % {
        "voices": voices,
        **{one: exact(round(getattr(theme, one), 1)) for one in ("ratio", "low", "high")},
    }


def size(theme: ThemeOfTalk) -> str:
    """«6 人说了 14 条», and in how many groups where there are several."""
    told = ngettext("%(people)s 人说了 %(lines)s 条", "%(people)s 人说了 %(lines)s 条", theme.people) % {
        "people": number(theme.people),
        "lines": number(theme.lines),
    }
    if theme.groups < 2:
        return told
    places = ngettext("%(n)s 个群", "%(n)s 个群", theme.groups) % {"n": number(theme.groups)}
    return _("%(places)s里 %(told)s") % {"places": places, "told": told}


def open_questions(theme: ThemeOfTalk) -> str:
    """How many questions on it nobody has answered; nothing where there are none."""
    if not theme.open:
        return ""
    return ngettext("%(n)s 个问题没人答", "%(n)s 个问题没人答", theme.open) % {"n": number(theme.open)}


def week(stories: Stories) -> str:
    """The week looked at: «到 11 月 21 日为止的 7 天»; nothing where nobody has looked."""
    if stories.told.until is None:
        return ""
    last = stories.told.until.astimezone(ZoneInfo(stories.timezone))
    return _("到 %(day)s 为止的 7 天") % {"day": tell_date(last, pgettext("date format", "n 月 j 日"))}


def looked_at(stories: Stories) -> str:
    """What was left out; nothing where all was looked at."""
    told = []
    if stories.told.one_in > 1:
        told.append(_("话太多，每 %(n)s 段对话里看了一段。") % {"n": exact(stories.told.one_in)})
    if stories.told.unread:
        words = ngettext("还有 %(n)s 条没判读。", "还有 %(n)s 条没判读。", stories.told.unread)
        told.append(words % {"n": number(stories.told.unread)})
    if stories.told.is_behind:
        told.append(_("后面几天的还在看。"))
    return " ".join(told)


def how() -> str:
    """How themes are found and counted."""
    return _(
        "看 7 天里的消息，和之前 4 周比。同一批人常常一起用的词算一件事；至少 3 个人在 2 段对话里说到，或者 5 个人说到，才列出来。标题是成员自己写的词组。"
        "人次：一个人一天说到，不管几条，算一次。多起来：人次在所有发言里占的份额明显比前四周高，或者近两天比在那以前明显高，碰巧这样的机会不到千分之一；括号里是 95% 区间。"
        "同事、机器人、广告、打卡和自我介绍不算，成员的名字不会当成话题。"
    )
