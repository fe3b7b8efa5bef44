"""Which of the deeds that are told are new, which are kept as they are, and which contradict what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.deeds.models import Deed
from qunying.store import rows

KEY = ("community_id", "source", "kind", "key")
SAYS = ("identity_id", "at", "amount", "currency", "quantity", "score")

Place = tuple[int, str, str, str]
Says = tuple[int, datetime, int | None, str, int, int | None]


@dataclass(frozen=True, slots=True)
class NewDeed:
    """A deed to keep. ``amount`` are parts of money (``kernel.money``) or None, ``score`` is an answer or None."""

    community_id: int
    identity_id: int
    source: str
    kind: str
    key: str
    at: datetime
    amount: int | None = None
    currency: str = ""
    quantity: int = 1
    score: int | None = None

    @property
    def place(self) -> Place:
        """What it is known by."""
        return self.community_id, self.source, self.kind, self.key

    def says(self) -> Says:
        """What must be the same when it is told again."""
        return self.identity_id, self.at, self.amount, self.currency, self.quantity, self.score


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A deed that is told otherwise than the one of that number was: ``before`` is what that one says."""

    deed: NewDeed
    before: Says


@dataclass(frozen=True, slots=True)
class Sorted:
    """Deeds by what becomes of them: new ones, how many are kept as they are, and which contradict what is kept."""

    new: tuple[NewDeed, ...]
    known: int
    contradicting: tuple[Contradiction, ...]


def sort_deeds(deeds: Sequence[NewDeed], told: dict[Place, Says] | None = None) -> Sorted:
    """What would become of these deeds, in their order; nothing is written.

    ``told`` is what was told before by pieces of the same table that are not kept yet; it is added to.
    """
    told = {} if told is None else told
    asked = [deed.place for deed in deeds if deed.place not in told]
    found = rows.select(Deed, [*KEY, *SAYS], KEY, asked)
    told.update({(row[0], row[1], row[2], row[3]): row[4:] for row in found})
    new, known, contradicting = list[NewDeed](), 0, list[Contradiction]()
    for deed in deeds:
        before = told.get(deed.place)
        if before is None:
            told[deed.place] = deed.says()
            new.append(deed)
        elif before == deed.says():
            known += 1
        else:
            contradicting.append(Contradiction(deed, before))
    return Sorted(tuple(new), known, tuple(contradicting))
