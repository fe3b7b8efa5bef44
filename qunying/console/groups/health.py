"""How a group is doing in one word, with the numbers that made it so. The word is always of the numbers shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.insights.queries import QUIET_FROM, QUIET_SHARE
from qunying.ui.figures import change as signed
from qunying.ui.figures import exact

CROWDED_FROM = 0.95
WARMER_FROM = 0.3


class Health(StrEnum):
    """The words, from what needs a person first to what does not."""

    DEAD = "dead"
    QUIET = "quiet"
    SLOWING = "slowing"
    CROWDED = "crowded"
    WARMER = "warmer"
    ACTIVE = "active"


HEALTH_WORDS: Mapping[Health, str] = MappingProxyType(
    {
        Health.DEAD: gettext_noop("沉寂"),
        Health.QUIET: gettext_noop("静默"),
        Health.SLOWING: gettext_noop("变冷"),
        Health.CROWDED: gettext_noop("快满了"),
        Health.WARMER: gettext_noop("变热"),
        Health.ACTIVE: gettext_noop("平稳"),
    }
)
HEALTH_TONES: Mapping[Health, str] = MappingProxyType(
    {Health.DEAD: "plain", Health.QUIET: "look", Health.SLOWING: "look", Health.CROWDED: "look", Health.WARMER: "teal"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The word for one group and the sentence of numbers behind it."""

    health: Health
    word: str
    tone: str
    why: str


def change_of(weeks: Sequence[int]) -> float | None:
    """The last week against the one before, as a share of it; None where nothing was said then."""
    this, last = weeks[-1], weeks[-2]
    return (this - last) / last if last else None


def judge_health(weeks: Sequence[int], present: int, capacity: int) -> Health:
    """``weeks``: messages of members in eight times seven whole days, oldest first, the last ending yesterday."""
    change = change_of(weeks)
    this, last = weeks[-1], weeks[-2]
    if not any(weeks):
        return Health.DEAD
    if not this:
        return Health.QUIET
    if change is not None and last >= QUIET_FROM and 1 + change <= QUIET_SHARE:
        return Health.SLOWING
    if present >= capacity * CROWDED_FROM:
        return Health.CROWDED
    if change is not None and last >= QUIET_FROM and change >= WARMER_FROM:
        return Health.WARMER
    return Health.ACTIVE


def tell_health(health: Health, weeks: Sequence[int], present: int, capacity: int) -> Finding:
    """The word, with the sentence of numbers behind it."""
    return Finding(
        health, _(HEALTH_WORDS[health]), HEALTH_TONES.get(health, ""), _behind(health, weeks, present, capacity)
    )


def _behind(health: Health, weeks: Sequence[int], present: int, capacity: int) -> str:
    change = change_of(weeks)
    if health is Health.DEAD:
        return _("八周里没有人说话。")
    if health is Health.CROWDED:
        return _("%(present)s 人，上限 %(capacity)s 人，快进不来人了。") % {
            "present": exact(present),
            "capacity": exact(capacity),
        }
    said = _("到昨天的 7 天 %(this)s 条，之前 7 天 %(last)s 条") % {"this": exact(weeks[-1]), "last": exact(weeks[-2])}
    ratio = _("（%(change)s）。") % {"change": signed(change)} if change is not None else _("。")
    return (
        said + ratio + _("降到七成以下算变冷，涨三成以上算变热；之前不到 %(least)s 条的不比。") % {"least": QUIET_FROM}
    )
