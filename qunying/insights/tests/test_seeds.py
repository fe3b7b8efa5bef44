"""Who carries a community, counted from its talk and its platform, and kept by the keeper once a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from qunying.communities.queries import list_counted_homes
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.desk.models import Task
from qunying.insights.seeds.counting import UNPLACED, Ranking, count_ranking, step
from qunying.insights.seeds.ladder import GRACE, RUNGS
from qunying.insights.seeds.moving import do_ask_to_congratulate
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.journal.models import Fact
from qunying.kernel.readings import Verdict
from qunying.kernel.texts import Sentence
from qunying.outbox.models import OutboxItem
from qunying.people.forgetting import do_forget_ladders
from qunying.people.ladder import (
    LadderChange,
    Move,
    StandingRow,
    do_ask_to_count,
    do_change_ladder,
    find_ladder,
    list_ranked,
    list_standings,
)
from qunying.people.queries import names_of
from qunying.people.shortlists import do_make_shortlist, list_shortlists
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = NOON + hours(0.5)
TOPICS = (
    "押金什么时候退",
    "周末龙坞有人去吗",
    "紫砂壶磕口能换新的吗",
    "快递停在杭州三天了怎么查",
    "新茶什么时候上架",
    "谁有水质检测报告",
    "茶席灯光怎么布置",
    "发票抬头在哪里改",
    "老白茶煮几分钟合适",
    "下个月还有斗茶赛吗",
    "会员卡丢了能补吗",
    "冰箱存绿茶会串味吗",
    "普洱受潮还能喝吗",
)


def ask(home: Home, who: str, at: datetime, *answers: str, thanks: str = "", group: int = 0) -> None:
    """Somebody asks, others answer, the first of them is thanked."""
    words = TOPICS[(at.toordinal() * 2 + at.hour // 6) % len(TOPICS)]
    first = home.say(who, at, words, group, holds=[Verdict.QUESTION])
    keys = [
        home.say(one, at + hours(n / 60), f"周五退 {n}", group, to=first, holds=[]) for n, one in enumerate(answers, 1)
    ]
    if thanks:
        home.say(who, at + hours(0.5), thanks, group, to=keys[0], holds=[])


def ranked(home: Home, now: datetime = NOW, days: int = 30) -> Ranking:
    do_place_new()
    counted = list_counted_homes([home.id])[0]
    return count_ranking(counted, home.counted, find_ladder(home.id), now, days)


def told(ranking: Ranking) -> dict[str, tuple[int, ...]]:
    names = names_of([one.person_id for one in ranking.people])
    return {
        names[one.person_id].name: (
            one.signals.days,
            one.signals.openings,
            one.signals.answerers,
            one.signals.helped,
            one.signals.thanked,
            one.signals.messages,
        )
        for one in ranking.people
    }


def kept(now: datetime) -> None:
    """The keeper comes by."""
    do_place_new()
    while step(now):
        pass


def test_signals_come_from_talk_as_it_stands() -> None:
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    home.sit("机器人", is_bot=True)
    ask(home, "安安", NOON - 3 * DAY, "老周", "阿茗", "林晚", "机器人", thanks="谢谢老周")
    ask(home, "安安", NOON - 2 * DAY, "老周", thanks="好的", group=1)
    home.say("苏念", NOON - DAY, "加我微信领资料", holds=[Verdict.AD])
    assert told(ranked(home)) == {
        "老周": (2, 0, 1, 2, 1, 2),
        "安安": (2, 2, 2, 0, 0, 4),
        "阿茗": (1, 0, 0, 1, 0, 1),
    }


def test_only_whole_days_before_this_morning_count_and_only_who_is_there() -> None:
    home = Home()
    home.say("老周", NOON - 40 * DAY)
    home.say("阿茗", NOON - DAY)
    home.say("安安", NOON)
    home.join("走了的", NOON - 9 * DAY)
    home.say("走了的", NOON - 8 * DAY)
    home.leave("走了的", NOON - 2 * DAY)
    found = ranked(home)
    assert told(found) == {"阿茗": (1, 0, 0, 0, 0, 1)}
    assert (found.since, found.until) == (date(2024, 2, 3), date(2024, 3, 4))


def deed(home: Home, who: int, at: datetime) -> NewDeed:
    return NewDeed(home.id, who, "app", "visit", f"{who}-{at.isoformat()}", at)


def test_the_platform_counts_at_three_moments_and_strangers_are_told() -> None:
    home = Home()
    founded = NOON - 20 * DAY  # the first word
    for ago in (20, 3):
        home.say("老周", NOON - ago * DAY)
        home.say("阿茗", NOON - ago * DAY)
    silent = home.sit("只在平台上的")
    stranger = home.who("不在群里的")
    days = (-31, -30, -1, 0, 14, 15, 29, 30)
    do_keep_deeds([deed(home, home.who("老周"), founded + n * DAY) for n in days])
    do_keep_deeds([deed(home, home.who("老周"), founded - hours(25))])
    do_keep_deeds([deed(home, who, founded + DAY) for who in (silent, stranger)])
    found = ranked(home)
    by_name = dict(zip(told(found), found.people, strict=True))
    platform = by_name["老周"].platform
    assert platform is not None
    assert (platform.deeds, platform.days) == ((3, 2, 2), (2, 2, 2))
    assert list(by_name) == ["老周", "阿茗", "只在平台上的"]
    assert by_name["阿茗"].platform is None
    assert by_name["阿茗"].score.parts["platform"] == 0
    assert dict(found.platform.strangers) == {stranger: 1}
    assert found.platform.founded_on == date(2024, 2, 13)


def test_the_founding_is_the_day_somebody_said() -> None:
    home = Home()
    home.say("老周", NOON - 3 * DAY)
    do_change_ladder(home.id, LadderChange(founding=(date(2024, 1, 1),)), user_id=0, at=NOW)
    assert ranked(home).platform.founded_on == date(2024, 1, 1)


def carry(home: Home, who: str, days: range) -> None:
    """Somebody is there every day, opens, is answered, helps and is thanked; 阿茗 answers them and opens nothing."""
    for ago in days:
        ask(home, who, NOON - ago * DAY, "阿茗")
        ask(home, "阿茗", NOON - ago * DAY + hours(3), who, thanks="谢谢")


def test_the_keeper_counts_once_a_day_and_again_when_asked() -> None:
    home = Home()
    carry(home, "老周", range(1, 9))
    kept(NOW)
    first = find_ladder(home.id)
    assert [one.days for one in list_ranked(home.id, start=0, limit=9)] == [8, 8]
    home.say("安安", NOON - DAY)
    kept(NOW + hours(1))
    assert find_ladder(home.id) == first
    do_change_ladder(home.id, LadderChange(weights={"days": 50}), user_id=0, at=NOW + hours(2))
    kept(NOW + hours(2))
    assert len(list_ranked(home.id, start=0, limit=9)) == 3
    assert find_ladder(home.id).asked_at is None
    kept(NOW + DAY)
    assert find_ladder(home.id).counted_until == date(2024, 3, 5)


def rungs(home: Home) -> dict[str, str]:
    names = names_of(list_standings(home.id))
    return {names[who].name: one.rung for who, one in list_standings(home.id).items()}


def facts() -> list[tuple[str, str, str]]:
    found = Fact.objects.filter(name__startswith="rung.").order_by("pk")
    return [(one.name, one.words["from"], one.words["to"]) for one in found]


def test_where_people_stand_on_the_first_day_is_no_promotion() -> None:
    home = Home()
    carry(home, "老周", range(1, 14))
    kept(NOW)
    assert rungs(home) == {"老周": "core", "阿茗": "active"}
    assert (facts(), Task.objects.count()) == ([], 0)


def test_who_rises_is_a_fact_and_a_task_with_the_words_and_nothing_is_sent() -> None:
    home = Home()
    home.say("阿茗", NOON - 9 * DAY)
    kept(NOW)
    for ahead in range(12):
        ask(home, "老周", NOON + ahead * DAY, "阿茗")
        ask(home, "阿茗", NOON + ahead * DAY + hours(3), "老周", thanks="谢谢")
        kept(NOW + (ahead + 1) * DAY)
    assert rungs(home) == {"老周": "core", "阿茗": "active"}
    assert sorted(facts()) == [("rung.gained", "", "active")] * 2 + [("rung.gained", "active", "core")]
    task = Task.objects.get()  # the rung of the active has no ritual
    assert (task.kind, task.identity_id) == ("congratulate", home.who("老周"))
    assert "恭喜 老周 成为" in task.details
    assert not OutboxItem.objects.exists()


def test_who_stays_away_falls_after_the_days_of_grace_and_a_day_is_decided_once() -> None:
    home = Home()
    carry(home, "老周", range(1, 14))
    kept(NOW)
    course = []
    for ahead in range(1, 50):
        home.say("阿茗", NOON + (ahead - 1) * DAY)  # the group lives on
        for turn in (0, 6):
            do_change_ladder(home.id, LadderChange(weights={"days": 20 + ahead + turn}), user_id=0, at=NOW)
            kept(NOW + ahead * DAY + hours(turn))
        course.append(rungs(home).get("老周", ""))
    told_facts = [one for one in Fact.objects.filter(name="rung.lost") if one.identity_id == home.who("老周")]
    assert [one.words["to"] for one in told_facts] == ["active", ""]
    assert course.count("core") >= GRACE
    assert course == sorted(course, key=["core", "active", ""].index)


def test_an_old_record_is_ranked_by_its_end_and_nobody_falls_for_it() -> None:
    home = Home()
    carry(home, "老周", range(1, 14))
    later = NOW + 400 * DAY
    kept(later)
    assert find_ladder(home.id).counted_until == date(2024, 3, 4)
    assert list_ranked(home.id, start=0, limit=1)[0].days == 13
    assert rungs(home) == {}


def test_nothing_is_left_of_a_community_that_is_forgotten_and_others_keep_theirs() -> None:
    home, other = Home(), Home()
    for one in (home, other):
        carry(one, "老周", range(1, 9))
    kept(NOW)
    for one in (home, other):
        do_make_shortlist(one.id, "名单", [one.who("老周")], user_id=0, at=NOW)
    while do_forget_ladders([home.id], 1):
        pass
    assert (list_standings(home.id), list_ranked(home.id, start=0, limit=9)) == ({}, [])
    assert (list_shortlists(home.id), find_ladder(home.id).counted_at) == ([], None)
    assert list_standings(other.id)
    assert list_ranked(other.id, start=0, limit=9)
    assert list_shortlists(other.id)


def test_the_first_day_may_be_counted_again_and_is_where_people_start() -> None:
    home = Home()
    home.say("阿茗", NOON - DAY)
    kept(NOW)
    carry(home, "老周", range(1, 14))  # an import that was still being read
    do_ask_to_count(home.id, NOW)
    kept(NOW + hours(1))
    assert rungs(home)["老周"] == "core"
    kept(NOW + DAY)
    assert (facts(), Task.objects.count()) == ([], 0)


def test_very_many_who_rise_at_once_are_one_task() -> None:
    core = RUNGS[1]
    moves = [Move(pk, "", StandingRow(pk, "core", NOW.date()), is_gain=True) for pk in range(1, 30)]
    do_ask_to_congratulate(1, moves, [core], NOW)
    (task,) = Task.objects.all()
    assert "29" in Sentence.of_text(task.title).said(str)


def test_what_waits_for_its_place_is_waited_for() -> None:
    home = Home()
    for n in range(UNPLACED + 1):
        home.say("老周", NOON - DAY + hours(n / 100), f"第 {n} 句")
    assert step(NOW) == 0
    do_place_new()
    assert step(NOW) == 1
