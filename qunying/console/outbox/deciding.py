"""What a decision about an effect will do, before it is made, and the making of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.communities.queries import paused_communities
from qunying.console.outbox.context import EffectLine
from qunying.console.reasons import tell_kind
from qunying.kernel.effects import EffectState
from qunying.outbox.actions import do_approve, do_clear_up, do_hold, do_reject, do_undo
from qunying.outbox.queries import Item, find_opposite, get_effect
from qunying.ui.figures import duration

TALK = {"Say", "Announce", "Whisper"}
HARD = {"RemoveMember", "Ban", "Mute"}
Text = str | Promise


def _arrived(item_id: int, *, user_id: int, at: datetime) -> Item:
    return do_clear_up(item_id, is_sent=True, user_id=user_id, at=at)


def _lost(item_id: int, *, user_id: int, at: datetime) -> Item:
    return do_clear_up(item_id, is_sent=False, user_id=user_id, at=at)


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a person can decide: in which states, how it is asked, what is said when it is done."""

    states: frozenset[EffectState]
    act: Callable[..., Item]
    title: Text
    button: Text
    done: Text


DECISIONS: dict[str, Decision] = {
    "approve": Decision(
        frozenset({EffectState.NEEDS_APPROVAL}),
        do_approve,
        gettext_lazy("发出这一条？"),
        gettext_lazy("发出"),
        gettext_lazy("放行了"),
    ),
    "reject": Decision(
        frozenset({EffectState.NEEDS_APPROVAL}),
        do_reject,
        gettext_lazy("不发这一条？"),
        gettext_lazy("不发"),
        gettext_lazy("不发了"),
    ),
    "hold": Decision(
        frozenset({EffectState.WAITING}),
        do_hold,
        gettext_lazy("先别发这一条？"),
        gettext_lazy("拦下"),
        gettext_lazy("拦下了"),
    ),
    "undo": Decision(
        frozenset({EffectState.SENT}),
        do_undo,
        gettext_lazy("撤销这一条？"),
        gettext_lazy("撤销"),
        gettext_lazy("在撤销了"),
    ),
    "arrived": Decision(
        frozenset({EffectState.UNKNOWN}),
        _arrived,
        gettext_lazy("群里看得到，已经发出了？"),
        gettext_lazy("记成已发出"),
        gettext_lazy("记成已发出"),
    ),
    "lost": Decision(
        frozenset({EffectState.UNKNOWN}),
        _lost,
        gettext_lazy("群里没有，没发出去？"),
        gettext_lazy("记成没发出"),
        gettext_lazy("记成没发出"),
    ),
}


def asked(verb: str, item: Item) -> tuple[str, str]:
    """The question and the button: they name the act, where it is not just words."""
    decision = DECISIONS[verb]
    if item.kind in TALK or verb not in {"approve", "reject"}:
        return str(decision.title), str(decision.button)
    what = {"what": tell_kind(item.kind)}
    if verb == "approve":
        return _("%(what)s？") % what, tell_kind(item.kind)
    return _("不%(what)s？") % what, _("不%(what)s") % what


def preview(verb: str, item: Item, now: datetime) -> list[EffectLine]:
    """What the decision will do, in words with times; read from the effect itself."""
    match verb:
        case "approve":
            return _approving(item, now)
        case "undo":
            return _undoing(item)
        case "reject" | "hold":
            return [
                EffectLine("x", _("%(what)s不会发生") % {"what": tell_kind(item.kind)}, _("立刻")),
                EffectLine("journal", _("记下是谁拦的"), _("立刻")),
            ]
        case "arrived":
            return [EffectLine("check", _("当作已经发出，不会再发"), _("立刻"))]
        case _:
            return [EffectLine("x", _("当作没有发成，也不会再发"), _("立刻"))]


def _approving(item: Item, now: datetime) -> list[EffectLine]:
    effect = get_effect(item)
    starts = max(now, effect.not_before) if effect.not_before else now
    paused = paused_communities()
    lines = [EffectLine("send", tell_kind(item.kind), _("立刻") if starts == now else _clock(starts))]
    if None in paused or item.community_id in paused:
        lines.append(EffectLine("pause", _("自动动作停着，恢复以后才会发"), ""))
    gives_up = _("%(time)s内没做成就不再做") % {"time": duration(effect.expires_after)}
    lines.append(EffectLine("clock", gives_up, ""))
    opposite = item.kind in {"Say", "Announce", "Mute", "RemoveMember", "Ban"}
    lines.append(EffectLine("undo", _("之后还能撤销") if opposite else _("之后撤不回"), ""))
    return lines


def _undoing(item: Item) -> list[EffectLine]:
    opposite = find_opposite(item)
    what = tell_kind(type(opposite).__name__) if opposite else ""
    lines = [EffectLine("undo", what, _("约 1 分钟内"))]
    if item.kind in {"RemoveMember", "Ban"}:
        lines.append(EffectLine("door", _("他要自己接受邀请才会回来"), ""))
    if item.kind in {"Say", "Announce"}:
        lines.append(EffectLine("msgx", _("看到过的人已经看到了"), ""))
    return lines


def _clock(at: datetime) -> str:
    return dateformat.format(timezone.localtime(at), "m-d H:i")
