"""Which generated world is being played on the sandbox, and how far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qunying.carriers.sandbox.models import DemoWorld, FeedItem, Seat


@dataclass(frozen=True, slots=True)
class Played:
    """The world being played. Everything in it follows from these five values."""

    seed: int
    groups: int
    anchor: date
    history_days: int
    told_until: datetime

    def is_told_to(self, moment: datetime) -> bool:
        """Whether everything before this moment was told."""
        return self.told_until >= moment


def find_world() -> Played | None:
    """The world being played, None when there is none."""
    row = DemoWorld.objects.first()
    return Played(row.seed, row.groups, row.anchor, row.history_days, row.told_until) if row else None


def do_begin_world(*, seed: int, groups: int, anchor: date, history_days: int, told_until: datetime) -> Played:
    """Begins to play a world."""
    DemoWorld.objects.create(seed=seed, groups=groups, anchor=anchor, history_days=history_days, told_until=told_until)
    return Played(seed, groups, anchor, history_days, told_until)


def do_mark_told(until: datetime) -> None:
    """Everything before this moment was told."""
    DemoWorld.objects.update(told_until=until)


def do_end_world() -> None:
    """Stops playing: nothing more happens there."""
    DemoWorld.objects.all().delete()


def do_forget_groups(group_refs: list[str], at_most: int) -> int:
    """Removes up to so many seats of these groups, and as much of what waits to be fetched from them; answers how many."""
    waiting = list(FeedItem.objects.filter(group_ref__in=group_refs).values_list("pk", flat=True)[:at_most])
    seats = list(Seat.objects.filter(group_ref__in=group_refs).values_list("pk", flat=True)[:at_most])
    FeedItem.objects.filter(pk__in=waiting).delete()
    Seat.objects.filter(pk__in=seats).delete()
    return len(waiting) + len(seats)
