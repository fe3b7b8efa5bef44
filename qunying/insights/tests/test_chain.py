"""Links of a chain against numbers counted by hand, and what may be said of two of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.communities.actions import NewGroup, do_register_group
from qunying.communities.chains import Link, LinkKind
from qunying.communities.queries import list_counted_homes
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.insights.chain import codes_of, count_codes, lay_chain
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import NOON, Home, hours

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
UNTIL = NOON + 30 * DAY
SPANS = ((UNTIL - 14 * DAY, UNTIL - 7 * DAY), (UNTIL - 7 * DAY, UNTIL))


def link(count_by: str, unit: str = "people", number: int = 1) -> Link:
    return Link(number, LinkKind.OTHER, "", count_by, unit, is_ours=False)


def deed(home: Home, name: str, kind: str, ago: timedelta) -> NewDeed:
    return NewDeed(home.id, home.who(name), "shop", kind, f"{name}{kind}{ago}", UNTIL - ago)


def tell(home: Home) -> None:
    """甲 and 乙 came long ago, 丙 this week with 甲's help; who said and did what stands beside each test."""
    for name in "甲乙":
        home.sit(name)
    home.say("甲", UNTIL - 20 * DAY)
    home.say("甲", UNTIL - 10 * DAY)
    home.say("甲", UNTIL - DAY)
    home.say("乙", UNTIL - 2 * DAY)
    home.say("乙", UNTIL - 2 * DAY + hours(1))
    home.say("丙", UNTIL - DAY)
    home.say("丙", UNTIL - hours(2))
    home.join("丙", UNTIL - 3 * DAY, inviter="甲")
    do_keep_deeds(
        [
            deed(home, "甲", "order", 9 * DAY),
            deed(home, "甲", "order", 2 * DAY),
            deed(home, "乙", "order", 3 * DAY),
            deed(home, "乙", "order", 3 * DAY - hours(1)),
            deed(home, "甲", "咨询", 3 * DAY),
            deed(home, "甲", "consult", 2 * DAY),
            deed(home, "乙", "visit", 4 * DAY),
            deed(home, "乙", "visit", 5 * DAY),
        ]
    )


def count(home: Home, *codes: str, **more: object) -> list[dict[str, int]]:
    (counted,) = list_counted_homes([home.id])
    scope = Scope(home.counted, SPANS[0][0], UNTIL, (counted,))
    return count_codes(codes, scope, NOON, SPANS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "before", "now"),
    [
        ("joined people", 0, 1),  # 丙
        ("first_word people", 0, 2),  # 乙 and 丙; 甲 spoke before
        ("again:said people", 1, 1),  # 甲 then; 丙 now, and 乙 only on one day
        ("shared people", 0, 1),  # 甲
        ("deed:order people", 1, 2),
        ("deed:order times", 1, 3),
        ("again:order people", 0, 1),  # 甲; 乙 twice on one day
        ("deed:consult people", 0, 1),  # 甲, by two words for it
        ("deed:visit times", 0, 2),
        ("deed:nothing people", 0, 0),
    ],
)
def test_a_link_counts_what_it_says_when_counted_over_two_spans(code: str, before: int, now: int) -> None:
    home = Home()
    tell(home)
    assert count(home, code) == [{code: before}, {code: now}]


def test_groups_opened_are_counted_by_the_day_they_opened_or_were_written_down() -> None:
    home = Home(groups=())
    for ref, opened, written in (
        ("a", UNTIL - DAY, UNTIL),
        ("b", None, UNTIL - 8 * DAY),
        ("c", UNTIL - 90 * DAY, UNTIL),
    ):
        new = NewGroup(carrier="sandbox", ref=f"{home.id}{ref}", carrier_name=ref, opened_at=opened)
        do_register_group(home.id, new, at=written)
    assert count(home, "opened groups") == [{"opened groups": 1}, {"opened groups": 1}]


def test_all_links_together_count_what_each_counts_alone() -> None:
    home = Home()
    tell(home)
    codes = ("joined people", "first_word people", "again:said people", "shared people", "deed:consult people")
    apart = [count(home, code) for code in codes]
    together = count(home, *codes)
    assert together == [{code: one[n][code] for code, one in zip(codes, apart, strict=True)} for n in (0, 1)]


def test_a_conversion_is_said_only_where_both_links_count_people() -> None:
    shown, came, paid = link("numbers", "times", 1), link("joined", number=2), link("deed:order", number=3)
    lost, fresh = link("", number=4), link("opened", "groups", number=5)
    counts = {"joined people": 40, "deed:order people": 10, "opened groups": 2}
    chain = lay_chain([shown, came, lost, paid, fresh], counts, {"link:1": 1000})
    assert [one.count for one in chain] == [1000, 40, None, 10, 2]
    assert [one.share for one in chain] == [None, 0.04, None, 0.25, 0.2]
    assert [one.is_conversion for one in chain] == [False, False, False, True, False]
    assert chain[3].before == came
    assert codes_of([shown, came, lost, paid]) == ("deed:order people", "joined people")


def test_no_share_is_said_when_nothing_was_counted_before() -> None:
    chain = lay_chain([link("joined"), link("deed:order", number=2)], {"joined people": 0, "deed:order people": 3}, {})
    assert [one.share for one in chain] == [None, None]
    assert lay_chain([link("numbers")], {}, {})[0].count is None
