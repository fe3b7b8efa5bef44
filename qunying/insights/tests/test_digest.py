"""A day, a week, a month of a community, against the one before, in every shape."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from qunying.communities.queries import CountedHome
from qunying.insights.digest import words
from qunying.insights.digest.asking import read_dates, read_period
from qunying.insights.digest.periods import Dates, Period, dates_around, dates_before, last_whole
from qunying.insights.digest.shapes import render_digest
from qunying.insights.digest.telling import Digest, Sums, make_digest, read_record
from qunying.insights.keeping import catch_up
from qunying.insights.kept import read_kept
from qunying.insights.parts import lake_folder
from qunying.insights.scope import tells_of
from qunying.insights.seeds.counting import step
from qunying.insights.standing import do_keep_layers
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel.errors import BadUse
from qunying.kernel.readings import Verdict
from qunying.talk.placing import do_place_new

DAY = timedelta(days=1)
NOW = NOON + 14 * DAY  # Monday noon, two weeks later
days = st.dates(date(1999, 1, 1), date(2035, 12, 31))
periods = st.sampled_from(Period)


@given(periods, days)
def test_every_day_lies_in_one_period_and_the_next_follows_without_a_gap(period: Period, day: date) -> None:
    dates = dates_around(period, day)
    assert dates.first <= day <= dates.last
    assert all(dates_around(period, one) == dates for one in dates.days)
    assert dates_around(period, dates.last + DAY).first == dates.last + DAY


@given(periods, days)
def test_the_last_whole_one_is_over_and_nothing_lies_between_when_it_is_asked_for(period: Period, today: date) -> None:
    last = last_whole(period, today)
    assert last.last < today
    assert last.last == dates_around(period, today).first - DAY
    assert last_whole(period, today, 1).last == last.first - DAY


@given(periods, days)
def test_weekdays_stand_beside_weekdays_when_days_and_weeks_are_compared(period: Period, day: date) -> None:
    dates = dates_around(period, day)
    before = dates_before(period, dates)
    assert before.last < dates.first
    if period is not Period.MONTH:
        assert (before.first.weekday(), len(before.days)) == (dates.first.weekday(), len(dates.days))


@pytest.fixture
def home(db: None) -> Home:
    """Two groups. Week of 4 March: 30 and 24 messages; week of 11 March: 10 and 48; six came, one left, one asked."""
    home = Home(groups=("甲", "乙"))
    for n in range(30):
        home.say(f"成员{n % 5}", NOON + rows.hours(n), group=0)
    for n in range(24):
        home.say(f"成员{n % 4}", NOON + rows.hours(n), group=1)
    for n in range(10):
        home.say("成员0", NOON + 7 * DAY + rows.hours(n), group=0)
    for n in range(48):
        home.say(f"成员{n % 4}", NOON + 8 * DAY + timedelta(minutes=10 * n), group=1)
    for n in range(6):
        home.join(f"新人{n}", NOON + 9 * DAY + rows.hours(n), group=1)
    home.leave("成员4", NOON + 10 * DAY)
    home.say("新人0", NOON + 11 * DAY, "请问押金什么时候退？", group=1, holds=[Verdict.QUESTION])
    do_place_new()
    catch_up(NOW, lake_folder())
    return home


def _told(home: Home, period: Period, now: datetime = NOW, day: str = "") -> Digest:
    record = read_record(CountedHome(home.id, f"社群{home.number}", home.timezone), now)
    return make_digest(record, period, read_dates(period, day, record, now), now)


def test_a_week_is_told_against_the_week_before_when_counted_by_hand(home: Home) -> None:
    digest = _told(home, Period.WEEK)
    assert digest.dates == Dates(date(2024, 3, 11), date(2024, 3, 17))
    assert digest.now == Sums(messages=59, speakers=5, joined=6, gone=1)
    assert digest.before == Sums(messages=54, speakers=5)
    assert [(one.name[0], one.messages, one.before, one.joined, one.gone) for one in digest.groups] == [
        ("乙", 49, 24, 6, 0),
        ("甲", 10, 30, 0, 1),
    ]
    assert [one.name[0] for one in digest.louder] == ["乙"]
    assert [one.name[0] for one in digest.quieter] == ["甲"]
    assert sum(digest.by_day.values()) == 59
    assert words.headline(digest) == "和前一周差不多热闹，来了 6 位，走了 1 位，1 个问题没人答。"


def test_a_day_is_told_against_the_same_weekday_when_counted_by_hand(home: Home) -> None:
    digest = _told(home, Period.DAY, day="2024-03-11")
    assert (digest.now.messages, digest.now.speakers, digest.before.messages) == (10, 1, 24)
    assert words.headline(digest) == "比上周一安静 58%。"
    assert sum(digest.hours) == 10


def test_a_running_month_ends_now_when_it_is_asked_for(home: Home) -> None:
    digest = _told(home, Period.MONTH, day="2024-03-01")
    assert (digest.now.messages, digest.now.speakers, digest.until) == (113, 6, NOW)
    assert digest.change is None


def test_nothing_is_compared_while_a_week_is_not_over(home: Home) -> None:
    digest = _told(home, Period.WEEK, day="2024-03-18")  # it began at midnight
    assert (digest.until, digest.before, digest.change) == (NOW, None, None)
    assert digest.louder == digest.quieter == ()
    assert {one.before for one in digest.groups} == {None}
    for shape in ("md", "json", "pdf", "xlsx"):
        assert render_digest(digest, shape, "zh-hans")
    assert "还没过完，不和之前比" in render_digest(digest, "md", "zh-hans").decode()
    assert json.loads(render_digest(digest, "json", "zh-hans"))["before"] is None


def test_nothing_is_advised_when_nothing_stands_out(db: None) -> None:
    home = Home()
    home.say("老周", NOON)
    catch_up(NOW, lake_folder())
    assert words.next_steps(_told(home, Period.DAY, day="2024-03-04")) == []


def test_a_community_without_a_group_has_a_digest(db: None) -> None:
    home = Home(groups=())
    digest = _told(home, Period.WEEK, now=NOW)
    assert words.headline(digest) == "没有人说话。"
    for shape in ("md", "json", "png", "pdf", "xlsx"):
        assert render_digest(digest, shape, "zh-hans")


def test_every_shape_says_the_same_when_a_digest_is_taken_along(home: Home) -> None:
    digest = _told(home, Period.WEEK)
    told = json.loads(render_digest(digest, "json", "zh-hans"))
    assert (told["now"]["messages"], told["before"]["messages"], told["open_questions"]) == (59, 54, 1)
    assert told["headline"] in render_digest(digest, "md", "zh-hans").decode()
    assert "About as lively as the week before" in render_digest(digest, "md", "en").decode()
    assert Image.open(io.BytesIO(render_digest(digest, "png", "zh-hans"))).width == 1080
    paper = PdfReader(io.BytesIO(render_digest(digest, "pdf", "zh-hans")))
    assert "和前一周差不多热闹" in paper.pages[0].extract_text()
    book = load_workbook(io.BytesIO(render_digest(digest, "xlsx", "zh-hans")))
    groups = list(book["每个群"].iter_rows(min_row=3, values_only=True))
    assert [row[1] for row in groups] == [49, 10]


def _carried(home: Home) -> Home:
    """成员0 helps 成员1 every day of the second week, which is counted each morning; 成员0 rises."""
    for day in range(7, 14):
        asked = home.say("成员1", NOON + day * DAY + rows.hours(8), "这个茶怎么泡？", group=0, holds=[Verdict.QUESTION])
        home.say("成员0", NOON + day * DAY + rows.hours(9), "水温八十五度", group=0, to=asked, holds=[])
        do_place_new()
        while step(NOON + (day + 1) * DAY):
            pass
    do_keep_layers(NOW)
    catch_up(NOW, lake_folder())
    return home


def test_who_carries_and_who_rose_is_told_of_a_week_in_every_shape(home: Home) -> None:
    digest = _told(_carried(home), Period.WEEK)
    best = digest.beside.carrying.seeds[0]
    assert (best.name, best.signals.helped, best.score.total) == (
        "成员0",
        7,
        max(x.score.total for x in digest.beside.carrying.seeds),
    )
    assert [(one.name, one.before, one.after) for one in digest.beside.climbs] == [
        ("成员0", "", "active"),
        ("成员1", "", "active"),
    ]
    told = json.loads(render_digest(digest, "json", "zh-hans"))
    assert told["seed_users"]["people"][0]["name"] == "成员0"
    assert [one["to"] for one in told["ladder"]["moves"]] == ["active", "active"]
    assert sum(told["layers"][one] for one in ("opener", "follower", "lurker", "dormant")) == digest.members
    assert told["dependency"]["pillars"][0]["name"] == "成员0"
    text = render_digest(digest, "md", "zh-hans").decode()
    for words_told in ("最像种子用户", "从「普通成员」升到「活跃成员」", "没有 TA：", "在说话"):
        assert words_told in text
    paper = PdfReader(io.BytesIO(render_digest(digest, "pdf", "zh-hans")))
    assert "最像种子用户" in "".join(page.extract_text() for page in paper.pages)
    book = load_workbook(io.BytesIO(render_digest(digest, "xlsx", "zh-hans")))
    assert {"种子用户", "分层", "升降级", "离不开谁"} <= set(book.sheetnames)
    assert next(book["种子用户"].iter_rows(min_row=3, values_only=True))[0] == "成员0"
    assert Image.open(io.BytesIO(render_digest(digest, "png", "zh-hans"))).width == 1080


def test_who_rose_is_told_of_the_day_also_where_nothing_else_is_known_of_it(home: Home) -> None:
    _carried(home)
    rose = [day for day in range(11, 18) if _told(home, Period.DAY, day=f"2024-03-{day}").beside.climbs]
    assert len(rose) == 1
    digest = _told(home, Period.DAY, day=f"2024-03-{rose[0]}")
    assert digest.beside.carrying is None
    assert "成员0 从「普通成员」升到「活跃成员」" in render_digest(digest, "md", "zh-hans").decode()
    beside = _told(home, Period.WEEK, day="2024-01-10").beside
    assert (beside.layers, beside.carrying, beside.climbs) == (None, None, ())


def test_an_old_record_is_told_by_its_last_period_when_no_day_is_given(home: Home) -> None:
    later = NOW + 400 * DAY
    known = read_record(CountedHome(home.id, "", home.timezone), later)
    assert read_dates(Period.WEEK, "", known, later) == Dates(date(2024, 3, 11), date(2024, 3, 17))
    assert read_dates(Period.DAY, "", known, later) == Dates(date(2024, 3, 15), date(2024, 3, 15))


@pytest.mark.parametrize(("day", "why"), [("昨天", "不是日期"), ("2024-13-01", "不是日期"), ("2024-03-19", "还没到")])
def test_it_is_said_why_when_a_day_is_none(home: Home, day: str, why: str) -> None:
    with pytest.raises(BadUse) as caught:
        read_dates(Period.DAY, day, read_record(CountedHome(home.id, "", home.timezone), NOW), NOW)
    assert why in str(caught.value)
    with pytest.raises(BadUse):
        read_period("year")


def test_who_stayed_is_counted_by_hand_when_weeks_are_over(home: Home) -> None:
    kept = read_kept(home.counted, NOW, NOON - DAY)
    assert [(one.monday, one.came, one.back[0]) for one in kept.cohorts] == [
        (date(2024, 3, 4), 5, 0.8),
        (date(2024, 3, 11), 6, None),
    ]
    assert (kept.next_week, kept.counted, kept.came) == (0.8, 5, 11)


def test_nobody_is_called_kept_when_nobody_came(db: None) -> None:
    assert read_kept(Home().counted, NOW, NOON).next_week is None
    assert read_kept((), NOW, NOON).cohorts == ()


@pytest.mark.parametrize(
    ("first", "is_told"), [(date(2024, 9, 10), True), (date(2024, 10, 16), True), (date(2024, 10, 29), False)]
)
def test_what_was_counted_is_told_of_a_month_when_it_ends_there_or_covers_half_of_it(
    first: date, is_told: bool
) -> None:
    october = date(2024, 10, 1), date(2024, 10, 31)
    assert tells_of((first, first + timedelta(days=29)), october) is is_told
