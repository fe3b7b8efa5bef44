"""A homeserver whose clock somebody else turns: ``python -P clocked.py CLOCK_FILE -c CONFIG``.

The file holds seconds since 1970 as eight bytes. What is dated shows that time; the server's own timers go on as they are.
"""

from __future__ import annotations

import mmap
import struct
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

SIZE = struct.calcsize("d")


def do_turn(file: Path, at: datetime) -> None:
    """From now on it is that moment on the server."""
    with file.open("r+b" if file.exists() else "w+b") as clock:
        clock.write(struct.pack("d", at.timestamp()))


async def allow(*_words: Any, **_more: Any) -> tuple[bool, float]:
    """Nobody is too fast: how fast they are is counted by a clock that leaps, also backwards."""
    return True, -1.0


def main() -> None:
    """Runs the server in this process."""
    from synapse.api.ratelimiting import Ratelimiter
    from synapse.app.homeserver import main as serve
    from synapse.util.clock import Clock
    from synapse.util.duration import Duration
    from synapse.util.wheel_timer import WheelTimer

    def turn_by_days(wheel: WheelTimer[Any], bucket_size: object = None) -> None:
        """In steps of a day, whatever it was to be: else a leap of a month is a million small ones."""
        wheel.bucket_size, wheel.entries = Duration(days=1), []

    WheelTimer.__init__ = turn_by_days
    Ratelimiter.can_do_action = allow
    with Path(sys.argv.pop(1)).open("rb") as file:
        shown = mmap.mmap(file.fileno(), SIZE, access=mmap.ACCESS_READ)
        Clock.time = lambda self: struct.unpack("d", shown[:SIZE])[0]
        serve()


if __name__ == "__main__":
    main()
