"""``qunying demo add|remove``: the living demo community."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from qunying.communities.queries import list_leaving_communities
from qunying.insights import keeping
from qunying.insights.parts import lake_folder
from qunying.kernel import clock
from qunying.pipeline.demo import remove
from qunying.pipeline.demo.build import SEED, WEEKS, do_add_demo
from qunying.pipeline.demo.live import do_catch_up
from qunying.pipeline.demo.remove import do_begin_removal
from qunying.runners.watch import gently


class Command(BaseCommand):
    """Adds the demo world with its history up to now, or removes every trace of it."""

    help = "Add or remove the demo community."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what", choices=["add", "remove"], help="add it with its history, or remove every trace of it"
        )
        parser.add_argument("--groups", type=int, default=40, help="how many groups the world has")
        parser.add_argument("--weeks", type=int, default=WEEKS, help="weeks of history, at least 4")
        parser.add_argument("--seed", type=int, default=SEED, help="another seed is another world")

    def handle(self, *args: Any, **options: Any) -> None:
        """Shows a bar where a person waits."""
        if options["what"] == "remove":
            self._do_remove()
            return
        with tqdm(total=100, unit="%", desc="demo", disable=not sys.stderr.isatty()) as bar:
            do_add_demo(
                clock.now(),
                groups=options["groups"],
                weeks=options["weeks"],
                seed=options["seed"],
                watch=lambda done, total: bar.update(90 * done // total - bar.n),
            )
            do_catch_up(clock.now(), watch=lambda done, total: bar.update(90 + 10 * done // total - bar.n))
            keeping.catch_up(clock.now(), lake_folder())

    def _do_remove(self) -> None:
        """Also what somebody else began to remove; a keeper that runs meanwhile does the same, which is harmless."""
        now = clock.now()
        do_begin_removal(now, user_id=None)
        communities = len(list_leaving_communities())
        with tqdm(unit=" rows", desc="demo", disable=not sys.stderr.isatty()) as bar:
            while done := gently(remove.step)(now):
                bar.update(done)
        self.stdout.write(f"removed {communities} demo communities")
