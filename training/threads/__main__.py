"""Fits the scorer of threads and measures it: ``python -m training.threads [--data DIR] [--measure | --anew]``.

Measured at home by leaving whole logs out (three parts), away by fitting on IRC alone and reading Gitter, and the reverse; then
everything is fitted and written to ``qunying/judgement/models/threads.npz`` with its record ``threads.json``.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from . import course

_DATA = Path(os.environ.get("QUNYING_DATA", "../shared/data"))


def main() -> None:
    """Reads the arguments and does it."""
    parser = argparse.ArgumentParser(
        prog="python -m training.threads", description="Fit and measure the scorer of threads."
    )
    parser.add_argument(
        "--data", type=Path, default=_DATA, help="folder of the public sets (default: QUNYING_DATA or ../shared/data)"
    )
    parser.add_argument(
        "--measure", action="store_true", help="measure what is shipped on all of DATA, and fit nothing"
    )
    parser.add_argument("--anew", action="store_true", help="measure what beginning anew every ten lines costs")
    arguments = parser.parse_args()
    if arguments.measure:
        course.measure_shipped(arguments.data)
    elif arguments.anew:
        course.measure_anew(arguments.data)
    else:
        course.fit_and_keep(arguments.data)


main()
