"""``qunying backup FILE``: database, lake, files and secrets in one zip, while everything goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from qunying.kernel import clock
from qunying.kernel.texts import mark
from qunying.runners.backup import do_back_up
from qunying.runners.home import prepare_home
from qunying.runners.language import told_text


class Command(BaseCommand):
    """Exit code 2 for a place that cannot be meant, 1 where the disk refuses; half a backup is never left."""

    help = "Copy database, lake, files and secrets into one zip; safe while `qunying up` runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a new file outside the home, e.g. 2024-03-01.zip")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """On PostgreSQL the database is left to pg_dump, and this is said."""
        if connection.vendor != "sqlite" or not Path(str(connection.settings_dict["NAME"])).exists():
            prepare_home()  # only where there is nothing yet: what is there is copied as it is, before any upgrade
        manifest = do_back_up(options["file"], Path(settings.HOME), clock.now())
        if manifest.database != "sqlite":
            self.stderr.write(told_text(mark("数据库在 PostgreSQL 里，不在这份备份中：先用 pg_dump 备份它")))
        size = options["file"].stat().st_size
        if options["json"]:
            words = {"file": str(options["file"]), "bytes": size, "files": len(manifest.files)}
            words |= {"database": manifest.database, "version": manifest.version, "made_at": manifest.made_at}
            self.stdout.write(json.dumps(words, ensure_ascii=False))
        else:
            told = mark("%(file)s：%(count)s 个文件，%(size)s MB。里面有密码和成员的话，收好")
            self.stdout.write(
                told_text(told, file=str(options["file"]), count=len(manifest.files), size=-(-size // 2**20))
            )
