"""Setting up a checkout: which Python, which locks, when nothing needs to be done, and what is said when it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import set_up
from tools.link_checkout import link

WITH_PYTHON = set_up.ROOT / "tools" / "with_python.sh"


def fake_python(folder: Path, name: str, version: str) -> Path:
    """Something on PATH that says it is this Python, and otherwise only repeats its arguments."""
    path = folder / name
    path.write_text(f'#!/bin/sh\n[ "$1" = -c ] && {{ echo {version}; exit 0; }}\necho "{name} $*"\n', "utf-8")
    path.chmod(0o755)
    return path


def with_python(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", WITH_PYTHON, "script.py", "run"],
        env={"PATH": str(folder), **environment},
        text=True,
        capture_output=True,
        check=False,
    )


def test_the_newer_python_is_taken_when_python3_is_too_old(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", "3.9.2")
    fake_python(tmp_path, "python3.12", "3.12.1")
    assert with_python(tmp_path).stdout == "python3.12 script.py run\n"


def test_the_given_python_is_taken_when_named(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", "3.11.7")
    chosen = fake_python(tmp_path, "python3.14", "3.14.0")
    assert with_python(tmp_path, PYTHON=str(chosen)).stdout == "python3.14 script.py run\n"


@pytest.mark.parametrize("version", ["3.10.13", "2.7.18", "3.1.0", "4.0.0"])
def test_what_was_found_is_said_when_no_python_is_new_enough(tmp_path: Path, version: str) -> None:
    fake_python(tmp_path, "python3", version)
    done = with_python(tmp_path)
    assert done.returncode == 2
    assert f"python3 is {version}" in done.stderr
    assert "3.11 or newer" in done.stderr


def test_nothing_found_is_said_when_there_is_no_python(tmp_path: Path) -> None:
    assert "found: none" in with_python(tmp_path).stderr


def test_a_python_that_does_not_start_is_passed_over_when_it_comes_first(tmp_path: Path) -> None:
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\nexit 127\n", "utf-8")
    broken.chmod(0o755)
    fake_python(tmp_path, "python3.13", "3.13.0")
    assert with_python(tmp_path).stdout == "python3.13 script.py run\n"


def test_the_packaged_node_is_installed_only_when_there_is_none() -> None:
    assert [lock.name for lock in set_up.wanted_locks("run", has_node=True)] == ["run.txt", "build.txt"]
    assert [lock.name for lock in set_up.wanted_locks("run", has_node=False)] == ["run.txt", "build.txt", "node.txt"]
    assert [lock.name for lock in set_up.wanted_locks("dev", has_node=False)] == ["dev.txt"]


def test_every_wanted_lock_is_there_when_looked_for() -> None:
    locks = {lock for kind in set_up.KINDS for lock in set_up.wanted_locks(kind, has_node=False)}
    assert [lock.name for lock in locks if not lock.is_file()] == []


def test_packages_are_installed_again_when_a_lock_has_changed(tmp_path: Path) -> None:
    lock = tmp_path / "run.txt"
    lock.write_text("a==1\n", "utf-8")
    before = set_up.digest_of([lock])
    (tmp_path / ".stamp-run").write_text(before, "ascii")
    assert set_up.is_stamped(tmp_path, "run", set_up.digest_of([lock]))
    lock.write_text("a==2\n", "utf-8")
    assert not set_up.is_stamped(tmp_path, "run", set_up.digest_of([lock]))
    assert not set_up.is_stamped(tmp_path, "dev", before)


@pytest.mark.parametrize(
    ("version", "is_enough"), [("v20.1.0", True), ("v24.19.0", True), ("v18.19.0", False), ("", False)]
)
def test_node_counts_only_when_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, is_enough: bool
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert set_up.has_node() is is_enough


def test_node_does_not_count_when_npm_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.0.0\n", "utf-8")
    (tmp_path / "node").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not set_up.has_node()


def test_debians_missing_package_is_named_when_venv_cannot_work() -> None:
    said = "The virtual environment was not created successfully because ensurepip is not\navailable.\n"
    assert f"apt install python3.{sys.version_info.minor}-venv" in set_up.explain_venv(said)


def test_the_last_line_is_told_when_venv_fails_otherwise() -> None:
    assert set_up.explain_venv("Traceback\nOSError: disk full\n\n").endswith("OSError: disk full")


def test_the_command_runs_when_the_path_holds_spaces_and_chinese(tmp_path: Path) -> None:
    folder = tmp_path / "我的 群营"
    (folder / "qunying" / "runners").mkdir(parents=True)
    (folder / "qunying" / "runners" / "main.py").write_text(
        "import sys\ndef main(): print(sys.argv[1:], __file__)\n", "utf-8"
    )
    (folder / "bin").mkdir()
    python = folder / "bin" / "python"
    os.symlink(sys.executable, python)
    command = link(folder, folder, folder / "bin", str(python))
    done = subprocess.run(
        [command, "import", "聊天 记录.txt"],
        env={"PYTHONPATH": (folder / "qunying.pth").read_text("utf-8").strip(), "PATH": os.environ["PATH"]},
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith("['import', '聊天 记录.txt'] ")
    assert str(folder) in done.stdout
