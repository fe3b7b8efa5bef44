"""Writes deeds; in bulk, each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.deeds.models import Deed
from qunying.store import rows

_COLUMNS = ("community_id", "identity_id", "source", "kind", "key", "at", "amount", "currency", "quantity")
_KEY = ("community_id", "source", "kind", "key")


@dataclass(frozen=True, slots=True)
class NewDeed:
    """A deed to keep. ``amount`` are parts of money (``kernel.money``) or None."""

    community_id: int
    identity_id: int
    source: str
    kind: str
    key: str
    at: datetime
    amount: int | None = None
    currency: str = ""
    quantity: int = 1

    @property
    def place(self) -> tuple[int, str, str, str]:
        """What it is known by."""
        return self.community_id, self.source, self.kind, self.key

    def says(self) -> tuple[object, ...]:
        """What must be the same when it is told again."""
        return self.identity_id, self.at, self.amount, self.currency, self.quantity


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of deeds: how many are new, how many were kept before as they are, and which contradict what is kept."""

    new: int
    known: int
    contradicting: tuple[NewDeed, ...]


def do_keep_deeds(deeds: Sequence[NewDeed]) -> Kept:
    """Keeps what is not kept yet; what is kept is never changed by being told otherwise.

    Who tells of the same at the same moment may both hear that it is new; it is kept once.
    """
    columns = [*_KEY, "identity_id", "at", "amount", "currency", "quantity"]
    told = {row[:4]: row[4:] for row in rows.select(Deed, columns, _KEY, [deed.place for deed in deeds])}
    new, known, contradicting = list[NewDeed](), 0, list[NewDeed]()
    for deed in deeds:
        before = told.get(deed.place)
        if before is None:
            told[deed.place] = deed.says()
            new.append(deed)
        elif before == deed.says():
            known += 1
        else:
            contradicting.append(deed)
    told_rows = [(*deed.place[:1], deed.identity_id, *deed.place[1:], *deed.says()[1:]) for deed in new]
    rows.insert(Deed, _COLUMNS, told_rows, ignore=True)
    return Kept(len(new), known, tuple(contradicting))


def do_forget_deeds(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many deeds of communities that are being removed; answers how many."""
    ids = list(Deed.objects.filter(community__in=community_ids).values_list("pk", flat=True)[:at_most])
    Deed.objects.filter(pk__in=rows.among(ids)).delete()
    return len(ids)
