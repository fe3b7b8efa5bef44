"""``qunying report GROUP``: a group's story in numbers, as a page, text, JSON, a picture, a PDF or a workbook."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.insights.asking import find_groups, latest_span, span_asked
from qunying.insights.rendering.shapes import SHAPES, render
from qunying.insights.report import make_report
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.past.reading import do_queue, do_read_all
from qunying.runners.language import LANGUAGES, terminal_language
from qunying.talk.placing import do_place_new
from qunying.talk.readings import count_unread
from qunying.talk.theming import do_look_at_all


class Command(BaseCommand):
    """Exit code 2 for an unknown group or day, 1 where no font can draw a picture or a PDF."""

    help = "A group's story in numbers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("group", metavar="GROUP", help="a group's name")
        parser.add_argument("--from", dest="since", default="", metavar="DAY", help="first day")
        parser.add_argument("--to", dest="until", default="", metavar="DAY", help="last day")
        parser.add_argument("--format", choices=tuple(SHAPES), default="", help="default: md")
        parser.add_argument("--json", action="store_true", help="the same as --format json")
        parser.add_argument("--language", default="", choices=LANGUAGES, help="of the words; default: the terminal's")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of to standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Without --from and --to: the last seven days, or all of a record that ended before."""
        now, out = clock.now(), options["out"]
        language = options["language"] or terminal_language()
        shape = options["format"] or ("json" if options["json"] else "md")
        if SHAPES[shape].is_binary and out is None and sys.stdout.isatty():
            raise BadUse(mark("这种文件要写到硬盘上：加上 --out 文件名.%(shape)s"), shape=shape)
        groups = find_groups(options["group"])
        since, until = span_asked(options["since"], options["until"], groups, latest_span(groups, now))
        _read_what_nobody_read([group.id for group in groups], now)
        report = make_report(groups, since, until, now)
        content = render(report, shape, language)
        if out is None and not SHAPES[shape].is_binary:
            self.stdout.write(content.decode("utf-8"))
        else:
            _write(content, out)


def _read_what_nobody_read(group_ids: list[int], now: datetime) -> None:
    """So that conversations, themes and questions are found in what was just imported, too."""
    do_place_new()
    if count_unread(group_ids):
        do_queue(group_ids, now)
        do_read_all(group_ids)
    do_look_at_all(group_ids, now)


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadUse(mark("写不进 %(path)s：%(why)s"), path=str(out), why=error.strerror) from error
