"""Histories that go on count everybody once, and the figures that health is told from are those of the messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from qunying.insights.catalogue import JOINS, MESSAGES, SPEAKERS
from qunying.insights.figures import figures_of
from qunying.insights.keeping import catch_up
from qunying.insights.layers import read_layers
from qunying.insights.looking import look_at
from qunying.insights.measure import measure
from qunying.insights.models import GroupFigures
from qunying.insights.report import make_report
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel.readings import Verdict

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(home: Home) -> Scope:
    """The second group with the first as its forebear, followed two days ago; somebody stays in both."""
    for day in range(6):
        home.say("老周", NOON - (day + 1) * DAY, group=0)
    home.say("小林", NOON - 5 * DAY, group=0)
    home.say("老周", NOON - DAY, group=1)
    home.say("新人", NOON - DAY, group=1)
    home.join("旧人", NOON - 6 * DAY, group=0)
    home.join("老周", NOON - 2 * DAY, group=1)
    first, second = home.counted
    return Scope((second, replace(first, until=NOON - 2 * DAY)), NOON - 7 * DAY, NOON)


@pytest.mark.parametrize("is_flushed", [False, True])
def test_a_forebear_counts_up_to_the_day_it_was_followed(lake: Path, is_flushed: bool) -> None:
    home = Home(groups=("旧群", "新群"))
    scope = told(home)
    if is_flushed:
        catch_up(NOON, lake)
    assert measure(MESSAGES, scope)[0]["value"] == 6 - 2 + 1 + 2 - 0, "老周 said two more in the old group afterwards"
    assert measure(SPEAKERS, scope)[0]["value"] == 3, "老周 counts once"
    assert measure(JOINS, scope)[0]["value"] == 2
    look = look_at(scope, ("messages", "events", "memberships"))
    seen = look.portrait(NOON - 7 * DAY)
    assert (seen.members, seen.now.messages, seen.now.speakers) == (2, 7, 3), "who sits in the old group is no member"
    assert look.silent(NOON - 7 * DAY)[0] == 2


def test_a_report_and_the_layers_of_a_successor_take_its_forebears_in(lake: Path) -> None:
    home = Home(groups=("旧群", "新群"))
    scope = told(home)
    whole = make_report(scope.groups, scope.since, NOON, NOON)
    alone = make_report(scope.groups[:1], scope.since, NOON, NOON)
    assert (whole.now.messages, alone.now.messages) == (7, 2)
    assert (whole.headcount.members, alone.headcount.members) == (2, 2)
    assert sum(day.messages for day in whole.days) == 7
    layers = read_layers(scope.groups, NOON)
    assert layers.members == 2


def test_ads_are_counted_by_group_without_staff_programs_and_what_was_withdrawn(lake: Path) -> None:
    home = Home(groups=("茶友", "品鉴"), staff=("同事",))
    for number in range(3):
        home.say("贩子", NOON - (number + 1) * DAY, holds=(Verdict.AD,))
        home.say("另一个贩子", NOON - (number + 1) * DAY, holds=(Verdict.AD, Verdict.CONTACT))
        home.say("老周", NOON - (number + 1) * DAY, holds=())
    home.say("老周", NOON - DAY, holds=(Verdict.CONTACT,))
    home.say("老周", NOON - DAY)  # nobody has read it
    home.say("同事", NOON - DAY, holds=(Verdict.AD,))
    home.say("贩子", NOON - 9 * DAY, holds=(Verdict.AD,))
    home.say("贩子", NOON, holds=(Verdict.AD,))  # today is not over
    home.recall(home.say("贩子", NOON - DAY, holds=(Verdict.AD,)), NOON)
    home.sit("机器人", is_bot=True)
    home.say("机器人", NOON - DAY, holds=(Verdict.AD,))
    home.say("老周", NOON - DAY, group=1, holds=())
    home.join("新人", NOON - 2 * DAY)
    home.leave("老周", NOON - DAY)
    catch_up(NOON, lake)
    kept = figures_of([home.id], NOON)
    first, second = (kept[pk] for pk in home.group_ids)
    assert (first.read, first.ads, first.advertisers) == (10, 6, 2)
    assert (second.read, second.ads, second.advertisers) == (1, 0, 0)
    assert (first.joined, first.gone) == (1, 1)
    GroupFigures.objects.all().delete()
    assert figures_of([home.id], NOON) == kept, "counted when asked for, the same"
