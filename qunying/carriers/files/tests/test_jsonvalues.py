from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qunying.carriers.files.jsonvalues import as_ref, as_size, as_text, raw_text, unix_time, written_time

AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize("value", [1_700_000_000, "1700000000", 1_700_000_000_000, 1.7e15, "1700000000.000000"])
def test_unix_time_is_utc_when_given_in_any_unit(value: object) -> None:
    assert unix_time(value) == AT


@pytest.mark.parametrize(
    "value", [0, -1, True, None, "", "abc", "٣", float("nan"), float("inf"), 10**30, [], "1" * 5000]
)
def test_no_time_is_invented_when_the_value_is_none(value: object) -> None:
    assert unix_time(value) is None
    assert written_time(value) is None


def test_written_time_keeps_what_it_knows_when_read() -> None:
    assert written_time("2023-11-15T06:13:20+08:00") == AT
    assert written_time("2023-11-14T22:13:20.0000000+00:00") == AT
    assert written_time("2023/11/14 22:13:20") == AT.replace(tzinfo=None)
    assert written_time("0001-01-01T00:00:00+14:00") is None


def test_text_can_be_stored_when_it_held_what_databases_refuse() -> None:
    assert as_text("a\x00b\ud800c😀") == "a\ufffdb\ufffdc😀"
    assert (as_text(12.0), as_text(1.5), as_text(True), as_text(None), as_text({})) == ("12", "1.5", "", "", "")
    assert as_text(10**6000) == ""


def test_ref_is_none_when_it_names_nobody() -> None:
    assert [as_ref(value) for value in ("", " ", 0, "0", None, "u_1", 7)] == [None, None, None, None, None, "u_1", "7"]


def test_size_is_none_when_it_is_no_count() -> None:
    assert [as_size(value) for value in ("12", 12, -1, "１２", "x", True, 10**30)] == [12, 12] + [None] * 5


def test_raw_text_survives_when_the_value_is_bottomless() -> None:
    nest: list[object] = []
    for _ in range(100_000):
        nest = [nest]
    assert raw_text(nest) == ""
