"""``qunying report GROUP``: a group's story in numbers, as a page, text, JSON, a picture, a PDF or a workbook."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.communities.queries import CountedGroup
from qunying.insights.asking import find_groups, find_home, latest_span, span_asked
from qunying.insights.benchmarks import Peers, is_of_the_last_days, read_peers
from qunying.insights.digest.asking import read_dates, read_period
from qunying.insights.digest.periods import Period
from qunying.insights.digest.shapes import TAKEN, render_digest
from qunying.insights.digest.telling import make_digest, read_record
from qunying.insights.figures import are_counted
from qunying.insights.keeping import catch_up
from qunying.insights.parts import lake_folder
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
        parser.add_argument("group", metavar="GROUP", nargs="?", help="a group's name")
        parser.add_argument(
            "--community", default="", help="a community's day, week or month instead of a group's story"
        )
        parser.add_argument(
            "--period", default="", choices=[one.value for one in Period], help="of a community; default: day"
        )
        parser.add_argument("--day", default="", help="a day within it; default: the last whole one")
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
        _check(options, shape)
        content = (
            _digest(options, shape, language, now) if options["community"] else _story(options, shape, language, now)
        )
        if out is None and not SHAPES[shape].is_binary:
            self.stdout.write(content.decode("utf-8"))
        else:
            _write(content, out)


def _check(options: Mapping[str, Any], shape: str) -> None:
    if (options["group"] is None) is not bool(options["community"]):
        raise BadUse(mark("写一个群的名字（GROUP），或者用 --community 写一个社群的名字"))
    of_other = ("since", "until") if options["community"] else ("period", "day")
    if any(options[name] for name in of_other):
        raise BadUse(mark("--from、--to 是群的报告用的，--period、--day 是社群的报告用的"))
    if options["community"] and shape not in TAKEN:
        raise BadUse(mark("社群的报告没有 %(shape)s；有 %(known)s"), shape=shape, known=TAKEN)


def _story(options: Mapping[str, Any], shape: str, language: str, now: datetime) -> bytes:
    groups = find_groups(options["group"])
    since, until = span_asked(options["since"], options["until"], groups, latest_span(groups, now))
    _read_what_nobody_read([group.id for group in groups], now)
    peers = _peers(groups, (since, until), now)
    return render(make_report(groups, since, until, now, peers=peers), shape, language)


def _peers(groups: Sequence[CountedGroup], span: tuple[datetime, datetime], now: datetime) -> Peers | None:
    """The group beside all others of its kind here, where the report is of the last days."""
    if len(groups) > 1 or not is_of_the_last_days(span, latest_span(groups, now), now):
        return None
    if not are_counted({groups[0].community_id: groups[0].timezone}, now):
        catch_up(now, lake_folder())
    return read_peers(groups[0].id, None)


def _digest(options: Mapping[str, Any], shape: str, language: str, now: datetime) -> bytes:
    home, period = find_home(options["community"]), read_period(options["period"] or Period.DAY)
    catch_up(now, lake_folder())  # the kept counts must know what was just imported
    record = read_record(home, now)
    _read_what_nobody_read([group.id for group in record.groups], now)
    return render_digest(
        make_digest(record, period, read_dates(period, options["day"], record, now), now), shape, language
    )


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
