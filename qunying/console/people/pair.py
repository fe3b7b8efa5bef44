"""Two people side by side, for whoever has to say whether they are one: what each is called, their cards, groups, talk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.access import Reach
from qunying.communities.queries import GroupInfo, infos_of_groups
from qunying.console.people.words import tell_card_field, tell_carrier
from qunying.judgement.folding import folded
from qunying.kernel.errors import BadUse
from qunying.people.cards import Field, fields_of
from qunying.people.maybe_same import seats_of_persons
from qunying.people.merging import Doubtful
from qunying.people.roll import RollLine
from qunying.ui.figures import exact

CARDS_SHOWN = 4
GROUPS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PairField:
    """One field of a card; ``is_shared``: the other side's cards say the same."""

    label: str
    value: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class PairCard:
    """One card of a side."""

    text: str
    is_shared: bool
    fields: Sequence[PairField]


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of the two as they are known within reach."""

    person_id: int
    name: str
    accounts: str
    cards: Sequence[PairCard]
    groups: str
    talk: str
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why it was refused; ``may_insist``: a person may say that it is so nevertheless, ``where`` are the groups it is about."""

    words: str
    may_insist: bool
    where: str


def read_sides(persons: tuple[int, int], community_ids: Collection[int] | None) -> list[PairSide]:
    """Both of them, in that order; four queries."""
    seats = seats_of_persons(persons, community_ids)
    groups = infos_of_groups({seat.group_id for some in seats.values() for seat in some})
    fields = fields_of(seat.id for some in seats.values() for seat in some)
    said = [_said(seats.get(person, []), fields) for person in persons]
    return [
        _side(person, seats.get(person, []), groups, fields, said[1 - place]) for place, person in enumerate(persons)
    ]


def _said(seats: Sequence[RollLine], fields: Mapping[int, Sequence[Field]]) -> set[str]:
    """Everything their cards say, for comparing."""
    values = {folded(one.value).strip() for seat in seats for one in fields.get(seat.id, ()) if one.value}
    return values | {folded(seat.card or seat.name).strip() for seat in seats}


def _side(
    person: int,
    seats: Sequence[RollLine],
    groups: Mapping[int, GroupInfo],
    fields: Mapping[int, Sequence[Field]],
    theirs: Collection[str],
) -> PairSide:
    names = [groups[seat.group_id].name for seat in seats if seat.is_present]
    accounts = {seat.identity_id: f"{seat.name} · {tell_carrier(seat.carrier)}" for seat in seats}
    n = sum(seat.messages for seat in seats)
    return PairSide(
        person_id=person,
        name=name_within(person, seats),
        accounts=_("、").join(accounts.values()),
        cards=_cards(seats, fields, theirs),
        groups=_several(names),
        talk=ngettext("说过 %(count)s 条", "说过 %(count)s 条", n) % {"count": exact(n)} if n else _("没说过话"),
        first_at=min((seat.first_spoke_at for seat in seats if seat.first_spoke_at), default=None),
        last_at=max((seat.last_spoke_at for seat in seats if seat.last_spoke_at), default=None),
    )


def name_within(person: int, seats: Sequence[RollLine]) -> str:
    """What the account is called that gave the person its id, or, where that is out of reach, the liveliest within."""
    own = next((seat.name for seat in seats if seat.identity_id == person), "")
    return own or next((seat.name for seat in seats), "")


def _cards(seats: Sequence[RollLine], fields: Mapping[int, Sequence[Field]], theirs: Collection[str]) -> list[PairCard]:
    cards: dict[str, PairCard] = {}
    for seat in seats:
        text = seat.card or seat.name
        told = [
            PairField(tell_card_field(one.name), one.value, folded(one.value).strip() in theirs)
            for one in fields.get(seat.id, ())
            if one.value
        ]
        cards.setdefault(text, PairCard(text, folded(text).strip() in theirs, told))
    return list(cards.values())[:CARDS_SHOWN]


def _several(names: Sequence[str]) -> str:
    shown = _("、").join(names[:GROUPS_SHOWN])
    if len(names) <= GROUPS_SHOWN:
        return shown or _("不在任何群里了")
    return _("%(names)s 等 %(n)d 个群") % {"names": shown, "n": len(names)}


def tell_doubt(error: BadUse, reach: Reach) -> Doubt:
    """The refusal as the page says it; groups out of reach are not named."""
    if not isinstance(error, Doubtful):
        return Doubt(error.said(_), may_insist=False, where="")
    infos = infos_of_groups(error.groups)
    names = [info.name for info in infos.values() if reach.covers(info.community_id)]
    return Doubt(error.said(_), may_insist=True, where=_several(names) if names else "")
