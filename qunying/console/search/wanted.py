"""What somebody typed into the search: words, and conditions on groups such as ``weight>80``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt
from types import MappingProxyType

from qunying.communities.queries import GroupLine

LETTERS_AT_MOST = 100
WORDS_AT_MOST = 8
FIELDS: Mapping[str, str] = MappingProxyType(
    {"weight": "weight", "权重": "weight", "capacity": "capacity", "容量": "capacity"}
)
SIGNS: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {">": gt, ">=": ge, "≥": ge, "<": lt, "<=": le, "≤": le, "=": eq}
)
_CONDITION = re.compile(rf"({'|'.join(FIELDS)})\s*(>=|<=|[><=≥≤])\s*(\d{{1,9}})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """A bound on one number of a group."""

    field: str
    sign: str
    value: int

    def holds(self, group: GroupLine) -> bool:
        """Whether a group keeps it."""
        return SIGNS[self.sign](getattr(group, self.field), self.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words, as typed and as compared (full width and case do not matter), and the conditions."""

    text: str = ""
    words: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was asked for."""
        return not self.words and not self.conditions

    @property
    def phrase(self) -> str:
        """The words for an index."""
        return " ".join(self.words)


def read_wanted(text: str) -> Wanted:
    """Takes anything that can be typed; what is no condition is words."""
    folded = fold(text.strip()[:LETTERS_AT_MOST])
    conditions = tuple(
        Condition(FIELDS[field.lower()], sign, int(value)) for field, sign, value in _CONDITION.findall(folded)
    )
    words = tuple(dict.fromkeys(_CONDITION.sub(" ", folded).split()))[:WORDS_AT_MOST]
    return Wanted(text.strip()[:LETTERS_AT_MOST], words, conditions)


def fold(text: str) -> str:
    """A text as it is compared: full width made narrow, letters made small, invisible signs left out."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cf", "Cc"} or sign.isspace())
