"""Turns what a table or another program tells into deeds of one community: whose they are, and which are new."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from qunying.carriers.files.deeds import PastDeed
from qunying.carriers.files.records import Skipped
from qunying.communities.queries import list_carriers_of
from qunying.deeds.actions import do_keep_deeds
from qunying.deeds.queries import count_told_elsewhere
from qunying.deeds.sorting import NewDeed, Place, Says, Sorted, sort_deeds
from qunying.people.actions import Account, do_know
from qunying.people.merging import SHOP
from qunying.people.queries import ids_of_accounts
from qunying.pipeline.past.deeds_tally import AGAIN, DeedTally
from qunying.pipeline.past.localtime import LocalTime

Row = PastDeed | Skipped
Told = Sequence[tuple[PastDeed, datetime]]


def shop_ref(home: int, source: str, word: str) -> str:
    """How the account is known that somebody has with a shop of that community, by the shop's own word for them."""
    return f"{home}:{source}:{word}"[:255]


@dataclass(slots=True)
class Keeper:
    """Takes rows in the order of the file: equal rows without a number are told apart by it.

    ``home`` is the community, 0 for one that is not there yet. ``import_id``: the table that new deeds are kept under.
    """

    home: int
    source: str
    zone: ZoneInfo
    tally: DeedTally = field(default_factory=DeedTally)
    import_id: int | None = None
    _carriers: tuple[str, ...] = ()
    _equal: Counter[str] = field(default_factory=Counter)
    _foreseen: dict[Place, Says] = field(default_factory=dict)
    _strangers: dict[str, int] = field(default_factory=dict)
    _time: LocalTime = field(init=False)

    def __post_init__(self) -> None:
        self._time = LocalTime(self.zone)
        self._carriers = tuple(list_carriers_of(self.home)) if self.home else ()

    def foresee(self, rows: Iterable[Row]) -> None:
        """Counts what would become of one piece; writes nothing."""
        told = self._told(rows)
        deeds = self._deeds(told, self._ids(told))
        found = sort_deeds(list(deeds), self._foreseen)
        self._count(found, deeds)
        numbers = [(deed.kind, deed.key) for deed in found.new if deeds[deed].order]
        self.tally.elsewhere.update(count_told_elsewhere(self.home, self.source, numbers))

    def do_keep(self, rows: Iterable[Row], now: datetime) -> None:
        """Keeps one piece and counts what became of it."""
        told = self._told(rows)
        deeds = self._deeds(told, self._do_know(told, now))
        self._count(do_keep_deeds(list(deeds), self.import_id), deeds)

    def _told(self, rows: Iterable[Row]) -> Told:
        told = list[tuple[PastDeed, datetime]]()
        for row in rows:
            if isinstance(row, Skipped):
                self.tally.skip(row.reason, row.place, row.sample)
            else:
                at = self._time.next_utc(row.at)
                self.tally.see(row, at)
                told.append((row, at))
        return told

    def _count(self, found: Sorted, deeds: Mapping[NewDeed, PastDeed]) -> None:
        self.tally.add(found.new)
        self.tally.duplicates += found.known
        for one in found.contradicting:
            row = deeds[one.deed]
            self.tally.skip(AGAIN, row.place, f"{row.order} {row.person}".strip(), one)

    def _known(self, words: Iterable[str]) -> dict[str, int]:
        """Accounts that the community's carriers know by that very reference: members."""
        known = ids_of_accounts([(carrier, word) for carrier in self._carriers for word in words])
        found = {word: pk for (_, word), pk in known.items()}
        self.tally.members.update(found)
        return found

    def _ids(self, told: Told) -> dict[str, int]:
        """Whose they are; who is nobody yet gets a number below nought."""
        words = {row.person for row, _ in told}
        found = self._known(words)
        shops = ids_of_accounts([(SHOP, self._ref(word)) for word in words - found.keys()])
        found |= {word: shops[SHOP, self._ref(word)] for word in words if (SHOP, self._ref(word)) in shops}
        return found | {
            word: self._strangers.setdefault(word, -len(self._strangers) - 1) for word in words - found.keys()
        }

    def _do_know(self, told: Told, now: datetime) -> dict[str, int]:
        """Whose they are: an account the community's carriers know by that reference, or one with the shop."""
        found = self._known({row.person for row, _ in told})
        names = {row.person: row.name for row, _ in told if row.person not in found}
        accounts = {Account(SHOP, self._ref(word)): name or word for word, name in names.items()}
        shops = do_know(accounts, now)
        return found | {word: shops[Account(SHOP, self._ref(word))].id for word in names}

    def _ref(self, word: str) -> str:
        return shop_ref(self.home, self.source, word)

    def _deeds(self, told: Told, ids: Mapping[str, int]) -> dict[NewDeed, PastDeed]:
        """Each with its row; of rows that say the very same under one number, the last."""
        deeds = [self._deed(row, at, ids) for row, at in told]
        self.tally.duplicates += len(deeds) - len(set(deeds))
        return {deed: row for deed, (row, _) in zip(deeds, told, strict=True)}

    def _deed(self, row: PastDeed, at: datetime, ids: Mapping[str, int]) -> NewDeed:
        return NewDeed(
            community_id=self.home,
            identity_id=ids[row.person],
            source=self.source,
            kind=row.kind,
            key=row.order or self._key(row, at),
            at=at,
            amount=row.amount,
            currency=row.currency,
            quantity=row.quantity,
            score=row.score,
        )

    def _key(self, row: PastDeed, at: datetime) -> str:
        """A stable name for a row without a number: what it says, and its place among rows that say the same."""
        says = (row.person, row.kind, at.astimezone(UTC), row.amount, row.currency, row.quantity)
        said = "\x1f".join(map(str, says if row.score is None else (*says, row.score)))
        self._equal[said] += 1
        return hashlib.sha256(f"{said}\x1f{self._equal[said]}".encode()).hexdigest()[:32]
