"""What hangs on a few people in words, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.insights.dependency import LINES, TOP, Dependency, Pillar
from qunying.ui.figures import number, percent


def headline(found: Dependency) -> str:
    """The answer in one sentence."""
    if not found.is_telling or found.share is None:
        return _("话还太少，看不出离不离得开谁")
    shares = _("说得最多的三位占了 %(share)s 的发言") % {"share": percent(found.share)}
    if found.answers_share is not None:
        shares += _("，答得最多的三位占了 %(share)s 的回答") % {"share": percent(found.answers_share)}
    heaviest = found.heaviest
    if heaviest is None or not found.is_risky:
        return shares
    return shares + _("；最怕「%(name)s」走") % {"name": heaviest.name}


def without(one: Pillar, whole: Dependency) -> str:
    """What a group would be without somebody."""
    left, had = one.without, whole.whole
    told = [_("消息剩 %(left)s / %(had)s 条") % _pair(left.messages, had.messages)]
    if had.conversations:
        told.append(_("对话剩 %(left)s / %(had)s 段") % _pair(left.conversations, had.conversations))
    if had.answered:
        told.append(_("有人答的问题剩 %(left)s / %(had)s 个") % _pair(left.answered, had.answered))
    told.append(_("说话的人剩 %(left)s / %(had)s 位") % _pair(left.speakers, had.speakers))
    if had.openers:
        told.append(_("开口的人剩 %(left)s / %(had)s 位") % _pair(left.openers, had.openers))
    return _("，").join(told)


def _pair(left: int, had: int) -> dict[str, str]:
    return {"left": number(left), "had": number(had)}


def share(one: Pillar) -> str:
    """How much somebody holds: «说了 31%，答了 12 问，带起 8 段»."""
    told = [_("说了 %(share)s") % {"share": percent(one.share)}]
    if one.answers:
        told.append(ngettext("答了 %(n)s 问", "答了 %(n)s 问", one.answers) % {"n": number(one.answers)})
    if one.opened:
        told.append(ngettext("带起 %(n)s 段对话", "带起 %(n)s 段对话", one.opened) % {"n": number(one.opened)})
    return _("，").join(told)


def how(found: Dependency) -> str:
    """How it is counted."""
    words = _(
        "看最近 30 天。没有谁的意思是：去掉这个人说的话，也去掉这个人开头的整段对话，再数一遍。回答只算成员答成员的问题；同事、机器人、广告不算。"
        "列出的是还在群里的人里说得最多的 %(top)d 位。"
    ) % {"top": TOP}
    cut = _("消息太多，只看了最新的 %(n)s 条。") % {"n": number(LINES)} if found.is_cut else ""
    return words + cut
