"""Reads a table of orders or of what people did on a platform into a community: each deed once, each row accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from qunying.carriers.files.deeds import ORDER, REFUND, PastDeed, is_table_of_deeds, read_deeds
from qunying.carriers.files.records import Skipped
from qunying.carriers.files.sources import Source, SourceError, open_file
from qunying.communities.queries import find_community_by_name, list_counted_homes
from qunying.deeds.actions import do_begin_import, do_end_import
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.ladder import do_ask_to_count
from qunying.pipeline.past.deeds_keeping import Keeper, shop_ref
from qunying.pipeline.past.deeds_tally import AGAIN, TURNED, DeedTally
from qunying.pipeline.past.plan import check_timezone, community_named

__all__ = ["AGAIN", "TURNED", "DeedTally", "Wish", "count_deeds", "do_import_deeds", "is_deeds", "shop_ref"]

AT_ONCE = 5000  # rows kept together


@dataclass(frozen=True, slots=True)
class Wish:
    """What to read, and how: ``columns`` and ``kind`` as ``read_deeds`` takes them; ``source`` names the shop or platform.

    Of a workbook the ``sheet`` of that name, else its first. ``title`` is what the file is called where its path does not
    say.
    """

    path: Path
    community: str
    source: str = ""
    timezone: str = ""
    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    title: str = ""


def is_deeds(path: Path, sheet: str = "") -> bool:
    """Whether that file is a table of deeds and no chat export. Raises ``BadUse`` for a workbook that cannot be read."""
    try:
        return path.is_file() and is_table_of_deeds(open_file(path, sheet))
    except (SourceError, OSError, ValueError):
        return False


def count_deeds(wish: Wish) -> DeedTally:
    """What would become of every row now; writes nothing. Raises ``BadUse`` as ``do_import_deeds`` does."""
    rows = _rows(wish)
    home = find_community_by_name(wish.community) or 0
    keeper = Keeper(home, wish.source, _zone(wish, _zone_of(home)))
    while piece := list(islice(rows, AT_ONCE)):
        keeper.foresee(piece)
    return keeper.tally


def do_import_deeds(wish: Wish, now: datetime, *, user_id: int | None = None) -> tuple[DeedTally, int]:
    """Keeps what the table tells, in pieces; told again, nothing is doubled, and an interrupted import goes on.

    Answers what became of it and the import's id, 0 where it brought nothing new. Customers get an account of their own with
    the shop, unless the community knows an account of that very reference. Raises ``BadUse`` for a file that cannot be read,
    an unknown zone or column.
    """
    rows = _rows(wish)
    first = next(rows, None)
    home = community_named(wish.community, wish.timezone, now)
    import_id = do_begin_import(home, wish.source, wish.title or wish.path.name, at=now, user_id=user_id)
    keeper = Keeper(home, wish.source, _zone(wish, _zone_of(home)), import_id=import_id)
    rest = _with(first, rows)
    while piece := list(islice(rest, AT_ONCE)):
        with transaction.atomic():
            keeper.do_keep(piece, now)
    _do_end(home, wish.source, keeper.tally, import_id, now, user_id)
    do_ask_to_count(home, now)
    return keeper.tally, import_id if keeper.tally.new else 0


def _with(first: PastDeed | Skipped | None, rows: Iterator[PastDeed | Skipped]) -> Iterator[PastDeed | Skipped]:
    if first is not None:
        yield first
        yield from rows


def _zone_of(home: int) -> str:
    return list_counted_homes([home])[0].timezone if home else ""


def _zone(wish: Wish, of_community: str) -> ZoneInfo:
    return ZoneInfo(wish.timezone or of_community or "UTC")


def _rows(wish: Wish) -> Iterator[PastDeed | Skipped]:
    """The rows; what makes the whole file unreadable is raised before the first one."""
    check_timezone(wish.timezone)
    source = _open(wish.path, wish.sheet)
    found = read_deeds(source, wish.columns, wish.kind)
    first = next(found, None)
    if isinstance(first, Skipped) and first.reason == "unknown_format":
        raise BadUse(mark("读不了 %(path)s：%(why)s"), path=wish.title or str(wish.path), why=first.sample)
    return _with(first, found)


def _open(path: Path, sheet: str) -> Source:
    try:
        return open_file(path, sheet)
    except (SourceError, OSError) as error:
        raise BadUse(mark("读不了 %(path)s：%(why)s"), path=str(path), why=str(error)) from error


@transaction.atomic
def _do_end(home: int, source: str, tally: DeedTally, import_id: int, now: datetime, user_id: int | None) -> None:
    words = {
        "source": source,
        "deeds": tally.new,
        "duplicates": tally.duplicates,
        "skipped": sum(tally.skipped.values()),
        ORDER: tally.kinds[ORDER],
        REFUND: tally.kinds[REFUND],
    }
    do_end_import(import_id, tally.kept_words())
    key = f"deeds.imported:{home}:{source}:{now.isoformat()}"
    actor = "system" if user_id is None else f"user:{user_id}"
    do_record_facts([Fact(name="deeds.imported", at=now, community_id=home, key=key, actor=actor, words=words)])
