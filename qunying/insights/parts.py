"""Files of the lake: written beside their place, named in the manifest, swept when nobody names them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from qunying.insights.models import Part
from qunying.insights.tables import DONE, Table, split_by_place

ROW_GROUP = 20_000
KEPT_RETIRED = timedelta(minutes=10)
KEPT_UNNAMED = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def lake_folder() -> Path:
    """Where this installation's lake lies."""
    return Path(settings.HOME) / "lake"


def write_parts(rows: pa.Table, table: Table, folder: Path, now: datetime) -> list[Part]:
    """One file per community and month; answers their manifest rows, not saved yet."""
    return [
        write_part(place, table, community, month, folder, now)
        for community, month, place in split_by_place(rows, table)
    ]


def write_part(rows: pa.Table, table: Table, community_id: int, month: date, folder: Path, now: datetime) -> Part:
    """One file of sorted rows; half a file never bears its final name."""
    ends, times = pc.min_max(rows[table.key]).as_py(), pc.min_max(rows[table.time].cast(pa.int64())).as_py()
    name = f"{ends['min']}-{ends['max']}-{secrets.token_hex(4)}.parquet"
    path = f"{table.name}/c{community_id}/{month:%Y-%m}/{name}"
    _write(rows, folder / path)
    return Part(
        table=table.name,
        community_id=community_id,
        month=month,
        path=path,
        rows=rows.num_rows,
        first_id=ends["min"],
        last_id=ends["max"],
        first_at=EPOCH + timedelta(microseconds=times["min"]),
        last_at=EPOCH + timedelta(microseconds=times["max"]),
        is_counted=table is DONE,  # day counts are of talk and moves
        written_at=now,
    )


def write_seats(rows: pa.Table, table: Table, community_id: int, folder: Path, now: datetime) -> Part:
    """Who sits where in a community, in one file; answers its manifest row, not saved yet. It has no span of time."""
    path = f"{table.name}/c{community_id}/{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.parquet"
    _write(rows, folder / path)
    return Part(
        table=table.name,
        community_id=community_id,
        month=now.date().replace(day=1),
        path=path,
        rows=rows.num_rows,
        first_id=0,
        last_id=0,
        first_at=now,
        last_at=now,
        is_counted=True,
        written_at=now,
    )


def _write(rows: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        pq.write_table(rows, file, compression="zstd", row_group_size=ROW_GROUP)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def read_parts(parts: Sequence[Part], table: Table, folder: Path) -> pa.Table:
    """All rows of these files, in no particular order."""
    files = [pq.read_table(folder / part.path, schema=table.schema) for part in parts]
    return pa.concat_tables(files) if files else table.schema.empty_table()


def named_files() -> set[str]:
    """Paths below the lake's folder of every file that is in the lake."""
    return set(Part.objects.filter(retired_at=None).values_list("path", flat=True))


def drop_files(parts: Iterable[Part], folder: Path) -> None:
    """Removes the files of parts that are in no manifest."""
    for part in parts:
        (folder / part.path).unlink(missing_ok=True)


def sweep(now: datetime, folder: Path) -> int:
    """Removes retired files, and those a crash left between writing and naming; answers how many.

    Files younger than an hour by the disk's clock may still be on their way into the manifest and are left.
    """
    retired = list(Part.objects.filter(retired_at__lte=now - KEPT_RETIRED))
    drop_files(retired, folder)
    Part.objects.filter(pk__in=[part.pk for part in retired]).delete()
    named = set(Part.objects.values_list("path", flat=True))
    found = [path for path in folder.rglob("*") if path.suffix in {".parquet", ".draft"}]
    lost = [path for path in found if path.relative_to(folder).as_posix() not in named and _is_old(path, now)]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(retired) + len(lost)


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return path.stat().st_mtime < (now - KEPT_UNNAMED).timestamp()
    except FileNotFoundError:
        return False
