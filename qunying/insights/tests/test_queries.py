"""What pages ask, against numbers counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from qunying.insights.figures import figures_of
from qunying.insights.keeping import catch_up, nightly, step
from qunying.insights.looking import Day, by_day, heat, hours, portrait, top_speakers
from qunying.insights.models import DayCount, GroupFigures
from qunying.insights.queries import quiet_groups, since_yesterday
from qunying.insights.scope import midnight
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SUNDAY_EVENING = NOON + 6 * DAY + rows.hours(8)


def _since() -> datetime:
    return midnight(NOON.date(), "Asia/Shanghai")


def _week() -> Home:
    """Two quiet weeks: 6 messages in the first, 4 in the second by 3 people, one of whom is new."""
    home = Home()
    for n in range(6):
        home.say("老周", NOON - 7 * DAY + n * DAY)
    for n, name in enumerate(["老周", "阿茗", "阿茗"]):
        home.say(name, NOON + n * DAY)
    home.join("苏念", NOON, via="qr")
    home.join("禾生", NOON + DAY, via="qr")
    home.say("苏念", NOON + rows.hours(2))
    home.leave("禾生", NOON + 2 * DAY)
    return home


def test_a_portrait_tells_this_span_from_the_one_before() -> None:
    home = _week()
    found = portrait(home.group_ids, _since(), SUNDAY_EVENING)
    assert (found.members, found.joined, found.left, found.removed) == (3, 2, 1, 0)
    assert (found.now.messages, found.now.speakers, found.now.by_three) == (4, 3, 4)
    assert (found.before.messages, found.before.speakers) == (6, 1)
    assert found.change == pytest.approx(-1 / 3)
    assert found.joined_by == {"qr": 2}
    assert found.now.top_share == 1


def test_what_lies_between_the_spans_is_in_neither_when_the_week_is_not_over() -> None:
    home = Home()
    home.say("老周", SUNDAY_EVENING - 7 * DAY + rows.hours(1))
    home.say("老周", SUNDAY_EVENING - 7 * DAY - rows.hours(1))
    assert portrait(home.group_ids, _since(), SUNDAY_EVENING).before.messages == 1


def test_every_day_is_there_when_nothing_happened_on_some() -> None:
    days = by_day(_week().group_ids, _since(), SUNDAY_EVENING)
    assert days[:4] == [
        Day(date(2024, 3, 4), 2, 2, 1, 0),
        Day(date(2024, 3, 5), 1, 1, 1, 0),
        Day(date(2024, 3, 6), 1, 1, 0, 1),
        Day(date(2024, 3, 7)),
    ]
    assert len(days) == 7


def test_heat_and_hours_agree_when_summed() -> None:
    home = _week()
    grid = heat(home.group_ids, _since(), SUNDAY_EVENING)
    assert (len(grid), {len(row) for row in grid}) == (7, {24})
    assert (grid[0][12], grid[0][14], grid[1][12], grid[2][12]) == (1, 1, 1, 1)
    assert hours(home.group_ids, _since(), SUNDAY_EVENING)[12] == 3
    assert sum(map(sum, grid)) == 4


def test_top_speakers_are_named_and_shared_out_when_two_say_as_much() -> None:
    home = _week()
    first, second, third = top_speakers(home.group_ids, _since(), SUNDAY_EVENING)
    assert (first.name, first.messages, first.days, first.share) == ("阿茗", 2, 2, 0.5)
    assert [second.name, third.name] == ["老周", "苏念"]


def test_weeks_end_yesterday_when_read_from_the_daily_counts(lake: Path) -> None:
    home = _week()
    home.say("老周", SUNDAY_EVENING)
    catch_up(SUNDAY_EVENING, lake)
    figures = figures_of([home.id], SUNDAY_EVENING)[home.group_ids[0]]
    assert figures.weeks == (0, 0, 0, 0, 0, 0, 6, 4)
    assert (figures.speakers, figures.present, figures.counted_at) == (3, 3, SUNDAY_EVENING)


def test_a_quiet_group_is_found_when_it_fell_by_a_third(lake: Path) -> None:
    quiet, loud, tiny = Home(), Home(), Home()
    for home, before, now in ((quiet, 21, 10), (loud, 21, 20), (tiny, 5, 0)):
        for n in range(before):
            home.say("老周", NOON - 9 * DAY + rows.hours(n))
        for n in range(now):
            home.say("老周", NOON - 2 * DAY + rows.hours(n))
    catch_up(NOON, lake)
    found = quiet_groups(NOON)
    assert [weeks.group_id for weeks in found] == quiet.group_ids
    assert found[0].change == pytest.approx(-11 / 21)
    assert found[0].counts[-2:] == (21, 10)
    assert quiet_groups(NOON, [loud.id]) == []
    GroupFigures.objects.all().delete()  # as before the first count: then they are counted while one waits
    assert quiet_groups(NOON) == found


def test_yesterday_stands_beside_what_is_usual(lake: Path) -> None:
    home = Home(groups=("茶友", "品鉴"))
    for n in (8, 15, 22, 29):
        home.say("老周", NOON - n * DAY)
    home.say("老周", NOON - DAY)
    home.say("老周", NOON - DAY + rows.hours(1), group=1)
    home.say("阿茗", NOON - 2 * DAY)
    home.join("苏念", NOON - DAY)
    home.leave("苏念", NOON - rows.hours(1))
    home.say("阿茗", NOON - rows.hours(2))
    step(NOON, lake)
    found = since_yesterday(NOON, [home.id])
    assert (found.groups, found.members) == (2, 2)
    assert (found.joined, found.left, found.left_today) == (1, 0, 1)
    assert (found.messages, found.speakers, found.messages_today) == (2, 1, 1)
    assert found.speakers_days == (0, 0, 0, 0, 0, 1, 1)
    assert found.usual_speakers == pytest.approx(2 / 7)
    assert {hour: n for hour, n in enumerate(found.hours) if n} == {12: 1, 13: 1}
    assert found.usual_hours[12] == 1
    assert found.as_of == NOON


def test_there_is_something_to_show_when_nothing_was_ever_counted() -> None:
    home = Home()
    home.sit("老周")
    found = since_yesterday(NOON, [home.id])
    assert (found.groups, found.members, found.speakers, found.as_of) == (1, 1, 0, None)
    assert quiet_groups(NOON) == []
    assert figures_of([home.id], NOON)[home.group_ids[0]].weeks == (0,) * 8


def test_daily_counts_follow_when_it_died_before_counting(lake: Path) -> None:
    from qunying.insights.lake import flush

    home = Home()
    home.say("老周", NOON)
    flush(NOON, lake)
    assert DayCount.objects.count() == 0
    home.say("老周", NOON + rows.hours(1))
    catch_up(NOON, lake)
    counted = DayCount.objects.get(group_id=home.group_ids[0])
    assert (counted.messages, counted.speakers, counted.day) == (2, 1, date(2024, 3, 4))


def test_daily_counts_are_mended_when_a_speaker_turns_out_to_be_a_bot(lake: Path) -> None:
    from qunying.people.models import Identity

    home = Home()
    home.say("老周", NOON)
    home.say("自动播报", NOON)
    catch_up(NOON, lake)
    assert DayCount.objects.get(group_id=home.group_ids[0]).speakers == 2
    Identity.objects.filter(pk=home.who("自动播报")).update(is_bot=True)
    nightly(NOON, lake)
    assert DayCount.objects.get(group_id=home.group_ids[0]).speakers == 1


def test_days_of_each_zone_are_its_own_when_communities_live_apart(lake: Path) -> None:
    shanghai, new_york = Home(), Home(timezone="America/New_York")
    for home in (shanghai, new_york):
        home.say("Ann", NOON - rows.hours(12))
    catch_up(NOON, lake)
    assert DayCount.objects.get(group_id=shanghai.group_ids[0]).day == date(2024, 3, 4)
    assert DayCount.objects.get(group_id=new_york.group_ids[0]).day == date(2024, 3, 3)
