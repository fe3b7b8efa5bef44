"""The probability that a text draws people out of the group, from what was found in it."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp

from qunying.judgement.folding import fold
from qunying.judgement.grams import READ_LETTERS, Dressed
from qunying.judgement.linear import MODELS
from qunying.judgement.patterns.contacts import Contact, find_contacts
from qunying.judgement.patterns.handles import ASKS, OFFICIAL
from qunying.judgement.views import View

MODEL = "contacts"
FEATURES = (
    "surest",
    "more",
    "invitation",
    "disguise",
    "mobile",
    "code",
    "email",
    "official",
    "spoken_to",
    "asked",
    "bare",
    "wanted",
)
_SPOKEN_TO = re.compile(r"^\s?@")
_WANTED = re.compile(
    r"加[我微vq扣薇+]|[+]|要的|想|需要|招|出|卖|收|便宜|低价|免费|优惠|领|返|代|拉你|进群|价|咨询|合作|备注|详聊"
)


@dataclass(frozen=True, slots=True)
class Contacts:
    """How likely the verdict ``contact`` is, and what speaks for it."""

    probability: float
    hits: tuple[Contact, ...]


def read_contacts(text: str, dressed: Dressed | None = None) -> Contacts:
    """Nought where nothing was found. ``dressed`` spares folding a text that was dressed whole. Never raises."""
    is_whole = len(text) <= READ_LETTERS
    folded = dressed.folded if dressed and is_whole else fold(text[:READ_LETTERS])
    hits = find_contacts(text, folded if is_whole else None)
    if not hits:
        return Contacts(0.0, ())
    weights, bias, _ = _shipped()
    score = bias + sum(weight * value for weight, value in zip(weights, features(folded, hits), strict=True))
    return Contacts(1 / (1 + exp(-min(max(score, -30.0), 30.0))), hits)


def threshold() -> float:
    """The probability from which the verdict holds."""
    return _shipped()[2]


@cache
def _shipped() -> tuple[tuple[float, ...], float, float]:
    told = json.loads((MODELS / f"{MODEL}.json").read_text(encoding="utf-8"))
    return tuple(told["weights"][name] for name in FEATURES), told["bias"], told["threshold"]


def features(folded: View, hits: Sequence[Contact]) -> tuple[float, ...]:
    """What the model looks at, in the order of ``FEATURES``; each between nought and one, more or less."""
    text = folded.text
    hard = [hit for hit in hits if hit.kind != "invitation"]
    soft = len(hits) - len(hard)
    surest = max((hit.certainty for hit in hard), default=0.0)
    first = min(hits, key=lambda hit: hit.span).span[0]
    place = bisect_left(folded.starts, first)
    before = text[:place] if place < len(text) else ""  # in the end of a long text, of which only the beginning is here
    kinds = {hit.kind for hit in hard}
    return (
        surest,
        min(len(hard), 3) / 3,
        min(soft, 2) / 2,
        min(max((hit.disguises for hit in hard), default=0), 4) / 4,
        float(kinds == {"phone"}),
        float(kinds == {"code"}),
        float(kinds == {"email"}),
        float(OFFICIAL.search(text) is not None),
        float(_SPOKEN_TO.match(text) is not None),
        float(ASKS.search(before) is not None),
        float(len(text) < 8),
        float(_WANTED.search(text) is not None),
    )
