"""Local times of a file without zones become moments; the hour that a clock shows twice is told apart by the order of lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

JITTER = timedelta(minutes=5)  # lines of one minute are not always written in order


class LocalTime:
    """Reads the times of one chat in the order of its file."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._latest = datetime(1, 1, 2)  # noqa: DTZ001 - local time
        self._latest_utc = self._latest.replace(tzinfo=UTC)
        self._is_second_round = False

    def utc(self, moment: datetime) -> datetime:
        """The moment in UTC, goes_together stands around it; of an hour that comes twice, the first."""
        try:
            return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        except OverflowError:  # the first or the last day that a calendar knows
            return moment.replace(tzinfo=UTC)

    def next_utc(self, moment: datetime) -> datetime:
        """The moment of the next line in UTC. A clock that goes back within an hour that comes twice is in its second round."""
        if moment.tzinfo is not None:
            return moment if moment.tzinfo is UTC else self.utc(moment)
        if moment == self._latest:  # many lines of a minute that is all the file knows
            return self._latest_utc
        is_back = moment < self._latest - JITTER and self._comes_twice(self._latest)
        self._is_second_round = (self._is_second_round or is_back) and self._comes_twice(moment)
        self._latest = moment
        self._latest_utc = self.utc(moment.replace(fold=1) if self._is_second_round else moment)
        return self._latest_utc

    def _comes_twice(self, moment: datetime) -> bool:
        first = moment.replace(tzinfo=self._zone, fold=0).utcoffset() or timedelta()
        return first > (moment.replace(tzinfo=self._zone, fold=1).utcoffset() or timedelta())
