"""``qunying rehearse RULE.yaml``: what a rule would have done in the last days; nothing is sent, nothing changes."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from qunying.communities.queries import GroupInfo, infos_of_groups
from qunying.insights.asking import find_groups
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.rehearsal.play import Rehearsed, rehearse
from qunying.pipeline.rehearsal.rule import read_rule_file
from qunying.pipeline.roster import ROSTER
from qunying.runners.home import freeze
from qunying.runners.language import told_text
from qunying.talk.queries import span_of_talk

MOST_DAYS = 3_660
SHOWN = 5


class Command(BaseCommand):
    """Exit code 2 for a rule that cannot be read, with its line, and for a group nobody knows."""

    help = "Try a rule on the real past."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", type=Path, metavar="RULE.yaml", help="settings of order, a list, a ladder")
        parser.add_argument("--group", help="a group's name or number")
        parser.add_argument("--community", help="a community's name: all its groups")
        parser.add_argument("--days", type=_days, default=30, help="how many days back from the last message (30)")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tells what would have happened."""
        freeze()
        rule = read_rule_file(options["rule"], ROSTER)
        groups = _groups(options)
        span = span_of_talk([group.id for group in groups])
        until = (span[1] if span else clock.now()) + timedelta(microseconds=1)
        bar = tqdm(unit_scale=True, disable=options["json"] or not sys.stderr.isatty(), file=sys.stderr)
        began = time.monotonic()
        found = rehearse(rule, groups, until - timedelta(days=options["days"]), until, _watched(bar))
        bar.close()
        seconds = round(time.monotonic() - began, 3)
        if options["json"]:
            self.stdout.write(json.dumps({**found.to_words(), "seconds": seconds}, ensure_ascii=False))
        else:
            self._tell(found, seconds)

    def _tell(self, found: Rehearsed, seconds: float) -> None:
        for line in _lines(found, seconds):
            self.stdout.write(line)


def _watched(bar: Any) -> Any:
    def watch(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return watch


def _groups(options: dict[str, Any]) -> list[GroupInfo]:
    if not options["group"] and not options["community"]:
        raise BadUse(mark("在哪里演练？写 --group 或 --community"))
    found = find_groups(options["group"], options["community"])
    return list(infos_of_groups([group.id for group in found]).values())


def _days(words: str) -> int:
    if not words.isdigit() or not 1 <= int(words) <= MOST_DAYS:
        raise ArgumentTypeError(told_text(mark("天数是 1 到 3660 的整数")))
    return int(words)


def _lines(found: Rehearsed, seconds: float) -> Iterator[str]:
    words = found.to_words()
    counts = {name: f"{words[name]:,}" for name in ("events", "hits", "people_touched", "incidents", "mistakes")}
    yield told_text(mark("读了 %(events)s 条，%(hits)s 条会处理，涉及 %(people_touched)s 人"), **counts)
    for rule in words["by_rule"]:
        effects = ", ".join(f"{kind} {count:,}" for kind, count in rule["effects"].items())
        asked = told_text(mark("先请人看 %(n)s 条"), n=f"{rule['asked']:,}")
        yield f"  {rule['rule']}  {rule['hits']:,}  {effects}  {asked}"
    for hit in words["samples"][:SHOWN]:
        yield f"  · {hit['at'][:16]} {hit['name']}  {hit['text'][:60]}"
    if words["mistakes"]:
        yield told_text(mark("其中 %(mistakes)s 条多半是误伤："), **counts)
        for hit in words["probable_mistakes"][:SHOWN]:
            yield f"  · {hit['at'][:16]} {hit['name']}  {hit['text'][:60]}"
    if words["pictures_not_looked_at"]:
        yield told_text(mark("%(n)s 条带图片，图里有什么没有算进来"), n=f"{words['pictures_not_looked_at']:,}")
    agreed = words["agreement"]
    if agreed["decisions"]:
        yield told_text(mark("人判断过 %(decisions)s 条，%(agreed)s 条和规则一致"), **agreed)
    yield told_text(mark("什么都没有发，也没有改；用了 %(seconds)s 秒"), seconds=seconds)
