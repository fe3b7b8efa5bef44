"""``qunying doctor``: what is in order, what is worth a look, what is broken."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.kernel import clock
from qunying.runners.doctor import Finding, State, examine
from qunying.runners.language import told

SIGNS = {State.OK: "✓", State.LOOK: "!", State.BROKEN: "✗"}


class Command(BaseCommand):
    """Exit code 1 when something is broken; what is only worth a look does not count."""

    help = "Say what is found: database, disk, queues, lake, journal, fonts, script. Changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says each finding as soon as it is made."""
        findings: list[Finding] = []
        for finding in examine(clock.now()):
            findings.append(finding)
            if not options["json"]:
                self.stdout.write(f"{SIGNS[finding.state]} {finding.name:<10} {told(finding.said)}")
        is_broken = any(finding.state is State.BROKEN for finding in findings)
        if options["json"]:
            words = [
                {"name": one.name, "state": one.state, "said": told(one.said), "values": dict(one.said.values)}
                for one in findings
            ]
            self.stdout.write(json.dumps({"is_well": not is_broken, "findings": words}, ensure_ascii=False))
        if is_broken:
            sys.exit(1)
