"""Quiet hours anywhere on earth, also in the nights in which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from qunying.kernel.hours import QuietHours

ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
]
FEBRUARY = datetime(2024, 2, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 29, 30, 59]))
hours = st.builds(QuietHours, st.sampled_from(ZONES).map(ZoneInfo), times, times)
moments = st.integers(0, 366 * 24 * 3600).map(lambda seconds: FEBRUARY + timedelta(seconds=seconds))


@given(quiet=hours, moment=moments)
@example(quiet=QuietHours(BERLIN, time(22), time(2, 30)), moment=datetime(2024, 10, 27, 1, 5, tzinfo=UTC))
@example(quiet=QuietHours(BERLIN, time(22), time(2, 30)), moment=datetime(2024, 3, 30, 23, 5, tzinfo=UTC))
@example(quiet=QuietHours(BERLIN), moment=datetime(2024, 3, 30, 23, 5, tzinfo=UTC))
def test_the_next_open_moment_is_open_soon_and_never_past(quiet: QuietHours, moment: datetime) -> None:
    opens = quiet.next_open(moment)
    assert not quiet.covers(opens)
    assert moment <= opens <= moment + timedelta(hours=25)
    assert (opens == moment) == (not quiet.covers(moment))


@given(quiet=hours, moment=moments)
def test_a_moment_is_quiet_or_not_whatever_zone_it_is_written_in(quiet: QuietHours, moment: datetime) -> None:
    assert {quiet.covers(moment.astimezone(ZoneInfo(zone))) for zone in ZONES} == {quiet.covers(moment)}


@given(zone=st.sampled_from(ZONES).map(ZoneInfo), end=times, moment=moments)
def test_nothing_is_ever_quiet_when_both_ends_are_equal(zone: ZoneInfo, end: time, moment: datetime) -> None:
    assert not QuietHours(zone, end, end).covers(moment)
