"""A backup made while others write, and the world that comes out of it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from qunying.kernel.errors import BadUse, QunyingError
from qunying.runners.alone import only_one
from qunying.runners.backup import do_back_up
from qunying.runners.restore import check_backup
from tests import cast
from tests.commands.typed import fill, report_of, typed

DATABASE = "qunying.sqlite3"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled home and its backup beside it."""
    folder = tmp_path_factory.mktemp("made")
    fill(folder / "home", folder)
    ended = typed(folder / "home", "backup", folder / "copy.zip", "--json")
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """The backup, to be spoilt."""
    return Path(shutil.copy(made / "copy.zip", tmp_path / "copy.zip"))


def rows(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / DATABASE)) as database:
        return list(database.iterdump())


def files(home: Path) -> dict[str, bytes]:
    """What is no database and cannot be made again."""
    left_out = {"up.lock", "shape.lock"}
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name not in left_out and DATABASE not in path.name
    }


def spoil(copy: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Writes the zip anew after changing what is in it."""
    with zipfile.ZipFile(copy) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(copy, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def manifest_of(parts: dict[str, bytes]) -> dict[str, object]:
    words: dict[str, object] = json.loads(parts["manifest.json"])
    return words


def test_the_restored_world_equals_when_nobody_wrote_meanwhile(made: Path, tmp_path: Path) -> None:
    ended = typed(tmp_path / "home", "restore", made / "copy.zip", "--json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["before"] is None
    assert rows(tmp_path / "home") == rows(made / "home")
    assert files(tmp_path / "home") == files(made / "home")
    assert report_of(tmp_path / "home") == report_of(made / "home")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


@contextmanager
def writing(path: Path) -> Iterator[list[int]]:
    """Somebody who, as fast as they can, writes the same number into two rows that belong together."""
    done, stop = [0], threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            while not stop.is_set():
                done[0] += 1
                database.execute("BEGIN IMMEDIATE")
                for name in ("left", "right"):
                    database.execute(
                        "INSERT INTO intake_cursor (name, position) VALUES (?, ?) "
                        "ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                        (name, done[0]),
                    )
                database.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()


def test_the_copy_is_of_one_moment_when_somebody_writes_all_the_time(tmp_path: Path) -> None:
    fill(tmp_path / "home", tmp_path)
    with writing(tmp_path / "home" / DATABASE) as done:
        before = done[0]
        ended = typed(tmp_path / "home", "backup", tmp_path / "copy.zip")
        after = done[0]
    assert ended.returncode == 0, ended.stderr
    assert after > before
    assert typed(tmp_path / "other", "restore", tmp_path / "copy.zip").returncode == 0
    with closing(sqlite3.connect(tmp_path / "other" / DATABASE)) as database:
        left, right = (
            row[0] for row in database.execute("SELECT position FROM intake_cursor WHERE name IN ('left', 'right')")
        )
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert left == right
    assert before <= left <= after


def test_a_backup_is_readable_by_its_owner_only_when_made(made: Path) -> None:
    assert (made / "copy.zip").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["copy.zip", "home/inside.zip", "gone/copy.zip"])
def test_nothing_is_written_when_the_place_cannot_be_meant(made: Path, place: str) -> None:
    before = files(made)
    with pytest.raises(BadUse):
        do_back_up(made / place, made / "home", cast.TUESDAY)
    assert files(made) == before


def change_a_byte(parts: dict[str, bytes]) -> None:
    parts["files/海报.png"] = b"\xff" + parts["files/海报.png"][1:]


def leave_one_out(parts: dict[str, bytes]) -> None:
    del parts["secret.key"]


def climb_out(parts: dict[str, bytes]) -> None:
    words = manifest_of(parts)
    words["files"] = [{"name": "../out", "size": 1, "sha256": "0"}]
    parts.clear()
    parts.update({"manifest.json": json.dumps(words).encode(), "../out": b"1"})


def come_from_tomorrow(parts: dict[str, bytes]) -> None:
    words = manifest_of(parts)
    words["migrations"] = [["journal", "9999_tomorrow"]]
    parts["manifest.json"] = json.dumps(words).encode()


def have_another_format(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = json.dumps({**manifest_of(parts), "format": 2}).encode()


def have_no_manifest(parts: dict[str, bytes]) -> None:
    del parts["manifest.json"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_a_byte, "海报.png"),
        (leave_one_out, "清单"),
        (climb_out, "清单"),
        (come_from_tomorrow, "9999_tomorrow"),
        (have_another_format, "格式"),
        (have_no_manifest, "不是群营的备份"),
    ],
)
def test_a_backup_is_refused_when_something_in_it_is_not_as_it_was_written(
    copy: Path, change: Callable[[dict[str, bytes]], object], said: str
) -> None:
    spoil(copy, change)
    with pytest.raises(QunyingError, match=said):
        check_backup(copy)


def test_the_home_stays_as_it_was_when_a_byte_of_the_backup_was_changed(copy: Path, tmp_path: Path) -> None:
    spoil(copy, change_a_byte)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "mine.txt").write_text("mine")
    ended = typed(tmp_path / "home", "restore", copy, "--replace")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert (tmp_path / "home" / "mine.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.zip", "home"]


def test_a_torn_file_is_said_when_half_of_it_arrived(copy: Path, tmp_path: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    ended = typed(tmp_path / "home", "restore", copy)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "不是完整的备份文件" in ended.stderr


def test_data_is_replaced_only_when_asked_and_then_kept(copy: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "mine.txt").write_text("mine")
    refused = typed(home, "restore", copy)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "--replace" in refused.stderr
    ended = typed(home, "restore", copy, "--replace", "--json")
    assert ended.returncode == 0, ended.stderr
    assert (Path(json.loads(ended.stdout)["before"]) / "mine.txt").read_text() == "mine"
    assert (home / DATABASE).exists()


def test_nothing_is_restored_when_somebody_runs_there(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with only_one(tmp_path / "home", "qunying up, http://127.0.0.1:1"):
        ended = typed(tmp_path / "home", "restore", copy, "--replace")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "http://127.0.0.1:1" in ended.stderr
