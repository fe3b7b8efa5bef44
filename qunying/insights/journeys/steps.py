"""The things people do that journeys are made of, and what must be read to see them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from django.utils.translation import gettext_noop as _

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

CAME, JOINED, LEFT, SAID = "came", "joined", "left", "said"
STEPS: Mapping[str, str] = MappingProxyType(
    {
        CAME: _("进群，或没看见进群时说的第一句话"),
        JOINED: _("进群"),
        LEFT: _("离开"),
        SAID: _("说话"),
        "order": _("下单"),
        "refund": _("退款"),
    }
)
_SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {CAME: ("events", "messages"), JOINED: ("events",), LEFT: ("events",), SAID: ("messages",)}
)
_PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType({CAME: (JOINED, SAID)})
MOST_STEPS = 10
_WINDOW = re.compile(r"(\d{1,5})\s*(s|m|h|d|w|秒|分钟|小时|天|周)", re.IGNORECASE)
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "秒": timedelta(seconds=1),
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "天": timedelta(days=1),
    "周": timedelta(weeks=1),
}


def read_steps(text: str) -> tuple[str, ...]:
    """Steps as typed: «joined,said,order». Raises ``BadUse`` for fewer than two, more than ten, or an empty name."""
    names = tuple(part.strip().lower() for part in re.split(r"[,，→]", text))
    if not all(names) or not 2 <= len(names) <= MOST_STEPS:
        raise BadUse(mark("--steps 要二到 %(n)s 步，用逗号隔开，例如 joined,said,order"), n=MOST_STEPS)
    return names


def read_window(text: str) -> timedelta:
    """A length of time as typed: «7d», «36h», «2周». Raises ``BadUse``."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise BadUse(mark("%(text)s 不是一段时间；写成 7d、36h 或 30m"), text=repr(text))
    return int(found[1]) * _UNITS[found[2].lower()]


def check_steps(steps: Collection[str], deeds: Collection[str]) -> None:
    """Raises ``BadUse`` for a step that is neither one of ours nor a kind of deed that was ever told of."""
    known = [*STEPS, *sorted(set(deeds) - STEPS.keys())]
    for step in steps:
        if step not in known:
            raise BadUse(mark("没有「%(name)s」这一步；有这些：%(known)s"), name=step, known=known)


def sources_of(steps: Collection[str]) -> tuple[str, ...]:
    """Which sources an engine must see to know these steps."""
    return tuple(sorted({source for step in steps for source in _SOURCES.get(step, ("deeds",))}))


def parts_of(step: str) -> Sequence[str]:
    """The names in ``did`` that are this step."""
    return _PARTS.get(step, (step,))
