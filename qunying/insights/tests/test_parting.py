"""Funnels and retention by what people are: exclusive parts add up, segments are as if they were asked for alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from qunying.insights.churn.cases import sides_of_leaving
from qunying.insights.journeys.catalogue import FUNNEL, RETENTION, Wish
from qunying.insights.journeys.funnel import Funnel, count_funnel, count_funnel_with_total, list_people_of_stage
from qunying.insights.journeys.parting import SEGMENT, Among, parts_of_people
from qunying.insights.journeys.retention import Retention, count_retention, list_people_of_cell
from qunying.insights.lake import flush
from qunying.insights.replies import read_replies
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.models import CardCorrection, Membership
from qunying.people.segments import do_freeze_segment, do_save_segment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = NOON + 12 * DAY
JOINED = Funnel(("joined", "said"), 7 * DAY)


@pytest.fixture
def home(lake: Path) -> Home:
    """Four came at noon; three wrote where they live on their cards; all but 阿茗 spoke in time."""
    home = Home()
    for name, after in (("老周", 1), ("阿茗", 9), ("简一", 2), ("路人", 3)):
        home.join(name, NOON)
        home.say(name, NOON + after * DAY)
    for name, city in (("老周", "深圳"), ("阿茗", "深圳"), ("简一", "上海")):
        _write_card(home, name, city)
    flush(NOON, lake)
    return home


def _write_card(home: Home, name: str, city: str) -> None:
    seat = Membership.objects.get(identity_id=home.who(name))
    CardCorrection.objects.create(membership=seat, field="city", value=city, by_id=None, at=NOON)


def asked(home: Home) -> Scope:
    """All of it."""
    return Scope(home.counted, NOON - DAY, NOW)


def test_parts_of_a_funnel_add_up_to_the_whole_when_everybody_stands_in_one(home: Home) -> None:
    for by in ("city", "industry", "layer", "source", "week"):
        parts = parts_of_people(by, asked(home), ())
        found, total = count_funnel_with_total(JOINED, asked(home), by, in_parts=parts)
        sums = [sum(stages[n].people for stages in found.values()) for n in range(2)]
        assert sums == [stage.people for stage in total] == [4, 3], by
    cities = count_funnel(JOINED, asked(home), "city", in_parts=parts_of_people("city", asked(home), ()))
    told = {city: [(stage.people, stage.median_s) for stage in stages] for city, stages in cities.items()}
    day = DAY.total_seconds()
    assert told["深圳"] == [(2, None), (1, day)]
    assert told["上海"] == [(1, None), (1, 2 * day)]
    parts = parts_of_people("city", asked(home), ())
    behind = list_people_of_stage(JOINED, asked(home), "city", "深圳", 2, in_parts=parts)
    assert behind == [(home.who("老周"), True), (home.who("阿茗"), False)]


def test_a_segment_among_others_counts_as_if_it_were_asked_for_alone(home: Home) -> None:
    one = Among(7, "深圳的", [home.who("老周"), home.who("阿茗")])
    other = Among(8, "早说话的", [home.who("老周"), home.who("简一")])
    scope = asked(home)
    parts = parts_of_people(SEGMENT, scope, (one, other))
    found = count_funnel(JOINED, scope, SEGMENT, in_parts=parts)
    kept = count_retention(Retention(), scope, scope.since, SEGMENT, in_parts=parts)
    for among_all in (one, other):
        alone = replace(scope, people=tuple(among_all.people))
        assert found[str(among_all.id)] == count_funnel(JOINED, alone)[""]
        assert kept[str(among_all.id)] == count_retention(Retention(), alone, scope.since)[""]
    assert [stage.people for stage in found[""]] == [1, 1]  # the rest
    rest = list_people_of_cell(Retention(), scope, scope.since, SEGMENT, "", 3, in_parts=parts)
    assert rest == [(home.who("路人"), True)]
    both = list_people_of_stage(JOINED, scope, SEGMENT, "8", 1, in_parts=parts)
    assert both == [(home.who("老周"), True), (home.who("简一"), True)]


def test_segments_must_be_said_and_few_when_a_journey_is_told_by_them(home: Home) -> None:
    many = tuple(Among(n, str(n), ()) for n in range(6))
    for journey in (FUNNEL, RETENTION):
        with pytest.raises(BadUse, match="要说是哪几个"):
            journey.count(Wish(by=SEGMENT), asked(home), NOON)
        with pytest.raises(BadUse, match="最多比 5 个"):
            journey.count(Wish(by=SEGMENT, among=many), asked(home), NOON)


def test_the_command_tells_segments_apart_by_their_names(home: Home) -> None:
    user = User.objects.create_user("lin").pk
    segment = do_save_segment(home.id, "深圳的", "", {"silent_days": 3}, at=NOW, user_id=user)
    do_freeze_segment(segment, [home.who("老周"), home.who("阿茗")], at=NOW, user_id=user)
    rows = told("funnel", "--by", SEGMENT, "--among", "深圳的", "--from", "2024-03-01")
    assert {(row[SEGMENT], row["n"]): row["people"] for row in rows} == {
        ("", 1): 2,
        ("", 2): 2,
        ("深圳的", 1): 2,
        ("深圳的", 2): 1,
    }
    with pytest.raises(BadUse, match="--by segment"):
        told("funnel", "--among", "深圳的")


def told(*arguments: str) -> Any:
    """The rows that the command answers."""
    out = StringIO()
    with clock.at(NOW):
        call_command("metric", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())["rows"]


def test_only_some_people_are_compared_and_drawn_when_the_scope_is_of_them(home: Home, lake: Path) -> None:
    only = replace(asked(home), people=(home.who("老周"), home.who("简一")))
    assert (sides_of_leaving(asked(home)).stayed, sides_of_leaving(only).stayed) == (4, 2)
    assert (read_replies(asked(home)).speakers, read_replies(only).speakers) == (4, 2)
