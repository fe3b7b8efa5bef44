"""``python -m tests.past.killed MOMENT TIMES …``: ``qunying import …`` that dies by SIGKILL at a moment of its work.

``MOMENT`` is a function of the import, written ``module:name`` below ``qunying.pipeline.past``; "" lives on.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import Any

import django

from tests.past.processes import SMALL_BATCHES


def main(moment: str, times: int, arguments: list[str]) -> None:
    """Imports in small batches, and dies at the ``times``-th call of that function, before it has done anything."""
    django.setup()
    run = importlib.import_module("qunying.pipeline.past.run")
    setattr(run, "BATCH", SMALL_BATCHES)  # noqa: B010 - a constant of another module
    if moment:
        _die_at(moment, times)
    sys.argv = ["qunying", "import", *arguments]
    from qunying.runners.main import main as command

    command()


def _die_at(moment: str, times: int) -> None:
    file, _, name = moment.partition(":")
    module = importlib.import_module(f"qunying.pipeline.past.{file}")
    whole = getattr(module, name)
    left = [times]

    def dying(*args: Any, **words: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*args, **words)

    setattr(module, name, dying)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
