"""Reads a table of orders or of what people did on a platform into a community: each deed once, each row accounted for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from qunying.carriers.files.deeds import ORDER, REFUND, PastDeed, is_table_of_deeds, read_deeds
from qunying.carriers.files.records import Skipped
from qunying.carriers.files.sources import Source, SourceError, open_file
from qunying.communities.queries import list_carriers_of, list_counted_homes
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.actions import Account, do_know
from qunying.people.ladder import do_ask_to_count
from qunying.people.merging import SHOP
from qunying.people.queries import ids_of_accounts
from qunying.pipeline.past.localtime import LocalTime
from qunying.pipeline.past.plan import check_timezone, community_named

AT_ONCE = 5000  # rows kept together
AGAIN = "number_again"
TURNED = "negative_is_refund"
KEPT_EXAMPLES = 200  # letters
STRANGERS = 5  # named as examples

Numbers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to read, and how: ``columns`` and ``kind`` as ``read_deeds`` takes them; ``source`` names the shop or platform."""

    path: Path
    community: str
    source: str = ""
    timezone: str = ""
    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class DeedTally:
    """What became of every row."""

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

    def skip(self, reason: str, example: str) -> None:
        """Counts a row that is left out."""
        self.skipped[reason] += 1
        self.examples.setdefault(reason, example[:KEPT_EXAMPLES])

    def note(self, reason: str, example: str) -> None:
        """Counts a row that was read otherwise than it was written."""
        self.noted[reason] += 1
        self.examples.setdefault(reason, example[:KEPT_EXAMPLES])

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

    def _strangers(self) -> dict[str, object]:
        """Who was kept as a customer, because no account of the community's platforms has that very reference."""
        found = sorted(self.people - self.members)
        return {"reason": "no_such_account", "count": len(found), "examples": found[:STRANGERS]}

    def _told(self, counts: Counter[str]) -> list[dict[str, object]]:
        return [
            {"reason": reason, "count": count, "example_line": self.examples[reason]}
            for reason, count in sorted(counts.items())
        ]


def is_deeds(path: Path) -> bool:
    """Whether that file is a table of deeds and no chat export."""
    try:
        return path.is_file() and is_table_of_deeds(open_file(path))
    except (SourceError, OSError, ValueError):
        return False


def count_deeds(wish: Wish) -> DeedTally:
    """Reads the table and counts, writes nothing. Raises ``BadUse`` as ``do_import_deeds`` does."""
    tally = DeedTally()
    clock = LocalTime(_zone(wish, ""))
    for row in _rows(wish):
        if isinstance(row, Skipped):
            tally.skip(row.reason, f"{row.place}: {row.sample}")
        else:
            tally.see(row, clock.next_utc(row.at))
    return tally


def do_import_deeds(wish: Wish, now: datetime) -> DeedTally:
    """Keeps what the table tells, in pieces; told again, nothing is doubled, and an interrupted import goes on.

    Customers get an account of their own with the shop, unless the community knows an account of that very reference.
    Raises ``BadUse`` for a file that cannot be read, an unknown zone or column.
    """
    rows = _rows(wish)
    first = next(rows, None)
    home = community_named(wish.community, wish.timezone, now)
    zone = list_counted_homes([home])[0].timezone
    tally, keeper = DeedTally(), _Keeper(home, wish.source, LocalTime(_zone(wish, zone)), list_carriers_of(home))
    rest = _with(first, rows)
    while piece := list(islice(rest, AT_ONCE)):
        with transaction.atomic():
            keeper.do_keep(piece, tally, now)
    _do_record(home, wish.source, tally, now)
    do_ask_to_count(home, now)
    return tally


def _with(first: PastDeed | Skipped | None, rows: Iterator[PastDeed | Skipped]) -> Iterator[PastDeed | Skipped]:
    if first is not None:
        yield first
        yield from rows


def _zone(wish: Wish, of_community: str) -> ZoneInfo:
    return ZoneInfo(wish.timezone or of_community or "UTC")


def _rows(wish: Wish) -> Iterator[PastDeed | Skipped]:
    """The rows; what makes the whole file unreadable is raised before the first one."""
    check_timezone(wish.timezone)
    source = _open(wish.path)
    found = read_deeds(source, wish.columns, wish.kind)
    first = next(found, None)
    if isinstance(first, Skipped) and first.reason == "unknown_format":
        raise BadUse(mark("读不了 %(path)s：%(why)s"), path=str(wish.path), why=first.sample)
    return _with(first, found)


def _open(path: Path) -> Source:
    try:
        return open_file(path)
    except (SourceError, OSError) as error:
        raise BadUse(mark("读不了 %(path)s：%(why)s"), path=str(path), why=str(error)) from error


def shop_ref(home: int, source: str, word: str) -> str:
    """How the account is known that somebody has with a shop of that community, by the shop's own word for them."""
    return f"{home}:{source}:{word}"[:255]


class _Keeper:
    """Turns rows into deeds of one community, in the order of the file: equal rows without a number are told apart by it."""

    def __init__(self, home: int, source: str, clock: LocalTime, carriers: Iterable[str]) -> None:
        self._home = home
        self._source = source
        self._clock = clock
        self._carriers = tuple(carriers)
        self._equal: Counter[str] = Counter()

    def do_keep(self, rows: Iterable[PastDeed | Skipped], tally: DeedTally, now: datetime) -> None:
        """Keeps one piece and counts what became of it."""
        told: list[tuple[PastDeed, datetime]] = []
        for row in rows:
            if isinstance(row, Skipped):
                tally.skip(row.reason, f"{row.place}: {row.sample}")
            else:
                at = self._clock.next_utc(row.at)
                tally.see(row, at)
                told.append((row, at))
        ids = self._people([row for row, _ in told], tally, now)
        deeds = {self._deed(row, at, ids): row for row, at in told}
        kept = do_keep_deeds(list(deeds))
        tally.new += kept.new
        tally.duplicates += len(told) - kept.new - len(kept.contradicting)
        for deed in kept.contradicting:
            row = deeds[deed]
            tally.skip(AGAIN, f"{row.place}: {row.order} {row.person}")

    def _people(self, rows: list[PastDeed], tally: DeedTally, now: datetime) -> dict[str, int]:
        """Who did it: an account the community's carriers know by that reference, or one with the shop."""
        words = {row.person for row in rows}
        known = ids_of_accounts([(carrier, word) for carrier in self._carriers for word in words])
        found = {word: pk for (_, word), pk in known.items()}
        tally.members.update(found)
        names = {row.person: row.name for row in rows if row.person not in found}
        accounts = {Account(SHOP, self._ref(word)): name or word for word, name in names.items()}
        shops = do_know(accounts, now)
        return found | {word: shops[Account(SHOP, self._ref(word))].id for word in names}

    def _ref(self, word: str) -> str:
        return shop_ref(self._home, self._source, word)

    def _deed(self, row: PastDeed, at: datetime, ids: Mapping[str, int]) -> NewDeed:
        return NewDeed(
            community_id=self._home,
            identity_id=ids[row.person],
            source=self._source,
            kind=row.kind,
            key=row.order or self._key(row, at),
            at=at,
            amount=row.amount,
            currency=row.currency,
            quantity=row.quantity,
        )

    def _key(self, row: PastDeed, at: datetime) -> str:
        """A stable name for a row without a number: what it says, and its place among rows that say the same."""
        said = "\x1f".join(map(str, (row.person, row.kind, at.astimezone(UTC), row.amount, row.currency, row.quantity)))
        self._equal[said] += 1
        return hashlib.sha256(f"{said}\x1f{self._equal[said]}".encode()).hexdigest()[:32]


def _do_record(home: int, source: str, tally: DeedTally, now: datetime) -> None:
    words = {
        "source": source,
        "deeds": tally.new,
        "duplicates": tally.duplicates,
        "skipped": sum(tally.skipped.values()),
        ORDER: tally.kinds[ORDER],
        REFUND: tally.kinds[REFUND],
    }
    key = f"deeds.imported:{home}:{source}:{now.isoformat()}"
    do_record_facts([Fact(name="deeds.imported", at=now, community_id=home, key=key, words=words)])
