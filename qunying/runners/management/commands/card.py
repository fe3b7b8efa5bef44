"""``qunying card``: one group card a line in, its fields as one JSON object a line out."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.judgement.cards import stream


class Command(BaseCommand):
    """Reads standard input to its end; any text is a card, so no line can be wrong."""

    help = "Read group cards into fields."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="JSON lines, as always")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 where the input cannot be decoded."""
        code = stream.run(sys.stdin, sys.stdout, sys.stderr)
        if code:
            sys.exit(code)
