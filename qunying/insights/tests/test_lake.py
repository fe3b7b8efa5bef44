"""Nothing is lost and nothing counted twice on the way into the lake, goes_together dies on the way."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pyarrow.parquet as pq
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from qunying.insights import lake as lakes
from qunying.insights.catalogue import JOINS, MESSAGES
from qunying.insights.keeping import step
from qunying.insights.lake import Flushed, compact, do_forget_community, flush, is_due
from qunying.insights.measure import measure
from qunying.insights.models import LakeCursor, Part
from qunying.insights.parts import sweep
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.talk.queries import last_message_id

pytestmark = pytest.mark.django_db


def _count(home: Home, what: str = "value") -> int:
    scope = Scope(home.counted, NOON - timedelta(days=60), NOON + timedelta(days=60))
    return int(measure(MESSAGES, scope)[0][what])


def _files(lake: Path) -> list[Path]:
    return sorted(path for path in lake.rglob("*") if path.is_file())


def test_numbers_stay_when_rows_move_from_the_database_into_the_lake(lake: Path) -> None:
    home = Home()
    for n in range(5):
        home.say("老周", NOON + hours(n))
    before = _count(home)
    assert flush(NOON, lake) == Flushed(messages=5, files=1)
    home.say("阿茗", NOON + hours(6))
    assert (before, _count(home)) == (5, 6)


def test_nothing_is_written_when_flushed_twice(lake: Path) -> None:
    Home().say("老周", NOON)
    flush(NOON, lake)
    files = _files(lake)
    assert flush(NOON, lake) == Flushed()
    assert _files(lake) == files


def test_files_lie_by_community_and_month_when_rows_span_several(lake: Path) -> None:
    one, other = Home(), Home()
    for home in (one, other):
        home.say("老周", NOON)
        home.say("老周", NOON - timedelta(days=20))
        home.join("阿茗", NOON)
    assert flush(NOON, lake) == Flushed(messages=4, events=2, files=6)
    assert set(Part.objects.values_list("table", "month")) == {
        ("messages", NOON.date().replace(day=1)),
        ("messages", (NOON - timedelta(days=20)).date().replace(day=1)),
        ("events", NOON.date().replace(day=1)),
    }


def test_the_lake_holds_no_words_when_messages_are_flushed(lake: Path) -> None:
    Home().say("老周", NOON, "80 到 85 度，头两泡别超 15 秒")
    flush(NOON, lake)
    found = pq.read_table(_files(lake)[0]).to_pylist()[0]
    assert found["length"] == 20
    assert "text" not in found
    assert not any("度" in str(value) or "老周" in str(value) for value in found.values())


def test_rows_are_counted_once_when_it_dies_between_file_and_manifest(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home()
    home.say("老周", NOON)
    with monkeypatch.context() as patch:
        patch.setattr(lakes, "_do_name", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            flush(NOON, lake)
    assert len(_files(lake)) == 1
    assert _count(home) == 1
    flush(NOON, lake)
    assert _count(home) == 1
    assert len(_files(lake)) == 2


def test_a_lost_file_is_swept_when_it_is_old_and_left_when_it_may_be_in_use(lake: Path) -> None:
    Home().say("老周", NOON)
    flush(NOON, lake)
    lost = lake / "messages" / "c9" / "2024-03" / "1-2-abcd.parquet"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"half a file")
    disk = (NOON - timedelta(minutes=5)).timestamp()
    os.utime(lost, (disk, disk))
    assert sweep(NOON, lake) == 0
    assert sweep(NOON + timedelta(hours=2), lake) == 1
    assert not lost.exists()
    assert len(_files(lake)) == 1


def test_the_second_gives_way_when_two_processes_flush(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home()
    home.say("老周", NOON)
    real = lakes._do_name

    def other_was_first(*args: object) -> bool:
        monkeypatch.setattr(lakes, "_do_name", real)
        flush(NOON, lake)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(lakes, "_do_name", other_was_first)
    assert flush(NOON, lake).messages == 0
    assert _count(home) == 1
    assert Part.objects.count() == len(_files(lake)) == 1


def test_late_ids_are_not_passed_over_when_the_database_commits_out_of_order(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lakes, "connection", Mock(vendor="postgresql"))
    home = Home()
    home.say("老周", NOON)
    seen = last_message_id()
    assert flush(NOON, lake).messages == 0
    home.say("阿茗", NOON)
    assert flush(NOON + timedelta(seconds=59), lake).messages == 0
    assert flush(NOON + timedelta(seconds=61), lake).messages == 1
    assert LakeCursor.objects.get(pk="messages").position == seen
    assert _count(home) == 2
    flush(NOON + timedelta(seconds=122), lake)
    assert _count(home) == 2
    assert LakeCursor.objects.get(pk="messages").position == last_message_id()


def test_a_message_is_seen_recalled_when_it_was_recalled_after_the_flush(lake: Path) -> None:
    home = Home()
    keys = [home.say("老周", NOON + hours(n)) for n in range(3)]
    flush(NOON, lake)
    home.recall(keys[0], NOON + hours(4))
    assert (_count(home), _count(home, "recalled")) == (3, 1)
    assert flush(NOON, lake).versions == 1
    home.recall(keys[1], NOON + hours(5))
    assert (_count(home), _count(home, "recalled")) == (3, 2)
    flush(NOON, lake)
    assert (_count(home), _count(home, "recalled")) == (3, 2)


def test_the_latest_state_counts_when_a_message_changed_again_and_again(lake: Path) -> None:
    home = Home()
    key = home.say("老周", NOON, "早")
    flush(NOON, lake)
    for n in range(3):
        home.edit(key, NOON + hours(n), "早" * (n + 2))
        flush(NOON, lake)
    home.recall(key, NOON + hours(9))
    assert (_count(home), _count(home, "recalled")) == (1, 1)
    flush(NOON, lake)
    compact(NOON, lake)
    assert (_count(home), _count(home, "recalled")) == (1, 1)
    assert [part.rows for part in Part.objects.filter(retired_at=None)] == [1]


def test_no_version_is_written_when_a_message_changed_before_its_first_flush(lake: Path) -> None:
    home = Home()
    home.recall(home.say("老周", NOON), NOON + hours(1))
    assert flush(NOON, lake) == Flushed(messages=1, files=1)
    assert _count(home, "recalled") == 1


def test_one_file_is_left_per_place_when_compacted(lake: Path) -> None:
    home = Home()
    for n in range(4):
        home.say("老周", NOON + hours(n))
        home.join(f"新人{n}", NOON + hours(n))
        flush(NOON, lake)
    assert compact(NOON, lake) == 8
    assert sorted(Part.objects.filter(retired_at=None).values_list("table", "rows")) == [("events", 4), ("messages", 4)]
    assert len(_files(lake)) == 10
    compact(NOON + timedelta(minutes=11), lake)
    assert len(_files(lake)) == 2
    assert _count(home) == 4


def test_old_files_stay_readable_when_just_compacted(lake: Path) -> None:
    home = Home()
    for _ in range(2):
        home.say("老周", NOON)
        flush(NOON, lake)
    paths = [lake / part.path for part in Part.objects.all()]
    compact(NOON, lake)
    assert all(path.exists() for path in paths)


def test_small_files_are_merged_when_a_place_has_many_of_them(lake: Path) -> None:
    home = Home()
    for n in range(14):
        home.say("老周", NOON + hours(n))
        flush(NOON, lake)
    assert Part.objects.filter(retired_at=None).count() < 3
    assert _count(home) == 14


def test_a_community_is_out_of_the_lake_when_it_is_forgotten(
    lake: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    home, other = Home(), Home()
    home.say("老周", NOON)
    other.say("老周", NOON)
    home.join("阿茗", NOON)
    flush(NOON, lake)
    with django_capture_on_commit_callbacks(execute=True):
        assert do_forget_community(home.id, lake) == 2
    assert [path for path in _files(lake) if f"c{home.id}" in path.parts] == []
    assert _count(other) == 1


def test_flushing_is_due_when_15_minutes_passed_or_much_waits(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home()
    step(NOON, lake)
    assert not is_due(NOON + timedelta(hours=1))
    home.say("老周", NOON)
    assert step(NOON + timedelta(minutes=16), lake) >= 1
    home.say("老周", NOON)
    assert not is_due(NOON + timedelta(minutes=20))
    monkeypatch.setattr(lakes, "FLUSH_ROWS", 1)
    assert is_due(NOON + timedelta(minutes=20))


def test_joins_are_counted_once_when_half_of_them_are_in_the_lake(lake: Path) -> None:
    home = Home()
    home.join("阿茗", NOON, via="qr")
    flush(NOON, lake)
    home.join("简一", NOON + hours(1), via="qr")
    scope = Scope(home.counted, NOON, NOON + timedelta(days=1))
    assert measure(JOINS, scope) == [{"value": 2, "invited": 0}]
    assert measure(JOINS, scope, "source") == [{"source": "qr", "value": 2, "invited": 0}]
