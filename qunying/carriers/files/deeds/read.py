"""Reads a table of deeds: one row, one deed; what cannot be one is said with its line, and nothing is guessed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from qunying.kernel.money import read_amount, read_currency
from qunying.kernel.texts import Sentence

from ..bodies import skip
from ..dates import read_any_time
from ..explanations import COLUMNS_OF_DEEDS, NO_COLUMN, UNKNOWN_COLUMN
from ..records import Skipped
from ..rows import Row, split_rows
from ..sources import Source
from .columns import SPACES, DeedColumns, cells_of, find_delimiter, has_words_of_talk, propose_columns

ORDER, REFUND = "order", "refund"
KIND_LETTERS = 40
HEADER_LETTERS = 20_000  # a longer first line names no columns

_KINDS = {
    ORDER: "order orders purchase purchased paid pay payment sale buy bought 订单 下单 支付 付款 购买 成交 销售 訂單",
    REFUND: "refund refunds refunded return returned chargeback 退款 退货 退费 售后 退貨",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_UNPAID = frozenset(
    [
        "unpaid",
        "pending",
        "cancelled",
        "canceled",
        "closed",
        "failed",
        "void",
        "待付款",
        "未付款",
        "未支付",
        "等待买家付款",
        "已取消",
        "取消",
        "交易关闭",
        "已关闭",
        "关闭",
        "支付失败",
        "待支付",
    ]
)
_REFUNDED = frozenset(["refunded", "returned", "已退款", "退款成功", "已退货", "全额退款"])


@dataclass(frozen=True, slots=True)
class PastDeed:
    """What somebody did outside the chat. ``at`` is naive where the file names no zone; ``place`` is the line.

    ``amount`` are parts of money (``kernel.money``), None where it is not about money; never negative: money back is a
    ``REFUND``. ``order`` is the shop's number, «» where the file gives none. ``is_turned``: the file wrote it as a
    negative amount.
    """

    place: int
    at: datetime
    person: str
    name: str
    kind: str
    order: str
    amount: int | None
    currency: str
    quantity: int
    is_turned: bool = False


def is_table_of_deeds(source: Source) -> bool:
    """Whether the first line names who, when, and an amount or what was done – and no column holds what was said."""
    header, _ = _header(source)
    found = propose_columns(header)
    if has_words_of_talk(header) or not {"person", "time"} <= found.keys():
        return False
    return "amount" in found or "kind" in found


def read_deeds(source: Source, chosen: Mapping[str, str], kind: str = "") -> Iterator[PastDeed | Skipped]:
    """The deeds of one table in its order. ``chosen`` columns win over what the header's words propose.

    ``kind`` is what every row is where no column says it; without it, a row with an amount is an order. Without a column
    for who and when nothing is read, and one ``Skipped`` says which is missing.
    """
    header, delimiter = _header(source)
    proposed = {f: name for f, name in propose_columns(header).items() if name not in set(chosen.values())}
    columns = {**proposed, **chosen}
    missing = _missing(header, columns, kind)
    if missing is not None:
        yield skip("unknown_format", 1, str(missing))
        return
    table = _Table(header, columns, kind)
    for row in _rows(source, delimiter):
        if isinstance(row, Skipped):
            yield row
        elif any(cell.strip() for cell in row.cells):
            yield from table.deeds(row)


def _header(source: Source) -> tuple[list[str], str]:
    line = next(source.lines(), "")
    if len(line) > HEADER_LETTERS:
        return [], ","
    delimiter = find_delimiter(line)
    try:
        return cells_of(line, delimiter), delimiter
    except csv.Error:
        return [], delimiter


def _missing(header: list[str], columns: DeedColumns, kind: str) -> Sentence | None:
    absent = [f"“{name}”" for name in columns.values() if name and name not in header]
    if absent:
        return Sentence(UNKNOWN_COLUMN, {"names": absent, "header": list(header)})
    has_what = kind or columns.get("amount") or columns.get("kind")
    without = [field for field in ("person", "time") if not columns.get(field)] + ([] if has_what else ["amount"])
    needed = [Sentence(COLUMNS_OF_DEEDS[field]) for field in without]
    return Sentence(NO_COLUMN, {"names": needed, "header": list(header)}) if needed else None


def _rows(source: Source, delimiter: str) -> Iterator[Row | Skipped]:
    lines = islice(source.lines(), 1, None)
    if delimiter == SPACES:
        return (Row(place, line.split()) for place, line in enumerate(lines, 2))
    return split_rows(lines, delimiter, 2)


class _Table:
    """The columns by place, and what all rows are where none says so."""

    def __init__(self, header: list[str], columns: DeedColumns, kind: str) -> None:
        self._index = {field: header.index(name) for field, name in columns.items() if name}
        self._kind = kind

    def deeds(self, row: Row) -> Iterator[PastDeed | Skipped]:
        """What one row tells: a deed, a refunded order as both, or why it is none."""
        found = self._read(row)
        if isinstance(found, str):
            yield skip(found, row.place, ",".join(row.cells))
            return
        yield found
        if found.kind == ORDER and self._cell(row, "status").lower() in _REFUNDED:
            yield replace(found, kind=REFUND)

    def _read(self, row: Row) -> PastDeed | str:
        """The deed, or the reason why there is none."""
        person = self._cell(row, "person") or self._cell(row, "name")
        if not person:
            return "no_person"
        at = read_any_time(self._cell(row, "time"), "dmy")
        if at is None:
            return "bad_time"
        if self._cell(row, "status").lower() in _UNPAID:
            return "not_paid"
        amount = self._amount(row)
        if isinstance(amount, str):
            return amount
        quantity = self._quantity(row)
        if quantity is None:
            return "bad_quantity"
        parts, currency = amount
        kind = self._kind_of(row, has_amount=parts is not None)
        if kind in {ORDER, REFUND} and parts is None:
            return "no_amount"
        is_turned = parts is not None and parts < 0
        if is_turned and kind not in {ORDER, REFUND}:
            return "bad_amount"
        kind = REFUND if is_turned else kind
        name, order = self._cell(row, "name")[:200], self._cell(row, "order")[:120]
        paid = None if parts is None else abs(parts)
        return PastDeed(row.place, at, person[:200], name, kind, order, paid, currency, quantity, is_turned)

    def _amount(self, row: Row) -> tuple[int | None, str] | str:
        """Parts and currency of a row; the reason where its cell is no amount or names two currencies."""
        stated = read_currency(self._cell(row, "currency"))
        if stated is None:
            return "bad_currency"
        text = self._cell(row, "amount")
        if not text:
            return None, stated
        found = read_amount(text)
        if found is None:
            return "bad_amount"
        parts, written = found
        if stated and written and stated != written:
            return "bad_currency"
        return parts, stated or written

    def _quantity(self, row: Row) -> int | None:
        text = self._cell(row, "quantity")
        if not text:
            return 1
        try:
            number = float(text)
        except ValueError:
            return None
        return int(number) if number.is_integer() and 0 <= number < 10**9 else None

    def _kind_of(self, row: Row, *, has_amount: bool) -> str:
        word = self._cell(row, "kind").lower()
        if word:
            return _KIND_OF.get(word, word[:KIND_LETTERS])
        return self._kind or (ORDER if has_amount else "")

    def _cell(self, row: Row, field: str) -> str:
        index = self._index.get(field, -1)
        return row.cells[index].strip() if 0 <= index < len(row.cells) else ""
