"""How often something happened to those who went, beside those who stayed; and whether that can be told apart from chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from qunying.insights.churn.cases import LEFT, Case, Sides, sides_of_leaving, sides_of_silence, whys_of
from qunying.insights.churn.signals import Met, Signal, meet
from qunying.insights.scope import Scope

SURE = 0.99  # several things are looked at at once, so each has to be surer than the usual 95 %
FEW = 10  # on either side: of fewer nothing is said
NAMED = 20


class Finding(StrEnum):
    """What the difference comes to."""

    MORE = "more"
    LESS = "less"
    CANNOT_TELL = "cannot_tell"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share; None of nobody."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody who went to whom it happened; the message that shows it, where one does."""

    case: Case
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that may have happened. ``low`` and ``high`` bound the difference of the shares, gone minus stayed."""

    signal: Signal
    gone: Share
    stayed: Share
    low: float
    high: float
    examples: tuple[Example, ...]

    @property
    def difference(self) -> float | None:
        """Of the shares; None where one side is empty."""
        if self.gone.value is None or self.stayed.value is None:
            return None
        return self.gone.value - self.stayed.value

    @property
    def finding(self) -> Finding:
        """Whether it can be told apart from chance."""
        if min(self.gone.of, self.stayed.of) < FEW:
            return Finding.TOO_FEW
        if self.low > 0:
            return Finding.MORE
        return Finding.LESS if self.high < 0 else Finding.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Churn:
    """Who went and who stayed, and what had happened to both, in the order of ``Signal``.

    ``whys`` are the reasons that somebody wrote down of those of ``sides.gone`` who left; of the others nobody knows.
    """

    sides: Sides
    compared: tuple[Compared, ...]
    whys: Mapping[str, int] = field(default_factory=dict)


def read_churn(scope: Scope, kind: str = LEFT, days: int = 14) -> Churn:
    """Of the scope's groups. ``kind`` is ``left`` or ``silent``; silent is who has said nothing for so many ``days``."""
    sides = sides_of_leaving(scope) if kind == LEFT else sides_of_silence(scope, days)
    met = meet([*sides.gone, *sides.stayers], scope)
    gone, stayed = met[: len(sides.gone)], met[len(sides.gone) :]
    whys = whys_of(sides, scope) if kind == LEFT else {}
    return Churn(sides, tuple(_compare(signal, sides.gone, gone, stayed) for signal in Signal), whys)


def _compare(signal: Signal, cases: Sequence[Case], gone: Sequence[Met], stayed: Sequence[Met]) -> Compared:
    of_gone = Share(sum(signal in one for one in gone), len(gone))
    of_stayed = Share(sum(signal in one for one in stayed), len(stayed))
    met = [Example(case, one[signal]) for case, one in zip(cases, gone, strict=True) if signal in one]
    latest = sorted(met, key=lambda one: (one.message_id is None, -one.case.at.timestamp(), one.case.identity_id))
    return Compared(signal, of_gone, of_stayed, *interval(of_gone, of_stayed), tuple(latest[:NAMED]))


def interval(one: Share, other: Share, sure: float = SURE) -> tuple[float, float]:
    """Newcombe's interval (method 10) for the difference of two independent shares; everything where one is empty."""
    if one.value is None or other.value is None:
        return -1.0, 1.0
    difference = one.value - other.value
    (low_1, high_1), (low_2, high_2) = _wilson(one, sure), _wilson(other, sure)
    below = sqrt((one.value - low_1) ** 2 + (high_2 - other.value) ** 2)
    above = sqrt((high_1 - one.value) ** 2 + (other.value - low_2) ** 2)
    return difference - below, difference + above


def _wilson(share: Share, sure: float) -> tuple[float, float]:
    """Wilson's score interval of one share."""
    z, n, p = NormalDist().inv_cdf((1 + sure) / 2), share.of, share.count / share.of
    middle, width = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - width) / (1 + z * z / n), (middle + width) / (1 + z * z / n)
