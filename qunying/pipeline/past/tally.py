"""What an import has found so far: a small value that is saved with every batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass
class Tally:
    """Counts of one import; ``skipped`` is reason → [count, example]. ``notices`` are what the app wrote itself."""

    messages: int = 0
    notices: int = 0
    duplicates: int = 0
    joins: int = 0
    leaves: int = 0
    recalls: int = 0
    media: int = 0
    people: int = 0
    first_at: str = ""
    last_at: str = ""
    first_words: str = ""
    skipped: dict[str, list[Any]] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_words(cls, words: Mapping[str, Any]) -> Self:
        """The tally as it was saved; an empty mapping is a new one."""
        return cls(**words)

    def words(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    def keep(self, group: str, messages: int, months: Mapping[str, int]) -> None:
        """Messages that are new in a group, and in which months (``2024-03``) they were said."""
        self.messages += messages
        self.groups[group] = self.groups.get(group, 0) + messages
        for month, count in months.items():
            self.months[month] = self.months.get(month, 0) + count

    def rename(self, group: str, name: str) -> None:
        """A group is called differently from now on."""
        if group in self.groups:
            self.groups[name] = self.groups.get(name, 0) + self.groups.pop(group)

    def see(self, at: datetime) -> None:
        """Widens the span of time the import covers."""
        moment = at.isoformat()
        self.first_at = min(self.first_at, moment) if self.first_at else moment
        self.last_at = max(self.last_at, moment)

    def skip(self, reason: str, example: str) -> None:
        """One more thing that could not be read."""
        entry = self.skipped.setdefault(reason, [0, example])
        entry[0] += 1
