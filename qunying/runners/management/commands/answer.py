"""``qunying answer --bank BANK.csv``: one question a JSON line in, the decision a line out."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.judgement.answers import stream


class Command(BaseCommand):
    """Goes on after a broken line, which is told with its number on standard error."""

    help = "Answer questions from a bank, or refuse."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bank", required=True, metavar="BANK.csv", help="columns entry,question,answer[,category]"
        )
        parser.add_argument("--json", action="store_true", help="JSON lines, as always")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 2 for a bank that is missing or broken."""
        code = stream.run(options["bank"], sys.stdin, sys.stdout, sys.stderr)
        if code:
            sys.exit(code)
