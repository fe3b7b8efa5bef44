"""A large export read in a process of its own: the same records, and nothing left behind however it ends."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from qunying.carriers.files import beside
from qunying.carriers.files.discovery import Job, plan_jobs, read_job, survey_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import Record
from tests.past.conftest import Import, data
from tests.past.exports import chatlab, one_of_each, said, write
from tests.past.rows import left_in

FORMATS = ("chatlab", "chatlog", "qq_txt", "qqchatexporter", "weflow", "wecom", "discord", "matrix", "generic_csv")


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "LARGE", 0)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The reading processes that were begun."""
    begun: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def begin(*args: Any, **words: Any) -> subprocess.Popen[bytes]:
        begun.append(popen(*args, **words))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", begin)
    yield begun
    assert all(process.poll() is not None for process in begun)


def job_of(*paths: Path) -> tuple[Job, Choices]:
    (job,) = plan_jobs(list(paths))[0]
    return job, Choices().filled_by(survey_job(job))


def read_beside(job: Job, choices: Choices, size: int = 3) -> list[Record]:
    with beside.read_in_batches(job, choices, size) as batches:
        return list(chain.from_iterable(records for records, _ in batches))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.usefixtures("readers")
def test_the_records_are_the_same_when_another_process_reads_them(tmp_path: Path, name: str) -> None:
    path = one_of_each(tmp_path)[name]
    assert read_beside(*job_of(path)) == list(read_job(*job_of(path)))


def test_the_records_of_a_folder_are_the_same_when_another_process_reads_them() -> None:
    path = data("native_exports/slack_export")
    assert read_beside(*job_of(path)) == list(read_job(*job_of(path)))


def test_the_last_batch_tells_that_all_bytes_were_read(tmp_path: Path) -> None:
    job, choices = job_of(write(tmp_path, "chat.jsonl", chatlab([said(n) for n in range(20)])))
    with beside.read_in_batches(job, choices, 6) as batches:
        places = [(len(records), position) for records, position in batches]
    assert [count for count, _ in places] == [6, 6, 6, 3]  # the chat begins with a record of its own
    assert places[-1][1] == job.size


def test_nobody_goes_on_reading_when_the_records_are_left(
    tmp_path: Path, readers: list[subprocess.Popen[bytes]]
) -> None:
    job, choices = job_of(write(tmp_path, "chat.jsonl", chatlab([said(n) for n in range(20_000)])))
    with beside.read_in_batches(job, choices, 10) as batches:
        next(batches)
        assert readers[0].poll() is None
    assert readers[0].poll() is not None


def test_an_export_that_is_gone_is_told_as_if_it_were_read_here(tmp_path: Path) -> None:
    path = write(tmp_path, "chat.jsonl", chatlab([said(1)]))
    job, choices = job_of(path)
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"chat\.jsonl"):
        read_beside(job, choices)


def test_an_error_is_raised_when_the_reading_process_is_killed(
    tmp_path: Path, readers: list[subprocess.Popen[bytes]]
) -> None:
    job, choices = job_of(write(tmp_path, "chat.jsonl", chatlab([said(n) for n in range(20_000)])))
    with beside.read_in_batches(job, choices, 10) as batches:
        next(batches)
        readers[0].kill()
        with pytest.raises(OSError, match="killed"):
            list(batches)


def test_an_error_is_raised_when_the_reading_process_is_killed_within_a_batch(
    tmp_path: Path, readers: list[subprocess.Popen[bytes]]
) -> None:
    job, choices = job_of(write(tmp_path, "chat.jsonl", chatlab([said(n) for n in range(20_000)])))
    with beside.read_in_batches(job, choices, 5000) as batches:
        next(batches)  # the next one is larger than a pipe holds, so that a part of it stands there
        time.sleep(1)
        readers[0].kill()
        with pytest.raises(OSError, match="killed"):
            list(batches)


def test_an_import_keeps_the_same_when_another_process_reads(
    importing: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readers: list[subprocess.Popen[bytes]]
) -> None:
    path = write(tmp_path, "chat.jsonl", chatlab([said(n) for n in range(200)]))
    importing(path, group="乱")
    assert len(readers) == 1
    monkeypatch.setattr(beside, "LARGE", 2**40)
    importing(path, group="净")
    assert left_in("乱") == left_in("净")
