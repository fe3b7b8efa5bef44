"""One deed out of its words: what each field may say, and why something is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from qunying.kernel.money import read_amount, read_currency
from qunying.kernel.texts import mark

from ..dates import read_any_time

ORDER, REFUND = "order", "refund"
SATISFACTION, NPS = "satisfaction", "nps"
SCORES: Mapping[str, range] = MappingProxyType({SATISFACTION: range(1, 6), NPS: range(11)})
KIND_LETTERS = 40
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no_person": mark("没写是谁"),
        "bad_time": mark("时间读不懂，写成 2024-03-01 20:05 这样"),
        "no_kind": mark("没写做了什么"),
        "no_amount": mark("是订单或退款，却没有金额"),
        "bad_amount": mark("金额读不懂、小数超过四位，或者不是订单却是负数"),
        "bad_currency": mark("币种不认得，或者写了两种"),
        "bad_quantity": mark("件数要是 0 或更大的整数"),
        "no_score": mark("没写打了几分"),
        "bad_score": mark("分数不对：满意度是 1 到 5 的整数，NPS 是 0 到 10 的整数"),
        "blunt_number": mark("编号在 Excel 里成了科学计数，后面几位已经丢了；把那一列设成文本重新导出"),
        "not_paid": mark("没付款或者取消了"),
        "too_long": mark("这一行太长"),
        "number_again": mark("这个编号已经有了，内容不一样；留着先来的"),
        "negative_is_refund": mark("金额是负的，算退款"),
    }
)
FIELD_OF: Mapping[str, str] = MappingProxyType(
    {
        "no_person": "person",
        "bad_time": "time",
        "no_kind": "kind",
        "no_amount": "amount",
        "bad_amount": "amount",
        "bad_currency": "currency",
        "bad_quantity": "quantity",
        "no_score": "score",
        "bad_score": "score",
        "blunt_number": "order",
        "not_paid": "status",
        "number_again": "order",
    }
)

_KINDS = {
    ORDER: "order orders purchase purchased paid pay payment sale buy bought 订单 下单 支付 付款 购买 成交 销售 訂單",
    REFUND: "refund refunds refunded return returned chargeback 退款 退货 退费 售后 退貨",
    SATISFACTION: "satisfaction csat 满意度 满意度调查 滿意度",
    NPS: "nps 净推荐值 淨推薦值 推荐意愿",
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
_BLUNT = re.compile(r"\d(\.\d+)?[eE]\+\d+")  # 20240301123456789 as a spreadsheet shows it


@dataclass(frozen=True, slots=True)
class PastDeed:
    """What somebody did outside the chat. ``at`` is naive where the file names no zone; ``place`` is the line.

    ``amount`` are parts of money (``kernel.money``), None where it is not about money; never negative: money back is a
    ``REFUND``. ``order`` is the shop's number, «» where the file gives none. ``is_turned``: the file wrote it as a
    negative amount. ``score`` is the answer of ``SCORES``.
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
    score: int | None = None


def is_refunded(said: Mapping[str, str]) -> bool:
    """Whether the status says that the money went back."""
    return said.get("status", "").lower() in _REFUNDED


def read_deed(place: int, said: Mapping[str, str], kind: str = "") -> PastDeed | str:
    """The deed that these words by field tell, or the reason (see ``REASONS``) why there is none.

    ``kind`` is what it is where no field says so; without both, something with an amount is an order.
    """
    person = said.get("person") or said.get("name", "")
    if not person:
        return "no_person"
    if any(_BLUNT.fullmatch(said.get(field, "")) for field in ("order", "person")):
        return "blunt_number"
    at = read_any_time(said.get("time", ""), "dmy")
    if at is None:
        return "bad_time"
    if said.get("status", "").lower() in _UNPAID:
        return "not_paid"
    worth = _worth(said, kind)
    if isinstance(worth, str):
        return worth
    name, order = said.get("name", "")[:200], said.get("order", "")[:120]
    parts = None if worth.parts is None else abs(worth.parts)
    is_turned = worth.parts is not None and worth.parts < 0
    return PastDeed(
        place,
        at,
        person[:200],
        name,
        REFUND if is_turned else worth.kind,
        order,
        parts,
        worth.currency,
        worth.quantity,
        is_turned,
        worth.score,
    )


@dataclass(frozen=True, slots=True)
class _Worth:
    """What was done, and how much of it."""

    kind: str
    parts: int | None
    currency: str
    quantity: int
    score: int | None


def _worth(said: Mapping[str, str], kind: str) -> _Worth | str:
    amount, quantity = _amount(said), _quantity(said.get("quantity", ""))
    if isinstance(amount, str):
        return amount
    if quantity is None:
        return "bad_quantity"
    parts, currency = amount
    kind = _kind_of(said.get("kind", ""), kind, has_amount=parts is not None)
    if not kind:
        return "no_kind"
    if kind in {ORDER, REFUND} and parts is None:
        return "no_amount"
    if parts is not None and parts < 0 and kind not in {ORDER, REFUND}:
        return "bad_amount"
    score = _score(said.get("score", ""), kind)
    return score if isinstance(score, str) else _Worth(kind, parts, currency, quantity, score)


def _amount(said: Mapping[str, str]) -> tuple[int | None, str] | str:
    """Parts and currency; the reason where the words are no amount or name two currencies."""
    stated = read_currency(said.get("currency", ""))
    if stated is None:
        return "bad_currency"
    text = said.get("amount", "")
    if not text:
        return None, stated
    found = read_amount(text)
    if found is None:
        return "bad_amount"
    parts, written = found
    if stated and written and stated != written:
        return "bad_currency"
    return parts, stated or written


def _quantity(text: str) -> int | None:
    if not text:
        return 1
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() and 0 <= number < 10**9 else None


def _kind_of(word: str, kind: str, *, has_amount: bool) -> str:
    plain = (word or kind).lower()
    if plain:
        return _KIND_OF.get(plain, plain[:KIND_LETTERS])
    return ORDER if has_amount else ""


def _score(text: str, kind: str) -> int | str | None:
    """The answer where one belongs to such a deed, or the reason why it is none."""
    allowed = SCORES.get(kind)
    if allowed is None:
        return None
    plain = unicodedata.normalize("NFKC", text).removesuffix("分").strip()
    if not plain:
        return "no_score"
    return int(plain) if plain.isascii() and plain.isdigit() and int(plain) in allowed else "bad_score"
