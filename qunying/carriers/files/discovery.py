"""Which formats there are, and which of them reads what an operator brings: a file, a folder, a zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .bodies import MAX_TEXT, skip
from .chatlab import FORMAT as CHATLAB
from .chatlog import FORMAT as CHATLOG
from .discord import FORMAT as DISCORD
from .encodings import UNREADABLE
from .explanations import CUT_ARCHIVE, NESTED_ARCHIVE
from .formats import Choices, Format
from .generic_csv import FORMAT as GENERIC_CSV
from .gitter import FORMAT as GITTER
from .instagram import FORMAT as INSTAGRAM
from .irc import FORMAT as IRC
from .matrix import FORMAT as MATRIX
from .qq_txt import FORMAT as QQ_TXT
from .qqchatexporter import FORMAT as QQCHATEXPORTER
from .records import PastMessage, Record, Skipped
from .signal import FORMAT as SIGNAL
from .slack import FORMAT as SLACK
from .sources import HEAD_BYTES, ZIP_START, Source, SourceError, Tree, is_binary, open_file, open_tree
from .telegram import FORMAT as TELEGRAM
from .wecom import FORMAT as WECOM
from .weflow import FORMAT as WEFLOW
from .whatsapp import FORMAT as WHATSAPP

FORMATS: tuple[Format, ...] = (
    QQCHATEXPORTER,
    QQ_TXT,
    WEFLOW,
    CHATLOG,
    CHATLAB,
    WECOM,
    TELEGRAM,
    WHATSAPP,
    DISCORD,
    SLACK,
    MATRIX,
    INSTAGRAM,
    SIGNAL,
    GITTER,
    IRC,
    GENERIC_CSV,
)

MEDIA_SUFFIXES = (
    frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".heic", ".heif", ".avif", ".svg", ".ico", ".tgs"})
    | frozenset({".mp4", ".mov", ".avi", ".mkv", ".webm", ".3gp"})
    | frozenset({".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac", ".aac", ".amr", ".silk", ".slk"})
    | frozenset({".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".vcf", ".apk", ".exe", ".dmg"})
    | frozenset({".dat", ".css", ".js", ".woff", ".woff2", ".ttf", ".otf", ".db", ".sqlite", ".thumb"})
)
ARCHIVE_SUFFIXES = frozenset({".zip", ".rar", ".7z", ".gz", ".tar"})
OFFICE_SUFFIXES = frozenset({".docx", ".xlsx", ".pptx", ".odt", ".ods", ".apk", ".jar"})  # zips by nature, no folders


@dataclass(frozen=True, slots=True)
class Job:
    """One export to read: a format with its file, or with its part of a folder or zip."""

    format: Format
    name: str
    source: Source | None = None
    tree: Tree | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files it consists of."""
        return self.tree.sources if self.tree is not None else (self.source,) if self.source is not None else ()

    @property
    def size(self) -> int:
        """Its bytes, unpacked."""
        return sum(source.size for source in self.sources)

    @property
    def position(self) -> int:
        """How many of them were read so far."""
        return sum(source.position for source in self.sources)

    @property
    def encoding(self) -> str:
        """The encoding of its (first) file, as detected."""
        return self.sources[0].encoding if self.sources else "utf-8"


@dataclass(slots=True)
class Plan:
    """What will be read, what will not and why (with the file's name), and how many media files lie beside it."""

    jobs: list[Job] = field(default_factory=list)
    skipped: list[tuple[str, Skipped]] = field(default_factory=list)
    media_count: int = 0


def find_format(name: str) -> Format:
    """The format of that name. Raises ValueError naming the known ones."""
    for known in FORMATS:
        if known.name == name:
            return known
    raise ValueError(f"unknown format {name!r}; known: {', '.join(known.name for known in FORMATS)}")


def detect_format(source: Source) -> Format | None:
    """The format that is surest this file is its own, the earlier listed among equals; None where none is."""
    head = decoded_head(source)
    best = max(FORMATS, key=lambda known: known.detect(head))
    return best if best.detect(head) > 0 else None


def decoded_head(source: Source) -> str:
    """The first ``HEAD_BYTES`` of a file as text, without a byte order mark."""
    return source.head(HEAD_BYTES).decode(source.encoding, "replace").lstrip("\ufeff")


def plan_jobs(paths: Sequence[Path], forced: str | None = None) -> tuple[list[Job], list[tuple[str, Skipped]]]:
    """What reads these paths, and what nobody reads; see ``plan_import``, which counts media too."""
    plan = plan_import(paths, forced)
    return plan.jobs, plan.skipped


def plan_import(paths: Sequence[Path], forced: str | None = None) -> Plan:
    """Finds the exports in files, folders and zips.

    In a folder or zip, formats of several files take theirs first; then every other file is looked at by itself.
    ``forced`` names the format of everything. Raises ValueError where there is no such format. Nothing else is raised:
    what cannot be opened is told as ``not_readable``, what nobody recognises as ``unknown_format``.
    """
    chosen = find_format(forced) if forced else None
    plan = Plan()
    for path in paths:
        try:
            if path.is_dir() or (path.suffix.lower() not in OFFICE_SUFFIXES and zipfile.is_zipfile(path)):
                _plan_tree(open_tree(path), chosen, plan)
            else:
                _plan_source(open_file(path), chosen, plan)
        except (SourceError, *UNREADABLE) as error:
            plan.skipped.append((path.name, _unread("not_readable", str(error))))
    return plan


def read_job(job: Job, choices: Choices) -> Iterator[Record]:
    """The records of a job; behind a text that is too long to be kept whole, that it is."""
    for record in _records_of(job, choices):
        yield record
        if isinstance(record, PastMessage) and len(record.text) > MAX_TEXT:
            yield skip("too_long", record.place, record.text)


def _records_of(job: Job, choices: Choices) -> Iterator[Record]:
    if job.tree is not None and job.format.read_tree is not None:
        return job.format.read_tree(job.tree, choices)
    if job.source is None:
        return iter(())
    return job.format.read(job.source, choices)


def survey_job(job: Job) -> Choices:
    """What the job's format finds out before reading; nothing for exports of several files."""
    return job.format.survey(job.source) if job.source is not None else Choices()


def _plan_tree(tree: Tree, chosen: Format | None, plan: Plan) -> None:
    left = tree
    for known in FORMATS if chosen is None else (chosen,):
        while known.claims is not None and (claimed := known.claims(left)):
            taken = {source.name for source in claimed}
            plan.jobs.append(Job(known, _claimed_name(tree, claimed), tree=Tree(tree.name, claimed)))
            left = Tree(left.name, tuple(source for source in left.sources if source.name not in taken))
    for source in left.sources:
        suffix = Path(source.name).suffix.lower()
        if suffix in MEDIA_SUFFIXES:
            plan.media_count += 1
        elif suffix in ARCHIVE_SUFFIXES:
            plan.skipped.append((source.name, _unread("not_readable", NESTED_ARCHIVE)))
        else:
            _plan_source(source, chosen, plan)


def _claimed_name(tree: Tree, claimed: tuple[Source, ...]) -> str:
    """The tree's name, with the inner folder where the export is wrapped in one."""
    folder = min((source.name.rpartition("/")[0] for source in claimed), key=len)
    return f"{tree.name}/{folder}" if folder else tree.name


def _plan_source(source: Source, chosen: Format | None, plan: Plan) -> None:
    try:
        head = source.head()
        if head.startswith(ZIP_START) and Path(source.name).suffix.lower() not in OFFICE_SUFFIXES:
            plan.skipped.append((source.name, _unread("not_readable", CUT_ARCHIVE)))
            return
        if is_binary(head):  # before anybody looks through all of it for its encoding
            plan.skipped.append((source.name, _unread("unknown_format", "")))
            return
        found = chosen or detect_format(source)
    except UNREADABLE as error:
        plan.skipped.append((source.name, _unread("not_readable", str(error))))
        return
    if found is None:
        plan.skipped.append((source.name, _unread("unknown_format", decoded_head(source))))
        return
    plan.jobs.append(Job(found, source.name, source=source))


def _unread(reason: str, words: str) -> Skipped:
    """The sample is shown to a person: of a binary file only what is printable."""
    shown = "".join(sign if sign.isprintable() else " " for sign in words[:120])
    return Skipped(reason=reason, place=0, sample=shown.strip())
