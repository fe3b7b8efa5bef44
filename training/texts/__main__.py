"""``python -m training.texts [--data DIR] [--only HEAD…]``: trains, measures and writes ``models/texts``.

With ``--only`` it just measures; with ``--again HEAD…`` the other heads stay as they are shipped, for changes that touch these alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from qunying.judgement.linear import MODELS
from qunying.judgement.texts import MODEL
from training.records import DATA, changed
from training.texts.course import as_shipped, make, write
from training.texts.recipes import recipes


def main() -> None:
    """Reads the arguments and does it."""
    parser = argparse.ArgumentParser(prog="python -m training.texts", description="Train the heads that read texts.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    parser.add_argument("--only", nargs="*", metavar="HEAD", help="measure these heads and write nothing")
    parser.add_argument("--again", nargs="+", metavar="HEAD", help="train these heads and keep the others")
    asked = parser.parse_args()
    if asked.again and (other := changed(MODELS / f"{MODEL}.json", asked.data)):
        parser.error(f"{', '.join(other)} changed since the other heads were trained")
    known = recipes(asked.data)
    if strange := {*(asked.only or ()), *(asked.again or ())} - known.keys():
        parser.error(f"no head is called {', '.join(sorted(strange))}; there are {', '.join(sorted(known))}")
    made = as_shipped(known.keys() - set(asked.again)) if asked.again else {}
    for name in asked.only or asked.again or known:
        made[name] = make(known[name]())
        sys.stdout.write(json.dumps({name: made[name].threshold, **made[name].figures}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    if asked.only is None:
        write(made, asked.data)


main()
