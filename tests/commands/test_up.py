"""The whole machine with one command: what it says, and that nothing is left of it."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from qunying.runners.leash import STOP_WITHIN
from tests.commands.typed import PATIENCE, QUNYING, ROOT, surroundings, typed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(home: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``qunying up`` from the moment it says where it is."""
    command = [*QUNYING, "up", "--no-demo", "--port", str(port)]
    with log.open("wb") as words:
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings(home), stdout=words, stderr=words)
        try:
            ends_at = time.monotonic() + PATIENCE
            while "Ctrl-C" not in log.read_text("utf-8") and process.poll() is None and time.monotonic() < ends_at:
                time.sleep(0.1)
            assert process.poll() is None, log.read_text("utf-8")
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.server
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_and_no_library_complains_when_stopped(tmp_path: Path, sign: signal.Signals) -> None:
    port, log = free_port(), tmp_path / "log"
    with running(tmp_path / "home", port, log) as process:
        assert is_taken(port), "the address was said before anybody listened there"
        process.send_signal(sign)
        assert process.wait(PATIENCE) == 0
        assert not is_taken(port)
    said = log.read_text("utf-8")
    assert "owner" in said
    assert "nanobind" not in said


def family_of(parent: int) -> set[int]:
    """The processes a process started, and those they started, as far as they live."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, started_by = path.read_text("utf-8").rsplit(")", 1)[1].split()[:2]
            parents |= {int(path.parent.name): int(started_by)} if state != "Z" else {}
    family = {parent}
    while more := {one for one, by in parents.items() if by in family} - family:
        family |= more
    return family - {parent}


def alive(processes: set[int]) -> set[int]:
    """Which of them live."""
    states = {one: Path(f"/proc/{one}/stat") for one in processes}
    return {one for one, path in states.items() if path.exists() and ") Z " not in path.read_text("utf-8")}


@pytest.mark.server
def test_nothing_is_left_when_it_is_killed(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "home", port, tmp_path / "log") as process:
        family = family_of(process.pid)
        assert len(family) >= 4 or not Path("/proc/self/stat").exists(), "web, its own worker, worker, keeper"
        process.kill()
        process.wait(PATIENCE)
        ends_at = time.monotonic() + 2 * STOP_WITHIN
        while (is_taken(port) or alive(family)) and time.monotonic() < ends_at:
            time.sleep(0.1)
        assert not is_taken(port)
        assert not alive(family)


@pytest.mark.server
def test_the_second_is_told_of_the_first_when_both_want_one_home(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "home", port, tmp_path / "log"):
        second = typed(tmp_path / "home", "up", "--no-demo", "--port", str(free_port()))
        assert (second.returncode, second.stderr.count("\n")) == (2, 1)
        assert f"http://127.0.0.1:{port}" in second.stderr
        backup = typed(tmp_path / "home", "backup", tmp_path / "copy.zip")
        assert backup.returncode == 0, backup.stderr
        assert f"http://127.0.0.1:{port}" in typed(tmp_path / "home", "doctor").stdout


def test_both_go_on_when_two_commands_meet_a_fresh_home(tmp_path: Path) -> None:
    command = [*QUNYING, "audit", "verify"]
    both = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=surroundings(tmp_path / "home"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in both:
        _out, errors = process.communicate(timeout=PATIENCE)
        assert (process.returncode, errors) == (0, "")
