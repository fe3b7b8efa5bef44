"""``python -m training [--data DIR]``, or ``make train``: every model of ``judgement`` anew, one after the other, with its record."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from training.records import DATA

TRAININGS = (("training.cards",), ("training.answers", "--away"), ("training.threads",), ("training.texts",))


def main() -> int:
    """The exit code of the first training that failed, 0 when none did."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train every model of judgement.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    data = parser.parse_args().data
    for module, *options in TRAININGS:
        sys.stdout.write(f"{module}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", module, *options, "--data", str(data)], check=False)
        if done.returncode:
            return done.returncode
    return 0


sys.exit(main())
