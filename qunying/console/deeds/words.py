"""Sentences of the pages of deeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.carriers.files.deeds import REASONS
from qunying.carriers.files.records import REASONS as OTHER_REASONS
from qunying.console.people.words import tell_money
from qunying.deeds.sorting import Contradiction, Says
from qunying.ui.figures import exact

KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "order": gettext_noop("订单"),
        "refund": gettext_noop("退款"),
        "consult": gettext_noop("咨询"),
        "satisfaction": gettext_noop("满意度（1–5 分）"),
        "nps": gettext_noop("NPS（0–10 分）"),
    }
)
COLUMN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "person": gettext_noop("是谁"),
        "time": gettext_noop("什么时候"),
        "amount": gettext_noop("多少钱"),
        "kind": gettext_noop("做了什么"),
        "order": gettext_noop("编号"),
        "currency": gettext_noop("币种"),
        "quantity": gettext_noop("件数"),
        "status": gettext_noop("状态"),
        "score": gettext_noop("打了几分"),
        "name": gettext_noop("名字"),
    }
)


def tell_kind(kind: str) -> str:
    """What was done; a platform's own word stands as it is."""
    return _(KIND_WORDS[kind]) if kind in KIND_WORDS else kind


def tell_reason(reason: str) -> str:
    """Why a row is left out."""
    words = REASONS.get(reason) or OTHER_REASONS.get(reason, "")
    return _(words) if words else reason


def tell_otherwise(one: Contradiction | None) -> str:
    """What is kept under the number of a row that says something else, beside what the row says."""
    if one is None:
        return ""
    return _("留着的：%(kept)s；表里：%(told)s") % {"kept": _tell(one.before), "told": _tell(one.deed.says())}


def _tell(says: Says) -> str:
    _who, at, amount, currency, quantity, score = says
    parts = [dateformat.format(timezone.localtime(at), "Y-m-d H:i")]
    if amount is not None:
        parts.append(tell_money(amount, currency))
    if quantity != 1:
        parts.append(ngettext("%(n)s 件", "%(n)s 件", quantity) % {"n": exact(quantity)})
    if score is not None:
        parts.append(ngettext("%(n)s 分", "%(n)s 分", score) % {"n": score})
    return " ".join(parts)


def tell_sums(sums: Iterable[tuple[str, str, int, int]]) -> str:
    """«订单 112 条（13,402.00 CNY）、咨询 6 条» in one line."""
    return _("、").join(
        _("%(kind)s %(n)s 条（%(sum)s）")
        % {"kind": tell_kind(kind), "n": exact(count), "sum": tell_money(parts, currency)}
        if parts
        else _("%(kind)s %(n)s 条") % {"kind": tell_kind(kind), "n": exact(count)}
        for kind, currency, count, parts in sums
    )
