"""The first look at files that arrived: at once where they are small, in the background where that takes its time."""

from __future__ import annotations

import threading
from pathlib import Path

from qunying.pipeline.past.look import Look, look_at
from qunying.pipeline.past.uploads import Draft

AT_ONCE_BYTES = 48 * 2**20
_NOTE = "look.json"
_busy: set[str] = set()
_lock = threading.Lock()


def find_look(draft: Draft) -> Look | None:
    """What the files are; None while that is still being found out. Kept beside the files, so it is found out once."""
    known = _known(draft)
    if known is not None:
        return known
    if draft.size <= AT_ONCE_BYTES:
        return _do_look(draft)
    with _lock:
        if draft.token not in _busy:
            _busy.add(draft.token)
            threading.Thread(
                target=_do_look_quietly, args=(draft,), name=f"look-{draft.token[:6]}", daemon=True
            ).start()
    return None


def _known(draft: Draft) -> Look | None:
    try:
        return Look.of_text((draft.folder / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):  # not there yet, or written by an older version
        return None


def _do_look(draft: Draft) -> Look:
    look = look_at(draft.files)
    _do_write(draft.folder / _NOTE, look.to_text())
    return look


def _do_look_quietly(draft: Draft) -> None:
    try:
        _do_look(draft)
    finally:
        with _lock:
            _busy.discard(draft.token)


def _do_write(path: Path, text: str) -> None:
    """Whole or not at all: another process may read at the same moment."""
    unfinished = path.with_suffix(f".{threading.get_ident()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
