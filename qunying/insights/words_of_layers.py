"""Layers in words, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.insights.layers import Layers
from qunying.insights.thresholds import Thresholds
from qunying.people.layers import Layer, LayerCounts
from qunying.ui.figures import number, percent

NAMES = {
    Layer.OPENER: gettext_noop("开口"),
    Layer.FOLLOWER: gettext_noop("跟话"),
    Layer.LURKER: gettext_noop("潜水"),
    Layer.DORMANT: gettext_noop("沉睡"),
}
NOTES = {
    Layer.OPENER: gettext_noop("带起话题"),
    Layer.FOLLOWER: gettext_noop("接着说"),
    Layer.LURKER: gettext_noop("在看，很少说"),
    Layer.DORMANT: gettext_noop("%(days)d 天没动静"),
}


def name(layer: Layer) -> str:
    """What a layer is called."""
    return _(NAMES[layer])


def layer_named(layer: str) -> str:
    """The same for what a row or a fact says; a word that is no layer as it stands."""
    return name(Layer(layer)) if layer in set(Layer) else layer


def note(layer: Layer, limits: Thresholds) -> str:
    """What its people do."""
    return _(NOTES[layer]) % {"days": limits.days} if layer is Layer.DORMANT else _(NOTES[layer])


def headline(layers: Layers) -> str:
    """The answer: which part of the members talks."""
    return _active(layers.active, layers.members)


def headline_of(counts: LayerCounts) -> str:
    """The same of counts that are kept."""
    return _active(counts.opener + counts.follower, counts.members)


def _active(active: int, members: int) -> str:
    if not members:
        return _("还不知道谁在群里")
    return _("成员里 %(share)s 在说话") % {"share": percent(active / members)}


def told(layers: Layers) -> str:
    """Of how many days, and by what."""
    return told_of(layers.thresholds.days)


def told_of(days: int) -> str:
    """Of so many days, and by what."""
    return _("近 %(days)d 天，按带起话题、接话和动静分") % {"days": days}


def silence(layers: Layers) -> str:
    """How many of the dormant never said a word; nothing where there are none."""
    if not layers.never:
        return ""
    words = ngettext("沉睡的人里 %(n)s 人从没说过话。", "沉睡的人里 %(n)s 人从没说过话。", layers.never)
    return words % {"n": number(layers.never)}


def how(limits: Thresholds) -> str:
    """How members are told apart."""
    return _(
        "看最近 %(days)d 天。开口：带起过至少 %(openings)d 段别人接话的对话，不看说了多少条。跟话：在 %(spoken)d 天里说过话，或者说过 %(messages)d 条，"
        "或者带起过一段。潜水：说过一句，或者这段时间刚进群。沉睡：什么都没有。同事和机器人不算。"
    ) % {
        "days": limits.days,
        "openings": limits.openings,
        "spoken": limits.days_spoken,
        "messages": limits.messages,
    }
