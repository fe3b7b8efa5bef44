"""``qunying password NAME``: a new password for a sign-in, for whoever has lost theirs."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.communities.sign_ins import do_renew_password
from qunying.kernel import clock


class Command(BaseCommand):
    """Prints the password once; it is kept nowhere. The sign-in's sessions end, and it may sign in again."""

    help = "Set a new one-time password for a sign-in and print it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the sign-in's name")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Whoever may run commands here owns the machine, so nobody is asked who they are."""
        password = do_renew_password(options["name"], at=clock.now(), actor="system")
        if options["json"]:
            self.stdout.write(json.dumps({"name": options["name"], "password": password}, ensure_ascii=False))
        else:
            self.stdout.write(password)
