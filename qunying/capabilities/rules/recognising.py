"""Whether words say a rule, or that somebody has read it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from qunying.judgement.folding import folded
from qunying.kernel.scene import RuleInForce

ENOUGH = 0.8  # of the pairs of letters of a rule
FEW_PAIRS = 6  # shorter rules have to be there word for word
CONFIRMS_AT_MOST = 24
TELLING_NAME = 4  # letters
_LETTERS = re.compile(r"[\W_]+")
_CONFIRMS = re.compile(
    r"^(?:好的?|嗯+|谢谢|老师|大家|我|们|都|已经?|了|收到|知道|晓得|明白|清楚|了解|看到|看见|看过|读过|阅|读|懂|记住|记下|遵守|同意"
    r"|ok(?:ay)?|okk*|roger|gotit|got|it|read|seen|understood|noted|confirmed?|thanks|iknow|will|do|yes|1|\+1)+$"
)
_CONFIRMING = re.compile(
    r"收到|知道|晓得|明白|清楚|了解|看[到见过]|读过|已[阅读]|懂|记[住下]|遵守|同意|ok|roger|gotit|read|seen|understood|noted|confirm|iknow"
)


def says(text: str, rule: RuleInForce) -> bool:
    """Whether the words of that rule are in a text: all of them, or of a longer rule nearly all."""
    return _says(_letters(text), _letters(rule.text))


def names(text: str, rule: RuleInForce) -> bool:
    """Whether a text says that rule, or calls it by a name that is long enough to mean nothing else."""
    name = _letters(rule.name)
    return (len(name) >= TELLING_NAME and name in _letters(text)) or says(text, rule)


def confirms(text: str) -> bool:
    """Whether somebody says that they have read it, and nothing else."""
    plain = _letters(text)
    return len(plain) <= CONFIRMS_AT_MOST and bool(_CONFIRMS.match(plain)) and bool(_CONFIRMING.search(plain))


@lru_cache(maxsize=4096)
def _says(text: str, rule: str) -> bool:
    if not rule:
        return False
    if rule in text:
        return True
    pairs = _pairs(rule)
    return len(pairs) >= FEW_PAIRS and len(pairs & _pairs(text)) >= ENOUGH * len(pairs)


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    return _LETTERS.sub("", folded(text))
