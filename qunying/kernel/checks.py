"""What a capability looked at in one message, and what came of each look, also where that was nothing."""

from __future__ import annotations

from dataclasses import dataclass

from qunying.kernel.texts import Sentence

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that speaks for it, or with a weight below 0 against it; weights add up, 1 is certain."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look: whether it found something, how much from 0 to 1, in a sentence, because of what, and at which places of the text.

    ``title`` and the ``what`` of grounds are marked texts.
    """

    code: str
    title: str
    is_so: bool
    score: float
    said: Sentence
    grounds: tuple[Ground, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All looks at one message. ``text`` is what was read, with what pictures say; ``known`` how much of what was known then is
    still known."""

    checks: tuple[Check, ...]
    text: str
    known: Sentence
