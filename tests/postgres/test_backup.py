"""An installation on PostgreSQL: ``pg_dump`` copies the database, a backup the rest, and both together are the world again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.commands.typed import PATIENCE, fill, report_of, typed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs tools.with_postgres"),
]


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases on the server of this run."""
    import psycopg

    server = urlsplit(os.environ["DATABASE_URL"])
    names = [f"{kind}_{os.getpid()}" for kind in ("made", "back")]
    with psycopg.connect(urlunsplit(server), autocommit=True) as administrator:
        for name in names:
            administrator.execute(f'CREATE DATABASE "{name}"')
        first, second = (urlunsplit(server._replace(path=f"/{name}")) for name in names)
        yield first, second
        for name in names:
            administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def copied(source: str, target: str) -> None:
    """As the guide says: ``pg_dump`` there, ``pg_restore`` here; both of the server's own version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        tools = Path(cursor.fetchone()[0])
    dump = subprocess.run([tools / "pg_dump", "--format=custom", source], capture_output=True, timeout=PATIENCE)
    assert dump.returncode == 0, dump.stderr
    back = subprocess.run(
        [tools / "pg_restore", "--dbname", target], input=dump.stdout, capture_output=True, timeout=PATIENCE
    )
    assert back.returncode == 0, back.stderr


def test_the_world_is_the_same_when_a_dump_and_a_backup_are_put_back(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    made, back = databases
    home, other, copy = tmp_path / "home", tmp_path / "other", tmp_path / "copy.zip"
    fill(home, tmp_path, database=made)
    copied(made, back)
    ended = typed(home, "backup", copy, "--json", database=made)
    assert (ended.returncode, "pg_dump" in ended.stderr) == (0, True), ended.stderr
    assert json.loads(ended.stdout)["database"] == "postgresql"
    with zipfile.ZipFile(copy) as archive:
        names = archive.namelist()
    assert not [name for name in names if "sqlite3" in name]
    assert {"files/海报.png", "secret.key"} < set(names)
    assert [name for name in names if name.startswith("lake/")]
    assert typed(other, "restore", "--check", copy, database=back).returncode == 0
    ended = typed(other, "restore", copy, "--json", database=back)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["before"] is None
    assert report_of(home, database=made) == report_of(other, database=back) != ""
    checked = typed(other, "doctor", "--json", database=back)
    assert checked.returncode == 0, checked.stdout
    refused = typed(other, "restore", copy, database=back)
    assert (refused.returncode, "--replace" in refused.stderr) == (2, True)
    shutil.rmtree(home)
    moved = typed(other, "restore", "--replace", copy, "--json", database=back)
    assert Path(json.loads(moved.stdout)["before"]).is_dir()


def test_a_backup_of_another_database_is_refused_when_put_back(databases: tuple[str, str], tmp_path: Path) -> None:
    made, _back = databases
    assert typed(tmp_path / "home", "backup", tmp_path / "sqlite.zip").returncode == 0
    ended = typed(tmp_path / "other", "restore", tmp_path / "sqlite.zip", database=made)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "DATABASE_URL" in ended.stderr
