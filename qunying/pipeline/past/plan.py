"""Before an import: which files, which formats, which choices, into which community and group."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from qunying.carriers.files.discovery import Job, plan_jobs, read_job, survey_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import ChatStarts, PastMessage, Record, Skipped
from qunying.communities.actions import check_zone, do_found_community
from qunying.communities.queries import find_community_by_name, find_group_by_name
from qunying.kernel.errors import BadUse
from qunying.pipeline.models import ImportRun

LOOK_AT = 400
DEFAULT_COMMUNITY = "我的社群"
DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Reading:
    """One job of an import: what it is and how it is going to be read."""

    job: Job
    choices: Choices
    needs_zone: bool
    chat_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import found out before reading; ``left_out`` are files nobody can read, with the reason."""

    readings: tuple[Reading, ...]
    left_out: tuple[tuple[str, Skipped], ...]

    @property
    def needs_zone(self) -> bool:
        """Whether some file's times say nothing about their zone."""
        return any(reading.needs_zone for reading in self.readings)


def make_plan(paths: Sequence[Path], *, format_name: str | None = None, choices: Choices | None = None) -> Plan:
    """Finds the files and formats below these paths and surveys them.

    Raises ``BadUse`` where a path does not exist, the format name is unknown, or nothing at all can be read.
    """
    for path in paths:
        if not path.exists():
            raise BadUse(f"没有这个文件：{path}")
    try:
        jobs, left_out = plan_jobs(list(paths), format_name)
    except ValueError as error:
        raise BadUse(str(error)) from error
    if not jobs:
        why = "; ".join(f"{name}: {skipped.reason} {skipped.sample}".strip() for name, skipped in left_out[:3])
        raise BadUse(f"没有读得懂的聊天记录（{why or '文件夹是空的'}）")
    readings = tuple(_reading(job, choices or Choices()) for job in jobs)
    return Plan(readings, tuple(left_out))


def _reading(job: Job, given: Choices) -> Reading:
    choices = given.filled_by(survey_job(job))
    looked_at = list(islice(read_job(job, choices), LOOK_AT))
    names = tuple(record.name for record in looked_at if isinstance(record, ChatStarts) and not record.is_private)
    return Reading(job, choices, _is_local(looked_at), names)


def _is_local(records: Sequence[Record]) -> bool:
    return any(isinstance(record, PastMessage) and record.at.tzinfo is None for record in records)


def fingerprint(paths: Sequence[Path], group_name: str, zone: str) -> str:
    """What an interrupted import is recognised by: the same files (names, sizes, first and last bytes) into the same group."""
    said = hashlib.sha256(f"{group_name}\x1f{zone}".encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                said.update(f"{file.name}\x1f{file.stat().st_size}\x1f".encode("utf-8", "surrogateescape"))
                said.update(_ends(file))
    return said.hexdigest()


def _ends(file: Path) -> bytes:
    with file.open("rb") as stream:
        first = stream.read(65536)
        stream.seek(max(0, file.stat().st_size - 65536))
        return first + stream.read(65536)


def do_start_run(
    paths: Sequence[Path],
    *,
    group_name: str,
    community: str = "",
    timezone: str = "",
    format_name: str | None = None,
    columns: Mapping[str, str] | None = None,
    date_order: str = "",
    user_id: int | None = None,
    is_upload: bool = False,
    title: str = "",
    at: datetime,
) -> ImportRun:
    """A run for these files, waiting to be read; an interrupted one for the same files and group goes on instead."""
    check_zone(timezone or DEFAULT_ZONE)
    print_of_files = fingerprint(paths, group_name, timezone)
    again = ImportRun.objects.filter(fingerprint=print_of_files, state__in=("waiting", "running", "paused", "failed"))
    for run in again.order_by("id"):
        if run.leased_until is None or run.leased_until <= at:
            return run
    return ImportRun.objects.create(
        community_id=_community_for(group_name, community, timezone, at, user_id),
        user_id=user_id,
        group_name=group_name[:200],
        title=(title or ", ".join(path.name for path in paths))[:200],
        paths=[str(path.resolve()) for path in paths],
        is_upload=is_upload,
        fingerprint=print_of_files,
        choices={
            "timezone": timezone,
            "format": format_name or "",
            "columns": dict(columns or {}),
            "date_order": date_order,
        },
        created_at=at,
    )


def _community_for(group_name: str, community: str, timezone: str, at: datetime, user_id: int | None) -> int:
    """The community of an existing group of that name, the named one, or the default one; made where it is missing."""
    group = find_group_by_name(group_name)
    if group is not None and (not community or group.community == community):
        return group.community_id
    name = community or DEFAULT_COMMUNITY
    found = find_community_by_name(name)
    if found is not None:
        return found
    actor = f"user:{user_id}" if user_id else "system"
    return do_found_community(name=name, at=at, timezone=timezone or DEFAULT_ZONE, actor=actor)
