"""A worker dies by SIGKILL while a process beside reads for it: the next one tells everything, once, with its readings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from qunying.intake.models import Lane
from qunying.journal.queries import find_flaws
from qunying.judgement.judge import read
from qunying.people.models import Membership
from qunying.talk.models import Message, MessageReading
from tests import cast
from tests.past.processes import ROOT, database_url

NOW = cast.TUESDAY
MANY = 120
SAYINGS = ("加微信领取福利 abc123", "几点开始？", "今天的白茶不错")


def killed(moment: str) -> int:
    """Has a worker die there; answers the number of the process that read for it."""
    words = [sys.executable, "-m", "tests.concurrency.killed_worker", moment, NOW.isoformat()]
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "qunying.project.settings"}
    died = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    return int(died.stdout)


def is_running(pid: int) -> bool:
    """Whether that process still does anything."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("moment", ["set_scene", "do_keep", "do_record", "do_finish"])
def test_all_is_told_once_and_read_when_a_worker_dies_with_a_reader_beside(shared_tea: cast.Tea, moment: str) -> None:
    texts = [f"{SAYINGS[number % len(SAYINGS)]} {number}" for number in range(MANY)]
    cast.arrive([cast.message(f"m{number}", "an", text) for number, text in enumerate(texts)])
    reader = killed(moment)
    assert Message.objects.count() == MessageReading.objects.count() == 0
    for _ in range(200):
        if not is_running(reader):
            break
        time.sleep(0.05)
    assert not is_running(reader), "it reads on for nobody"

    Lane.objects.update(lease_until=NOW)
    with cast.clock_stands(NOW + timedelta(seconds=1)):
        cast.worked(NOW + timedelta(seconds=1))
    told = Message.objects.order_by("id")
    assert list(told.values_list("text", flat=True)) == texts
    kept = {row.message_id: row for row in MessageReading.objects.all()}
    for message in told:
        expected, row = read(message.text), kept.pop(message.pk)
        assert (bytes(row.scores), row.holds) == (bytes(expected.scores), expected.holds)
    assert kept == {}
    assert Membership.objects.get(group=shared_tea.first, identity__ref="an").messages == MANY
    assert list(find_flaws()) == []
