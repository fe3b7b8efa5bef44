"""Before an import: which files, which formats, which choices, into which community and group."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import IntegrityError

from qunying.carriers.files.discovery import FORMATS, Job, decoded_head, plan_jobs, read_job, survey_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.generic_csv.columns import FIELDS, find_delimiter
from qunying.carriers.files.records import ChatStarts, PastMessage, Record, Skipped
from qunying.carriers.files.rows import split_row
from qunying.carriers.files.sources import Source
from qunying.communities.actions import check_zone, do_found_community
from qunying.communities.queries import (
    demo_communities,
    find_community_by_name,
    list_groups_named,
    list_leaving_communities,
)
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark
from qunying.pipeline.models import ImportRun
from qunying.pipeline.past.keys import storable

LOOK_AT = 400
NAME_LETTERS = 100
TABLE = "generic_csv"
DEFAULT_COMMUNITY = mark("我的社群")
DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Reading:
    """One job of an import: what it is and how it is going to be read."""

    job: Job
    choices: Choices
    needs_zone: bool
    chat_names: tuple[str, ...]
    unread: Skipped | None = None  # why, where nothing in its beginning could be read


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

    Raises ``BadUse`` where a path does not exist, the format name or a chosen column is unknown, or nothing at all can be
    read.
    """
    given = choices or Choices()
    for path in paths:
        _check_path(path)
    _check_fields(given.columns)
    try:
        jobs, left_out = plan_jobs(list(paths), format_name)
    except ValueError as error:
        known = [one.name for one in FORMATS]
        raise BadUse(mark("没有「%(name)s」这种格式；有的是 %(known)s"), name=format_name, known=known) from error
    if not jobs:
        raise _nothing_readable(left_out)
    _check_columns(jobs, given.columns)
    readings = tuple(_reading(job, given) for job in jobs)
    return Plan(readings, tuple(left_out))


def check_readable(plan: Plan) -> None:
    """Raises ``BadUse`` where no file is in the format it is to be read in, or all are cut before their first message."""
    unread = [(reading.job.name, reading.unread) for reading in plan.readings if reading.unread is not None]
    if len(unread) == len(plan.readings):
        raise _nothing_readable(unread)


def _nothing_readable(unread: Sequence[tuple[str, Skipped]]) -> BadUse:
    why = "; ".join(f"{name}: {skipped.reason} {skipped.sample}".strip() for name, skipped in unread[:3])
    return BadUse(mark("没有读得懂的聊天记录（%(why)s）"), why=why or Sentence(mark("文件夹是空的")))


def _check_path(path: Path) -> None:
    if not _storable_path(path):
        raise BadUse(mark("文件名里有读不出的字符，请先改名：%(name)s"), name=ascii(path.name))
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise BadUse(mark("没有这个文件：%(path)s"), path=str(path)) from error


def _storable_path(path: Path) -> bool:
    """Whether the path can be written down to be read again later: its bytes are text."""
    return str(path) == storable(str(path))


def _check_fields(columns: Mapping[str, str]) -> None:
    """Raises ``BadUse`` for a field that tables do not have."""
    for name in columns:
        if name not in FIELDS:
            raise BadUse(mark("没有「%(name)s」这个字段；能写的有 %(known)s"), name=name, known=list(FIELDS))


def _check_columns(jobs: Sequence[Job], columns: Mapping[str, str]) -> None:
    """A column that no table has would be read as nothing."""
    headers = [table_header(job.source) for job in jobs if job.format.name == TABLE and job.source is not None]
    there = {name for header in headers for name in header}
    for name in columns.values():
        if name and name not in there:
            raise BadUse(
                mark("没有「%(name)s」这一列；有的是 %(known)s"),
                name=name,
                known=sorted(there) or Sentence(mark("（没有表格文件）")),
            )


def table_header(source: Source) -> list[str]:
    """The first line's cells of a table; Excel's ``sep=;`` before it is passed over."""
    lines = [line for line in decoded_head(source).splitlines()[:3] if line.strip()]
    if lines and lines[0].lower().startswith("sep="):
        del lines[0]
    return [cell.strip() for cell in split_row(lines[0], find_delimiter(lines[0]))] if lines else []


def _reading(job: Job, given: Choices) -> Reading:
    choices = given.filled_by(survey_job(job))
    looked_at = list(islice(read_job(job, choices), LOOK_AT))
    names = tuple(record.name for record in looked_at if isinstance(record, ChatStarts) and not record.is_private)
    return Reading(job, choices, _is_local(looked_at), names, _unread(looked_at))


def _unread(records: Sequence[Record]) -> Skipped | None:
    said = [record for record in records if not isinstance(record, ChatStarts)]
    first = said[0] if len(said) == 1 else None
    return first if isinstance(first, Skipped) and first.reason in {"cut_off", "unknown_format"} else None


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
    """A run for these files, waiting to be read; an interrupted one for the same files, group and choices goes on instead.

    Raises ``BadUse`` for an unknown time zone, for a name that is empty, too long or taken in another community, and for the
    demo's communities, which go as a whole.
    """
    check_timezone(timezone)
    group_name = checked_name(group_name, mark("群名"))
    columns = dict(columns or {})
    choices = {"timezone": timezone, "format": format_name or "", "columns": columns, "date_order": date_order}
    print_of_files = fingerprint(paths, group_name, timezone)
    return _find_again(print_of_files, choices, at) or ImportRun.objects.create(
        community_id=_not_of_the_demo(_community_for(group_name, community, timezone, at, user_id)),
        user_id=user_id,
        group_name=group_name,
        title=storable(title or ", ".join(path.name for path in paths))[:200],
        paths=[str(path.resolve()) for path in paths],
        is_upload=is_upload,
        fingerprint=print_of_files,
        choices=choices,
        created_at=at,
    )


def _find_again(print_of_files: str, choices: Mapping[str, object], at: datetime) -> ImportRun | None:
    """The oldest run of these files that nobody is reading and that was to be read just so."""
    again = ImportRun.objects.filter(fingerprint=print_of_files, state__in=("waiting", "running", "paused", "failed"))
    free = (run for run in again.order_by("id") if run.leased_until is None or run.leased_until <= at)
    return next((run for run in free if run.choices == choices), None)


def check_timezone(timezone: str) -> None:
    """Raises ``BadUse`` where there is no time zone of that name; "" is the community's."""
    try:
        check_zone(timezone or DEFAULT_ZONE)
    except OSError as error:  # a folder of zones, such as «Asia»
        raise BadUse(mark("没有「%(zone)s」这个时区；写成 Asia/Shanghai 这样"), zone=timezone) from error


def checked_name(name: str, what: str) -> str:
    """The name without spaces around it. Raises ``BadUse`` where it is empty, unprintable or longer than ``NAME_LETTERS``."""
    plain = name.strip()
    if not plain or plain != storable(plain) or "\n" in plain:
        raise BadUse(mark("%(what)s是空的，或者有读不出的字符"), what=Sentence(what))
    if len(plain) > NAME_LETTERS:
        raise BadUse(mark("%(what)s太长了，最多 %(n)s 个字"), what=Sentence(what), n=NAME_LETTERS)
    return plain


def _community_for(group_name: str, community: str, timezone: str, at: datetime, user_id: int | None) -> int:
    """The community of existing groups of that name, the named one, or the default one; made where it is missing."""
    groups = list_groups_named(group_name)
    if groups and community and community not in {group.community for group in groups}:
        raise BadUse(
            mark("「%(group)s」已经在社群「%(community)s」里了；换一个群名，或者不写社群"),
            group=group_name,
            community=groups[0].community,
        )
    if groups:
        return next(group.community_id for group in groups if community in {"", group.community})
    return community_named(community, timezone, at, f"user:{user_id}" if user_id else "system")


def community_named(name: str, timezone: str, at: datetime, actor: str = "system") -> int:
    """The community of that name («»: the default one), made where it is missing. Raises ``BadUse`` for a name that cannot be."""
    name = checked_name(name or DEFAULT_COMMUNITY, mark("社群名"))
    return _not_of_the_demo(find_community_by_name(name) or _do_found(name, timezone or DEFAULT_ZONE, at, actor))


def _not_of_the_demo(community_id: int) -> int:
    if community_id in [*demo_communities(), *list_leaving_communities()]:
        raise BadUse(mark("演示社群移除时，里面的群会一起删掉；自己的聊天记录换一个社群、一个群名"))
    return community_id


def _do_found(name: str, timezone: str, at: datetime, actor: str) -> int:
    """A new community; the one that another import has made in this moment, where it was quicker."""
    try:
        return do_found_community(name=name, at=at, timezone=timezone, actor=actor)
    except (BadUse, IntegrityError):
        found = find_community_by_name(name)
        if found is None:
            raise
        return found
