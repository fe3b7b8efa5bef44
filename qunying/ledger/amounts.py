"""Amounts that can be paid: of a currency there is, more than nothing, no finer than it is paid."""

from __future__ import annotations

from qunying.kernel.currencies import find_decimals
from qunying.kernel.errors import BadUse
from qunying.kernel.money import DECIMALS, MOST_PARTS, read_amount, to_decimal
from qunying.kernel.texts import mark


def read_payment(amount: str, currency: str) -> int:
    """The parts of an amount as somebody wrote it. Raises ``BadUse`` for what nobody can pay in that currency."""
    decimals = _decimals(currency)
    found = read_amount(amount)
    if found is None:
        raise BadUse(mark("「%(amount)s」不是金额，或者小数超过 %(n)s 位"), amount=amount, n=decimals)
    parts, named = found
    if named not in ("", currency):
        raise BadUse(mark("「%(amount)s」写的不是 %(currency)s"), amount=amount, currency=currency)
    check_payment(parts, currency)
    return parts


def check_payment(parts: int, currency: str) -> None:
    """Raises ``BadUse`` for what nobody can pay in that currency."""
    decimals = _decimals(currency)
    if parts <= 0:
        raise BadUse(mark("金额要大于零，%(amount)s 不行"), amount=to_decimal(parts))
    if parts >= MOST_PARTS:
        raise BadUse(mark("%(amount)s 大得不像金额"), amount=to_decimal(parts))
    if parts % 10 ** (DECIMALS - decimals):
        raise BadUse(
            mark("%(currency)s 最多 %(n)s 位小数，付不出 %(amount)s"),
            currency=currency,
            n=decimals,
            amount=to_decimal(parts),
        )


def _decimals(currency: str) -> int:
    decimals = find_decimals(currency)
    if decimals is None:
        raise BadUse(mark("没有「%(currency)s」这种货币"), currency=currency)
    return decimals
