"""What the doctor finds, and what it only mentions."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.commands.typed import fill, typed


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill(tmp_path / "home", tmp_path, messages=20)
    typed(tmp_path / "home", "audit", "verify")
    return tmp_path / "home"


def found(home: Path) -> tuple[int, dict[str, Any]]:
    ended = typed(home, "doctor", "--json")
    assert ended.stderr == ""
    words = json.loads(ended.stdout)
    return ended.returncode, {one["name"]: one["state"] for one in words["findings"]}


def change(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "qunying.sqlite3")) as database, database:
        assert database.execute(statement).rowcount > 0


def test_an_empty_home_is_well_when_nothing_was_made_yet(tmp_path: Path) -> None:
    code, states = found(tmp_path / "home")
    assert (code, states["database"]) == (0, "look")
    assert not (tmp_path / "home" / "qunying.sqlite3").exists()


def test_everything_is_in_order_when_nothing_happened(home: Path) -> None:
    code, states = found(home)
    assert code == 0
    assert {name: state for name, state in states.items() if name not in {"disk", "bundle", "fonts"}} == dict.fromkeys(
        ("python", "home", "time_zones", "database", "queues", "effects", "lake", "journal"), "ok"
    )


def test_a_changed_fact_is_broken_when_the_chain_is_computed_anew(home: Path) -> None:
    change(home, "UPDATE journal_fact SET actor = 'somebody' WHERE id = (SELECT min(id) FROM journal_fact)")
    code, states = found(home)
    assert (code, states["journal"]) == (1, "broken")


def test_a_missing_file_of_the_lake_is_broken_when_the_database_names_it(home: Path) -> None:
    next((home / "lake").rglob("*.parquet")).unlink()
    code, states = found(home)
    assert (code, states["lake"]) == (1, "broken")


def test_a_newer_database_is_broken_and_no_command_touches_it_when_met(home: Path) -> None:
    change(home, "INSERT INTO django_migrations (app, name, applied) VALUES ('journal', '9999_tomorrow', '2030-01-01')")
    code, states = found(home)
    assert (code, states["database"]) == (1, "broken")
    ended = typed(home, "audit", "verify")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "9999_tomorrow" in ended.stderr


def test_a_file_that_is_no_database_is_broken_when_opened(home: Path) -> None:
    (home / "qunying.sqlite3").write_bytes(b"not a database" * 1000)
    code, states = found(home)
    assert (code, states["database"]) == (1, "broken")
    ended = typed(home, "audit", "verify")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
