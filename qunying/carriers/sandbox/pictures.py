"""Pictures that users of the sandbox show: files below one folder, and nothing elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qunying.carriers.base import NoPicture, NotReachable
from qunying.carriers.sandbox.models import Outage, Shelf
from qunying.judgement.images.opening import MOST_BYTES


def do_put_up_shelf(folder: Path) -> None:
    """From now on pictures lie below this folder."""
    Shelf.objects.all().delete()
    Shelf.objects.create(folder=str(folder.resolve()))


def open_picture(url: str, now: datetime) -> bytes:
    """The bytes of a picture by its name below the folder; raises as ``Carrier.open_picture`` says."""
    if Outage.objects.filter(until__gt=now).exists():
        raise NotReachable
    try:
        path = _find_file(url)
        data = _read(path) if path else None
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, a file that is no longer there
        data = None
    if data is None:
        raise NoPicture("missing")
    if len(data) > MOST_BYTES:
        raise NoPicture("too_large")
    return data


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _find_file(name: str) -> Path | None:
    """None also for what lies elsewhere, whichever way the name leads there."""
    shelf = Shelf.objects.first()
    if shelf is None:
        return None
    folder = Path(shelf.folder)
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None
