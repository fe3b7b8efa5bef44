"""``qunying segment NAME``: who is in a segment; ``--rule`` tries a rule without keeping it, ``--list`` names all there are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from qunying.communities.queries import (
    find_community_by_name,
    infos_of_groups,
    list_community_names,
    list_community_zones,
)
from qunying.insights.asking import find_groups
from qunying.insights.segments.asking import count_people, list_people
from qunying.insights.segments.kept import communities_of, find_segment_named, list_people_of
from qunying.insights.segments.reading import read_text
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.brief import Brief, brief_people
from qunying.people.segments import SegmentLine, list_segments
from qunying.runners.language import terminal_language, told_text
from qunying.ui.sheets import csv_rows

AT_ONCE = 2000
EXAMPLES = 5


class Command(BaseCommand):
    """Exit code 2 for an unknown segment, community or rule, with the place in the rule."""

    help = "Who is in a segment."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="see --list")
        parser.add_argument("--list", action="store_true", help="name all segments")
        parser.add_argument("--rule", default="", metavar="JSON", help="try a rule: '{\"silent_days\": 14}'")
        parser.add_argument("--community", help="a community's name; with --rule: only its people")
        parser.add_argument("--json", action="store_true", help="one JSON object")
        parser.add_argument("--csv", action="store_true", help="one line for each person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers one of the three."""
        if options["list"]:
            self._list(as_json=options["json"])
        elif options["rule"]:
            self._try(options)
        elif options["name"]:
            self._tell(options)
        else:
            raise BadUse(mark("要哪个人群？qunying segment --list 列出全部"))

    def _list(self, *, as_json: bool) -> None:
        found = list_segments(None)
        homes = list_community_names({one.community_id for one in found})
        rows = [_described(one, homes.get(one.community_id or 0)) for one in found]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write("  ".join(str(part) for part in (row["name"], row["community"] or "", row["purpose"])))

    def _try(self, options: dict[str, Any]) -> None:
        rule, homes, now = read_text(options["rule"]), _homes(options["community"]), clock.now()
        if options["csv"]:
            self._sheet(list_people(rule, homes, now), homes)
            return
        found = count_people(rule, homes, now, examples=EXAMPLES, may_lag=False)
        people = [_person(one) for one in brief_people(found.examples, homes)]
        if options["json"]:
            self.stdout.write(
                json.dumps({"people": found.people, "of": found.of, "examples": people}, ensure_ascii=False)
            )
            return
        self.stdout.write(told_text(mark("%(of)d 人里有 %(people)d 人"), of=found.of, people=found.people))
        for one in people:
            self.stdout.write(f"  {one['name']}")

    def _tell(self, options: dict[str, Any]) -> None:
        segment = find_segment_named(options["name"], options["community"])
        ids, homes = list_people_of(segment, clock.now()), communities_of(segment)
        if options["csv"]:
            self._sheet(ids, homes)
            return
        people = [_person(one) for some in _some(ids) for one in brief_people(some, homes)]
        if options["json"]:
            names = list_community_names({segment.community_id})
            told = _described(segment, names.get(segment.community_id or 0))
            self.stdout.write(json.dumps({**told, "people": people}, ensure_ascii=False))
            return
        self.stdout.write(told_text(mark("「%(name)s」里有 %(n)d 人"), name=segment.name, n=len(people)))
        for one in people:
            self.stdout.write(f"  {one['name']}")

    def _sheet(self, ids: Sequence[int], homes: Sequence[int]) -> None:
        with translation.override(terminal_language()):
            columns = [translation.gettext(name) for name in COLUMNS]
            for line in csv_rows(columns, _cells(ids, homes), UTC):
                self.stdout.write(line, ending="")


COLUMNS = (
    mark("编号"),
    mark("名字"),
    mark("群名片"),
    mark("群"),
    mark("说过（条）"),
    mark("最近说话"),
    mark("进群"),
)


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def _cells(ids: Sequence[int], homes: Sequence[int]) -> Iterator[tuple[object, ...]]:
    for some in _some(ids):
        people = brief_people(some, homes)
        groups = infos_of_groups({pk for one in people for pk in one.group_ids})
        for one in people:
            names = " / ".join(groups[pk].name for pk in one.group_ids)
            yield one.person_id, one.name, one.card, names, one.messages, one.last_spoke_at, one.joined_at


def _homes(community: str | None) -> list[int]:
    if community is None:
        return list(list_community_zones())
    find_groups(community=community)
    found = find_community_by_name(community)
    return [] if found is None else [found]


def _described(one: SegmentLine, community: str | None) -> dict[str, Any]:
    return {
        "segment": one.id,
        "name": one.name,
        "purpose": one.purpose,
        "community": community,
        "rule": one.rule,
        "frozen_at": _moment(one.frozen_at),
    }


def _person(one: Brief) -> dict[str, Any]:
    return {
        "person": one.person_id,
        "name": one.name,
        "card": one.card,
        "groups": list(one.group_ids),
        "messages": one.messages,
        "joined_at": _moment(one.joined_at),
        "last_spoke_at": _moment(one.last_spoke_at),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
