"""``qunying gateway``: holds the lines to our accounts on real platforms. One is enough."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.carriers.wire.gateway import Gateway
from qunying.carriers.wired import WIRINGS
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

PORT = 8001


class Command(BaseCommand):
    """One gateway; ends with Ctrl-C or SIGTERM."""

    help = "Hold the lines to our accounts: hear, and speak when the workers ask."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; only this machine by default")
        parser.add_argument(
            "--port", type=int, default=PORT, help="where platforms that call us do so; 0 takes any that is free"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until asked to stop."""
        try:
            asyncio.run(_run(options["host"], options["port"]))
        except OSError as error:
            place = f"{options['host']}:{options['port']}"
            raise BadUse(
                mark("%(place)s 用不了：%(why)s；用 --port 换一个"), place=place, why=error.strerror
            ) from error


async def _run(host: str, port: int) -> None:
    is_asked_to_stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, is_asked_to_stop.set)
    await Gateway(WIRINGS, host, port).run(is_asked_to_stop)
