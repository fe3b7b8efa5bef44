"""``qunying metric NAME``: one number of the catalogue, a funnel, retention …, broken down where asked; ``--list`` names all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from qunying.insights.asking import record_of, scope_asked
from qunying.insights.catalogue import CATALOGUE
from qunying.insights.journeys.catalogue import JOURNEYS, Journey, Wish
from qunying.insights.journeys.parting import SEGMENT, Among
from qunying.insights.measure import get_metric, measure
from qunying.insights.metric import Metric
from qunying.insights.segments.kept import find_segment_named, list_people_of
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
        parser.add_argument("--segment", help="only what people of this segment do")
        parser.add_argument(
            "--among",
            action="append",
            default=[],
            metavar="SEGMENT",
            help="funnel and retention by segment: this one is told apart; may be given up to five times",
        )
        parser.add_argument("--from", dest="since", default="", metavar="DAY", help="first day; default: the first one")
        parser.add_argument("--to", dest="until", default="", metavar="DAY", help="last day; default: the last one")
        journey = parser.add_argument_group("funnel, retention, life_cycle, churn")
        journey.add_argument("--steps", default="", help="came joined left said order refund, or kinds of deeds: a,b,c")
        journey.add_argument("--window", default="", help="from the first step, its end included: 7d 36h 30m")
        journey.add_argument("--any-order", action="store_true", help="the steps may come in any order")
        journey.add_argument("--start", default="", help="first time: a step; default: came")
        journey.add_argument("--back", default="", help="coming back: a step; default: said")
        journey.add_argument("--every", default="", help="day week month")
        journey.add_argument("--or-later", action="store_true", help="back in that period or any later one")
        journey.add_argument(
            "--silent", default="", metavar="DAYS", help="churn: who said nothing for so long, not who left"
        )
        parser.add_argument(
            "--by",
            default="",
            help="day week month weekday hour group community source inviter city industry layer segment deed capability",
        )
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
        every: tuple[Metric | Journey, ...] = (*CATALOGUE, *JOURNEYS)
        for metric in every:
            told = _described(metric)
            line = json.dumps(told, ensure_ascii=False) if as_json else f"{metric.name:<18} {told['definition']}"
            self.stdout.write(line)

    def _tell(self, options: dict[str, Any]) -> None:
        journey = next((one for one in JOURNEYS if one.name == options["name"]), None)
        metric: Metric | Journey = journey or get_metric(options["name"])
        names = {name: options[name] for name in ("group", "community", "since", "until")}
        now = clock.now()
        with_deeds = journey is not None or (isinstance(metric, Metric) and "deeds" in metric.sources)
        scope = scope_asked(**names, now=now, with_deeds=with_deeds)
        if options["segment"] is not None:
            people = list_people_of(find_segment_named(options["segment"], options["community"]), now)
            scope = replace(scope, people=tuple(people))
        if isinstance(metric, Journey):
            wish = replace(_wish(options), among=tuple(_among(options, now)))
            rows = metric.count(wish, scope, record_of(scope, now)[0])
        else:
            rows = measure(metric, scope, options["by"])
        if options["json"]:
            span = {"from": scope.since.isoformat(), "to": scope.until.isoformat()}
            self.stdout.write(json.dumps({**_described(metric), **span, "rows": rows}, ensure_ascii=False))
            return
        told = _described(metric)
        self.stdout.write(f"{told['title']} — {told['definition']}")
        for row in rows:
            self.stdout.write("  ".join(f"{name} {_shown(value)}" for name, value in row.items()))


def _among(options: dict[str, Any], now: datetime) -> Iterator[Among]:
    """The segments that are told apart, each once."""
    found = {one.id: one for name in options["among"] for one in [find_segment_named(name, options["community"])]}
    for one in found.values():
        yield Among(one.id, one.name, list_people_of(one, now))


def _wish(options: dict[str, Any]) -> Wish:
    named = {
        name: options[name].strip().lower() for name in ("steps", "window", "start", "back", "every", "by", "silent")
    }
    if named["by"] != SEGMENT and options["among"]:
        raise BadUse(mark("--among 要和 --by segment 一起用"))
    return Wish(**named, in_any_order=options["any_order"], or_later=options["or_later"])


def _described(metric: Metric | Journey) -> dict[str, Any]:
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
