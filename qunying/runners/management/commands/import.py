"""``qunying import PATH… --group NAME``: reads chat exports into a group; ``--community NAME``: a table of orders.

A table of groups (group name or number, and what is noted about it) needs neither: its groups are there already.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import CUT_OFF
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.past.deeds import Wish, count_deeds, do_import_deeds, is_deeds
from qunying.pipeline.past.dry import count_only
from qunying.pipeline.past.lease import TakenElsewhere
from qunying.pipeline.past.plan import (
    DEFAULT_ZONE,
    TABLE,
    Plan,
    check_readable,
    check_timezone,
    checked_name,
    do_start_run,
    make_plan,
)
from qunying.pipeline.past.queries import ImportRun
from qunying.pipeline.past.registry import do_import_registry, is_registry, list_homes_named, plan_registry, read_lines
from qunying.pipeline.past.run import do_run
from qunying.pipeline.past.tally import Tally
from qunying.runners.home import freeze
from qunying.runners.language import told, told_text

OBJECTS_BETWEEN_COLLECTIONS = 20_000  # an import makes millions and hardly a cycle; looking every 700 costs a seventh
DEEDS, REGISTRY = "deeds", "registry"
INTERRUPTED = 130  # what shells say after Ctrl-C


class Command(BaseCommand):
    """Read once or twice, whole or interrupted: the result is the same."""

    help = "Read a chat export into a group, a table of orders into a community, or a table of notes about groups."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file, folder or zip")
        parser.add_argument("--group", default="", help="our name of the group; made when it is new")
        parser.add_argument("--community", default="", help="the community of a new group, or of the deeds")
        parser.add_argument("--source", default="", help="of deeds: the shop or platform that tells of them")
        parser.add_argument("--kind", default="", help="of deeds: what every row is, where no column says it")
        parser.add_argument("--sheet", default="", help="of a workbook: the sheet to read, where it is not the first")
        parser.add_argument("--timezone", default="", help="for files whose times say no zone, e.g. Asia/Shanghai")
        parser.add_argument("--format", default="", help="when detection by content should be overruled")
        parser.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN", help="CSV mapping")
        parser.add_argument(
            "--date-order", choices=["dmy", "mdy", "ymd"], default="", help="when the file cannot tell day from month"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and count, write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plans first: a wrong path, format, column or time zone is said before anything is written."""
        freeze()
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        check_timezone(options["timezone"])
        if options["format"] == DEEDS or (not options["format"] and all(map(is_deeds, options["paths"]))):
            for path in options["paths"]:
                self._do_deeds(path, options)
            return
        if options["format"] == REGISTRY or (not options["format"] and all(map(is_registry, options["paths"]))):
            for path in options["paths"]:
                self._do_registry(path, options)
            return
        if not options["group"]:
            raise BadUse(mark("聊天记录要说读进哪个群：--group 群名"))
        group = checked_name(options["group"], mark("群名"))
        columns = _columns(options["column"])
        given = Choices(date_order=options["date_order"], columns=columns)
        options["format"] = options["format"] or (TABLE if columns else "")
        plan = make_plan(options["paths"], format_name=options["format"] or None, choices=given)
        check_readable(plan)
        zone = options["timezone"] or self._ask_zone(plan, quiet=options["json"])
        if options["dry_run"]:
            words = tally_words(count_only(plan, zone or DEFAULT_ZONE, group))
            self._tell(options, plan, {"group": group, **words, "timezone": zone or DEFAULT_ZONE})
            return
        run = self._do_import(options, plan, zone, columns)
        self._tell(options, plan, _words(run, zone))

    def _do_deeds(self, path: Path, options: dict[str, Any]) -> None:
        """A table of what people did outside the chats."""
        columns = _columns(options["column"])
        wish = Wish(
            path,
            options["community"],
            options["source"],
            options["timezone"],
            options["kind"].lower(),
            columns,
            options["sheet"],
        )
        began = monotonic()
        tally = count_deeds(wish) if options["dry_run"] else do_import_deeds(wish, clock.now())[0]
        seconds = monotonic() - began
        said = {"format": DEEDS, **tally.words(), "seconds": round(seconds, 3)}
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for name, value in said.items():
            self.stdout.write(f"{name:>16}  {value}")

    def _do_registry(self, path: Path, options: dict[str, Any]) -> None:
        """A table of what is noted about groups; every row that is left out is told with its line and the reason."""
        homes = list_homes_named(options["community"])
        registry = plan_registry(read_lines(path, options["sheet"]), homes)
        if not options["dry_run"]:
            do_import_registry(registry, agreed=registry.plan.digest, at=clock.now(), user_id=None)
        said = {
            "format": REGISTRY,
            "rows": registry.rows,
            "changed": len(registry.plan.group_ids),
            "same": len(registry.plan.same),
            "left": [{"line": one.place, "reason": told(one.why)} for one in registry.left],
            "unused_columns": list(registry.unused),
        }
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for name, value in said.items():
            if name != "left":
                self.stdout.write(f"{name:>16}  {value}")
        for one in registry.left:
            words = told_text(mark("第 %(line)s 行没有用上：%(why)s"), line=one.place, why=told(one.why))
            self.stdout.write(f"{'left':>16}  {words}")

    def _do_import(self, options: dict[str, Any], plan: Plan, zone: str, columns: dict[str, str]) -> ImportRun:
        """Starts once more where somebody else took the run that was waiting: everything is then there twice, and kept once."""
        for is_last in (False, True):
            run = do_start_run(
                options["paths"],
                group_name=options["group"],
                community=options["community"],
                timezone=zone,
                format_name=options["format"] or None,
                columns=columns,
                date_order=options["date_order"],
                at=clock.now(),
            )
            try:
                return do_run(run.pk, self._bar(quiet=options["json"]), plan)
            except TakenElsewhere:
                if is_last:
                    raise
            except KeyboardInterrupt:
                self.stderr.write(told_text(mark("停下了；同一条命令再来一次，会从这里接着读")))
                sys.exit(INTERRUPTED)
        raise AssertionError("unreachable")

    def _ask_zone(self, plan: Plan, *, quiet: bool) -> str:
        """Asked once where the files do not say; nobody there to ask means the community's zone, and that is said."""
        if not plan.needs_zone:
            return ""
        if sys.stdin.isatty() and not quiet:
            question = told_text(mark("文件里的时间没有时区，按哪个时区读？[%(zone)s]"), zone=DEFAULT_ZONE)
            return input(f"{question} ").strip()
        self.stderr.write(
            told_text(mark("文件里的时间没有时区：按社群的读（默认 %(zone)s）；用 --timezone 换"), zone=DEFAULT_ZONE)
        )
        return ""

    def _bar(self, *, quiet: bool) -> Any:
        bar = tqdm(
            unit=told_text(mark("条")), unit_scale=True, disable=quiet or not sys.stderr.isatty(), file=sys.stderr
        )

        def watch(run: ImportRun, tally: Tally) -> None:
            share = 100 * run.bytes_read / run.bytes_total if run.bytes_total else 100
            bar.set_description(f"{share:3.0f} %", refresh=False)
            bar.update(run.position - bar.n)

        return watch

    def _tell(self, options: dict[str, Any], plan: Plan, words: dict[str, Any]) -> None:
        formats = sorted({reading.job.format.name for reading in plan.readings})
        encodings = sorted({reading.job.encoding for reading in plan.readings})
        orders = sorted({reading.choices.date_order for reading in plan.readings if reading.choices.date_order})
        said = {"format": "+".join(formats), "encoding": "+".join(encodings), **words}
        if orders:
            said["date_order"] = "+".join(orders)
            said["is_date_order_certain"] = all(reading.choices.is_date_order_certain for reading in plan.readings)
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for name, value in said.items():
            self.stdout.write(f"{name:>16}  {value}")
        if any(one["reason"] == CUT_OFF for one in words["skipped"]):
            self.stderr.write(
                told_text(mark("文件断在中间：断处以前的都读进来了；重新导出一份完整的再导一次，已有的不会记两遍"))
            )


def _columns(pairs: list[str]) -> dict[str, str]:
    """Field → column. Raises ``BadUse`` for anything that is not ``FIELD=COLUMN``."""
    for pair in pairs:
        if "=" not in pair:
            raise BadUse(mark("--column 写成 字段=列名，例如 time=发送时间，而不是 %(pair)s"), pair=repr(pair))
    return dict(pair.split("=", 1) for pair in pairs)


def _words(run: ImportRun, zone: str) -> dict[str, Any]:
    tally = Tally.of_words(run.tally)
    return {
        "group": run.group_name,
        **tally_words(tally),
        "timezone": zone or run.community.timezone,
        "seconds": round(run.seconds, 3),
        "messages_per_s": round((tally.messages + tally.duplicates) / max(run.seconds, 0.001)),
    }


def tally_words(tally: Tally) -> dict[str, Any]:
    """A tally as the command promises it."""
    return {
        "messages": tally.messages,
        "joins": tally.joins,
        "leaves": tally.leaves,
        "notices": tally.notices,
        "people": tally.people,
        "first_at": tally.first_at or None,
        "last_at": tally.last_at or None,
        "duplicates": tally.duplicates,
        "skipped": [
            {"reason": reason, "count": count, "example_line": example}
            for reason, (count, example) in sorted(tally.skipped.items())
        ],
        "groups": tally.groups,
    }
