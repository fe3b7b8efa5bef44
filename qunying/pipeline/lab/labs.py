"""What a lab is and where it is kept: a folder with a description, the lines played so far, and its world's database."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

TOKEN = re.compile(r"[0-9a-f]{16}")
GROUP_REF = "lab"
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be played. ``kind`` says what for: newcomer old lookalike staff member own extra.

    ``joined`` is empty for who is not in the group when the lab begins.
    """

    ref: str
    name: str
    kind: str
    card: str = ""
    role: str = "member"
    duty: str = ""
    joined: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One lab. ``lines`` are those of a drill file's timeline; ``refs`` the message (or event) each of them became."""

    token: str
    owner_id: int
    community_id: int | None
    group_name: str
    community: str
    timezone: str
    language: str
    quiet_from: str
    quiet_to: str
    modes: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Any]]
    cast: tuple[Person, ...]
    starts_at: datetime
    now: datetime
    schema: str = ""
    playing: str = ""
    lines: tuple[Mapping[str, Any], ...] = ()
    refs: tuple[str, ...] = field(default=())

    @property
    def zone(self) -> ZoneInfo:
        """The community's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def quiet(self) -> tuple[time, time]:
        """The quiet hours, from and to."""
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_to)

    def person(self, ref: str) -> Person | None:
        """The person of that reference."""
        return next((person for person in self.cast if person.ref == ref), None)


def labs_folder() -> Path:
    """Where labs lie in this installation."""
    folder = Path(settings.HOME) / "labs"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def folder_of(token: str) -> Path:
    """The folder of one lab."""
    return labs_folder() / token


def pictures_of(token: str) -> Path:
    """Where pictures shown in a lab lie."""
    folder: Path = Path(settings.HOME) / "files" / "labs" / token
    return folder


def world_of(token: str) -> Path:
    """The database of a lab's world."""
    return folder_of(token) / "world.sqlite3"


def new_token() -> str:
    """A name for a lab that nobody can guess."""
    return secrets.token_hex(8)


def find_lab(token: str) -> Lab | None:
    """The lab of that token, None when there is none (any more)."""
    path = folder_of(token) / "lab.json"
    if not TOKEN.fullmatch(token) or not path.is_file():
        return None
    return _read(path)


def list_labs(owner_id: int) -> list[Lab]:
    """Somebody's labs, the one touched last first."""
    paths = sorted(labs_folder().glob("*/lab.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [lab for lab in map(_read, paths) if lab.owner_id == owner_id]


def do_write_lab(lab: Lab) -> None:
    """Keeps a lab as it stands now; who reads meanwhile sees the one before."""
    folder = folder_of(lab.token)
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f"lab.{os.getpid()}"
    draft.write_text(json.dumps(asdict(lab), ensure_ascii=False, default=_as_text), encoding="utf-8")
    draft.replace(folder / "lab.json")


def do_drop_lab(token: str) -> None:
    """Forgets a lab with everything in it."""
    shutil.rmtree(folder_of(token), ignore_errors=True)
    shutil.rmtree(pictures_of(token), ignore_errors=True)


def do_remember(token: str) -> None:
    """Keeps the lab as it stands for ``do_restore``."""
    folder = folder_of(token)
    shutil.copyfile(world_of(token), folder / "before.sqlite3")
    shutil.copyfile(folder / "lab.json", folder / "before.json")


def do_restore(token: str) -> bool:
    """The lab as it was remembered last; False when it was not, or was restored already."""
    folder = folder_of(token)
    if not (folder / "before.json").exists():
        return False
    (folder / "before.sqlite3").replace(world_of(token))
    (folder / "before.json").replace(folder / "lab.json")
    return True


def can_restore(token: str) -> bool:
    """Whether there is something to go back to."""
    return (folder_of(token) / "before.json").exists()


@contextmanager
def held(token: str) -> Iterator[None]:
    """Inside the block nobody else plays in this lab, in goes_together process."""
    with (folder_of(token) / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be kept")


def _read(path: Path) -> Lab:
    words = json.loads(path.read_text(encoding="utf-8"))
    words["cast"] = tuple(Person(**person) for person in words["cast"])
    words["lines"], words["refs"] = tuple(words["lines"]), tuple(words["refs"])
    words["starts_at"], words["now"] = (datetime.fromisoformat(words[name]) for name in ("starts_at", "now"))
    return Lab(**words)
