"""``qunying kpi COMMUNITY``: the KPIs that follow from a community's purpose, with targets and trend; its chain with counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from qunying.communities.actions_numbers import do_keep_numbers
from qunying.communities.chains import KIND_NAMES, UNIT_NAMES
from qunying.communities.queries import find_community_by_name, get_community
from qunying.communities.queries_chain import About, about_of, list_links
from qunying.insights.asking import find_groups
from qunying.insights.chain import LinkCount
from qunying.insights.kpis.board import SPAN_DAYS, BoardOf, KpiLine, get_board, shown_of
from qunying.insights.kpis.catalogue import KPIS, PURPOSES
from qunying.insights.kpis.reading import MOST_BYTES, read_numbers
from qunying.insights.scope import local_day
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.runners.language import LANGUAGES, terminal_language


class Command(BaseCommand):
    """Exit code 2 for an unknown community and for a file that is no table of numbers."""

    help = "A community's KPIs and its operating chain."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("community", nargs="?", default="", help="a community's name")
        parser.add_argument("--list", action="store_true", help="name all KPIs with their definitions")
        parser.add_argument("--days", type=int, default=SPAN_DAYS[0], choices=SPAN_DAYS, help="how long a span is")
        parser.add_argument("--all", action="store_true", help="the KPIs of every purpose, not only of its own")
        parser.add_argument("--numbers", metavar="FILE", help="first take a CSV of date, link, count (and score)")
        parser.add_argument("--language", default="", choices=LANGUAGES, help="of the words; default: the terminal's")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers one community, or lists the KPIs."""
        with translation.override(options["language"] or terminal_language()):
            if options["list"]:
                self._list(as_json=options["json"])
            elif options["community"]:
                self._tell(options)
            else:
                raise BadUse(mark("要哪个社群？qunying kpi 社群的名字；qunying kpi --list 列出全部 KPI"))

    def _list(self, *, as_json: bool) -> None:
        say = translation.gettext
        for kpi in KPIS:
            told = {"kpi": kpi.name, "title": say(kpi.title), "definition": say(kpi.definition), "unit": say(kpi.unit)}
            more = {"purposes": list(kpi.purposes), "caveats": [say(text) for text in kpi.caveats]}
            if as_json:
                self.stdout.write(json.dumps({**told, **more}, ensure_ascii=False))
            else:
                self.stdout.write(f"{kpi.name:<16} {told['title']} — {told['definition']}")

    def _tell(self, options: Mapping[str, Any]) -> None:
        find_groups(community=options["community"])  # says which names are near where there is none of this one
        about = about_of(get_community(find_community_by_name(options["community"]) or 0))
        taken = self._do_take(about, Path(options["numbers"])) if options["numbers"] else None
        board = get_board(about.id, options["days"], clock.now())
        lines = board.kpis if options["all"] else shown_of(board, about.purposes)
        if options["json"]:
            told = {**_board(board), "community": about.name, "kpis": [_line(line) for line in lines]}
            self.stdout.write(json.dumps({**told, **({"numbers": taken} if taken else {})}, ensure_ascii=False))
            return
        self._print(about, board, lines, taken)

    def _print(self, about: About, board: BoardOf, lines: tuple[KpiLine, ...], taken: Mapping[str, Any] | None) -> None:
        say = translation.gettext
        if taken:
            self.stdout.write(json.dumps(taken, ensure_ascii=False))
        if not about.purposes:
            self.stdout.write(say("还没说为什么做"))
        for line in lines:
            value = "–" if line.now.value is None else f"{line.now.value:.4g}"
            aim = "" if line.target is None else f" / {float(line.target):.4g}"
            self.stdout.write(f"{line.kpi.name:<16} {value}{aim}  {say(line.kpi.title)}")
        for one in board.chain:
            count = "–" if one.count is None else str(one.count)
            self.stdout.write(f"{_name(one)}  {count} {say(UNIT_NAMES[one.link.unit])}")

    def _do_take(self, about: About, path: Path) -> dict[str, Any]:
        """What became of a file of numbers; rows left out with their reason."""
        now = clock.now()
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        read = read_numbers(data, list_links(about.id), local_day(now, about.timezone))
        kept = do_keep_numbers(about.id, read.numbers, at=now, actor="system")
        wrong = [{"line": one.line, "row": one.sample, "why": one.why.said(translation.gettext)} for one in read.wrong]
        known = kept.known + read.repeated
        return {"new": kept.new, "known": known, "changed": len(kept.changed), "left_out": wrong}


def _board(board: BoardOf) -> dict[str, Any]:
    since, until = board.spans[-1]
    return {
        "days": board.days,
        "from": since.isoformat(),
        "to": until.isoformat(),
        "as_of": board.as_of.isoformat(),
        "chain": [
            {
                "link": _name(one),
                "kind": one.link.kind.value,
                "is_ours": one.link.is_ours,
                "counted_by": one.link.count_by,
                "unit": one.link.unit,
                "count": one.count,
                "of_previous": one.share,
                "is_conversion": one.is_conversion,
            }
            for one in board.chain
        ],
    }


def _line(line: KpiLine) -> dict[str, Any]:
    say, kpi, now = translation.gettext, line.kpi, line.now
    return {
        "kpi": kpi.name,
        "title": say(kpi.title),
        "purposes": [purpose for purpose in PURPOSES if purpose in kpi.purposes],
        "definition": say(kpi.definition),
        "unit": now.currency or say(kpi.unit),
        "value": now.value,
        "of": now.of,
        "parts": dict(now.parts),
        "trend": [value.value for value in line.values],
        "target": None if line.target is None else float(line.target),
        "misses_target": line.misses,
        **({"not_counted": say(kpi.lacks)} if kpi.lacks else {}),
    }


def _name(one: LinkCount) -> str:
    return translation.gettext(one.link.name or KIND_NAMES[one.link.kind])
