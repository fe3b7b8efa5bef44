"""What somebody has paid as a deposit, what is left of it, and why the rest went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qunying.console.colleagues import names_of_colleagues
from qunying.console.people.words import tell_money, tell_moved
from qunying.console.reasons import tell_reason
from qunying.ledger.queries import Balance, EntryLine, list_balances_of, list_entries_of
from qunying.outbox.queries import Item, items_by_key
from qunying.people.roll import list_accounts_of

ENTRIES_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What is left in one currency; ``community`` where there are several."""

    amount: str
    community: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One movement: when, what, how much, why, who of us, and in which community where there are several."""

    at: datetime
    what: str
    amount: str
    why: str
    by: str
    community: str


@dataclass(frozen=True, slots=True)
class DepositPanel:
    """A person's deposits. ``is_cut``: there are older movements than those shown."""

    balances: Sequence[BalanceRow]
    entries: Sequence[EntryRow]
    is_cut: bool


def read_deposits(
    person_id: int, homes: Mapping[int, str], community_ids: Collection[int] | None
) -> DepositPanel | None:
    """In the communities within reach, ``homes`` by name; None where nothing was ever paid. A few queries."""
    accounts = [account.id for account in list_accounts_of(person_id)]
    entries = list_entries_of(accounts, community_ids, limit=ENTRIES_AT_MOST + 1)
    if not entries:
        return None
    balances = list_balances_of(accounts, community_ids)
    names = homes if len({one.community_id for one in balances}) > 1 else {}
    shown = entries[:ENTRIES_AT_MOST]
    items = items_by_key({one.act for one in shown})
    colleagues = names_of_colleagues({int(one.actor[5:]) for one in shown if one.actor.startswith("user:")})
    return DepositPanel(
        [_balance(one, names) for one in balances],
        [_entry(one, names, items.get(one.act), colleagues) for one in shown],
        is_cut=len(entries) > len(shown),
    )


def _balance(one: Balance, names: Mapping[int, str]) -> BalanceRow:
    return BalanceRow(tell_money(one.amount, one.currency), names.get(one.community_id, ""))


def _entry(one: EntryLine, names: Mapping[int, str], item: Item | None, colleagues: Mapping[int, str]) -> EntryRow:
    why = tell_reason(item.reason_code, item.reason_params or {}) if item else ""
    return EntryRow(
        at=one.at,
        what=tell_moved(one.kind),
        amount=("−" if one.amount < 0 else "+") + tell_money(abs(one.amount), one.currency),
        why=_("付款单号 %(ref)s") % {"ref": one.ref} if one.ref else why,
        by=colleagues.get(int(one.actor[5:]), "") if one.actor.startswith("user:") else "",
        community=names.get(one.community_id, ""),
    )
