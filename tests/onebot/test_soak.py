"""Half an hour of a QQ world (``QUNYING_SOAK_MINUTES``), with cuts and killed workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.live import ROOT


@pytest.mark.nightly
@pytest.mark.server
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="weighs processes in /proc")
def test_nothing_is_lost_or_doubled_when_a_qq_world_goes_on_for_long() -> None:
    minutes = os.environ.get("QUNYING_SOAK_MINUTES", "30")
    command = [sys.executable, "-m", "tests.onebot.soak", "--minutes", minutes]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-2000:]
    assert json.loads(told.stdout.splitlines()[-1])["lost"] == 0
