"""``qunying metric NAME``: one number of the catalogue, broken down where asked; ``--list`` names them all."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from qunying.insights.asking import scope_asked
from qunying.insights.catalogue import CATALOGUE, Metric
from qunying.insights.measure import get_metric, measure
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.runners.language import LANGUAGES, terminal_language


class Command(BaseCommand):
    """Exit code 2 for an unknown metric, group, community, day or breakdown."""

    help = "One number of the catalogue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="see --list")
        parser.add_argument("--list", action="store_true", help="name all metrics")
        parser.add_argument("--group", help="a group's name")
        parser.add_argument("--community", help="a community's name")
        parser.add_argument("--from", dest="since", default="", metavar="DAY", help="first day; default: the first one")
        parser.add_argument("--to", dest="until", default="", metavar="DAY", help="last day; default: the last one")
        parser.add_argument("--by", default="", help="day week month weekday hour group community source deed")
        parser.add_argument("--language", default="", choices=LANGUAGES, help="of the words; default: the terminal's")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers one metric or lists them."""
        with translation.override(options["language"] or terminal_language()):
            if options["list"]:
                self._list(as_json=options["json"])
            elif options["name"]:
                self._tell(options)
            else:
                raise BadUse(mark("要哪个指标？qunying metric --list 列出全部"))

    def _list(self, *, as_json: bool) -> None:
        for metric in CATALOGUE:
            told = _described(metric)
            line = json.dumps(told, ensure_ascii=False) if as_json else f"{metric.name:<18} {told['definition']}"
            self.stdout.write(line)

    def _tell(self, options: dict[str, Any]) -> None:
        metric = get_metric(options["name"])
        names = {name: options[name] for name in ("group", "community", "since", "until")}
        scope = scope_asked(**names, now=clock.now(), with_deeds="deeds" in metric.sources)
        rows = measure(metric, scope, options["by"])
        if options["json"]:
            span = {"from": scope.since.isoformat(), "to": scope.until.isoformat()}
            self.stdout.write(json.dumps({**_described(metric), **span, "rows": rows}, ensure_ascii=False))
            return
        told = _described(metric)
        self.stdout.write(f"{told['title']} — {told['definition']}")
        for row in rows:
            self.stdout.write("  ".join(f"{name} {_shown(value)}" for name, value in row.items()))


def _described(metric: Metric) -> dict[str, Any]:
    say = translation.gettext
    return {
        "metric": metric.name,
        "title": say(metric.title),
        "definition": say(metric.definition),
        "unit": say(metric.unit),
        "caveats": [say(caveat) for caveat in metric.caveats],
        "by": list(metric.by),
    }


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
