"""Proposals and decisions in words: short, exact, as an operator says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.console.reasons import tell_kind
from qunying.outbox.queries import Item
from qunying.ui.figures import duration, exact

HARDEST_FIRST = ("Ban", "RemoveMember", "Forfeit", "Mute", "Say", "Whisper", "DeleteMessage")
AGREES: Mapping[str, str] = MappingProxyType(
    {
        "Ban": gettext_noop("同意移出"),
        "RemoveMember": gettext_noop("同意移出"),
        "Forfeit": gettext_noop("同意没收"),
        "Mute": gettext_noop("同意禁言"),
        "DeleteMessage": gettext_noop("同意撤回"),
    }
)
AGREES_TO_SEND = gettext_noop("同意，发出")
TO_JUDGE = gettext_noop("请人判断")
DECIDED: Mapping[str, str] = MappingProxyType(
    {
        "softened": gettext_noop("放轻了"),
        "dismissed": gettext_noop("放过了"),
        "upheld": gettext_noop("维持处理"),
        "lifted": gettext_noop("撤销处理"),
        "undone": gettext_noop("撤回了"),
    }
)
KINDS: Mapping[str, str] = MappingProxyType({"appeal": gettext_noop("申诉"), "failed": gettext_noop("判断时出了错")})
DOTS: Mapping[str, str] = MappingProxyType({"approved": "act", "softened": "look", "upheld": "act", "lifted": "on"})


def hardest(items: Sequence[Item]) -> Item | None:
    """The act by which a proposal is called."""
    known = {kind: place for place, kind in enumerate(HARDEST_FIRST)}
    return min(items, key=lambda one: (known.get(one.kind, len(known)), one.pk), default=None)


def tell_act(item: Item) -> str:
    """What an effect does, with what matters of it."""
    if item.kind == "Mute":
        return _("禁言 %(time)s") % {"time": duration(timedelta(seconds=float(item.payload.get("duration", 0))))}
    if item.kind == "Say" and item.payload.get("is_warning"):
        return _("公开提醒一次")
    if item.kind == "Whisper" and item.payload.get("is_warning"):
        return _("私下提醒一次")
    return tell_kind(item.kind)


def tell_proposal(items: Sequence[Item], kind: str) -> str:
    """What a case is about, in a few words."""
    item = hardest(items)
    if item is None:
        return _(KINDS.get(kind, TO_JUDGE))
    people = len({one.member_id for one in items if one.kind == item.kind})
    if people < 2:
        return tell_act(item)
    said = {"what": tell_act(item), "n": exact(people)}
    return ngettext("%(what)s %(n)s 人", "%(what)s %(n)s 人", people) % said


def tell_yes(items: Sequence[Item]) -> str:
    """What the button of a yes says."""
    item = hardest(items)
    if item is None:
        return ""
    if item.payload.get("is_warning"):
        return _("同意提醒")
    return _(AGREES.get(item.kind, AGREES_TO_SEND))


def tell_decided(state: str, items: Sequence[Item], kind: str) -> str:
    """How a case was decided."""
    if state == "approved":
        return tell_proposal(items, kind)
    return _("看过了") if kind == "failed" else _(DECIDED.get(state, state))


def tell_alike(counts: Mapping[str, int]) -> str:
    """How colleagues decided such cases; "" where there were none."""
    total, passed = sum(counts.values()), counts.get("dismissed", 0)
    if not total:
        return ""
    said = {"n": exact(total), "passed": exact(passed)}
    return ngettext("类似 %(n)s 次，同事放过 %(passed)s 次。", "类似 %(n)s 次，同事放过 %(passed)s 次。", total) % said
