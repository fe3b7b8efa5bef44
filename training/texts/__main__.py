"""``python -m training.texts [--data DIR] [--only HEAD…]``: trains, measures and writes ``models/texts``; with ``--only`` just measures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from training.records import DATA
from training.texts.course import make, write
from training.texts.recipes import recipes


def main() -> None:
    """Reads the arguments and does it."""
    parser = argparse.ArgumentParser(prog="python -m training.texts", description="Train the heads that read texts.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    parser.add_argument("--only", nargs="*", metavar="HEAD", help="measure these heads and write nothing")
    asked = parser.parse_args()
    known = recipes(asked.data)
    made = {}
    for name in asked.only or known:
        made[name] = make(known[name]())
        sys.stdout.write(json.dumps({name: made[name].threshold, **made[name].figures}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    if asked.only is None:
        write(made, asked.data)


main()
