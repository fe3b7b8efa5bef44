"""What is known about imports: how far they came, what they brought, what they left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

# who starts or shows a run gets its type here
from qunying.pipeline.models import ImportRun as ImportRun
from qunying.pipeline.models import SkippedLine
from qunying.pipeline.past.tally import Tally

ALIVE = ("waiting", "running")
OPEN = ("waiting", "running", "paused", "failed")
STATES = ("waiting", "running", "paused", "failed", "done", "dropped")


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file of an import: ``share`` (0…1) of it was read."""

    name: str
    title: str
    size: int
    share: float


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it stands."""

    id: int
    community_id: int
    community: str
    timezone: str
    title: str
    group_name: str
    state: str
    error: str
    is_upload: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float
    bytes_read: int
    bytes_total: int
    tally: Tally
    files: tuple[FileRead, ...]
    notes: tuple[dict[str, Any], ...]
    choices: dict[str, Any]

    @property
    def is_alive(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in ALIVE

    @property
    def seen(self) -> int:
        """Messages read: those kept and those that were here before."""
        return self.tally.messages + self.tally.duplicates

    @property
    def share(self) -> float:
        """How much of the bytes was read, 0…1."""
        if self.state == "done":
            return 1.0
        return min(1.0, self.bytes_read / self.bytes_total) if self.bytes_total else 0.0

    @property
    def rate(self) -> float | None:
        """Messages per second; None before the first second."""
        return self.seen / self.seconds if self.seconds >= 1 else None

    @property
    def seconds_left(self) -> float | None:
        """How long it will take at this pace; None while nobody can tell."""
        if not self.bytes_read or self.seconds < 1:
            return None
        return max(0.0, (self.bytes_total - self.bytes_read) * self.seconds / self.bytes_read)

    @property
    def skipped(self) -> int:
        """How many lines could not be read."""
        return sum(int(count) for count, _ in self.tally.skipped.values())


@dataclass(frozen=True, slots=True)
class SkippedAt:
    """One line that could not be read."""

    file: str
    place: int
    reason: str
    sample: str


def find_import(run_id: int) -> Import | None:
    """That import; None where there is none."""
    run = ImportRun.objects.select_related("community").filter(pk=run_id).first()
    return _import(run) if run else None


def list_imports(
    community_ids: Collection[int] | None, *, states: Collection[str] = (), start: int = 0, limit: int
) -> list[Import]:
    """Imports into these communities (None: all), newest first; only those in ``states`` where some are named."""
    runs = _runs(community_ids, states).select_related("community").order_by("-id")
    return [_import(run) for run in runs[start : start + limit]]


def count_imports(community_ids: Collection[int] | None, *, states: Collection[str] = ()) -> int:
    """How many imports into these communities there are."""
    return _runs(community_ids, states).count()


def count_ahead(run_id: int) -> int:
    """How many imports come before this one."""
    return ImportRun.objects.filter(pk__lt=run_id, state__in=ALIVE).count()


def list_skipped(run_id: int, *, reason: str = "", start: int = 0, limit: int) -> list[SkippedAt]:
    """Lines an import left out, in the order they were met; of all reasons where none is named."""
    return [SkippedAt(*row) for row in _skipped(run_id, reason)[start : start + limit]]


def count_kept_skipped(run_id: int, *, reason: str = "") -> int:
    """How many of the left-out lines were kept to be looked at."""
    return _skipped(run_id, reason).count()


def iterate_skipped(run_id: int) -> Iterator[SkippedAt]:
    """All kept left-out lines, without holding them in memory together."""
    return (SkippedAt(*row) for row in _skipped(run_id, "").iterator(chunk_size=1000))


def _runs(community_ids: Collection[int] | None, states: Collection[str]) -> QuerySet[ImportRun]:
    runs = ImportRun.objects.all()
    if community_ids is not None:
        runs = runs.filter(community__in=community_ids)
    return runs.filter(state__in=states) if states else runs


def _skipped(run_id: int, reason: str) -> QuerySet[SkippedLine, tuple[str, int, str, str]]:
    lines = SkippedLine.objects.filter(run=run_id).order_by("id")
    if reason:
        lines = lines.filter(reason=reason)
    return lines.values_list("file", "place", "reason", "sample")


def _import(run: ImportRun) -> Import:
    return Import(
        id=run.pk,
        community_id=run.community_id,
        community=run.community.name,
        timezone=run.choices.get("timezone") or run.community.timezone,
        title=run.title,
        group_name=run.group_name,
        state=run.state,
        error=run.error,
        is_upload=run.is_upload,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        seconds=run.seconds,
        bytes_read=run.bytes_read,
        bytes_total=run.bytes_total,
        tally=Tally.of_words(run.tally),
        files=tuple(_files(run)),
        notes=tuple(run.files),
        choices=dict(run.choices),
    )


def _files(run: ImportRun) -> Iterator[FileRead]:
    """Files are read one after the other, so the bytes read say how far each of them is."""
    left = run.bytes_total if run.state == "done" else run.bytes_read
    for note in run.files:
        size = int(note["size"])
        share = min(1.0, max(0.0, left / size)) if size else float(left >= 0)
        yield FileRead(note["name"], note["title"], size, share)
        left -= size
