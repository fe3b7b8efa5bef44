"""KPIs against numbers counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import repeat

import pytest

from qunying.communities.queries import list_counted_homes
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.insights.kpis.catalogue import BY_NAME, KPIS, kpis_of
from qunying.insights.kpis.counting import count_figures, spans_of
from qunying.insights.kpis.figures import Figures, Money, Outside, Ratio
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.kernel.money import PARTS
from qunying.people.merging import Evidence, do_merge_persons
from qunying.talk.placing import do_place_new
from qunying.talk.threads import MOST_SPEAKERS

pytestmark = pytest.mark.django_db
NOTHING = Outside()
DAY = timedelta(days=1)
WEEK = 7 * DAY
UNTIL = NOON + 98 * DAY


def last_spans(home: Home, days: int = 7, count: int = 2) -> tuple[Figures, ...]:
    """The figures of the last spans of the community."""
    (counted,) = list_counted_homes([home.id])
    return count_figures(counted, home.counted, spans_of(UNTIL, days, home.timezone, count))


def _talk(home: Home, at: datetime, words: str, opener: str, *others: str, group: int = 0) -> None:
    """A conversation that somebody begins and others join; an empty name is our own account."""
    first = home.say(opener, at, words, group)
    for n, other in enumerate(others, 1):
        home.say(other, at + n * timedelta(minutes=1), "好", group, to=first, is_own=not other)


def deed(home: Home, name: str, kind: str, at: timedelta, yuan: int | None = None, currency: str = "CNY") -> NewDeed:
    """Something somebody did, so long before the end."""
    amount = None if yuan is None else yuan * PARTS
    who, currency = home.who(name), currency if yuan is not None else ""
    return NewDeed(home.id, who, "shop", kind, f"{name}{kind}{at}", UNTIL - at, amount, currency)


def test_newcomers_and_who_brought_them_are_counted_when_they_came_in_the_span() -> None:
    home = Home(staff=("林晚",))
    home.sit("老周")
    home.sit("林晚")
    home.join("甲", UNTIL - DAY, via="invite", inviter="老周")
    home.join("乙", UNTIL - 2 * DAY, via="invite", inviter="老周")
    home.join("丙", UNTIL - 3 * DAY, via="qr", inviter="林晚")
    home.join("丁", UNTIL - 8 * DAY)
    before, now = last_spans(home)
    assert (now.joined, now.invited, now.joined_by, now.referrers) == (3, 3, {"invite": 2, "qr": 1}, 1)
    assert (before.joined, before.invited, before.referrers) == (1, 0, 0)
    assert (now.members_before, now.members) == (2, 5)
    assert BY_NAME["k_factor"].read(now, NOTHING).value == 1.5
    assert BY_NAME["joins"].read(now, NOTHING).parts == (("via:invite", 2), ("via:qr", 1))


def test_who_left_is_measured_by_who_was_there_when_the_span_began() -> None:
    home = Home()
    for name in "甲乙丙丁":
        home.sit(name)
    home.leave("甲", UNTIL - DAY)
    home.leave("乙", UNTIL - DAY, operator="丙")
    (now,) = last_spans(home, count=1)
    rate = BY_NAME["leave_rate"].read(now, NOTHING)
    parts = {"left_by_themselves": 1.0, "removed": 1.0, "why:unknown": 1.0}
    assert (rate.value, rate.of, dict(rate.parts)) == (0.5, 4, parts)
    known = BY_NAME["leave_rate"].read(now, Outside(whys={"ads": 1}))
    assert dict(known.parts) == {"left_by_themselves": 1.0, "removed": 1.0, "why:ads": 1.0}


def test_somebody_is_kept_when_they_sit_in_some_group_so_many_days_after_they_joined() -> None:
    home = Home(groups=("茶友", "品鉴"))
    came = UNTIL - 7 * DAY - hours(5)
    for name in "甲乙丙丁戊":
        home.join(name, came)
    home.leave("甲", came + DAY)  # gone
    home.leave("乙", came + DAY)  # back before the seventh day
    home.join("乙", came + 2 * DAY)
    home.leave("丙", came + 8 * DAY - hours(23))  # after the seventh day
    home.join("丁", came + DAY, group=1)  # gone from one, still in the other
    home.leave("丁", came + 2 * DAY)
    home.leave("戊", came + 7 * DAY)  # to the very moment
    (now,) = last_spans(home, count=1)
    assert now.kept[7] == Ratio(3, 5)
    assert now.kept[30] == Ratio(0, 0)
    assert BY_NAME["kept_30"].read(now, NOTHING).value is None


def test_consults_count_as_paid_when_the_order_comes_at_that_moment_or_later() -> None:
    home = Home()
    do_keep_deeds(
        [
            deed(home, "甲", "咨询", 3 * DAY),
            deed(home, "甲", "order", 2 * DAY, 30),
            deed(home, "乙", "consult", 2 * DAY),
            deed(home, "乙", "order", 3 * DAY, 30),
            deed(home, "丙", "咨询", DAY),
            deed(home, "丁", "order", DAY, 9, "USD"),
            deed(home, "丁", "order", 40 * DAY, 9, "USD"),
            deed(home, "甲", "refund", DAY, 10),
        ]
    )
    (now,) = last_spans(home, count=1)
    assert now.consulted == Ratio(1, 3)
    assert (now.buyers, now.orders) == (3, 3)
    assert BY_NAME["revenue"].read(now, NOTHING).value == 50
    assert BY_NAME["revenue"].read(now, NOTHING).parts == (("USD", 9.0),)
    assert now.repeaters == Ratio(1, 3)


def test_activity_is_of_the_end_of_each_span() -> None:
    home = Home(staff=("林晚",))
    home.sit("潜水员")
    home.say("老周", UNTIL - hours(3))
    home.say("阿茗", UNTIL - 3 * DAY)
    home.say("林晚", UNTIL - hours(1))
    home.say("老周", UNTIL - 9 * DAY)
    before, now = last_spans(home)
    assert (now.active_day, now.active_week) == (Ratio(1, 3), Ratio(2, 3))
    assert before.active_week.part == 1
    assert sum(now.layers.values()) == 3


def test_participation_is_how_many_members_take_part_in_a_topic_on_average() -> None:
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    for name, group in [*zip("甲乙丙丁戊", repeat(0)), ("己", 1), ("庚", 1)]:
        home.join(name, UNTIL - 90 * DAY, group)
    # a colleague asks, two members and our account answer
    _talk(home, UNTIL - DAY, "周末龙坞有人去吗", "林晚", "甲", "乙", "甲", "")
    _talk(home, UNTIL - 2 * DAY, "紫砂壶磕口能换新的吗", "丙", "丁", "戊")
    _talk(home, UNTIL - 3 * DAY, "新茶什么时候上架", "己", "庚", group=1)
    _talk(home, UNTIL - 4 * DAY, "谁有水质检测报告", "甲")  # nobody answers
    _talk(home, UNTIL - 5 * DAY, "今天谁值班", "林晚", "")  # no member
    _talk(home, UNTIL - 9 * DAY, "茶席灯光怎么布置", "甲", "乙")
    home.join("新人", UNTIL + DAY)
    do_place_new()
    before, now = last_spans(home)
    assert (now.topics, now.took_part) == (3, Ratio(2 + 3 + 2, 5 + 5 + 2))
    assert (before.topics, before.took_part) == (1, Ratio(2, 5))
    value = BY_NAME["participation"].read(now, NOTHING)
    assert (value.value, value.of, value.parts) == (7 / 12, 7, (("topics", 3.0), ("each", 2.3)))
    assert BY_NAME["participation"].read(Figures(members=9), NOTHING).value is None


def test_who_spoke_and_left_took_part_and_two_accounts_of_one_person_are_one() -> None:
    home = Home()
    for name in "甲乙":
        home.sit(name)
    _talk(home, UNTIL - DAY, "周末龙坞有人去吗", "甲", "乙", "甲的小号")
    for name in ("乙", "甲的小号"):
        home.leave(name, UNTIL - hours(2))
    do_place_new()
    (apart,) = last_spans(home, count=1)
    assert apart.took_part == Ratio(3, 3)
    do_merge_persons(home.who("甲"), home.who("甲的小号"), Evidence("union"), by=None, at=UNTIL)
    (joined,) = last_spans(home, count=1)
    assert joined.took_part == Ratio(2, 2)


def test_everybody_takes_part_in_a_topic_of_more_people_than_are_named() -> None:
    home = Home()
    crowd = [f"群友{n}" for n in range(MOST_SPEAKERS + 5)]
    _talk(home, UNTIL - DAY, "接龙：周六去龙坞", *crowd)
    do_place_new()
    (now,) = last_spans(home, count=1)
    assert (now.topics, now.took_part) == (1, Ratio(len(crowd), len(crowd)))


def test_satisfaction_and_nps_come_from_scores_when_they_were_imported() -> None:
    outside = Outside({5: 6, 4: 3, 1: 1}, 20, {10: 4, 9: 1, 8: 3, 6: 2})
    satisfaction, nps = (BY_NAME[name].read(Figures(), outside) for name in ("satisfaction", "nps"))
    assert (satisfaction.value, satisfaction.of, dict(satisfaction.parts)) == (4.3, 10, {"response_rate": 0.5})
    assert (nps.value, nps.of, dict(nps.parts)) == (30.0, 10, {"promoters": 5.0, "detractors": 2.0})


def test_cost_is_shared_by_those_who_stayed_and_currencies_stand_apart() -> None:
    figures = Figures(kept={30: Ratio(4, 9)})
    cost = BY_NAME["cost_per_kept"].read(figures, Outside(costs={"CNY": 100 * PARTS, "USD": 2 * PARTS}))
    assert (cost.value, cost.currency, cost.parts, cost.of) == (25.0, "CNY", (("USD", 0.5),), 4)
    assert BY_NAME["cost_per_kept"].read(figures, NOTHING).value is None
    assert BY_NAME["cost_per_kept"].read(Figures(), Outside(costs={"CNY": 1})).value is None


def test_figures_come_back_from_words_as_they_were() -> None:
    figures = Figures(
        joined=3, joined_by={"qr": 3}, kept={7: Ratio(1, 2)}, revenue=(Money("CNY", 1.5, 2),), layers={"opener": 1}
    )
    assert Figures.of_words(figures.to_words()) == figures


def test_kpis_follow_from_the_purpose() -> None:
    assert {kpi.name for kpi in kpis_of(["acquire"])} == {
        "joins", "shares", "k_factor", "groups_opened", "cost_per_kept"
    }  # fmt: skip
    assert kpis_of([]) == ()
    assert kpis_of(["convert", "retain", "acquire", "activate"]) == KPIS


def test_what_cannot_be_counted_says_why_and_has_no_value() -> None:
    lacking = [kpi for kpi in KPIS if kpi.lacks]
    assert {kpi.name for kpi in lacking} == {"check_in"}
    assert all(kpi.read(Figures(members=9), NOTHING).value is None for kpi in lacking)


def test_nothing_is_divided_by_nobody_when_a_community_is_empty() -> None:
    figures = last_spans(Home(), count=8)
    assert len(figures) == 8
    for kpi in KPIS:
        assert kpi.read(figures[-1], NOTHING).value in {None, 0}
