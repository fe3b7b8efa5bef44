"""``qunying threads``: lines of one room as JSON lines in, what each answers and where it belongs out."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.judgement.threads import stream


class Command(BaseCommand):
    """Goes on after a broken line, which is told with its number on standard error."""

    help = "Put lines of talk into threads."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="JSON lines, as always")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads standard input to its end and answers every line at once."""
        code = stream.run(sys.stdin, sys.stdout, sys.stderr)
        if code:
            sys.exit(code)
