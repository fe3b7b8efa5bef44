"""Who calls themselves as if they spoke for the community, though they are not on its roster. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from qunying.judgement.folding import fold, folded, tighten

LIKE_OURS, LIKE_AN_OFFICE, LIKE_A_TEACHER = 0.9, 0.6, 0.3
LIKE_A_NAME = 88.0  # of 100
SHORT = 2  # letters
_TITLES = re.compile(
    r"官方|客服|助教|助理|班主任|小助手|教务|管理员|群主|工作人员|负责人|运营|admin|official|support|staff|assistant|moderator|help ?desk|customer service"
)
_TEACHER = re.compile(r"老师|导师|讲师|教练|teacher|coach|instructor")


def posing_of(names: Sequence[str], staff: Collection[str]) -> float:
    """How much these names (of an account, a card) look like somebody of ours: ``LIKE_OURS`` one of the ``staff``,
    ``LIKE_AN_OFFICE`` (官方, 客服, 助教), ``LIKE_A_TEACHER``; 0 like nobody."""
    return max((_posing(_tight(name), staff) for name in names if name.strip()), default=0.0)


def _posing(name: str, staff: Collection[str]) -> float:
    if any(_is_like(name, _tight(one)) for one in staff):
        return LIKE_OURS
    if _TITLES.search(name):
        return LIKE_AN_OFFICE
    return LIKE_A_TEACHER if _TEACHER.search(name) else 0.0


def _is_like(name: str, other: str) -> bool:
    if not name or len(other) < SHORT:
        return False
    if len(other) == SHORT:  # two letters are in many a name
        return name == other or (other in name and bool(_TITLES.search(name)))
    return other in name or fuzz.ratio(name, other) >= LIKE_A_NAME


@lru_cache(maxsize=8_192)
def _tight(name: str) -> str:
    """A name without what is put between its letters, in plain small letters."""
    return tighten(fold(name)).text or folded(name)
