"""Puts a backup in place of a home: unpacked and checked beside it, then moved there in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection

from qunying.kernel.errors import BadUse, QunyingError
from qunying.kernel.texts import mark
from qunying.runners.alone import only_one
from qunying.runners.backup import MADE_AGAIN
from qunying.runners.copies import DATABASE, PIECE, Kept, Manifest, read_manifest
from qunying.runners.home import refuse_newer

FRESH = MADE_AGAIN | {"secret.key"}  # what is there as soon as any command was typed


def do_restore(file: Path, home: Path, now: datetime, *, replace: bool = False) -> tuple[Manifest, Path | None]:
    """Answers what was put there, and where the home of before lies now (None: it was empty).

    Raises ``BadUse`` or ``QunyingError`` with the home as it was.
    """
    with _opened(file) as (archive, manifest), only_one(home, "qunying restore"):
        is_fresh = {path.name for path in home.iterdir()} <= FRESH
        if not is_fresh and not replace:
            raise BadUse(mark("%(home)s 里已经有数据；加上 --replace 换掉它（原来的会改名留着）"), home=str(home))
        _check_room(manifest, home)
        try:
            with tempfile.TemporaryDirectory(prefix=f".{home.name}-restoring-", dir=home.parent) as folder:
                fresh = Path(folder) / "home"
                fresh.mkdir(mode=0o700)
                do_unpack(archive, manifest, fresh)
                return manifest, _do_exchange(fresh, home, now, is_fresh=is_fresh)
        except OSError as error:
            raise QunyingError(
                mark("没有恢复成：%(why)s；原来的数据没有动"), why=error.strerror or str(error)
            ) from error


def check_backup(file: Path) -> Manifest:
    """Reads a backup to its end. Raises ``BadUse`` where anything in it is not as it was written."""
    with _opened(file) as (archive, manifest):
        for kept in manifest.files:
            _do_copy(archive, kept, None)
    return manifest


def do_unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Every file of the manifest, each compared with its size and digest."""
    for kept in manifest.files:
        place = folder / kept.name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _do_copy(archive, kept, place)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        why = getattr(error, "strerror", None) or mark("不是完整的备份文件")
        raise BadUse(mark("打不开 %(file)s：%(why)s"), file=str(file), why=why) from error
    with archive:
        manifest = read_manifest(archive)
        refuse_newer(manifest.migrations)
        _check_database(manifest)
        yield archive, manifest


def _check_database(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BadUse(
            mark("备份来自 %(theirs)s，这里设的是 %(ours)s；改好 DATABASE_URL 再来"),
            theirs=manifest.database,
            ours=connection.vendor,
        )


def _check_room(manifest: Manifest, home: Path) -> None:
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])) != home / DATABASE:
        raise BadUse(mark("DATABASE_URL 指着别处的文件；恢复只写进 %(home)s，先去掉它"), home=str(home))
    free = shutil.disk_usage(home).free
    if free < manifest.size:
        raise QunyingError(
            mark("磁盘不够：要 %(need)s MB，还有 %(free)s MB；原来的数据没有动"),
            need=manifest.size >> 20,
            free=free >> 20,
        )


def _do_copy(archive: zipfile.ZipFile, kept: Kept, place: Path | None) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(kept.name) as source, open(place or os.devnull, "xb" if place else "wb") as target:
            if place:
                os.fchmod(target.fileno(), 0o600)
            while piece := source.read(PIECE):
                target.write(piece)
                digest.update(piece)
                size += len(piece)
            if place:
                target.flush()
                os.fsync(target.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise _damaged(kept) from error
    if size != kept.size or digest.hexdigest() != kept.sha256:
        raise _damaged(kept)


def _damaged(kept: Kept) -> BadUse:
    return BadUse(mark("备份里的 %(name)s 坏了；什么都没有改"), name=kept.name)


def _do_exchange(fresh: Path, home: Path, now: datetime, *, is_fresh: bool) -> Path | None:
    """Two renames; when the second fails the first is taken back."""
    before = home.with_name(f"{home.name}.before-{now:%Y%m%d-%H%M%S}")
    home.rename(before)
    try:
        fresh.rename(home)
    except OSError:
        before.rename(home)
        raise
    if is_fresh:
        shutil.rmtree(before, ignore_errors=True)
        return None
    return before
