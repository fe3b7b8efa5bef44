"""The metrics of order against numbers counted by hand, on every engine there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from qunying.desk.actions import do_forget_work
from qunying.insights.engines import duck
from qunying.insights.measure import Open, get_metric, measure
from qunying.insights.scope import Scope
from qunying.insights.tests.openers import OTHERS, opener
from qunying.insights.tests.rows import DONE_AS_WARNING, NOON, Done, Home
from qunying.insights.world_of_acts import table_of_acts
from qunying.outbox.actions import do_forget_effects
from qunying.people.models import Identity, Membership

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(params=[None, *OTHERS])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Asks an engine for a metric over the week from that noon on, or as many days as are said."""
    opened: Open = opener(request.param) if request.param else duck.open

    def of(home: Home, name: str, by: str = "", days: int = 7, **narrower: Any) -> list[dict[str, Any]]:
        scope = Scope(home.counted, NOON - DAY, NOON + days * DAY, **narrower)
        return measure(get_metric(name), scope, by, open_session=opened)

    return of


def _judged() -> Home:
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    for n, state in enumerate(("approved", "approved", "approved", "softened", "dismissed")):
        home.judge(f"甲{n}", NOON + n * DAY, state, group=n % 2)
    home.judge("甲1", NOON, "dismissed", by="")
    home.judge("甲2", NOON, "open")
    home.judge("林晚", NOON, "dismissed")
    home.judge("甲3", NOON + 9 * DAY, "dismissed")
    return home


def test_precision_is_what_people_agreed_with_of_what_they_decided(ask: Ask) -> None:
    home = _judged()
    assert ask(home, "precision") == [{"value": pytest.approx(0.8), "approved": 3, "softened": 1, "dismissed": 1}]
    by_group = [(row["group"][:2], row["value"]) for row in ask(home, "precision", "group")]
    assert by_group == [("茶友", pytest.approx(2 / 3)), ("品鉴", 1.0)]
    by_day = {row["day"]: row["value"] for row in ask(home, "precision", "day")}
    assert (by_day["2024-03-03"], by_day["2024-03-04"], by_day["2024-03-08"]) == (None, 1.0, 0.0)
    assert [row["approved"] for row in ask(home, "precision", "month")] == [3]
    assert [(row["capability"], row["dismissed"]) for row in ask(home, "precision", "capability")] == [("order", 1)]


def test_precision_counts_a_yes_as_a_no_when_it_was_taken_back_or_lifted(ask: Ask) -> None:
    home = Home()
    home.judge("老周", NOON, "undone")
    home.judge("阿茗", NOON, "approved", cause=home.act("阿茗", NOON))
    cause = home.act("简一", NOON)
    home.judge("简一", NOON, "approved", cause=cause)
    home.lift("简一", cause, NOON + 20 * DAY)
    assert ask(home, "precision") == [{"value": pytest.approx(1 / 3), "approved": 1, "softened": 0, "dismissed": 2}]


def test_time_is_from_the_word_to_the_first_thing_done_apart_with_and_without_a_person(ask: Ask) -> None:
    home = Home()
    for n in range(1, 4):
        later = Done(is_warning=True, later=90 * SECOND)
        home.act(f"甲{n}", NOON, Done("DeleteMessage"), later, took=n * 10 * SECOND)
    home.act("乙", NOON, Done("Mute", by="林"), took=timedelta(hours=1))
    home.act("丙", NOON, Done("Say"), took=SECOND)
    home.act("丁", NOON, Done("Mute", capability="console"), took=SECOND)
    home.act("戊", NOON, Done("Mute", state="undone"), Done("Ban", state="failed"), took=SECOND)
    home.lift("己", home.act("己", NOON, Done("DeleteMessage"), took=SECOND), NOON + 9 * DAY)
    assert ask(home, "time_to_act") == [{"value": 20.0, "p90": pytest.approx(28.0), "acts": 3}]
    assert ask(home, "time_to_decided_act") == [{"value": 3600.0, "p90": 3600.0, "acts": 1}]
    assert [row["acts"] for row in ask(home, "time_to_act", "week")] == [0, 3, 0]


def _warned(home: Home, name: str, at: datetime, *, group: int = 0, rule: str = "no_ads") -> str:
    return home.act(name, at, DONE_AS_WARNING, group=group, rule=rule)


def test_repeats_are_told_of_those_whose_thirty_days_are_over(ask: Ask) -> None:
    home, warned_at = Home(groups=("茶友", "品鉴")), NOON - 30 * DAY
    for name in ("再犯", "别的规矩", "没再犯", "太晚", "刚处理完", "撤销了"):
        _warned(home, name, warned_at)
    home.act("再犯", warned_at + 29 * DAY, Done("Mute"), group=1)
    home.act("别的规矩", warned_at + DAY, Done("Mute"), rule="abuse")
    home.act("太晚", warned_at + 31 * DAY, Done("Mute"))
    home.act("刚处理完", warned_at + DAY, Done("DeleteMessage"), rule="")
    home.lift("撤销了", home.act("撤销了", warned_at + DAY, Done("Mute")), NOON)
    _warned(home, "没到时候", NOON)
    home.lift("不算提醒", _warned(home, "不算提醒", warned_at), NOON)
    assert ask(home, "repeats_after_warning") == [{"value": pytest.approx(1 / 6), "again": 1, "warned": 6}]
    assert [row["warned"] for row in ask(home, "repeats_after_warning", "group")] == [6, 0]
    by_day = {row["day"]: row["warned"] for row in ask(home, "repeats_after_warning", "day")}
    assert {day: number for day, number in by_day.items() if number} == {"2024-03-04": 6}


def test_a_repeat_is_of_one_person_when_two_accounts_are_theirs(ask: Ask) -> None:
    home, warned_at = Home(), NOON - 30 * DAY
    _warned(home, "老周", warned_at)
    _warned(home, "老周小号", warned_at + DAY)
    Identity.objects.filter(pk=home.who("老周小号")).update(person_id=home.who("老周"))
    assert ask(home, "repeats_after_warning") == [{"value": 1.0, "again": 1, "warned": 1}]


def test_appeals_are_upheld_of_those_decided_and_open_ones_told_apart(ask: Ask) -> None:
    home = Home()
    for n, state in enumerate(("lifted", "upheld", "upheld", "open")):
        home.judge(f"甲{n}", NOON + n * DAY, state, kind="appeal")
    found = ask(home, "appeals_upheld")
    assert found == [{"value": pytest.approx(1 / 3), "lifted": 1, "upheld": 2, "waiting": 1}]
    by_day = {row["day"]: (row["value"], row["waiting"]) for row in ask(home, "appeals_upheld", "day")}
    assert (by_day["2024-03-04"], by_day["2024-03-07"]) == ((1.0, 0), (None, 1))


def test_only_some_people_count_when_they_are_asked_for(ask: Ask) -> None:
    home = _judged()
    assert ask(home, "precision", people=(home.who("甲4"),))[0]["value"] == 0.0


NUMBERS = ("precision", "time_to_act", "time_to_decided_act", "repeats_after_warning", "appeals_upheld")


def _all_of_it() -> Home:
    home = _judged()
    cause = home.act("老周", NOON - 30 * DAY, DONE_AS_WARNING)
    home.act("老周", NOON, Done("Mute", by="林"))
    home.act("阿茗", NOON)
    home.judge("老周", NOON, "upheld", kind="appeal", cause=cause)
    return home


def test_numbers_stay_and_name_nobody_when_a_person_is_gone(ask: Ask) -> None:
    home = _all_of_it()
    before = [ask(home, name) for name in NUMBERS]
    assert None not in {rows[0]["value"] for rows in before}
    for name in ("阿茗", "老周"):
        gone = Identity.objects.get(pk=home.who(name))
        Membership.objects.filter(identity=gone).delete()
        gone.delete()
    assert [ask(home, name) for name in NUMBERS] == before
    words = table_of_acts(Scope(home.counted, NOON - DAY, NOON + DAY), {}).select(["kind", "outcome", "capability"])
    assert {word for column in words.to_pydict().values() for word in column} == {
        *("proposal", "act", "warning", "appeal"),
        *("approved", "dismissed", "upheld", "alone", "decided", "quiet", "repeated", "order"),
    }


def test_nothing_is_counted_any_more_when_the_work_of_a_community_is_forgotten(ask: Ask) -> None:
    home, other = _all_of_it(), _all_of_it()
    kept = [ask(other, name) for name in NUMBERS]
    do_forget_work([home.id], 1000)
    do_forget_effects([home.id], 1000)
    assert {ask(home, name)[0]["value"] for name in NUMBERS} == {None}
    assert [ask(other, name) for name in NUMBERS] == kept
