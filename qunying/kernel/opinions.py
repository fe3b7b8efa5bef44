"""What a capability thinks about an event, and what was decided in the end. Every one of them says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qunying.kernel.effects import Effect, EffectState
from qunying.kernel.events import Event


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code, ``capability.what``, and the parameters of the sentence it is shown as."""

    code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One capability's view of one event. No effects means: this should be left alone, and here is why.

    ``asks_first``: it is in doubt, so that a person looks before anything of it is done, also where it might act by itself.
    """

    capability: str
    reason: Reason
    effects: tuple[Effect, ...] = ()
    evidence: tuple[str, ...] = ()
    confidence: float = 1.0
    asks_first: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One effect that was decided on, whose idea it was and how sure of it, and what becomes of it under the group's mode."""

    effect: Effect
    capability: str
    reason: Reason
    key: str
    state: EffectState = EffectState.WAITING
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one event: the opinions heard and the acts that remain of them after settling."""

    event: Event
    opinions: tuple[Opinion, ...] = ()
    acts: tuple[Act, ...] = ()
