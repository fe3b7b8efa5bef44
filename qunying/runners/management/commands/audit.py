"""``qunying audit verify``: recomputes the journal's chain."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.journal.actions import do_seal
from qunying.journal.queries import count_sealed, find_flaws
from qunying.kernel import clock


class Command(BaseCommand):
    """Exit code 1 when anything was changed, removed or put in between."""

    help = "Verify the journal's chain."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"], help="recompute every digest and seal")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seals what waits first, so that the answer covers everything recorded so far."""
        while do_seal(clock.now()):
            pass
        flaws = [{"community": one.community_id, "place": one.place, "what": one.what} for one in find_flaws()]
        sealed, open_facts = count_sealed()
        if options["json"]:
            words = {"facts": sealed + open_facts, "sealed": sealed, "is_whole": not flaws, "flaws": flaws}
            self.stdout.write(json.dumps(words, ensure_ascii=False))
        else:
            for flaw in flaws:
                self.stdout.write(f"✗ community {flaw['community']}, {flaw['place']}: {flaw['what']}")
            self.stdout.write(f"{sealed} facts sealed, {'whole' if not flaws else f'{len(flaws)} flaws'}")
        if flaws:
            sys.exit(1)
