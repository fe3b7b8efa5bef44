"""What became of the rows of a table of deeds: counted, summed up, and one by one where they were left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qunying.carriers.files.deeds import PastDeed
from qunying.deeds.sorting import Contradiction, NewDeed

AGAIN = "number_again"
TURNED = "negative_is_refund"
KEPT_EXAMPLES = 200  # letters
STRANGERS = 5  # named as examples
MOST_LEFT = 500  # rows told one by one


@dataclass(frozen=True, slots=True)
class LeftDeed:
    """A row that was left out: its line, what stands there, why; ``before`` is what is kept under its number."""

    place: int
    sample: str
    reason: str
    before: Contradiction | None = None


@dataclass(slots=True)
class DeedTally:
    """What became of every row.

    ``sums`` are the new deeds by kind and currency: how many, and the parts of money (``kernel.money``) they come to.
    ``elsewhere``: how many of their numbers another shop's table brought before, by its name.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    currencies: Counter[str] = field(default_factory=Counter)
    new: int = 0
    duplicates: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    sums: dict[tuple[str, str], tuple[int, int]] = field(default_factory=lambda: defaultdict(lambda: (0, 0)))
    left: list[LeftDeed] = field(default_factory=list)
    elsewhere: Counter[str] = field(default_factory=Counter)

    def see(self, deed: PastDeed, at: datetime) -> None:
        """Counts a row that can be kept."""
        self.kinds[deed.kind] += 1
        self.people.add(deed.person)
        if deed.amount is not None:
            self.currencies[deed.currency] += 1
        self.first_at = min(self.first_at or at, at)
        self.last_at = max(self.last_at or at, at)
        if deed.is_turned:
            self.note(TURNED, f"{deed.place}: {deed.person} {deed.order}".strip())

    def skip(self, reason: str, place: int, sample: str, before: Contradiction | None = None) -> None:
        """Counts a row that is left out."""
        self.skipped[reason] += 1
        self.examples.setdefault(reason, f"{place}: {sample}"[:KEPT_EXAMPLES])
        if len(self.left) < MOST_LEFT:
            self.left.append(LeftDeed(place, sample[:KEPT_EXAMPLES], reason, before))

    def note(self, reason: str, example: str) -> None:
        """Counts a row that was read otherwise than it was written."""
        self.noted[reason] += 1
        self.examples.setdefault(reason, example[:KEPT_EXAMPLES])

    def add(self, new: Iterable[NewDeed]) -> None:
        """Counts and sums up deeds that are new."""
        for deed in new:
            count, parts = self.sums[deed.kind, deed.currency]
            self.sums[deed.kind, deed.currency] = (count + 1, parts + (deed.amount or 0))
            self.new += 1

    @property
    def strangers(self) -> list[str]:
        """Whom no account of the community's platforms has as its very reference: they are kept as customers."""
        return sorted(self.people - self.members)

    def words(self) -> dict[str, object]:
        """As the command tells it."""
        return {
            "deeds": self.new,
            "kinds": dict(self.kinds.most_common()),
            "people": len(self.people),
            "members": len(self.members),
            "strangers": self._strangers(),
            "currencies": dict(self.currencies.most_common()),
            "first_at": self.first_at.isoformat() if self.first_at else None,
            "last_at": self.last_at.isoformat() if self.last_at else None,
            "duplicates": self.duplicates,
            "skipped": self._told(self.skipped),
            "noted": self._told(self.noted),
        }

    def kept_words(self) -> dict[str, object]:
        """As it stays beside the import: numbers, lines and reasons, of nobody anything they could be known by."""
        return {
            "new": self.new,
            "known": self.duplicates,
            "people": len(self.people),
            "members": len(self.members),
            "sums": [[kind, currency, *sum_] for (kind, currency), sum_ in sorted(self.sums.items())],
            "skipped": dict(self.skipped),
            "turned": self.noted[TURNED],
            "left": [[one.place, one.reason] for one in self.left],
            "first_at": self.first_at.isoformat() if self.first_at else "",
            "last_at": self.last_at.isoformat() if self.last_at else "",
        }

    def _strangers(self) -> dict[str, object]:
        found = self.strangers
        return {"reason": "no_such_account", "count": len(found), "examples": found[:STRANGERS]}

    def _told(self, counts: Mapping[str, int]) -> list[dict[str, object]]:
        return [
            {"reason": reason, "count": count, "example_line": self.examples[reason]}
            for reason, count in sorted(counts.items())
        ]
