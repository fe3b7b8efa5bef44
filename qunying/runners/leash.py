"""``python -m qunying.runners.leash MODULE …``: runs a program that ends with whoever started it, however that one ended.

Whoever starts it holds the other end of its standard input and never writes there. When that end closes, also because its
holder was killed, the program and everything it started are ended. Works wherever there are pipes.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

STOP_WITHIN = 10.0


def main() -> None:
    """Runs the module with the remaining arguments as its own, in a process group of its own."""
    if os.getpgrp() != os.getpid():
        os.setpgrp()
    threading.Thread(target=_end_with_parent, name="leash", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(STOP_WITHIN)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
