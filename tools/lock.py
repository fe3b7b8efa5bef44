"""Locks versions with hashes: ``make lock`` keeps what still fits, ``python -m tools.lock --upgrade`` chooses anew. Needs uv.

Development is locked first; the others take over its versions, so that what is tested is what runs. No index address is
written: whoever installs decides where packages come from, and the hashes decide whether they are the right ones.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--quiet",
)
LOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("dev", ("pyproject.toml", "--extra", "postgres", "--group", "dev")),
    ("run", ("pyproject.toml", "-c", "requirements/dev.txt")),
    ("build", ("--group", "build", "-c", "requirements/dev.txt")),
    ("ocr", ("pyproject.toml", "--extra", "ocr", "-c", "requirements/dev.txt")),
    ("spark", ("pyproject.toml", "--extra", "spark", "-c", "requirements/dev.txt")),
    ("node", ("--group", "node", "-c", "requirements/dev.txt")),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all are locked, 1 with uv's reason, 2 without uv."""
    parser = argparse.ArgumentParser(description="Lock versions with hashes.")
    parser.add_argument("--upgrade", action="store_true", help="the newest versions that fit, not those already locked")
    upgrade = ["--upgrade"] if parser.parse_args(arguments).upgrade else []
    uv = shutil.which("uv")
    if uv is None:
        print("lock: uv is not on PATH; pip install uv", file=sys.stderr)
        return 2
    for name, sources in LOCKS:
        command = [uv, "pip", "compile", *OPTIONS, *upgrade, *sources, "-o", f"requirements/{name}.txt"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return 1
        print(f"lock: requirements/{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
