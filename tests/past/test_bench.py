"""The bench command finds what it can run, and the generators write what the import reads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qunying.carriers.files.discovery import plan_jobs, read_job, survey_job
from qunying.carriers.files.records import PastMessage
from qunying.kernel.errors import BadUse
from qunying.runners.management.commands.bench import FOLDER, find_bench, list_benches
from tests.bench import past
from tests.bench.make_chatlab import Size, write_chatlab
from tests.bench.measured import Measured, measure
from tests.past.conftest import data


def messages_in(path: Path) -> int:
    (job,), _ = plan_jobs([path])
    return sum(isinstance(record, PastMessage) for record in read_job(job, survey_job(job)))


def test_only_modules_that_can_run_are_listed_when_asked() -> None:
    assert "past" in list_benches(FOLDER)
    assert not {"seed", "measured", "make_chatlab"} & set(list_benches(FOLDER))


def test_a_bench_is_refused_when_nobody_knows_it() -> None:
    with pytest.raises(BadUse, match="past"):
        find_bench("nope", ["past"])


def test_benches_are_refused_when_there_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(BadUse, match="源码"):
        list_benches(tmp_path / "tests" / "bench")


def test_every_message_is_read_when_the_export_was_generated(tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    for path in (first, second):
        write_chatlab(path, Size(messages=500, people=20))
    assert first.read_bytes() == second.read_bytes()
    assert messages_in(first) == 500


def test_every_message_is_read_when_real_chats_were_repeated(tmp_path: Path) -> None:
    gitter, whatsapp = tmp_path / "room.txt", tmp_path / "WhatsApp Chat with Lorem.txt"
    room = data("gitter_livechat/raw/gitter_gitter_chatFormat.ascii.txt")
    count = past.write_repeated_gitter(room, gitter, 1)
    assert messages_in(gitter) == pytest.approx(count, rel=0.001)
    chat = data("native_exports/whatsapp_whatstk/lorem-2000.txt")
    assert past.write_repeated_whatsapp(chat, whatsapp, 4500) == 4500
    assert messages_in(whatsapp) == 4500


def test_a_command_is_measured_when_it_works_and_told_when_it_fails() -> None:
    measured = measure([sys.executable, "-c", "x = bytearray(40_000_000)\nfor n in range(2_000_000): n + 1"])
    assert measured.cpu_seconds > 0
    with pytest.raises(RuntimeError, match="kaputt"):
        measure([sys.executable, "-c", "raise SystemExit('kaputt')"])


def test_growth_is_one_when_memory_is_flat() -> None:
    assert Measured(1, 1, (10.0, *[50.0] * 20)).growth == 1
    assert Measured(1, 1, tuple(float(n) for n in range(10, 110))).growth == pytest.approx(2.5, rel=0.1)
