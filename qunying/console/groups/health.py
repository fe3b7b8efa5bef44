"""How a group is doing in one word, with the numbers that made it so. The word is always of the numbers shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.insights.figures import Figures
from qunying.insights.queries import QUIET_FROM, QUIET_SHARE
from qunying.ui.figures import change as signed
from qunying.ui.figures import exact, percent

CROWDED_FROM = 0.95
WARMER_FROM = 0.3
ADS_FROM, ADS_SHARE = 10, 0.3  # of what was read in seven days
SHRINKS_FROM, SHRINKS_SHARE = 10, 0.05  # more who went than came in seven days


class Health(StrEnum):
    """The words, from what needs a person first to what does not."""

    CAPTURED = "captured"
    DEAD = "dead"
    QUIET = "quiet"
    SLOWING = "slowing"
    CROWDED = "crowded"
    WARMER = "warmer"
    ACTIVE = "active"


HEALTH_WORDS: Mapping[Health, str] = MappingProxyType(
    {
        Health.CAPTURED: gettext_noop("广告占了"),
        Health.DEAD: gettext_noop("沉寂"),
        Health.QUIET: gettext_noop("静默"),
        Health.SLOWING: gettext_noop("变冷"),
        Health.CROWDED: gettext_noop("快满了"),
        Health.WARMER: gettext_noop("变热"),
        Health.ACTIVE: gettext_noop("平稳"),
    }
)
HEALTH_TONES: Mapping[Health, str] = MappingProxyType(
    {
        Health.CAPTURED: "act",
        Health.DEAD: "plain",
        Health.QUIET: "look",
        Health.SLOWING: "look",
        Health.CROWDED: "look",
        Health.WARMER: "teal",
    }
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


def judge_health(numbers: Figures, capacity: int) -> Health:
    """The word for a group's figures; where several fit, the one that needs a person first."""
    weeks = numbers.weeks
    this, last = weeks[-1], weeks[-2]
    if numbers.ads >= ADS_FROM and numbers.ads >= ADS_SHARE * numbers.read:
        return Health.CAPTURED
    if not any(weeks):
        return Health.DEAD
    if not this:
        return Health.QUIET
    if (last >= QUIET_FROM and this <= QUIET_SHARE * last) or _shrinks(numbers):
        return Health.SLOWING
    if numbers.present >= capacity * CROWDED_FROM:
        return Health.CROWDED
    if last >= QUIET_FROM and this >= (1 + WARMER_FROM) * last:
        return Health.WARMER
    return Health.ACTIVE


def _shrinks(numbers: Figures) -> bool:
    lost = numbers.gone - numbers.joined
    return lost >= SHRINKS_FROM and lost >= SHRINKS_SHARE * (numbers.present + lost)


def tell_health(health: Health, numbers: Figures, capacity: int) -> Finding:
    """The word, with the sentences of numbers behind it."""
    return Finding(health, _(HEALTH_WORDS[health]), HEALTH_TONES.get(health, ""), _behind(health, numbers, capacity))


def _behind(health: Health, numbers: Figures, capacity: int) -> str:
    if health is Health.CAPTURED:
        return _tell_ads(numbers)
    if health is Health.DEAD:
        return _("八周里没有人说话。")
    if health is Health.CROWDED:
        return _("%(present)s 人，上限 %(capacity)s 人，快进不来人了。") % {
            "present": exact(numbers.present),
            "capacity": exact(capacity),
        } + _tell_moves(numbers)
    return (
        _tell_talk(numbers)
        + _tell_moves(numbers)
        + _("降到七成以下，或者净走 %(people)s 人、5%% 以上算变冷，涨三成以上算变热；之前不到 %(least)s 条的不比。")
        % {"people": SHRINKS_FROM, "least": QUIET_FROM}
    )


def _tell_ads(numbers: Figures) -> str:
    words = {
        "read": exact(numbers.read),
        "ads": exact(numbers.ads),
        "share": percent(numbers.ads / numbers.read if numbers.read else None),
        "people": exact(numbers.advertisers),
    }
    return (
        _(
            "到昨天的 7 天判读了 %(read)s 条，%(ads)s 条（%(share)s）是广告，%(people)s 个人发的。三成以上、至少 10 条算被广告占了。"
        )
        % words
    )


def _tell_talk(numbers: Figures) -> str:
    change, weeks = change_of(numbers.weeks), numbers.weeks
    said = _("到昨天的 7 天 %(this)s 条，之前 7 天 %(last)s 条") % {"this": exact(weeks[-1]), "last": exact(weeks[-2])}
    return said + (_("（%(change)s）。") % {"change": signed(change)} if change is not None else _("。"))


def _tell_moves(numbers: Figures) -> str:
    return _("进 %(joined)s 人，走 %(gone)s 人。") % {"joined": exact(numbers.joined), "gone": exact(numbers.gone)}
