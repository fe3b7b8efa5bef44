"""``qunying seeds COMMUNITY``: who carries a community – the ranking of its seed users with all parts, and where people stand on its ladder."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from qunying.communities.queries import CountedGroup, CountedHome, find_community_by_name, list_counted_homes
from qunying.communities.queries_chain import find_start
from qunying.insights import words_of_seeds as words
from qunying.insights.asking import find_groups
from qunying.insights.seeds.counting import Ranked, Ranking, count_ranking
from qunying.insights.seeds.scoring import DAYS
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.ladder import find_ladder
from qunying.people.queries import names_of
from qunying.people.standings import list_standings_of
from qunying.pipeline.past.reading import do_queue, do_read_all
from qunying.runners.language import LANGUAGES, terminal_language, told_text
from qunying.talk.placing import do_place_new
from qunying.talk.readings import count_unread

AT_MOST = 1000
MOST_DAYS = 366
STRANGERS = 100


class Command(BaseCommand):
    """Exit code 2 for an unknown community, or a group that is not one of its groups."""

    help = "Who carries a community: its seed users with every part of their score."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("community", metavar="COMMUNITY", help="a community's name")
        parser.add_argument("--group", help="only what was done in this group of it")
        parser.add_argument("--days", type=_number(MOST_DAYS), default=DAYS, help=f"whole days back; default {DAYS}")
        parser.add_argument("--limit", type=_number(AT_MOST), default=20, help="at most so many people; default 20")
        parser.add_argument("--language", default="", choices=LANGUAGES, help="of the words; default: the terminal's")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Places and reads first what nobody has, so that what was just imported counts."""
        home, groups = _where(options["community"], options["group"])
        now = clock.now()
        _read_what_nobody_read([group.id for group in groups])
        ranking = count_ranking(home, groups, find_ladder(home.id), now, options["days"])
        people = ranking.people[: options["limit"]]
        with translation.override(options["language"] or terminal_language()):
            told = _told(home, ranking, people)
            if options["json"]:
                self.stdout.write(json.dumps(told, ensure_ascii=False))
                return
            for one in told["people"]:
                self.stdout.write(f"{one['rank']:>3}  {one['score']:5.1f}  {one['name']}  {one['reason']}")
            if not told["people"]:
                self.stdout.write(told_text(mark("这段时间没有人说话")))


def _number(most: int) -> Any:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= most):
            raise ArgumentTypeError(f"{text!r} is not a number from 1 to {most}")
        return int(text)

    return read


def _where(community: str, group: str | None) -> tuple[CountedHome, tuple[CountedGroup, ...]]:
    groups = find_groups(None, community)
    home = list_counted_homes([find_community_by_name(community) or 0])[0]
    if group is None:
        return home, groups
    some = tuple(one for one in find_groups(group) if one.community_id == home.id)
    if not some:
        raise BadUse(mark("「%(group)s」不是「%(community)s」的群"), group=group, community=community)
    return home, some


def _read_what_nobody_read(group_ids: list[int]) -> None:
    do_place_new()
    if group_ids and count_unread(group_ids):
        do_queue(group_ids, clock.now())
        do_read_all(group_ids)


def _told(home: CountedHome, ranking: Ranking, people: Sequence[Ranked]) -> dict[str, Any]:
    on = ranking.platform
    strangers = sorted(on.strangers.items(), key=lambda each: (-each[1], each[0]))[:STRANGERS]
    ids = [one.person_id for one in people]
    names = {pk: one.name for pk, one in names_of([*ids, *(pk for pk, _ in strangers)]).items()}
    rungs = {pk: one.rung for pk, one in list_standings_of(home.id, ids).items()}
    return {
        "community": home.name,
        "timezone": home.timezone,
        "from": ranking.since.isoformat(),
        "until": ranking.until.isoformat(),
        "members_ranked": len(ranking.people),
        "weights": asdict(ranking.weights),
        "definition": words.how(ranking.days),
        "people": [_person(place, one, names, rungs, ranking) for place, one in enumerate(people, 1)],
        "private_talks": {"definition": words.how_notes(), "members": len(ranking.noted)},
        "platform": {
            "founded_on": on.founded_on.isoformat(),
            "founded_by": words.founded_by(find_ladder(home.id).founded_on, find_start(home.id)),
            "definition": words.how_platform(),
            "members": len(on.people),
            "unknown": len(on.strangers),
            "unknown_people": [
                {"person": pk, "name": names.get(pk, ""), "deeds": deeds, "reason": "in_no_group"}
                for pk, deeds in strangers
            ],
        },
    }


def _person(
    place: int, one: Ranked, names: Mapping[int, str], rungs: Mapping[int, str], ranking: Ranking
) -> dict[str, Any]:
    platform = one.platform
    return {
        "rank": place,
        "person": one.person_id,
        "name": names.get(one.person_id, ""),
        "score": round(one.score.total, 3),
        "parts": {name: round(part, 4) for name, part in one.score.parts.items()},
        "points": {name: round(points, 3) for name, points in one.score.points.items()},
        "signals": asdict(one.signals),
        "platform": {"deeds": platform.deeds, "days": platform.days} if platform else None,
        "private_talks": one.notes,
        "rung": rungs.get(one.person_id) or "ordinary",
        "reason": words.reason(one.signals, platform, ranking.days, one.notes),
    }
