"""``qunying judge``: texts as JSON lines in, nine verdicts on each out; ``--kept`` has messages read that nobody has read."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from qunying.judgement import stream
from qunying.kernel.texts import mark
from qunying.pipeline.past.reading import do_read_all, list_queued
from qunying.runners.home import freeze, prepare_home
from qunying.runners.language import told_text
from qunying.talk.readings import count_unread


class Command(BaseCommand):
    """Goes on after a broken line, which is told with its number on standard error."""

    help = "Say what texts are."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--kept", action="store_true", help="read kept messages that nobody has read, e.g. after an import"
        )
        parser.add_argument("--json", action="store_true", help="JSON lines, as always")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads standard input to its end and answers every line at once, or reads what is kept."""
        if options["kept"]:
            self._do_read_kept(quiet=options["json"])
            return
        freeze()
        code = stream.run(sys.stdin, sys.stdout, sys.stderr)
        if code:
            sys.exit(code)

    def _do_read_kept(self, *, quiet: bool) -> None:
        """Reads to the end, with a bar where a person waits; interrupted, it goes on there the next time."""
        prepare_home()
        freeze()
        groups, began = list_queued(), time.monotonic()
        is_hidden = quiet or not sys.stderr.isatty()
        bar = tqdm(
            unit=told_text(mark("条")), unit_scale=True, disable=is_hidden, total=count_unread(groups), file=sys.stderr
        )
        read = do_read_all(groups, lambda read: bar.update(read - bar.n))
        bar.close()
        seconds = max(time.monotonic() - began, 0.001)
        told = {
            "groups": len(groups),
            "messages": read,
            "seconds": round(seconds, 3),
            "messages_per_s": round(read / seconds),
        }
        self.stdout.write(json.dumps(told))
