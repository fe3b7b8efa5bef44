"""Times without a zone, and the hour that a clock shows twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from qunying.kernel.errors import BadUse
from qunying.pipeline.past.keys import Keys
from qunying.pipeline.past.localtime import LocalTime
from qunying.talk.models import Message
from tests.past.conftest import Import
from tests.past.exports import write

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}")


def hours(*texts: str) -> list[str]:
    """The UTC hours and minutes of these local times, read one after the other."""
    time = LocalTime(BERLIN)
    return [f"{time.next_utc(local(text)):%H:%M}" for text in texts]


def test_the_second_round_is_told_apart_when_the_clock_goes_back() -> None:
    october = [f"10-27 {clock}" for clock in ("01:50", "02:10", "02:30", "02:50", "02:05", "02:30", "02:59", "03:01")]
    assert hours(*october) == ["23:50", "00:10", "00:30", "00:50", "01:05", "01:30", "01:59", "02:01"]


def test_the_first_round_is_meant_when_lines_are_only_a_little_out_of_order() -> None:
    assert hours("10-27 02:10", "10-27 02:09", "10-27 02:30") == ["00:10", "00:09", "00:30"]


def test_nothing_shifts_when_a_clock_goes_back_on_a_usual_day() -> None:
    assert hours("10-26 02:50", "10-26 02:05", "10-25 02:30") == ["00:50", "00:05", "00:30"]


def test_an_hour_that_never_was_is_read_when_the_clock_goes_forward() -> None:
    assert hours("03-31 01:59", "03-31 02:30", "03-31 03:01") == ["00:59", "01:30", "01:01"]


@pytest.mark.parametrize("moment", [datetime.min, datetime.max, datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))])
def test_the_ends_of_the_calendar_are_read_when_a_file_names_them(moment: datetime) -> None:
    assert LocalTime(ZoneInfo("Asia/Shanghai")).next_utc(moment).tzinfo is UTC


def test_both_half_past_twos_are_kept_when_an_export_shows_them(importing: Import, tmp_path: Path) -> None:
    clocks = ("02:10", "02:30", "02:50", "02:10", "02:30", "03:00")
    lines = "".join(f"27/10/2024, {clock} - 安娜: Hallo um halb drei\n" for clock in clocks)
    path = write(tmp_path, "chat.txt", lines)
    assert importing(path, timezone="Europe/Berlin")["messages"] == 6
    kept = [f"{at:%H:%M}" for at in Message.objects.order_by("at").values_list("at", flat=True)]
    assert kept == ["00:10", "00:30", "00:50", "01:10", "01:30", "02:00"]
    assert importing(path, timezone="Europe/Berlin")["messages"] == 0


def test_times_are_of_the_zone_that_was_told_when_the_file_says_none(importing: Import, tmp_path: Path) -> None:
    path = write(tmp_path, "chat.txt", "15/03/2024, 09:00 - 小美: 早\n")
    words = importing(path, timezone="America/New_York")
    assert (words["first_at"], words["timezone"]) == ("2024-03-15T13:00:00+00:00", "America/New_York")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Asia", "../etc/passwd", "北京", "UTC+8:00\x00"])
def test_a_zone_is_refused_when_there_is_none_of_that_name(importing: Import, tmp_path: Path, zone: str) -> None:
    path = write(tmp_path, "chat.txt", "15/03/2024, 09:00 - 小美: 早\n")
    for dry in (True, False):
        with pytest.raises(BadUse, match="时区"):
            importing(path, timezone=zone, dry_run=dry)


def test_a_key_has_the_offset_that_was_written_when_two_lines_are_of_one_moment() -> None:
    keys, here = Keys(), datetime(2024, 3, 4, 20, tzinfo=timezone(timedelta(hours=8)))
    first, second = keys.key(here, "a", "text", "早"), keys.key(here.astimezone(UTC), "a", "text", "早")
    assert first.startswith("2024-03-04T20:00:00+08:00:")
    assert second.startswith("2024-03-04T12:00:00+00:00:")
    local = here.replace(tzinfo=None)
    assert keys.key(local, "a", "text", "早").startswith("2024-03-04T20:00:00:")
    assert keys.key(local, "b", "text", "早").startswith("2024-03-04T20:00:00:")
