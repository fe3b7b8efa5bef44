"""From what somebody did to one number with visible parts: a weighted sum, each part from 0 to 1.

Two properties hold for any weights that are accepted. Nobody gains more by one noisy day of messages than by one more day
of coming at all: days and messages are both measured against the length of the span, and messages never weigh more. And
one day alone is worth at most a quarter of any part, because a full part takes four capped days, however short the span.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from qunying.insights.seeds.signals import (
    ANSWERERS_A_DAY,
    HELPED_A_DAY,
    MESSAGES_A_DAY,
    OPENINGS_A_DAY,
    THANKED_A_DAY,
    Signals,
)
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

DAYS = 30
FULL = {
    "openings": 4 * OPENINGS_A_DAY,
    "answerers": 5 * ANSWERERS_A_DAY,
    "helped": 4 * HELPED_A_DAY,
    "thanked": 4 * THANKED_A_DAY,
}  # what makes a part full within ``DAYS`` days
PARTS = ("days", "openings", "answerers", "helped", "thanked", "messages", "platform", "notes")
NOTES_FULL = 4  # talks, of which one colleague and one day make up no more than a part; see ``noting``
DIGITS = 9
MOST_WEIGHT = 100


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts. Only their proportions matter."""

    days: int = 25
    openings: int = 20
    answerers: int = 15
    helped: int = 15
    thanked: int = 10
    messages: int = 5
    platform: int = 10
    notes: int = 5

    @classmethod
    def of(cls, chosen: Mapping[str, object]) -> Weights:
        """The weights somebody chose, the built-in ones for the rest. Raises ``BadUse`` naming what is wrong."""
        known = {part.name for part in fields(cls)}
        strange = sorted(set(chosen) - known)
        if strange:
            raise BadUse(mark("没有「%(name)s」这一项"), name=strange[0])
        for name, value in chosen.items():
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_WEIGHT:
                raise BadUse(mark("%(name)s 要是 0 到 100 的整数"), name=name)
        weights = cls(**{**asdict(cls()), **chosen})
        if weights.messages > weights.days:
            raise BadUse(mark("消息的分量不能比来的天数重：那样一个吵闹的日子就能赢"))
        if not sum(asdict(weights).values()) - weights.platform - weights.notes:
            raise BadUse(mark("群里的各项不能全是 0"))
        return weights


@dataclass(frozen=True, slots=True)
class Platform:
    """What somebody did on the platform: how often, and on how many days, in each of the three windows around the founding."""

    deeds: tuple[int, int, int] = (0, 0, 0)
    days: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Score:
    """The number (0 … 100) and its parts: how full each is (0 … 1), and how many points it gave."""

    total: float
    parts: Mapping[str, float]
    points: Mapping[str, float]


def parts_of(
    signals: Signals, days: int, platform: float | None = None, notes: float | None = None
) -> dict[str, float]:
    """How full each part is over a span of so many days; without ``platform`` where nothing is known of any platform, without
    ``notes`` where nobody noted a private talk with any member."""
    span, times = max(1, days), max(1.0, days / DAYS)
    parts = {
        "days": min(1.0, signals.days / span),
        **{name: min(1.0, getattr(signals, name) / (most * times)) for name, most in FULL.items()},
        "messages": min(1.0, signals.messages / (MESSAGES_A_DAY * span)),
    }
    beside = {"platform": platform, "notes": notes}
    return {**parts, **{name: part for name, part in beside.items() if part is not None}}


def platform_part(platform: Platform, elapsed: int) -> float:
    """How full the part is: active on a third of the days of the windows that have passed is full."""
    return min(1.0, 3 * sum(platform.days) / max(1, elapsed))


def notes_part(talks: int) -> float:
    """How full the part is with so many talks that count."""
    return min(1.0, talks / NOTES_FULL)


def score_of(parts: Mapping[str, float], weights: Weights) -> Score:
    """The weighted sum of these parts; what is not among them weighs nothing."""
    given = asdict(weights)
    total = sum(given[name] for name in parts) or 1
    points = {name: round(100 * given[name] * part / total, DIGITS) for name, part in parts.items()}
    return Score(round(sum(points.values()), DIGITS), dict(parts), points)
