from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from qunying.carriers.files.dates import OrderTally, hour_of_day, read_any_time, read_date

CHINA = timezone(timedelta(hours=8))


def verdict(dates: list[str]) -> tuple[str, bool]:
    tally = OrderTally()
    for written in dates:
        first, second, third = written.split("/")
        tally.see((first, second, third))
    return tally.verdict()


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["01/02/20", "13/02/20"], ("dmy", True)),
        (["01/02/20", "02/13/20"], ("mdy", True)),
        (["2020/1/2", "2020/2/1"], ("ymd", True)),
        (["01/02/20", "02/02/20", "03/02/20", "01/03/20"], ("dmy", True)),
        (["02/01/20", "02/02/20", "02/03/20", "03/01/20"], ("mdy", True)),
        (["19/12/30", "19/12/31", "20/01/01", "20/01/15"], ("ymd", True)),
        (["01/02/20", "03/04/20"], ("dmy", False)),
        (["05/05/20"], ("dmy", False)),
        ([], ("", True)),
    ],
)
def test_order_is_found_when_the_dates_tell(dates: list[str], expected: tuple[str, bool]) -> None:
    assert verdict(dates) == expected


def test_order_holds_when_one_pasted_date_contradicts_many() -> None:
    days = [f"{day:02}/01/20" for day in range(1, 29)]
    assert verdict([*days[:20], "01/25/20", *days[20:]]) == ("dmy", True)


def test_order_is_uncertain_when_as_much_speaks_for_either() -> None:
    assert verdict(["13/01/20", "01/13/20"])[1] is False


@pytest.mark.parametrize(
    ("hour", "half", "expected"),
    [
        ("12", "凌晨", 0), ("3", "凌晨", 3), ("7", "早上", 7), ("12", "中午", 12), ("11", "中午", 11), ("1", "中午", 13),
        ("3", "下午", 15), ("12", "下午", 12), ("9", "晚上", 21), ("12", "晚上", 0), ("11", "半夜", 23), ("12", "上午", 0),
        ("3", "오후", 15), ("12", "오전", 0), ("8", "p. m.", 20), ("12", "a.\u202fm.", 0), ("00", "a. m.", 0),
        ("12", "PM", 12), ("14", "PM", 14), ("9", "", 9),
    ],
)  # fmt: skip
def test_hour_is_right_when_a_word_tells_the_half_of_the_day(hour: str, half: str, expected: int) -> None:
    assert hour_of_day(hour, half) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1563272105", datetime(2019, 7, 16, 10, 15, 5, tzinfo=UTC)),
        ("1563272105123", datetime(2019, 7, 16, 10, 15, 5, 123000, tzinfo=UTC)),
        ("2019-07-16T18:15:05+08:00", datetime(2019, 7, 16, 18, 15, 5, tzinfo=CHINA)),
        ("2019-07-16 18:15", datetime(2019, 7, 16, 18, 15)),
        ("2019/7/16 18:15:05", datetime(2019, 7, 16, 18, 15, 5)),
        ("2019年7月16日 下午6:15:05", datetime(2019, 7, 16, 18, 15, 5)),
        ("2019年7月16日 星期二 18:15", datetime(2019, 7, 16, 18, 15)),
        ("16.07.2019 18:15", datetime(2019, 7, 16, 18, 15)),
        ("20190716181505", datetime(2019, 7, 16, 18, 15, 5)),
        ("Jul 16, 2019 3:04 PM", datetime(2019, 7, 16, 15, 4)),
        ("Tue, 16 Jul 2019 15:04:05 +0800", datetime(2019, 7, 16, 15, 4, 5, tzinfo=CHINA)),
        ("２０１９/７/１６ ６:０５", datetime(2019, 7, 16, 6, 5)),
        ("2019-13-45", None),
        ("昨天", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_moment_is_read_when_written_in_a_usual_way(written: str, expected: datetime | None) -> None:
    assert read_any_time(written) == expected


def test_day_and_month_follow_the_order_when_both_could_be_months() -> None:
    assert read_date("01", "02", "20", "dmy") == date(2020, 2, 1)
    assert read_date("01", "02", "20", "mdy") == date(2020, 1, 2)
    assert read_date("01", "02", "20", "ymd") == date(2001, 2, 20)
    assert read_date("31", "02", "20", "dmy") is None
