"""Copies an installation into one file while it goes on working."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.db import connection

from qunying import __version__
from qunying.insights.parts import named_files
from qunying.kernel.errors import BadUse, QunyingError
from qunying.kernel.texts import mark
from qunying.pipeline.lab.database import own_database
from qunying.runners.alone import SHAPE, UP
from qunying.runners.copies import DATABASE, MANIFEST, PIECE, Kept, Manifest
from qunying.runners.home import applied

MADE_AGAIN = frozenset({"cache", UP, SHAPE})
UNFINISHED = (".draft", "-wal", "-shm", "-journal")
PACKED = frozenset({".parquet", ".zip", ".gz", ".png", ".jpg", ".jpeg", ".webp"})
BUSY_SECONDS = 60
QUICKLY = 1


def do_back_up(target: Path, home: Path, now: datetime) -> Manifest:
    """Writes the backup, readable by its owner only, and answers what is in it. Half a backup never bears its name.

    Raises ``BadUse`` for a place that cannot be meant, ``QunyingError`` where the disk refuses.
    """
    target = target.resolve()
    _check_target(target, home)
    try:
        with tempfile.TemporaryDirectory(prefix=".qunying-backup-", dir=target.parent) as folder:
            draft = Path(folder) / "draft.zip"
            manifest = _do_write(draft, home, Path(folder), now)
            draft.chmod(0o600)
            draft.rename(target)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise QunyingError(mark("备份没有做成：%(why)s；什么都没有留下"), why=why) from error
    return manifest


def _check_target(target: Path, home: Path) -> None:
    if target.exists():
        raise BadUse(mark("%(file)s 已经有了；备份不覆盖任何文件，换个名字"), file=str(target))
    if not target.parent.is_dir():
        raise BadUse(mark("没有这个文件夹：%(folder)s"), folder=str(target.parent))
    if target.is_relative_to(home):
        raise BadUse(mark("备份不能放进 %(home)s：那正是要备份的"), home=str(home))


def _do_write(draft: Path, home: Path, folder: Path, now: datetime) -> Manifest:
    """First the database, then what it names: goes_together came later is one file too many and never one too few."""
    copy = folder / DATABASE
    files = []
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICKLY) as archive:
        if connection.vendor == "sqlite":
            do_copy_database(Path(str(connection.settings_dict["NAME"])), copy)
            with own_database(copy):
                named, migrations = named_files(), applied()
        else:
            named, migrations = named_files(), applied()
        files = list(_kept(archive, home, folder))
        if copy.exists():
            files.append(_put(archive, DATABASE, copy))
        manifest = Manifest(__version__, now.isoformat(), connection.vendor, tuple(sorted(migrations)), tuple(files))
        archive.writestr(MANIFEST, manifest.to_json())
    if not {f"lake/{path}" for path in named} <= {file.name for file in files}:
        raise QunyingError(mark("备份的时候数据湖正在整理；再做一次就好"))
    return manifest


def do_copy_database(source: Path, copy: Path) -> None:
    """One moment of a database that others write to meanwhile, as one file that needs no other."""
    with closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as live, closing(sqlite3.connect(copy)) as kept:
        kept.execute("PRAGMA synchronous=OFF")
        live.backup(kept)  # all pages in one step, so that nobody's writing makes it begin again
        kept.execute("PRAGMA journal_mode=DELETE")


def _kept(archive: zipfile.ZipFile, home: Path, folder: Path) -> Iterator[Kept]:
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        is_ours = place.parts[0] not in MADE_AGAIN and not path.name.endswith(UNFINISHED) and str(place) != DATABASE
        if not is_ours or path.is_symlink() or not path.is_file():
            continue
        source = path
        if path.suffix == ".sqlite3":  # a sandbox world, which somebody may be playing in
            source = folder / "world.sqlite3"
            source.unlink(missing_ok=True)
            do_copy_database(path, source)
        try:
            yield _put(archive, place.as_posix(), source)
        except FileNotFoundError:  # an upload that has been read by now, or a file of the lake that was merged
            continue


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> Kept:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
        entry.compress_type = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
        entry._compresslevel = QUICKLY  # type: ignore[attr-defined]
        with archive.open(entry, "w", force_zip64=True) as place:
            while piece := source.read(PIECE):
                place.write(piece)
                digest.update(piece)
                size += len(piece)
    return Kept(name, size, digest.hexdigest())
