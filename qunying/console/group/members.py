"""The members of a group as a list: who, what they wrote on their card, how much they say, how they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from qunying.console.choices import Choice, changed, choices
from qunying.console.group.layers import layers_of
from qunying.console.group.words import person_href, tell_standing
from qunying.console.people.words import tell_why_line
from qunying.insights.words import way
from qunying.insights.words_of_layers import name
from qunying.people.layers import Layer
from qunying.people.leaving import WhyLine, list_whys
from qunying.people.queries import names_of
from qunying.people.seats import (
    SEAT_ORDERS,
    SEAT_STATES,
    SeatLine,
    SeatWish,
    count_group_seats,
    count_seats_by_state,
    list_group_seats,
)
from qunying.ui.pages import Pages, kept_query, read_page

PAGE_SIZE = 50
MOST = 100_000
WORDS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member as the table shows them."""

    id: int
    name: str
    card: str
    href: str
    chip: str
    tone: str
    messages: int
    last_spoke_at: datetime | None
    joined_at: datetime | None
    left_at: datetime | None
    came: str
    why: str
    why_href: str


@dataclass(frozen=True, slots=True)
class MemberList:
    """A page of the list with everything that steers it."""

    rows: tuple[MemberRow, ...]
    pages: Pages
    states: tuple[Choice, ...]
    orders: dict[str, Choice]
    words: str
    state: str
    layers: tuple[Choice, ...]
    layer: str


def read_members(group_id: int, query: QueryDict, now: datetime) -> MemberList:
    """The part of the list that an address asks for; what it asks wrongly is taken as not asked."""
    wish = _wish(group_id, query, now)
    counts = count_seats_by_state(group_id)
    is_sifted = wish.words or wish.people is not None
    total = count_group_seats(group_id, wish) if is_sifted else counts[wish.state]
    page = read_page(query.get("page"), -(-total // PAGE_SIZE))
    seats = list_group_seats(group_id, wish, start=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    inviters = {seat.inviter_id for seat in seats if seat.inviter_id}
    names = {pk: one.name for pk, one in names_of(inviters).items()} if inviters else {}
    whys = list_whys([seat.seat_id for seat in seats if not seat.is_present])
    asked = {key: value for key, value in query.dict().items() if isinstance(value, str) and value}
    return MemberList(
        rows=tuple(_row(seat, names, now, whys.get(seat.seat_id)) for seat in seats),
        pages=Pages(page, PAGE_SIZE, total, npgettext("unit", "人", "人", total), kept_query(asked)),
        states=choices(asked, "state", _states(), counts),
        orders=_orders(asked, wish.order),
        words=wish.words,
        state=wish.state,
        layers=choices(asked, "layer", [("", _("各层")), *((str(one), name(one)) for one in Layer)]),
        layer=asked.get("layer", ""),
    )


def list_cells(group_id: int, query: QueryDict, now: datetime) -> list[tuple[object, ...]]:
    """Every member that an address asks for, goes_together page it names, as cells of ``columns_of_sheet``."""
    seats = list_group_seats(group_id, _wish(group_id, query, now), start=0, limit=MOST)
    names = {pk: one.name for pk, one in names_of({seat.inviter_id for seat in seats if seat.inviter_id}).items()}
    return [
        (
            seat.person_id,
            seat.name,
            seat.card,
            tell_standing(seat, now)[0],
            seat.messages,
            seat.last_spoke_at,
            seat.joined_at,
            seat.left_at,
            way(seat.via) if seat.via else "",
            names.get(seat.inviter_id or 0),
        )
        for seat in seats
    ]


def columns_of_sheet() -> tuple[str, ...]:
    """What stands above ``list_cells``."""
    return (
        "id",
        _("成员"),
        _("群名片"),
        _("身份"),
        _("说过（条）"),
        _("最近说话"),
        _("进群"),
        _("离开"),
        _("怎么来的"),
        _("谁带来的"),
    )


def _wish(group_id: int, query: QueryDict, now: datetime) -> SeatWish:
    state, order, layer = query.get("state", ""), query.get("order", ""), query.get("layer", "")
    people = None
    if layer in set(Layer):
        people = frozenset(layers_of(group_id, now).people[Layer(layer)])
    return SeatWish(
        words=query.get("q", "").strip()[:WORDS_AT_MOST],
        state=state if state in SEAT_STATES else "",
        order=order if order in SEAT_ORDERS else "talk",
        people=people,
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("在群里")),
        ("talking", _("说过话")),
        ("silent", _("没说过话")),
        ("staff", _("群主和管理员")),
        ("left", _("已离开")),
    ]


def _orders(asked: dict[str, str], order: str) -> dict[str, Choice]:
    labels = {"name": _("成员"), "talk": _("说过（条）"), "spoke": _("最近说话"), "joined": _("进群")}
    return {name: Choice(label, changed(asked, order=name), name == order) for name, label in labels.items()}


def _row(seat: SeatLine, inviters: dict[int, str], now: datetime, why: WhyLine | None) -> MemberRow:
    chip, tone = tell_standing(seat, now)
    inviter = inviters.get(seat.inviter_id or 0)
    came = _("「%(name)s」带来的") % {"name": inviter} if inviter else (way(seat.via) if seat.via else "")
    return MemberRow(
        id=seat.identity_id,
        name=seat.name,
        card=seat.card,
        href=person_href(seat),
        chip=chip,
        tone=tone,
        messages=seat.messages,
        last_spoke_at=seat.last_spoke_at,
        joined_at=seat.joined_at,
        left_at=seat.left_at,
        came=came,
        why=tell_why_line(why),
        why_href="" if seat.is_present else reverse("console:person-why", args=[seat.person_id, seat.seat_id]),
    )
