"""Files that people hand over in the browser: kept in a folder of their own until the import has read them."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from qunying.pipeline.models import ImportRun

FORGOTTEN_AFTER = timedelta(days=7)
NAME_BYTES = 180
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,40}")
_NOTE = "draft.json"
_FILES = "files"


@dataclass(frozen=True, slots=True)
class Draft:
    """Files that arrived and wait for somebody to say where they belong. ``seconds`` is how long they took to arrive."""

    token: str
    user_id: int
    created_at: datetime
    seconds: float
    files: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.stat().st_size for file in self.files)

    @property
    def folder(self) -> Path:
        """Where everything of this upload lies."""
        return _home() / self.token


def do_open_folder(now: datetime) -> str:
    """A new empty folder for files to arrive in; answers its token. Uploads nobody came back to for a week are removed."""
    _do_clear_forgotten(now)
    token = secrets.token_urlsafe(18)
    (_home() / token / _FILES).mkdir(parents=True, mode=0o700)
    return token


def place_for(token: str, name: str) -> Path:
    """Where a file of that name goes: the name as given, made harmless, and told apart from others of the same name."""
    folder = _home() / token / _FILES
    safe = _harmless(name)
    path, number = folder / safe, 2
    while path.exists():
        path = folder / f"{Path(safe).stem}-{number}{Path(safe).suffix}"
        number += 1
    return path


def do_note_draft(token: str, *, user_id: int, at: datetime, seconds: float) -> Draft:
    """All files of this folder have arrived: it is a draft from now on."""
    words = {"user": user_id, "at": at.isoformat(), "seconds": seconds}
    (_home() / token / _NOTE).write_text(json.dumps(words), encoding="utf-8")
    draft = find_draft(token, user_id)
    assert draft is not None
    return draft


def find_draft(token: str, user_id: int) -> Draft | None:
    """The draft of that token; None where there is none or it is somebody else's."""
    if not _TOKEN.fullmatch(token):
        return None
    draft = _read_draft(_home() / token)
    return draft if draft is not None and draft.user_id == user_id else None


def list_drafts(user_id: int) -> list[Draft]:
    """What this person handed over and did not start to import yet, newest first."""
    started = {str(path) for paths in _unfinished_paths() for path in paths}
    found = [draft for folder in _home().iterdir() if (draft := _read_draft(folder)) and draft.user_id == user_id]
    fresh = [draft for draft in found if not any(str(file.resolve()) in started for file in draft.files)]
    return sorted(fresh, key=lambda draft: draft.created_at, reverse=True)


def do_remove_folder(token: str) -> None:
    """Removes everything of an upload; harmless where nothing is left."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(_home() / token, ignore_errors=True)


def do_forget_upload(run: ImportRun) -> None:
    """Removes the files of an import that came through the browser; others are not ours to remove."""
    if not run.is_upload or not run.paths:
        return
    folder = Path(run.paths[0]).resolve()
    home = _home().resolve()
    if folder.is_relative_to(home):
        do_remove_folder(folder.relative_to(home).parts[0])


def _home() -> Path:
    folder = Path(settings.HOME) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _read_draft(folder: Path) -> Draft | None:
    try:
        words = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        files = tuple(sorted((folder / _FILES).iterdir()))
    except (OSError, ValueError):  # still arriving, or removed in this moment
        return None
    return Draft(folder.name, words["user"], datetime.fromisoformat(words["at"]), words["seconds"], files)


def _unfinished_paths() -> list[list[str]]:
    runs = ImportRun.objects.filter(is_upload=True, state__in=("waiting", "running", "paused", "failed"))
    return list(runs.values_list("paths", flat=True))


def _do_clear_forgotten(now: datetime) -> None:
    kept = {Path(path).parent.parent.name for paths in _unfinished_paths() for path in paths}
    for folder in _home().iterdir():
        age = now.timestamp() - folder.stat().st_mtime
        if folder.name not in kept and age > FORGOTTEN_AFTER.total_seconds():
            do_remove_folder(folder.name)


def _harmless(name: str) -> str:
    """No folders, no control signs, no leading dot, not longer than file systems take; the suffix stays."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C").strip().lstrip(".")
    stem, dot, suffix = shown.rpartition(".")
    if not dot or len(suffix) > 12:
        stem, suffix = shown, ""
    cut = stem.encode("utf-8")[:NAME_BYTES].decode("utf-8", "ignore") or "file"
    return f"{cut}.{suffix}" if suffix else cut
