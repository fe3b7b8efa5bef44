"""Fills the groups of the demo world with people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.folk import Group, Person, Role, Seat, Via
from qunying.carriers.sandbox.demo.names import JOBS, draw_card, draw_city, draw_name
from qunying.carriers.sandbox.demo.places import people_count
from qunying.carriers.sandbox.demo.regulars import REGULARS, STAFF, Regular
from qunying.carriers.sandbox.demo.turnover import STAFF_SEATS, History, day_totals, plan_history

FUTURE_LEAVING_DAYS = 120
SHORT_STAY_DAYS = 12
TOLD_NAMES = frozenset(regular.name for regular in REGULARS) | {colleague.name for colleague in STAFF}


@dataclass(slots=True)
class Draft:
    """A person while their seats are being found."""

    ref: str
    name: str
    card: str
    city: str
    job: str
    talkativeness: float
    voice: int
    home: str
    role: Role = "member"
    duty: str = ""
    is_told: bool = False
    seats: list[Seat] = field(default_factory=list)

    def person(self) -> Person:
        """The finished person."""
        return Person(
            self.ref,
            self.name,
            self.card,
            self.city,
            self.job,
            self.role,
            tuple(self.seats),
            self.talkativeness,
            self.voice,
            self.role != "member",
            self.duty,
        )


@dataclass(slots=True)
class Settling:
    """What is known while a world is being filled."""

    rng: Random
    groups: Sequence[Group]
    anchor: date
    first_day: date
    history: History
    drafts: list[Draft] = field(default_factory=list)
    by_home: dict[str, list[Draft]] = field(default_factory=dict)
    gone: list[Draft] = field(default_factory=list)

    def next_ref(self) -> str:
        """A ref nobody has yet."""
        return f"u{len(self.drafts) + len(self.gone) + 1:06}"


def settle_people(
    seed: int, groups: Sequence[Group], anchor: date, first_day: date
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Who is a member when the anchor begins, and who left before: sizes, joins and leaves come out as planned."""
    history = plan_history(seed, groups, anchor, first_day)
    settling = Settling(dice(seed, "people"), groups, anchor, first_day, history)
    _seat_staff(settling)
    shared = _shared_seats(settling)
    for group in groups:
        _seat_regulars(settling, group)
        _seat_gone(settling, group)
        _seat_own(settling, group, shared[group.ref])
    seated = Counter(seat.group for draft in settling.drafts for seat in draft.seats)
    for group in groups:
        _seat_shared(settling, group, group.size - seated[group.ref])
    _plan_leaving(settling, dice(seed, "leaving"))
    return tuple(draft.person() for draft in settling.drafts), tuple(draft.person() for draft in settling.gone)


def draw_person(rng: Random, ref: str, group: Group) -> Draft:
    """A new inhabitant of this group's city and kind."""
    name, city, job = draw_name(rng), draw_city(rng, group.city), rng.choice(JOBS)
    while name in TOLD_NAMES:
        name = draw_name(rng)
    card = draw_card(rng, group.community, city, job, name) if rng.random() < 0.8 else ""
    return Draft(ref, name, card, city, job, _talkativeness(rng), rng.randrange(1 << 16), group.ref)


def draw_via(rng: Random) -> Via:
    """How somebody found the way into a group."""
    return rng.choices(("qr", "invite", "link", "search"), (46, 34, 14, 6))[0]


def _talkativeness(rng: Random) -> float:
    kind = rng.random()
    if kind < 0.26:
        return 0.0
    if kind < 0.8:
        return rng.uniform(0.01, 0.06)
    return rng.uniform(0.4, 1.4) if kind < 0.95 else rng.uniform(2.0, 4.0)


def _seat_staff(settling: Settling) -> None:
    for colleague in STAFF:
        seats = [Seat(group.ref, group.opened) for group in settling.groups if colleague.serves(group.community)]
        if seats:
            draft = Draft(settling.next_ref(), colleague.name, colleague.card, "杭州", "运营", 0.0, 0, "")
            draft.role, draft.duty, draft.seats = colleague.role, colleague.duty, seats
            settling.drafts.append(draft)


def _shared_seats(settling: Settling) -> Counter[str]:
    """How many seats of each group belong to people who are at home in another group."""
    staff = len(settling.drafts)
    seats = {group.ref: group.size - STAFF_SEATS for group in settling.groups}
    spare = sum(seats.values()) - (people_count(len(settling.groups)) - staff)
    room = {
        group.ref: max(0, seats[group.ref] - len(settling.history.joins[group.ref]) - 20) for group in settling.groups
    }
    if len(settling.groups) < 2 or spare <= 0:
        return Counter()
    spare = min(spare, sum(room.values()) // 2)
    shared = Counter({ref: spare * places // sum(room.values()) for ref, places in room.items()})
    for ref in sorted(room, key=lambda ref: -room[ref])[: spare - shared.total()]:
        shared[ref] += 1
    return shared


def _seat_regulars(settling: Settling, group: Group) -> None:
    for regular in REGULARS:
        if regular.home != group.ref:
            continue
        draft = Draft(settling.next_ref(), regular.name, regular.card, regular.city, regular.job, regular.talk, 4, "")
        draft.home, draft.is_told = group.ref, True
        _add(settling, draft)
        _take_told_seats(settling, draft, regular)


def _take_told_seats(settling: Settling, draft: Draft, regular: Regular) -> None:
    known = {group.ref: group for group in settling.groups}
    for ref, back in regular.seats:
        if ref not in known:
            continue
        joined = max(settling.anchor - timedelta(days=back), known[ref].opened)
        days = settling.history.joins[ref]
        if joined >= settling.first_day and days:
            days.remove(joined if joined in days else min(days))
        draft.seats.append(Seat(ref, joined, "invite"))


def _seat_gone(settling: Settling, group: Group) -> None:
    rng, joins = settling.rng, settling.history.joins[group.ref]
    for left in sorted(settling.history.leaves[group.ref]):
        draft = draw_person(rng, settling.next_ref(), group)
        settling.gone.append(draft)
        recent = [day for day in joins if timedelta(0) < left - day <= timedelta(days=SHORT_STAY_DAYS)]
        if recent and group.temper != "carried" and rng.random() < 0.4:
            joined = rng.choice(recent)
            joins.remove(joined)
        else:
            joined = _earlier_day(settling, group)
        draft.seats.append(Seat(group.ref, joined, draw_via(rng), left))


def _seat_own(settling: Settling, group: Group, shared: int) -> None:
    """New people for every seat that is neither staff's, a regular's nor somebody's from another group."""
    rng, joins = settling.rng, settling.history.joins[group.ref]
    told = sum(group.ref == ref for regular in REGULARS for ref, _ in _told_seats(settling, regular))
    for _ in range(group.size - STAFF_SEATS - told - max(0, shared - _visitors_told(settling, group))):
        draft = draw_person(rng, settling.next_ref(), group)
        joined = joins.pop() if joins else None
        draft.seats.append(_seat_since(settling, group, draft, joined))
        _add(settling, draft)


def _told_seats(settling: Settling, regular: Regular) -> tuple[tuple[str, int], ...]:
    refs = {group.ref for group in settling.groups}
    return regular.seats if regular.home in refs else ()


def _visitors_told(settling: Settling, group: Group) -> int:
    """Seats of regulars from other groups: they count among the shared ones."""
    return sum(ref == group.ref != regular.home for regular in REGULARS for ref, _ in _told_seats(settling, regular))


def _seat_since(settling: Settling, group: Group, draft: Draft, joined: date | None) -> Seat:
    rng = settling.rng
    if joined is None:
        return Seat(group.ref, _earlier_day(settling, group), draw_via(rng))
    carded = joined + timedelta(days=rng.randint(1, 4)) if draft.card else None
    return Seat(group.ref, joined, draw_via(rng), None, carded)


def _seat_shared(settling: Settling, group: Group, empty: int) -> None:
    near = [other.ref for other in settling.groups if other.ref != group.ref and other.city == group.city]
    far = [other.ref for other in settling.groups if other.ref != group.ref]
    while empty > 0:
        home = settling.rng.choice(near if near and settling.rng.random() < 0.7 else far)
        draft = settling.rng.choice(settling.by_home[home])
        if len(draft.seats) < 4 and not draft.is_told and all(seat.group != group.ref for seat in draft.seats):
            draft.seats.append(_seat_since(settling, group, draft, None))
            empty -= 1


def _earlier_day(settling: Settling, group: Group) -> date:
    """A day before the history starts, more often a late one."""
    days = max(1, (settling.first_day - group.opened).days)
    return settling.first_day - timedelta(days=1 + int(days * settling.rng.random() ** 1.4))


def _plan_leaving(settling: Settling, rng: Random) -> None:
    """Some of today's members will leave in the months to come; each of them leaves one group once."""
    quiet = {group.ref for group in settling.groups if group.temper == "carried"}
    candidates = [draft for draft in settling.drafts if draft.role == "member" and not draft.is_told]
    rng.shuffle(candidates)
    for ahead in range(FUTURE_LEAVING_DAYS):
        for _ in range(day_totals(rng, len(settling.groups))[1]):
            if candidates:
                _leave_later(candidates.pop(), settling.anchor + timedelta(days=ahead), quiet)


def _leave_later(draft: Draft, left: date, quiet: set[str]) -> None:
    seat = draft.seats[-1]
    if seat.group not in quiet and (seat.carded is None or seat.carded < left):
        draft.seats[-1] = Seat(seat.group, seat.joined, seat.via, left, seat.carded)


def _add(settling: Settling, draft: Draft) -> None:
    settling.drafts.append(draft)
    settling.by_home.setdefault(draft.home, []).append(draft)
