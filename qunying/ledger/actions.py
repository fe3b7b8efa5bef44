"""Writes the book of deposits. Every act has a key and is booked once; whoever books at the same time waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.keys import fitted
from qunying.kernel.money import to_decimal
from qunying.kernel.texts import Sentence, mark
from qunying.ledger.amounts import check_payment
from qunying.ledger.models import Entry
from qunying.ledger.queries import DEPOSIT, list_balances_of
from qunying.people.queries import list_people_seated_in, names_of
from qunying.store import rows

PAID, FORFEITED, REFUNDED = "paid", "forfeited", "refunded"
_COLUMNS = (
    "key",
    "act",
    "community_id",
    "identity_id",
    "account",
    "kind",
    "amount",
    "currency",
    "at",
    "actor",
    "reverses_id",
    "ref",
)
_KINDS: Mapping[str, str] = {PAID: mark("交押金"), FORFEITED: mark("没收押金"), REFUNDED: mark("退回没收的押金")}
LONGEST_REF = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What moves somebody's deposit, once: by its ``key`` it is known again. ``actor`` as of facts."""

    key: str
    community_id: int
    identity_id: int
    at: datetime
    actor: str = "system"


@dataclass(frozen=True, slots=True)
class _Move:
    """What an act does to one currency."""

    kind: str
    amount: int
    currency: str
    reverses: int | None = None
    ref: str = ""


@transaction.atomic
def do_pay_deposit(act: Act, amount: int, currency: str, *, ref: str = "") -> bool:
    """Somebody paid that many parts; ``ref`` is the payment's own number. False where the act is booked already.

    Raises ``BadUse`` for an amount nobody can pay, somebody of another community, an act that was booked otherwise, and
    a payment that is booked under another key.
    """
    check_payment(amount, currency)
    payment = _Move(PAID, amount, currency, ref=ref)
    if len(ref) > LONGEST_REF:
        raise BadUse(mark("付款单号最多 %(n)s 个字"), n=LONGEST_REF)
    booked = _do_open(act)
    if booked:
        _refuse_otherwise(act, booked, PAID, [payment])
        return False
    if ref and Entry.objects.filter(community=act.community_id, kind=PAID, ref=ref).exists():
        raise BadUse(mark("付款单号「%(ref)s」已经记过一笔"), ref=ref)
    _do_book(act, [payment])
    return True


@transaction.atomic
def do_forfeit(act: Act) -> dict[str, int]:
    """Takes all that is left of somebody's deposits, in every currency; answers what was taken now, in parts.

    Who has nothing loses nothing, and the same act later neither. Raises ``BadUse`` as ``do_pay_deposit`` does.
    """
    booked = _do_open(act)
    if booked:
        _refuse_otherwise(act, booked, FORFEITED)
        return {}
    left = {one.currency: one.amount for one in list_balances_of([act.identity_id], [act.community_id]) if one.amount}
    _do_book(
        act, [_Move(FORFEITED, -amount, currency) for currency, amount in left.items()] or [_Move(FORFEITED, 0, "")]
    )
    return left


@transaction.atomic
def do_refund(act: Act, *, of: str) -> dict[str, int]:
    """Gives back what the act of that key took, all of it and once; answers what was given now, in parts.

    What it never took is not given. Raises ``BadUse`` where that act took nothing away but paid or gave back itself, or
    was about somebody else, and as ``do_pay_deposit`` does.
    """
    booked = _do_open(act)
    taken = _booked(of)
    back = [_Move(REFUNDED, -one.amount, one.currency, one.pk) for one in taken if one.amount]
    if booked:
        _refuse_otherwise(act, booked, REFUNDED, back)
        return {}
    _refuse_to_give_back(act, taken)
    if Entry.objects.filter(reverses__in=[one.pk for one in taken]).exists():
        return {}
    _do_book(act, back)
    return {one.currency: one.amount for one in back}


def _do_open(act: Act) -> list[Entry]:
    """Holds the book for this act; answers what is booked of it. Raises ``BadUse`` for somebody of another community."""
    rows.lock_table(Entry)
    if not list_people_seated_in([act.identity_id], act.community_id):
        raise BadUse(mark("这个人不是这个社群的成员"))
    return _booked(act.key)


def _booked(key: str) -> list[Entry]:
    return list(Entry.objects.filter(act=fitted(key, 255)).order_by("currency"))


def _refuse_otherwise(act: Act, booked: Sequence[Entry], kind: str, moves: Sequence[_Move] | None = None) -> None:
    """An act that is booked is the same act only with the same contents. ``moves`` is None where those are not said."""
    kept = [_Move(one.kind, one.amount, one.currency, one.reverses_id, one.ref) for one in booked]
    if booked[0].community_id != act.community_id:
        raise BadUse(mark("「%(key)s」已经在另一个社群记过"), key=act.key)
    is_same_person = booked[0].identity_id == act.identity_id
    if is_same_person and booked[0].kind == kind and moves in (None, kept):
        return
    raise BadUse(
        mark("「%(key)s」已经记成「%(kept)s」，和这次的「%(told)s」对不上"),
        key=act.key,
        kept=_told(booked[0].identity_id, kept[0].kind, kept),
        told=_told(act.identity_id, kind, moves or ()),
    )


def _told(identity_id: int, kind: str, moves: Sequence[_Move]) -> Sentence:
    """What an act did, for people."""
    amounts = [f"{to_decimal(abs(one.amount))} {one.currency} {one.ref}".rstrip() for one in moves if one.amount]
    return Sentence(
        mark("%(name)s：%(what)s"), {"name": _name(identity_id), "what": [Sentence(_KINDS[kind]), *amounts]}
    )


def _name(identity_id: int) -> str:
    names = names_of([identity_id])
    return names[identity_id].name if identity_id in names else str(identity_id)


def _refuse_to_give_back(act: Act, taken: Sequence[Entry]) -> None:
    if any((one.community_id, one.identity_id) != (act.community_id, act.identity_id) for one in taken):
        raise BadUse(mark("那次没收的不是「%(name)s」的押金"), name=_name(act.identity_id))
    if any(one.kind != FORFEITED for one in taken):
        raise BadUse(mark("只有没收的能退回，交的和退回的不能"))


def _do_book(act: Act, moves: Sequence[_Move]) -> None:
    """Writes the movements and their facts. Raises ``BadUse`` where more would leave the account than is in it."""
    left = {one.currency: one.amount for one in list_balances_of([act.identity_id], [act.community_id])}
    for move in moves:
        before = left.get(move.currency, 0)
        if before + move.amount < 0:
            raise BadUse(
                mark("押金只剩 %(left)s %(currency)s，不够扣"), left=to_decimal(before), currency=move.currency
            )
    rows.insert(Entry, _COLUMNS, [_row(act, move) for move in moves])
    do_record_facts([_fact(act, move) for move in moves if move.amount])


def _row(act: Act, move: _Move) -> tuple[object, ...]:
    return (
        _key(act, move),
        fitted(act.key, 255),
        act.community_id,
        act.identity_id,
        DEPOSIT,
        move.kind,
        move.amount,
        move.currency,
        act.at,
        act.actor,
        move.reverses,
        move.ref,
    )


def _key(act: Act, move: _Move) -> str:
    return fitted(f"{act.key}/{move.currency}", 255)


def _fact(act: Act, move: _Move) -> Fact:
    return Fact(
        name=f"deposit.{move.kind}",
        at=act.at,
        community_id=act.community_id,
        identity_id=act.identity_id,
        actor=act.actor,
        key=f"deposit:{_key(act, move)}",
        words={"act": act.key, "amount": move.amount, "currency": move.currency},
    )


def do_forget_ledger(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many movements of communities that are being removed; answers how many."""
    ids = list(Entry.objects.filter(community__in=community_ids).order_by("-pk").values_list("pk", flat=True)[:at_most])
    Entry.objects.filter(pk__in=rows.among(ids)).delete()
    return len(ids)
