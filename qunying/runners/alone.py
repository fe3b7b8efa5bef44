"""A lock on a file of the home: whoever needs the installation for themselves holds it, and it ends with their process."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

UP = "up.lock"
SHAPE = "shape.lock"


@contextmanager
def only_one(home: Path, who: str) -> Iterator[None]:
    """Holds the home the way ``qunying up`` does; ``who`` is told to others. Raises ``BadUse`` where somebody holds it."""
    with (home / UP).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadUse(mark("%(home)s 正在用：%(who)s；先停下它"), home=str(home), who=_read(file.name)) from error
        file.truncate(0)
        file.write(who)
        file.flush()
        yield
        file.truncate(0)


@contextmanager
def in_turn(home: Path) -> Iterator[None]:
    """Waits for whoever changes the shape of the database, then goes on alone."""
    with (home / SHAPE).open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def find_holder(home: Path) -> str | None:
    """Who holds the home, None where nobody does."""
    path = home / UP
    if not path.exists():
        return None
    with path.open("r", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(str(path))
    return None


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip() or "qunying"
