"""Whose accounts are this person, why, whom they were told apart from, and who else they may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qunying.communities.access import Reach
from qunying.communities.queries import GroupInfo
from qunying.console.colleagues import names_of_colleagues
from qunying.console.people.context import AccountRow
from qunying.console.people.evidence import tell_evidence
from qunying.console.people.person import account_rows
from qunying.console.people.words import tell_carrier
from qunying.kernel import clock
from qunying.people.maybe_same import (
    Joined,
    MaybeSame,
    ToldApart,
    list_aparts_of,
    list_maybe_same_of,
    list_merges_among,
    persons_of,
)
from qunying.people.queries import list_seats_of, names_of
from qunying.people.roll import Account, RollLine, list_accounts_of


@dataclass(frozen=True, slots=True)
class JoinRow:
    """Two accounts of this person that somebody or something joined."""

    id: int
    one: str
    other: str
    why: str
    source: str
    by: str
    at: datetime
    is_confirmed: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class ApartRow:
    """Somebody who is not this person, as one of us said."""

    id: int
    name: str
    person_id: int
    by: str
    at: datetime
    can_end: bool


@dataclass(frozen=True, slots=True)
class MaybeRow:
    """Somebody who may be this person."""

    id: int
    name: str
    why: str
    score: str


@dataclass(frozen=True, slots=True)
class IdentityPanel:
    """What holds this person together, and whom it leaves out. ``can_decide``: the reader may join and take back."""

    accounts: Sequence[AccountRow] = ()
    joins: Sequence[JoinRow] = ()
    aparts: Sequence[ApartRow] = ()
    maybe: Sequence[MaybeRow] = ()
    can_decide: bool = False


def read_identity(
    person_id: int, seats: Sequence[RollLine], groups: Mapping[int, GroupInfo], decide: Reach
) -> IdentityPanel:
    """Of that person, of whom these seats are within reach. A few queries."""
    accounts = list_accounts_of(person_id)
    own = {one.id: one.name for one in accounts}
    merges = list_merges_among(own) if len(own) > 1 else []
    aparts, can_decide = list_aparts_of(own), any(decide.covers(seat.community_id) for seat in seats)
    maybe = list_maybe_same_of(own, decide.ids, clock.now()) if can_decide else []
    beside: list[ToldApart | MaybeSame] = [*aparts, *maybe]
    others = {end for one in beside for end in (one.one_id, one.other_id)} - own.keys()
    decidable = _decidable(set(own) | others, decide)
    sitting = {seat.identity_id for seat in seats}
    visible = decidable | sitting
    names = {pk: one.name for pk, one in names_of(others).items()} | own if others else own
    persons = persons_of(others) if aparts else {}
    said: list[Joined | ToldApart] = [*merges, *aparts]
    colleagues = names_of_colleagues({one.by_id for one in said if one.by_id})
    return IdentityPanel(
        accounts=[*account_rows(seats, groups), *(_outside(one) for one in accounts if one.id in decidable - sitting)],
        joins=[
            _join(one, names, visible, decidable, colleagues) for one in merges if {one.one_id, one.other_id} & visible
        ],
        aparts=[
            ApartRow(one.id, names[end], persons.get(end, end), colleagues.get(one.by_id or 0, ""), one.at, can_decide)
            for one in aparts
            if (end := _end(one.one_id, one.other_id, own)) in visible
        ],
        maybe=[
            MaybeRow(
                one.id,
                names[_end(one.one_id, one.other_id, own)],
                tell_evidence(one.code, one.shared),
                f"{one.score:.2f}",
            )
            for one in maybe
        ],
        can_decide=can_decide,
    )


def _join(
    one: Joined,
    names: Mapping[int, str],
    visible: Collection[int],
    decidable: Collection[int],
    colleagues: Mapping[int, str],
) -> JoinRow:
    first, second = (names[end] if end in visible else _("另一个账号") for end in (one.one_id, one.other_id))
    return JoinRow(
        id=one.id,
        one=first,
        other=second,
        why=tell_evidence(one.code, one.shared),
        source=one.source,
        by=colleagues.get(one.by_id or 0, ""),
        at=one.at,
        is_confirmed=one.is_confirmed,
        can_undo=one.one_id in decidable and one.other_id in decidable,
    )


def _outside(one: Account) -> AccountRow:
    """An account that sits in no group, such as a customer's."""
    carrier = tell_carrier(one.carrier)
    return AccountRow(one.id, carrier[:1], one.name, carrier, "", one.is_bot)


def _end(one: int, other: int, own: Mapping[int, str]) -> int:
    """The account of the two that is not this person's."""
    return other if one in own else one


def _decidable(accounts: Collection[int], decide: Reach) -> set[int]:
    """Those of these accounts that sit or sat where the reader decides."""
    if decide.ids is None:
        return set(accounts)
    return {account for home, _group, account in list_seats_of(accounts) if decide.covers(home)}
