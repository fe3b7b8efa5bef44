"""Puts this checkout into the virtual environment of the running Python, with the command ``qunying``.

An editable install would do the same through a build back end, its plug-ins and a network, on every set-up; a path file
and a three-line script need nothing and are quick. ``pip install .`` is the way for who does not develop.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# /bin/sh runs the second line, Python reads it as a string: so that a path may be long or hold spaces
SCRIPT = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from qunying.runners.main import main

if __name__ == "__main__":
    sys.exit(main())
"""


def link(root: Path, packages: Path, scripts: Path, python: str) -> Path:
    """Writes ``qunying.pth`` and the command; answers where the command lies."""
    (packages / "qunying.pth").write_text(f"{root}\n", encoding="utf-8")
    command = scripts / "qunying"
    command.write_text(SCRIPT.format(python=python), encoding="utf-8")
    command.chmod(0o755)
    return command


def main() -> int:
    """0 when it is linked, 1 outside a virtual environment: nothing of ours belongs into the system's Python."""
    if sys.prefix == sys.base_prefix:
        print("link_checkout: run me with the Python of a virtual environment", file=sys.stderr)
        return 1
    link(ROOT, Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("scripts")), sys.executable)
    return 0


if __name__ == "__main__":
    sys.exit(main())
