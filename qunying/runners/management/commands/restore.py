"""``qunying restore FILE``: a backup becomes the home, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from qunying.kernel import clock
from qunying.kernel.texts import mark
from qunying.runners.language import told_text
from qunying.runners.restore import check_backup, do_restore


class Command(BaseCommand):
    """Exit code 2 where the backup is damaged or the home is not empty or in use; nothing is changed then."""

    help = "Put a backup in place of an empty home."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `qunying backup` wrote")
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--replace", action="store_true", help="also where there is data; that is kept under another name"
        )
        way.add_argument("--check", action="store_true", help="read the backup to its end and change nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what was put there, and where what was there before lies now."""
        home, before = Path(settings.HOME), None
        if options["check"]:
            manifest = check_backup(options["file"])
        else:
            manifest, before = do_restore(options["file"], home, clock.now(), replace=options["replace"])
        if options["json"]:
            words = {"file": str(options["file"]), "files": len(manifest.files), "version": manifest.version}
            words |= {"made_at": manifest.made_at, "database": manifest.database, "restored": not options["check"]}
            self.stdout.write(json.dumps({**words, "before": str(before) if before else None}, ensure_ascii=False))
            return
        told = (
            mark("备份完好：%(count)s 个文件，做于 %(at)s")
            if options["check"]
            else mark("已恢复 %(at)s 的备份：%(count)s 个文件")
        )
        self.stdout.write(told_text(told, count=len(manifest.files), at=manifest.made_at))
        if before:
            self.stdout.write(told_text(mark("原来的在 %(before)s，不要了可以删"), before=str(before)))
