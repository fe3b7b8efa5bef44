"""From the fact of a decision to what stands beside a message: views heard, acts taken, and where those stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qunying.console.group.items import Deed, View, Why
from qunying.console.reasons import STATE_TONES, tell_capability, tell_kind, tell_reason, tell_state
from qunying.journal.queries import GroupFact
from qunying.kernel.effects import EFFECTS, Outside


class Sent(Protocol):
    """An effect of the outbox as far as this page needs it."""

    kind: str
    state: str
    result_ref: str
    payload: Any
    capability: str
    reason_code: str
    reason_params: Any
    approved_by_id: int | None


def act_keys(facts: Sequence[GroupFact]) -> list[str]:
    """The keys of the effects that these decisions led to."""
    return [str(act["key"]) for fact in facts for act in _listed(fact, "acts")]


def tell_why(fact: GroupFact, sent: Mapping[str, Sent]) -> Why:
    """A recorded decision in words. ``sent`` are the effects it led to, as they stand now."""
    views = tuple(_view(words) for words in _listed(fact, "opinions"))
    deeds = tuple(_deed(words, sent.get(str(words.get("key")))) for words in _listed(fact, "acts"))
    outside = next((deed.what for deed in deeds if deed.is_outside), "")
    title = _("为什么%(what)s？") % {"what": outside} if outside else _("为什么没有动？")
    return Why(str(fact.id), title, views[0].sentence if views else "", views, deeds)


def tell_whys(facts: Sequence[GroupFact], sent: Mapping[str, Sent]) -> Why:
    """All decisions about one message, latest first, as one: its pictures are thought of later than its words."""
    whys = [tell_why(fact, sent) for fact in facts]
    said = next((why for why in whys if why.shown), whys[0])
    return replace(
        said,
        views=tuple(view for why in whys for view in why.views),
        deeds=tuple(deed for why in whys for deed in why.deeds),
    )


def tell_order(key: str, item: Sent, person: str) -> Why:
    """Why we said something: the reason its effect carries, and who let it go."""
    sentence = tell_reason(item.reason_code, item.reason_params or {})
    if item.reason_code == "console.by_hand" and person:
        sentence = _("「%(name)s」替小助手说的") % {"name": person}
    view = View(tell_capability(item.capability), sentence, 1.0, is_quiet=False)
    return Why(key, _("为什么这样说？"), sentence, (view,), (replace(_deed({"kind": item.kind}, item), words=""),))


def _view(words: Mapping[str, Any]) -> View:
    return View(
        capability=tell_capability(str(words.get("capability", ""))),
        sentence=tell_reason(str(words.get("reason", "")), words.get("params") or {}),
        confidence=float(words.get("confidence", 1.0)),
        is_quiet=not words.get("effects"),
    )


def _deed(words: Mapping[str, Any], item: Sent | None) -> Deed:
    kind = str(words.get("kind", ""))
    effect = EFFECTS.get(kind)
    is_outside = effect is not None and issubclass(effect, Outside)
    state = item.state if item else str(words.get("state", ""))
    return Deed(
        what=tell_kind(kind),
        state=tell_state(state) if is_outside else "",
        tone=STATE_TONES.get(state, ""),
        words=str(item.payload.get("text", "")) if item else "",
        href=_outbox() if item and state in {"needs_approval", "unknown", "failed"} else "",
        is_outside=is_outside,
    )


def _listed(fact: GroupFact, name: str) -> list[Mapping[str, Any]]:
    found = fact.words.get(name)
    return [words for words in found if isinstance(words, dict)] if isinstance(found, list) else []


def _outbox() -> str:
    try:
        return reverse("console:outbox")
    except NoReverseMatch:  # the screen was taken out
        return ""
