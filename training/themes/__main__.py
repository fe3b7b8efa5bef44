"""``python -m training.themes [--data DIR] [--seeds N] [--only WAY]``: prints the table as JSON lines. Trains and writes nothing."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from training.records import DATA
from training.themes.measure import measure
from training.themes.streams import chinese, english
from training.themes.ways import WAYS


def main() -> None:
    """Reads the arguments and measures."""
    parser = argparse.ArgumentParser(prog="python -m training.themes", description="Say how well themes are found.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    parser.add_argument("--seeds", type=int, default=1, help="streams of each language")
    parser.add_argument("--only", choices=tuple(WAYS), help="one way of finding them")
    asked = parser.parse_args()
    for seed in range(1, asked.seeds + 1):
        for make in (english, chinese):
            stream = make(asked.data, seed)
            for name, way in WAYS.items():
                if asked.only in {None, name}:
                    start = time.process_time()
                    row = measure(stream, way(stream))
                    spent = round(time.process_time() - start, 1)
                    sys.stdout.write(json.dumps({"way": name, "seed": seed, **row, "seconds": spent}) + "\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
