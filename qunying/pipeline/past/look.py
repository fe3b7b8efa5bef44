"""What files are before anything is read in: format, encoding, chats, how dates are understood, a few first messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from qunying.carriers.files.discovery import FORMATS, plan_jobs, read_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.generic_csv.columns import FIELDS, explain_missing
from qunying.carriers.files.records import PastMessage, Skipped
from qunying.carriers.files.sources import Source
from qunying.kernel.errors import BadUse, keepable
from qunying.kernel.texts import Sentence
from qunying.pipeline.past.plan import LOOK_AT, TABLE, Plan, Reading, make_plan, table_header

TABLE_FIELDS: tuple[str, ...] = tuple(FIELDS)
SAMPLES = 3
NAMES_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as it would be read; ``at`` is ISO, without a zone where the file says none."""

    at: str
    who: str
    text: str

    @property
    def moment(self) -> datetime:
        """The time as a value."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class LookedFile:
    """One export among the files: what it is and how it is understood.

    ``doubtful`` is a message whose day and month could be the other way round, where nothing in the file decides it.
    ``header`` and ``columns`` are for tables only.
    """

    name: str
    format_name: str
    format_title: str
    encoding: str
    size: int
    date_order: str
    is_date_order_certain: bool
    needs_zone: bool
    chats: tuple[str, ...]
    samples: tuple[Sample, ...]
    doubtful: Sample | None = None
    header: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None
    missing: str = ""

    @property
    def other_date(self) -> date | None:
        """The doubtful message's day with month and day the other way round."""
        if self.doubtful is None:
            return None
        day = self.doubtful.moment.date()
        return day.replace(month=day.day, day=day.month)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file nobody can read, and why."""

    name: str
    reason: str
    sample: str


@dataclass(frozen=True, slots=True)
class Look:
    """Everything found out; ``error`` says why nothing can be read at all (see ``Sentence.of_text``). ``format_name`` is
    set where it had to be chosen.
    """

    files: tuple[LookedFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    error: str = ""
    format_name: str = ""

    @property
    def needs_zone(self) -> bool:
        """Whether some times say nothing about their zone."""
        return any(file.needs_zone for file in self.files)

    @property
    def doubtful(self) -> LookedFile | None:
        """The first file whose dates can be read two ways."""
        return next((file for file in self.files if file.doubtful), None)

    @property
    def table(self) -> LookedFile | None:
        """The first table, whose columns may be chosen."""
        return next((file for file in self.files if file.format_name == TABLE), None)

    @property
    def chats(self) -> tuple[str, ...]:
        """The names of the chats seen so far, each once."""
        return tuple(dict.fromkeys(name for file in self.files for name in file.chats if name))

    def to_text(self) -> str:
        """As JSON, to be kept beside the files."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_text(cls, text: str) -> Look:
        """The inverse of ``to_text``."""
        words = json.loads(text)
        return cls(
            files=tuple(_file_of(one) for one in words["files"]),
            left_out=tuple(LeftOut(**one) for one in words["left_out"]),
            error=words["error"],
            format_name=words["format_name"],
        )


def look_at(
    paths: Sequence[Path], *, format_name: str = "", columns: Mapping[str, str] | None = None, date_order: str = ""
) -> Look:
    """Reads the beginning of every file (and, for dates, as much as is needed). Never raises: ``error`` says what is wrong."""
    given = Choices(date_order=date_order, columns=dict(columns or {}))
    try:
        return _looked(make_plan(paths, format_name=format_name or None, choices=given), format_name)
    except BadUse as error:
        if format_name or len(paths) != 1 or not _is_table(paths[0]):
            return Look(error=keepable(error), left_out=_left_out(plan_jobs(list(paths))[1]))
    return look_at(paths, format_name=TABLE, columns=columns, date_order=date_order)


def list_formats() -> list[str]:
    """What the formats that can be read are called."""
    return [known.title for known in FORMATS]


def missing_columns(file: LookedFile, columns: Mapping[str, str]) -> Sentence | None:
    """Why a table cannot be read with these columns; None where it can."""
    return explain_missing(list(file.header), {field: name for field, name in columns.items() if name})


def _looked(plan: Plan, format_name: str) -> Look:
    return Look(
        files=tuple(_file(reading) for reading in plan.readings),
        left_out=_left_out(plan.left_out),
        format_name=format_name,
    )


def _left_out(skipped: Sequence[tuple[str, Skipped]]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(name, one.reason, one.sample) for name, one in skipped)


def _file(reading: Reading) -> LookedFile:
    job, choices = reading.job, reading.choices
    samples = list(_samples(reading))
    is_open = choices.date_order in {"dmy", "mdy"} and not choices.is_date_order_certain
    file = LookedFile(
        name=job.name,
        format_name=job.format.name,
        format_title=job.format.title,
        encoding=job.encoding,
        size=job.size,
        date_order=choices.date_order,
        is_date_order_certain=choices.is_date_order_certain,
        needs_zone=reading.needs_zone,
        chats=reading.chat_names[:NAMES_AT_MOST],
        samples=tuple(samples[:SAMPLES]),
        doubtful=next(filter(_may_be_swapped, samples), None) if is_open else None,
    )
    if job.format.name != TABLE or job.source is None:
        return file
    header = table_header(job.source)
    columns = {field: name for field, name in choices.columns.items() if name}
    return replace(file, header=tuple(header), columns=columns, missing=str(explain_missing(header, columns) or ""))


def _samples(reading: Reading) -> Iterator[Sample]:
    for record in islice(read_job(reading.job, reading.choices), LOOK_AT):
        if isinstance(record, PastMessage) and record.text.strip():
            who = record.sender.name if record.sender else ""
            yield Sample(record.at.isoformat(), who[:80], " ".join(record.text.split())[:120])


def _may_be_swapped(sample: Sample) -> bool:
    day = sample.moment.date()
    return day.day <= 12 and day.day != day.month


def _is_table(path: Path) -> bool:
    if path.is_dir() or path.suffix.lower() not in {".csv", ".tsv", ".txt"}:
        return False
    return len(table_header(Source(name=path.name, path=path, size=path.stat().st_size))) > 1


def _file_of(words: dict[str, Any]) -> LookedFile:
    lists = {"chats": tuple(words["chats"]), "samples": tuple(Sample(**one) for one in words["samples"])}
    doubtful = Sample(**words["doubtful"]) if words["doubtful"] else None
    return LookedFile(**{**words, **lists, "header": tuple(words["header"]), "doubtful": doubtful})
