"""Where this installation keeps its things: database, lake, files, secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """``QUNYING_HOME`` or ``./var``; created on first use, readable by its owner only."""
    folder = Path(os.environ.get("QUNYING_HOME", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key() -> str:
    """The installation's secret, made once and kept beside the database; ``QUNYING_SECRET_KEY`` wins."""
    given = os.environ.get("QUNYING_SECRET_KEY")
    if given:
        return given
    path = home() / "secret.key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, text: str) -> None:
    """Two processes may start at once: the first file wins, the other reads it."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
