"""Seed users, their signals and rungs in words, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.insights.seeds.ladder import GRACE, KEPT, ORDINARY, Rung
from qunying.insights.seeds.noting import A_COLLEAGUE, NOTE_DAYS
from qunying.insights.seeds.scoring import FULL, NOTES_FULL, Platform, Weights
from qunying.insights.seeds.signals import (
    ANSWERERS_A_DAY,
    HELPED_A_DAY,
    MESSAGES_A_DAY,
    OPENINGS_A_DAY,
    THANKED_A_DAY,
    Signals,
)
from qunying.ui.figures import number, percent

PART_NAMES: Mapping[str, str] = {
    "days": gettext_noop("来的天数"),
    "openings": gettext_noop("带起对话"),
    "answerers": gettext_noop("有人回"),
    "helped": gettext_noop("帮人解答"),
    "thanked": gettext_noop("被人谢"),
    "messages": gettext_noop("消息"),
    "platform": gettext_noop("平台上活跃"),
    "notes": gettext_noop("私下聊过"),
}
A_DAY: Mapping[str, int] = {
    "openings": OPENINGS_A_DAY,
    "answerers": ANSWERERS_A_DAY,
    "helped": HELPED_A_DAY,
    "thanked": THANKED_A_DAY,
    "messages": MESSAGES_A_DAY,
}
_FULL = {**FULL, "notes": NOTES_FULL}
FULL_WORDS: Mapping[str, str] = {
    "days": gettext_noop("%(days)s 天都来算满"),
    "openings": gettext_noop("有别人接话的 %(full)s 段算满，一天最多算 %(a_day)s 段"),
    "answerers": gettext_noop("%(full)s 个不同的人算满，一天最多算 %(a_day)s 人"),
    "helped": gettext_noop("答了别人 %(full)s 问算满，一天最多算 %(a_day)s 问"),
    "thanked": gettext_noop("%(full)s 次算满，一天最多算 %(a_day)s 次"),
    "messages": gettext_noop("天天 %(a_day)s 条算满，再多不算；不能比来的天数重"),
    "platform": gettext_noop("成立前后三成的日子在用算满；没有数据就不算"),
    "notes": gettext_noop("记下 %(full)s 次私聊算满，同一天算一次，同一位同事最多算 %(a_colleague)s 次；没人记就不算"),
}
WINDOW_NAMES = (gettext_noop("成立前 30 天"), gettext_noop("头 15 天"), gettext_noop("第 15 到 30 天"))


def part(name: str) -> str:
    """What a part of the score is called."""
    return _(PART_NAMES[name])


def windows() -> tuple[str, ...]:
    """What the three moments are called."""
    return tuple(_(name) for name in WINDOW_NAMES)


def rung_name(rung: Rung | None) -> str:
    """What a rung is called; nobody's rung is the ordinary one."""
    return _(rung.name) if rung else _(ORDINARY)


def reason(did: Signals, platform: Platform | None, days: int, talks: int = 0) -> str:
    """Why somebody stands where they stand, in one sentence."""
    told = [_("%(days)s 天里来了 %(n)s 天") % {"days": number(days), "n": number(did.days)}] if did.days else []
    told += [words for count, words in _clauses(did) if count]
    if platform is not None and any(platform.deeds):
        told.append(_on_platform(platform))
    if talks:
        told.append(ngettext("同事私下聊过 %(n)s 次", "同事私下聊过 %(n)s 次", talks) % {"n": number(talks)})
    if not did.days:
        told.insert(0, _("群里还没说过话"))
    return capfirst(_("，").join(told)) + _("。")


def _clauses(did: Signals) -> list[tuple[int, str]]:
    numbers = {"n": number(did.openings)}
    return [
        (did.openings, ngettext("带起 %(n)s 段对话", "带起 %(n)s 段对话", did.openings) % numbers),
        (
            did.answerers,
            ngettext("%(n)s 个人回过", "%(n)s 个人回过", did.answerers) % {"n": number(did.answerers)},
        ),
        (did.helped, ngettext("帮人答了 %(n)s 问", "帮人答了 %(n)s 问", did.helped) % {"n": number(did.helped)}),
        (did.thanked, ngettext("被谢 %(n)s 次", "被谢 %(n)s 次", did.thanked) % {"n": number(did.thanked)}),
    ]


def _on_platform(platform: Platform) -> str:
    days = sum(platform.days)
    words = ngettext("成立前后在平台上活跃 %(n)s 天", "成立前后在平台上活跃 %(n)s 天", days)
    return words % {"n": number(days)}


def full(name: str, days: int) -> str:
    """What makes a part full: «8 段算满，一天最多算 2 段»."""
    numbers = {"days": number(days), "full": _FULL.get(name, 0), "a_day": A_DAY.get(name, 0)}
    numbers["a_colleague"] = A_COLLEAGUE
    return _(FULL_WORDS[name]) % numbers


def how(days: int) -> str:
    """How the score is counted."""
    return _(
        "只看今天以前的 %(days)s 个整天。来的天数按天数算满；带起对话（有别的成员接话）%(openings)s 段满，一天最多算 %(openings_a_day)s 段；"
        "有人回 %(answerers)s 人满，一天最多算 %(answerers_a_day)s 人；帮人解答 %(helped)s 问满，一天最多算 %(helped_a_day)s 问；"
        "被人谢 %(thanked)s 次满，一天最多算 %(thanked_a_day)s 次，同一个人一天只算一次；消息一天最多算 %(messages_a_day)s 条。"
        "一天再吵也只值那一天。广告和辱骂不算，同事和机器人不算，撤回的不算。"
    ) % {
        "days": number(days),
        "openings": FULL["openings"],
        "openings_a_day": OPENINGS_A_DAY,
        "answerers": FULL["answerers"],
        "answerers_a_day": ANSWERERS_A_DAY,
        "helped": FULL["helped"],
        "helped_a_day": HELPED_A_DAY,
        "thanked": FULL["thanked"],
        "thanked_a_day": THANKED_A_DAY,
        "messages_a_day": MESSAGES_A_DAY,
    }


def how_platform() -> str:
    """How the platform's part is counted."""
    return _(
        "成立那天前 30 天、头 15 天、第 15 到 30 天里，平台上做过任何事的天数；三成的日子在用就算满。"
        "数据来自导入的表（qunying import）。只算这个社群的成员；平台上有、群里没有的人另外列出。"
    )


def how_notes() -> str:
    """How the part of private talks is counted."""
    return _(
        "今天以前 %(days)s 天里，同事在成员页记下的私聊：%(full)s 次算满。同一天记几条都算一次，同一位同事最多算 %(a_colleague)s 次，收回的不算。"
        "聊过说的是我们认得他，不是他答应了什么，所以分量轻。"
    ) % {"days": number(NOTE_DAYS), "full": NOTES_FULL, "a_colleague": A_COLLEAGUE}


def founded_by(chosen: date | None, started_on: date | None) -> str:
    """Who says on which day a community was founded."""
    if chosen is not None:
        return _("在分量页里写的日子")
    return _("社群设置里的开始日期") if started_on is not None else _("记录的第一天")


def how_ladder() -> str:
    """How rungs are gained and lost."""
    return _(
        "看今天以前的 30 个整天。一级的门槛全部达到当天就升；低于门槛的 %(kept)s 连续 %(grace)d 天才降，中间回到 %(kept)s 就重新算。"
        "每天定一次。升了会有一件待办提醒你去恭喜，不会自动发。"
    ) % {"kept": percent(KEPT), "grace": GRACE}


def needs(rung: Rung) -> str:
    """What a rung takes: «来的天数 12 · 带起对话 3»."""
    return " · ".join(f"{part(name)} {number(least)}" for name, least in rung.needs.items())


def weighed(weights: Weights) -> str:
    """The weights as they are: «来的天数 25 · 带起对话 20 …»."""
    return " · ".join(f"{part(name)} {getattr(weights, name)}" for name in PART_NAMES)
