"""Quiet hours: when nobody in a group wants to be woken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily span in a community's own time zone; it may pass midnight. Equal ends mean: never quiet."""

    zone: ZoneInfo
    starts: time = time(22, 30)
    ends: time = time(8, 0)

    def covers(self, moment: datetime) -> bool:
        """Whether this (aware) moment is quiet. The start belongs to it, the end does not."""
        local = moment.astimezone(self.zone).time()
        if self.starts <= self.ends:
            return self.starts <= local < self.ends
        return local >= self.starts or local < self.ends

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when it is not quiet, else the end of this quiet span; never earlier than the moment."""
        if not self.covers(moment):
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() < self.ends else local.date() + timedelta(days=1)
        opens = datetime.combine(day, self.ends, self.zone)
        if opens.astimezone(UTC) < moment.astimezone(UTC):  # the clocks were set back: this hour comes a second time
            opens = opens.replace(fold=1)
        return opens.astimezone(moment.tzinfo)
