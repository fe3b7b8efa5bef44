"""Who carries a community in words, in the active language: a line per person, with the parts of their score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from qunying.insights import words_of_seeds
from qunying.insights.carrying import Carrying, Climb, Grace, Seed, Step
from qunying.insights.seeds.ladder import Rung
from qunying.ui.dates import tell_date
from qunying.ui.figures import number

PARTS_TOLD = 3
NAMED = 3
STEPS: Mapping[Step, str] = {
    Step.LISTED: gettext_noop("还没安排私聊"),
    Step.PLANNED: gettext_noop("安排了私聊"),
    Step.TALKED: gettext_noop("聊过了"),
    Step.INVITED: gettext_noop("请过进种子群"),
    Step.JOINED: gettext_noop("在种子群里"),
}


def headline(seeds: Sequence[Seed]) -> str:
    """The answer: who carries."""
    if not seeds:
        return _("还没有人可以排")
    names = _("、").join(_("「%(name)s」") % {"name": one.name} for one in seeds[:NAMED])
    return _("%(names)s最像种子用户") % {"names": names}


def told(found: Carrying) -> str:
    """What was looked at, and what a full score is."""
    return _("%(span)s，满分 100") % {"span": span(found)}


def span(found: Carrying) -> str:
    """The days that were counted: «10 月 28 日 – 11 月 26 日的整天»."""
    shape = pgettext("date format", "n 月 j 日")
    days = {"since": tell_date(found.since, shape), "last": tell_date(found.last, shape)}
    return _("%(since)s – %(last)s 的整天") % days


def how(found: Carrying) -> str:
    """How the score is counted."""
    return words_of_seeds.how(found.days) + (words_of_seeds.how_notes() if found.has_notes else "")


def points(seed: Seed) -> str:
    """Where most of the score comes from: «来的天数 20.1 · 帮人解答 15 · 有人回 9»."""
    best = sorted(seed.score.points.items(), key=lambda each: -each[1])[:PARTS_TOLD]
    return " · ".join(f"{words_of_seeds.part(name)} {number(round(value, 1))}" for name, value in best if value)


def score(seed: Seed) -> str:
    """The score: «72.4 分»."""
    return pgettext("seed score", "%(n)s 分") % {"n": number(round(seed.score.total, 1))}


def progress(seed: Seed) -> str:
    """Which list somebody is on and how far they have come; nothing for whoever is on none."""
    if seed.step is None:
        return ""
    return _("名单「%(name)s」：%(step)s") % {"name": seed.list_name, "step": step(seed)}


def step(seed: Seed) -> str:
    """How far they have come; nothing for whoever is on no list."""
    return _(STEPS[seed.step]) if seed.step else ""


def rung(code: str, rungs: Sequence[Rung]) -> str:
    """What the rung is called there."""
    return words_of_seeds.rung_name(next((one for one in rungs if one.code == code), None))


def line(seed: Seed, found: Carrying) -> str:
    """Somebody in one line: «老周 — 72.4 分（来的天数 20 · …）；核心成员；名单「第一批」：聊过了»."""
    parts = points(seed)
    told = [score(seed) + (_("（%(parts)s）") % {"parts": parts} if parts else "")]
    told += [rung(seed.rung, found.rungs)] if seed.rung else []
    told += filter(None, [progress(seed)])
    return f"{seed.name} — {_('；').join(told)}"


def moves(climbs: Sequence[Climb], falling: int) -> str:
    """The answer: how many rose, fell, and are about to."""
    up = sum(one.is_gain for one in climbs)
    down = len(climbs) - up
    told = [
        ngettext("%(n)s 人升了级", "%(n)s 人升了级", up) % {"n": number(up)} if up else "",
        ngettext("%(n)s 人降了级", "%(n)s 人降了级", down) % {"n": number(down)} if down else "",
        ngettext("%(n)s 人快降了", "%(n)s 人快降了", falling) % {"n": number(falling)} if falling else "",
    ]
    return _("，").join(filter(None, told)) or _("没有人升级，也没有人降级")


def climb(one: Climb, rungs: Sequence[Rung]) -> str:
    """Who came from where to where."""
    words = (
        _("%(name)s 从「%(before)s」升到「%(after)s」")
        if one.is_gain
        else _("%(name)s 从「%(before)s」降到「%(after)s」")
    )
    return words % {"name": one.name, "before": rung(one.before, rungs), "after": rung(one.after, rungs)}


def grace(one: Grace, rungs: Sequence[Rung]) -> str:
    """Who loses a rung when, unless something happens."""
    day = tell_date(one.falls_on, pgettext("date format", "n 月 j 日"))
    return _("%(name)s 低于「%(rung)s」的门槛，到 %(day)s 还这样就降") % {
        "name": one.name,
        "rung": rung(one.rung, rungs),
        "day": day,
    }
