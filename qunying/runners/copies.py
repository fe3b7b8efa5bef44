"""What a backup is: one zip of a home, with a manifest that names every file, its size and its SHA-256."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "qunying.sqlite3"
PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup; ``name`` is its place below the home, with «/»."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds and who made it. ``database`` is ``sqlite``, or ``postgresql`` where it is not in the backup."""

    version: str
    made_at: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    files: tuple[Kept, ...]

    @property
    def size(self) -> int:
        """Bytes on disk once unpacked."""
        return sum(file.size for file in self.files)

    def to_json(self) -> str:
        """As it lies in the backup."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Raises ``BadUse`` where this is no backup of ours, is of a later format, or names places outside the home."""
    try:
        words = json.loads(archive.read(MANIFEST))
        if words["format"] != FORMAT:
            raise BadUse(
                mark("这份备份的格式是 %(format)s，这个版本只认 %(known)s；请升级群营"),
                format=words["format"],
                known=FORMAT,
            )
        manifest = _of_words(words)
    except (KeyError, TypeError, ValueError) as error:
        raise BadUse(mark("%(file)s 不是群营的备份"), file=Path(archive.filename or "").name) from error
    listed = sorted([MANIFEST, *(file.name for file in manifest.files)])
    if sorted(archive.namelist()) != listed or not all(_is_inside(file.name) for file in manifest.files):
        raise BadUse(mark("%(file)s 里的文件和它的清单对不上"), file=Path(archive.filename or "").name)
    return manifest


def _of_words(words: dict[str, Any]) -> Manifest:
    return Manifest(
        version=str(words["version"]),
        made_at=str(words["made_at"]),
        database=str(words["database"]),
        migrations=tuple((str(app), str(name)) for app, name in words["migrations"]),
        files=tuple(Kept(str(file["name"]), int(file["size"]), str(file["sha256"])) for file in words["files"]),
    )


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
