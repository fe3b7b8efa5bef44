"""A kept ranking read again: what was kept of somebody as signals, and their score taken apart as it was counted."""

from __future__ import annotations

from qunying.insights.scope import local_day
from qunying.insights.seeds.platform import WINDOWS
from qunying.insights.seeds.scoring import (
    DAYS,
    Platform,
    Score,
    Weights,
    notes_part,
    parts_of,
    platform_part,
    score_of,
)
from qunying.insights.seeds.signals import Signals
from qunying.people.ladder import LadderRow, SignalsRow


class Scoring:
    """What is needed to take a score apart as it was counted: weights, the span's days, how many days of each of the
    platform's windows had ``passed``, and which parts there were."""

    def __init__(self, ladder: LadderRow, zone: str) -> None:
        self.weights = Weights.of(ladder.weights)
        self.days = _length(ladder)
        self.has_platform = ladder.platform_people > 0
        self.has_notes = ladder.noted_people > 0
        self.passed = _passed(ladder, zone)

    def of(self, row: SignalsRow) -> Score:
        """The score with its parts."""
        platform = platform_of_row(row) or Platform()
        part = platform_part(platform, sum(self.passed)) if self.has_platform else None
        notes = notes_part(row.notes) if self.has_notes else None
        return score_of(parts_of(signals_of_row(row), self.days, part, notes), self.weights)


def _length(ladder: LadderRow) -> int:
    """How many days were counted."""
    return (ladder.counted_until - ladder.counted_from).days if ladder.counted_from and ladder.counted_until else DAYS


def _passed(ladder: LadderRow, zone: str) -> tuple[int, ...]:
    """How many days of each window had passed when it was counted."""
    if not (ladder.counted_founding and ladder.counted_at):
        return (0, 0, 0)
    age = (local_day(ladder.counted_at, zone) - ladder.counted_founding).days
    return tuple(max(0, min(end, age) - first) for first, end in WINDOWS)


def signals_of_row(row: SignalsRow) -> Signals:
    """What is kept of somebody, as it was counted."""
    return Signals(row.days, row.openings, row.answerers, row.helped, row.thanked, row.messages, row.said)


def platform_of_row(row: SignalsRow) -> Platform | None:
    """What they did on the platform; None where nothing is known."""
    if row.platform is None:
        return None
    deeds, days = row.platform
    return Platform((deeds[0], deeds[1], deeds[2]), (days[0], days[1], days[2]))
