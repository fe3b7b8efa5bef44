"""Deposits in a play: who has paid what before it begins, and what is left of it after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.kernel.currencies import find_decimals
from qunying.kernel.errors import BadUse
from qunying.kernel.money import to_decimal
from qunying.ledger.actions import Act, do_pay_deposit
from qunying.ledger.amounts import read_payment
from qunying.ledger.queries import list_balances_of
from qunying.people.queries import ids_of_accounts
from qunying.pipeline.drill.lined import Lined, check_keys, need

CURRENCY = "CNY"
_BALANCE = re.compile(r"\d+\.\d{2,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Deposit:
    """One line of ``deposits``, checked. ``amount`` are parts of money (``kernel.money``)."""

    member: str
    amount: int
    currency: str
    ref: str


def read_deposits(rows: Sequence[Lined], present: Collection[str]) -> list[Deposit]:
    """The lines of ``deposits`` of those who are there when the play begins. Raises ``BadUse`` with the line for what nobody can have paid, or paid twice."""
    deposits: list[Deposit] = []
    for row in rows:
        deposit = _deposit(row, present)
        if deposit.ref and deposit.ref in {one.ref for one in deposits}:
            raise BadUse(f"line {row.line}: {deposit.ref!r} is paid twice")
        deposits.append(deposit)
    return deposits


def _deposit(row: Lined, present: Collection[str]) -> Deposit:
    check_keys(row, {"member", "amount", "currency", "ref"}, "a deposit")
    member, amount = need(row, "member", "a deposit"), need(row, "amount", "a deposit")
    if member not in present:
        raise BadUse(f"line {row.line}: no member {member!r} in this play before it begins")
    currency = row.get("currency", CURRENCY)
    try:
        return Deposit(member, read_payment(amount, currency), currency, row.get("ref", ""))
    except BadUse as error:
        raise BadUse(f"line {row.line}: {error}") from error


def do_pay_deposits(
    deposits: Sequence[Deposit], account_of: Callable[[str], tuple[str, str]], community_id: int, at: datetime
) -> None:
    """Books them as paid at that moment."""
    ids = ids_of_accounts([account_of(one.member) for one in deposits])
    for number, one in enumerate(deposits, start=1):
        payer = ids[account_of(one.member)]
        act = Act(key=f"drill:deposit:{number}", community_id=community_id, identity_id=payer, at=at)
        do_pay_deposit(act, one.amount, one.currency, ref=one.ref)


def check_deposit(words: Lined, players: Collection[str]) -> None:
    """Raises ``BadUse`` with the line for a ``deposit`` of a ``state`` that nothing could ever meet."""
    check_keys(words, {"member", "balance", "currency"}, "the state of a deposit")
    if need(words, "member", "the state of a deposit") not in players:
        raise BadUse(f"line {words.line}: no member {words['member']!r} in this play")
    balance = need(words, "balance", "the state of a deposit")
    if not _BALANCE.fullmatch(balance):
        raise BadUse(f'line {words.line}: balance {balance!r} is not written like "99.00"')
    if find_decimals(words.get("currency", CURRENCY)) is None:
        raise BadUse(f"line {words.line}: no currency {words['currency']!r}")


def tell_deposit(words: Lined, account: tuple[str, str], community_id: int) -> str:
    """Why a member's deposit is not what is expected, empty where it is. Where no currency is named, it is the one they have."""
    balances = list_balances_of(ids_of_accounts([account]).values(), [community_id])
    sums: dict[str, int] = {}
    for one in balances:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount
    held = [currency for currency, amount in sums.items() if amount]
    currency = words.get("currency") or (held[0] if len(held) == 1 else CURRENCY)
    left = str(to_decimal(sums.get(currency, 0)))
    return "" if left == words["balance"] else f"the deposit of {words['member']} is {left} {currency}"
