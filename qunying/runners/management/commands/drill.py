"""``qunying drill FILE…``: plays drills in fresh worlds and checks what they expect."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.pipeline.drill.expect import Outcome, check_expectations, deadline, judge
from qunying.pipeline.drill.play import play
from qunying.pipeline.drill.script import read_script
from qunying.pipeline.drill.seen import Seen
from qunying.pipeline.drill.worlds import fresh_world
from qunying.pipeline.roster import ROSTER


class Command(BaseCommand):
    """Exit code 1 when an expectation is not met, 2 when a file cannot be understood."""

    help = "Play drill files and check what they expect."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="plays to be told, in YAML")
        parser.add_argument("--json", action="store_true", help="one JSON object per file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads all files first, so that a mistake in the last one does not waste the plays before it."""
        scripts = [read_script(path, ROSTER) for path in options["files"]]
        for script in scripts:
            check_expectations(script, ROSTER)
        is_met = True
        for script in scripts:
            with fresh_world():
                world = play(script, ROSTER, deadline)
                outcomes, seen = judge(world)
            is_met &= all(outcome.met for outcome in outcomes)
            if options["json"]:
                self.stdout.write(json.dumps(_as_json(str(script.path), outcomes, seen), ensure_ascii=False))
            else:
                self._show(script.title, outcomes)
        if not is_met:
            sys.exit(1)

    def _show(self, title: str, outcomes: list[Outcome]) -> None:
        met = sum(outcome.met for outcome in outcomes)
        self.stdout.write(f"{'✓' if met == len(outcomes) else '✗'} {title}  {met}/{len(outcomes)}")
        for outcome in outcomes:
            if not outcome.met:
                words = ", ".join(f"{key}: {value}" for key, value in outcome.expect.items())
                self.stdout.write(f"    {words}  → {outcome.why}")


def _as_json(path: str, outcomes: list[Outcome], seen: dict[str, list[Seen]]) -> dict[str, Any]:
    return {
        "drill": path,
        "passed": all(outcome.met for outcome in outcomes),
        "expectations": [{"expect": one.expect, "met": one.met, "why": one.why} for one in outcomes],
        "effects": [_seen(one) for one in seen["effects"]],
        "incidents": [_seen(one) for one in seen.get("incident", [])],
        "tasks": [_seen(one) for one in seen["tasks"]],
        "cases": [_seen(one) for one in seen["cases"]],
    }


def _seen(one: Seen) -> dict[str, Any]:
    words = {"kind": one.kind, "at": one.at.isoformat(), "member": one.member, "group": one.group, "state": one.state}
    more = {"text": one.text, "members": list(one.members)}
    return {**words, "cause": one.cause, **{name: value for name, value in more.items() if value}}
