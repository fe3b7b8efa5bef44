"""``python -m training.figures [--quick] [--data DIR]``: measures, prints and writes ``docs/reference/judgement.md``; quickly: prints only.

About five minutes; quickly, seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from training.figures.again import ROOT, measured
from training.figures.page import KEPT, render
from training.records import DATA

PAGE = ROOT / "docs" / "reference" / "judgement.md"


def main() -> None:
    """Reads the arguments and does it."""
    parser = argparse.ArgumentParser(prog="python -m training.figures", description="Say what the judges reach.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    parser.add_argument("--quick", action="store_true", help="measure a little, print, and write nothing")
    asked = parser.parse_args()
    told = measured(asked.data, is_quick=asked.quick)
    page = render(told)
    if not asked.quick:
        KEPT.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page, encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
