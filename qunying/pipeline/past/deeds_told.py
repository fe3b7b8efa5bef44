"""Keeps deeds that another program tells: all of one telling or none, each once however often it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from qunying.carriers.files.deeds import FIELD_OF, ORDER, REASONS, REFUND, PastDeed, is_refunded, read_deed
from qunying.journal.actions import do_record_facts
from qunying.kernel.facts import Fact
from qunying.kernel.texts import Sentence, mark
from qunying.people.ladder import do_ask_to_count
from qunying.pipeline.past.deeds_keeping import Keeper

MOST_ITEMS = 100
LETTERS: Mapping[str, int] = {
    "source": 64,
    "kind": 40,
    "order": 120,
    "person": 200,
    "name": 200,
    "time": 40,
    "amount": 40,
    "currency": 20,
    "quantity": 12,
    "score": 4,
    "status": 40,
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one item: its place in the list from nought, the field («» for the whole item), and why."""

    item: int
    field: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a telling: ``turned`` are the items whose negative amount made them refunds, ``strangers`` the people
    whom no account of the community's platforms has as its very reference."""

    new: int
    known: int
    turned: tuple[int, ...]
    strangers: tuple[str, ...]


class _Refused(Exception):
    """Nothing is kept."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__()
        self.wrong = tuple(wrong)


@dataclass(frozen=True, slots=True)
class _Item:
    """One that is right in itself, with the shop it is from."""

    source: str
    deed: PastDeed


def read_told(items: Sequence[Any]) -> tuple[tuple[_Item, ...], tuple[Wrong, ...]]:
    """The deeds of a telling, and what is wrong with those that are none.

    An item is an object of texts and numbers, whose fields are those of ``LETTERS``; ``order`` is its own number or key.
    """
    found, wrong = list[_Item](), list[Wrong]()
    for place, item in enumerate(items):
        said = _said(place, item)
        if isinstance(said, Wrong):
            wrong.append(said)
            continue
        deed = read_deed(place, said)
        if isinstance(deed, str):
            wrong.append(Wrong(place, FIELD_OF.get(deed, ""), Sentence(REASONS[deed])))
            continue
        found.append(_Item(said.get("source", ""), deed))
        if deed.kind == ORDER and is_refunded(said):
            found.append(_Item(said.get("source", ""), replace(deed, kind=REFUND)))
    return tuple(found), tuple(wrong)


def do_keep_told_deeds(
    community_id: int, timezone: str, items: Sequence[_Item], now: datetime
) -> Told | tuple[Wrong, ...]:
    """Keeps them all, or answers which contradict what is kept under their number, and keeps none.

    Times without a zone are those of ``timezone``. The same items again change nothing.
    """
    try:
        with transaction.atomic():
            keepers = list(_do_keep(community_id, ZoneInfo(timezone), items, now))
            told = _told(keepers, items)
            if told.new:
                _do_record(community_id, items, told, now)
    except _Refused as refused:
        return refused.wrong
    if told.new:
        do_ask_to_count(community_id, now)
    return told


def _said(place: int, item: Any) -> dict[str, str] | Wrong:
    """The item's fields as texts, or what is wrong with their form."""
    if not isinstance(item, dict):
        return Wrong(place, "", Sentence(mark("每一条都要是一个 JSON 对象")))
    said = {str(name): value.strip() if isinstance(value, str) else value for name, value in item.items()}
    for name, value in said.items():
        if name not in LETTERS:
            return Wrong(place, name[:40], Sentence(mark("不认得这一项；认得的：%(known)s"), {"known": list(LETTERS)}))
        if value is not None and not isinstance(value, str):
            return Wrong(place, name, Sentence(mark("要是文字或数字")))
        if value is not None and (len(value) > LETTERS[name] or "\x00" in value):
            return Wrong(place, name, Sentence(mark("最多 %(n)s 个字，不能有看不见的字符"), {"n": LETTERS[name]}))
    if not said.get("order"):
        return Wrong(place, "order", Sentence(mark("要有编号；同一件事每次都用同一个")))
    return {name: value for name, value in said.items() if value}


def _do_keep(home: int, zone: ZoneInfo, items: Sequence[_Item], now: datetime) -> Iterator[Keeper]:
    ordered = sorted(items, key=lambda item: item.source)
    for source, some in groupby(ordered, key=lambda item: item.source):
        keeper = Keeper(home, source, zone)
        keeper.do_keep([item.deed for item in some], now)
        if keeper.tally.left:
            raise _Refused([Wrong(one.place, "order", Sentence(REASONS[one.reason])) for one in keeper.tally.left])
        yield keeper


def _told(keepers: Sequence[Keeper], items: Sequence[_Item]) -> Told:
    return Told(
        new=sum(keeper.tally.new for keeper in keepers),
        known=sum(keeper.tally.duplicates for keeper in keepers),
        turned=tuple(sorted({item.deed.place for item in items if item.deed.is_turned})),
        strangers=tuple(dict.fromkeys(one for keeper in keepers for one in keeper.tally.strangers)),
    )


def _do_record(home: int, items: Sequence[_Item], told: Told, now: datetime) -> None:
    first = items[0]
    words = {"deeds": told.new, "known": told.known, "sources": sorted({item.source for item in items})}
    key = f"deeds.told:{home}:{first.source}:{first.deed.kind}:{first.deed.order}:{now.isoformat()}"
    do_record_facts([Fact(name="deeds.told", at=now, community_id=home, key=key, words=words)])
