"""Days, weeks and clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.communities.queries import CountedGroup
from qunying.insights.scope import Scope, midnight, monday_of, span_with_before, stretches

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))


def _scope(zone: str, since: datetime, until: datetime) -> Scope:
    return Scope((CountedGroup(1, "茶友", 1, "社群", zone),), since, until)


@settings(deadline=None)
@given(st.sampled_from(ZONES), moments, st.integers(1, 700), st.floats(0, 0.999))
def test_adding_the_offset_gives_local_time_when_clocks_change(
    zone: str, since: datetime, days: int, place: float
) -> None:
    until = since + timedelta(days=days)
    moment = since + (until - since) * place
    cut = stretches(zone, since, until)
    assert cut[0].since == since
    assert cut[-1].until == until
    assert all(one.until == other.since for one, other in pairwise(cut))
    offset = next(one.offset for one in cut if one.since <= moment < one.until)
    assert moment.replace(tzinfo=None) + offset == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_a_day_has_25_hours_when_clocks_go_back() -> None:
    day = date(2024, 10, 27)
    assert midnight(day + timedelta(days=1), "Europe/Berlin") - midnight(day, "Europe/Berlin") == timedelta(hours=25)


def test_a_day_begins_at_one_when_midnight_is_skipped() -> None:
    assert midnight(date(2018, 11, 4), "America/Sao_Paulo") == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_days_are_local_when_the_span_is_given_in_utc() -> None:
    scope = _scope("Asia/Shanghai", datetime(2024, 2, 28, 16, tzinfo=UTC), datetime(2024, 3, 1, 16, tzinfo=UTC))
    assert scope.days() == [date(2024, 2, 29), date(2024, 3, 1)]


def test_no_days_when_the_span_is_empty() -> None:
    now = datetime(2024, 3, 1, tzinfo=UTC)
    assert _scope("Asia/Shanghai", now, now).days() == []


def test_week_begins_on_monday_when_the_day_is_a_sunday() -> None:
    assert monday_of(date(2024, 3, 10)) == date(2024, 3, 4)


def test_same_weekdays_and_hours_are_compared_when_the_week_is_not_over() -> None:
    since, until = datetime(2024, 3, 3, 16, tzinfo=UTC), datetime(2024, 3, 9, 12, tzinfo=UTC)
    span = span_with_before(since, until, "Asia/Shanghai")
    assert (span.before_since, span.before_until) == (since - timedelta(days=7), until - timedelta(days=7))
    whole = span_with_before(since, since + timedelta(days=7), "Asia/Shanghai")
    assert whole.before_until == since


def test_the_day_before_is_a_local_day_when_clocks_changed_between() -> None:
    since, until = midnight(date(2024, 4, 1), "Europe/Berlin"), midnight(date(2024, 4, 2), "Europe/Berlin")
    span = span_with_before(since, until, "Europe/Berlin")
    assert span.before_since == midnight(date(2024, 3, 31), "Europe/Berlin")
    assert span.before_until == since
