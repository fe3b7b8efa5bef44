"""The sheet on which one day of one group is written down, in the sandbox carrier's words."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from random import Random

from qunying.carriers.sandbox.demo.folk import Group, Member, Person, World

Payload = dict[str, object]

LAST_SECOND = 86_390
DEAL_DEPTH = 12


@dataclass(slots=True)
class Sheet:
    """One group-day being written: who is there, whose turn it may be, and what happened so far."""

    world: World
    group: Group
    day: date
    rng: Random
    present: list[Member]
    staff: list[Member]
    is_exact: bool
    leaders: tuple[str, ...] = ()
    deck: list[Member] = field(default_factory=list)
    carded_at: dict[str, int] = field(default_factory=dict)
    events: list[tuple[int, int, Payload]] = field(default_factory=list)
    stamp: str = ""

    def __post_init__(self) -> None:
        self.stamp = f"{self.group.ref}-{self.day:%Y%m%d}"

    def write(self, second: int, payload: Payload) -> str:
        """Puts a payload down at a second of the day, gives it ref, time and group, and answers the ref."""
        second = min(max(second, 0), LAST_SECOND)
        number = len(self.events)
        ref = f"{self.stamp}-{number:04}"
        payload["ref"], payload["at"], payload["group"] = ref, clock(self.day, second), self.group.ref
        self.events.append((second, number, payload))
        return ref

    def who(self, member: Member, second: int) -> dict[str, str]:
        """The sender's words about a member; their card is empty until they have set it."""
        person = member.person
        return {"ref": person.ref, "name": person.name, "card": self.card(member, second), "role": person.role}

    def card(self, member: Member, second: int) -> str:
        """The group card a member shows at this second of the day."""
        carded = member.seat.carded
        if carded is None or carded < self.day:
            return member.person.card
        if carded > self.day:
            return ""
        return member.person.card if second > self.carded_at.get(member.person.ref, LAST_SECOND) else ""

    def deal(self, *avoid: str) -> Member | None:
        """The next card of the deck that is none of these people; None when there is none near the top."""
        deck = self.deck
        for at in range(len(deck) - 1, max(-1, len(deck) - 1 - DEAL_DEPTH), -1):
            if deck[at].person.ref not in avoid:
                return deck.pop(at)
        return None

    def take(self, member: Member) -> bool:
        """Takes one card of this member; on days that are not told to the message any card will do."""
        for at in range(len(self.deck) - 1, -1, -1):
            if self.deck[at] is member:
                del self.deck[at]
                return True
        if self.is_exact or not self.deck:
            return False
        self.deck.pop()
        return True

    def payloads(self) -> list[Payload]:
        """All payloads in order of time."""
        self.events.sort(key=lambda event: event[:2])
        return [payload for _, _, payload in self.events]


def clock(day: date, second: int) -> str:
    """The moment as the sandbox writes it, Beijing time."""
    return f"{day.isoformat()}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}+08:00"


def user_words(person: Person, card: str) -> dict[str, str]:
    """A user as joins and leaves name them."""
    return {"ref": person.ref, "name": person.name, "card": card, "role": person.role}


def is_there(member: Member, day: date, *, absent: Container[str] = ()) -> bool:
    """Whether the member is in the group during the whole day."""
    seat = member.seat
    return (
        (seat.joined < day or member.person.is_staff)
        and (seat.left is None or seat.left > day)
        and member.person.ref not in absent
    )
