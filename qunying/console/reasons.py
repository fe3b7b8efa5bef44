"""Why something was decided, in a sentence: reason codes and states as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.kernel.effects import EffectState
from qunying.kernel.scene import Mode
from qunying.kernel.texts import Sentence
from qunying.outbox.words import KIND_WORDS, STATE_WORDS
from qunying.pipeline.roster import find_capability

HOUSE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "console.by_hand": gettext_noop("值班的人让做的"),
        "seeds.invited": gettext_noop("列进了种子用户名单，请来种子群"),
        "pipeline.failed": gettext_noop("判断时出了错，这次没有看法：%(error)s"),
    }
)
STATE_TONES: Mapping[str, str] = MappingProxyType(
    {
        EffectState.NEEDS_APPROVAL: "look",
        EffectState.UNKNOWN: "look",
        EffectState.FAILED: "act",
        EffectState.SENT: "teal",
        EffectState.SIMULATED: "plain",
    }
)
MODE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Mode.OFF: gettext_noop("关着"),
        Mode.OBSERVE: gettext_noop("只看不动"),
        Mode.SUGGEST: gettext_noop("先问我"),
        Mode.ACT: gettext_noop("直接做"),
    }
)


def tell_reason(code: str, params: Mapping[str, object]) -> str:
    """The sentence of a reason code in the reader's language; the code itself where nobody knows it any more."""
    name = code.partition(".")[0]
    capability = find_capability(name)
    words = HOUSE_REASONS.get(code) or (capability.reasons.get(code) if capability else None)
    if not words:
        return code
    try:
        return _(words) % dict(params)
    except (KeyError, TypeError, ValueError):  # a sentence was changed after this decision had been recorded
        return _(words)


def tell_capability(name: str) -> str:
    """The capability's title; «群营» for what the house itself says."""
    capability = find_capability(name)
    return _(capability.title) if capability else {"console": _("值班")}.get(name, _("群营"))


def tell_timer(capability_name: str, key: str) -> str:
    """What a capability will do when that timer goes off."""
    capability = find_capability(capability_name)
    known = capability.timers.get(key.partition(":")[0]) if capability else None
    return _(known) if known else _("「%(name)s」到点接着办") % {"name": tell_capability(capability_name)}


def tell_title(title: str) -> str:
    """What a task asks for: a sentence of ours in the reader's language, other words as they are."""
    return Sentence.of_text(title).said(_)


def tell_error(text: str) -> str:
    """What went wrong: a sentence of ours in the reader's language, a platform's own words as they are."""
    return Sentence.of_text(text).said(_)


def tell_state(state: str) -> str:
    """Where an effect stands, in words."""
    return _(STATE_WORDS[state]) if state in STATE_WORDS else state


def tell_kind(kind: str) -> str:
    """What an effect does, in words."""
    return _(KIND_WORDS[kind]) if kind in KIND_WORDS else kind


def tell_built_in(value: object, built_in: object) -> object:
    """A setting's value: the built-in words in the reader's language, what somebody wrote as it is."""
    return _(built_in) if isinstance(built_in, str) and built_in and value == built_in else value


def tell_mode(mode: str) -> str:
    """How far a capability may go, in words."""
    return _(MODE_WORDS[mode]) if mode in MODE_WORDS else mode
