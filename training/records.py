"""Which data a model was made of: named in its record by hash, so that nobody changes data and forgets to train again.

``python -m training.records`` prints every model whose data is another now.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qunying.judgement.linear import MODELS

HERE = Path(__file__).parent
DATA = Path(os.environ.get("QUNYING_DATA", HERE.parent.parent / "shared" / "data"))


def hash_of(path: Path) -> str:
    """SHA-256 of a file; of a folder, of the names and contents of its text files in order."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(path.glob("*.txt")):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def hashes_of(names: Iterable[str], data: Path = DATA) -> dict[str, str]:
    """For a record: what each of these files or folders holds now. Raises FileNotFoundError for one that is not there."""
    return {name: hash_of(_find(name, data)) for name in names}


def recorded(record: Path) -> dict[str, str]:
    """The data that a record names."""
    told: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    found: dict[str, str] = told.get("record", told)["data"]
    return found


def records() -> list[Path]:
    """The records of all models in the package."""
    return sorted(MODELS.glob("*.json"))


def changed(record: Path, data: Path = DATA) -> list[str]:
    """The data of a record that is at hand and not what the model was made of."""
    return [name for name, was in recorded(record).items() if is_here(name, data) and hash_of(_find(name, data)) != was]


def is_here(name: str, data: Path = DATA) -> bool:
    """Whether the data of that name lies in the repository or among the public sets."""
    return (HERE / name).exists() or (data / name).exists()


def _find(name: str, data: Path) -> Path:
    ours, public = HERE / name, data / name
    if not ours.exists() and not public.exists():
        raise FileNotFoundError(name)
    return ours if ours.exists() else public


def main() -> int:
    """1 where a model must be made again."""
    stale = {record.stem: names for record in records() if (names := changed(record))}
    for model, names in stale.items():
        sys.stdout.write(f"{model}: {', '.join(names)} changed; run make train\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
