"""Makes a checkout ready: ``python tools/set_up.py run`` to use it, ``dev`` to work on it, ``nightly`` for the long tests.

Needs only Python ≥ 3.11 and a way to the package index. What is locked is installed once: the stamp in ``.venv`` holds
the digest of the lock files, so a second run takes as long as reading them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "requirements"
OLDEST_NODE = 20
KINDS = ("run", "dev", "nightly")


class SetUpError(Exception):
    """The checkout could not be made ready; the message says what to do, in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the checkout is ready, 1 with one line on stderr when not."""
    parser = argparse.ArgumentParser(description="Make a checkout ready.")
    parser.add_argument(
        "kind", choices=KINDS, help="run: what the product needs; dev: what its tests need too; nightly: the extras too"
    )
    try:
        set_up(parser.parse_args(arguments).kind)
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


def set_up(kind: str) -> None:
    """Virtual environment, locked packages, this checkout inside it, script and texts. Raises ``SetUpError``."""
    make_venv()
    install(kind)
    _run("linking this checkout", [_python(), ROOT / "tools" / "link_checkout.py"])
    _run("building the script", [_python(), ROOT / "tools" / "build_front.py"])
    _run("compiling the texts", [_python(), "-m", "tools.messages", "compile"])


def make_venv() -> None:
    """A virtual environment that works; one whose Python has gone is made anew."""
    if _python().exists() and _works(_python()):
        return
    print("set-up: virtual environment in .venv", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetUpError(explain_venv(made.stdout + made.stderr))


def explain_venv(output: str) -> str:
    """What to do when ``python -m venv`` failed: on Debian its better half is a package of its own."""
    if "ensurepip" in output or "python3-venv" in output:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"this Python cannot make virtual environments; on Debian: apt install python{version}-venv"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"python -m venv failed: {lines[-1] if lines else 'no reason given'}"


def install(kind: str) -> None:
    """The packages of these locks, every file checked against its hash; nothing when they are there already."""
    node = has_node()
    if any(is_stamped(VENV, each, digest_of(wanted_locks(each, has_node=node))) for each in _covering(kind)):
        return
    locks = wanted_locks(kind, has_node=node)
    print(f"set-up: packages of {', '.join(lock.name for lock in locks)}", flush=True)
    pip = (_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
    files = [part for lock in locks for part in ("-r", str(lock))]
    _run("installing packages", [*map(str, pip), *files])
    (VENV / f".stamp-{kind}").write_text(digest_of(locks), encoding="ascii")


def _covering(kind: str) -> tuple[str, ...]:
    """Whose packages are enough: everything needed to run is also locked, at the same version, to develop."""
    return KINDS[KINDS.index(kind) :]


def wanted_locks(kind: str, *, has_node: bool) -> list[Path]:
    """The lock files of a kind. The Node of the package index is 60 MB, so only who has none gets it."""
    if kind != "run":
        return [LOCKS / f"{name}.txt" for name in ("dev", *(("ocr", "spark") if kind == "nightly" else ()))]
    return [LOCKS / "run.txt", LOCKS / "build.txt", *([] if has_node else [LOCKS / "node.txt"])]


def digest_of(locks: Sequence[Path]) -> str:
    """One digest of the contents of these files, in this order, and of the Python that installs them."""
    digest = hashlib.sha256(sys.version.encode())
    for lock in locks:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def is_stamped(venv: Path, kind: str, digest: str) -> bool:
    """Whether that digest was installed there."""
    stamp = venv / f".stamp-{kind}"
    return stamp.is_file() and stamp.read_text(encoding="ascii") == digest


def has_node() -> bool:
    """Whether a Node ≥ 20 with npm is on PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return found is not None and int(found[1]) >= OLDEST_NODE


def _python() -> Path:
    on_windows = sysconfig.get_platform().startswith("win")
    return VENV / ("Scripts/python.exe" if on_windows else "bin/python")


def _works(python: Path) -> bool:
    return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def _run(what: str, command: Sequence[str | Path]) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise SetUpError(f"{what} failed; see above")


if __name__ == "__main__":
    sys.exit(main())
