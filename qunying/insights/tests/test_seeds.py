"""Who carries a community, counted from its talk and its platform, and kept by the keeper once a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from qunying.communities.models import Community
from qunying.communities.queries import list_counted_homes
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.desk.models import Task
from qunying.insights.seeds.counting import UNPLACED, Ranking, count_ranking, step
from qunying.insights.seeds.following import follow
from qunying.insights.seeds.kept import Scoring
from qunying.insights.seeds.ladder import GRACE, RUNGS
from qunying.insights.seeds.moving import do_ask_to_congratulate
from qunying.insights.seeds.winning import Candidate, TalkPlan, do_plan_talks
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.journal.models import Fact
from qunying.kernel.readings import Verdict
from qunying.kernel.texts import Sentence
from qunying.outbox.models import OutboxItem
from qunying.people.forgetting import do_forget_ladders
from qunying.people.ladder import LadderChange, Move, do_ask_to_count, do_change_ladder, find_ladder, list_ranked
from qunying.people.merging import Evidence, do_merge_persons, do_undo_merge
from qunying.people.notes import do_take_back_note, do_write_note
from qunying.people.queries import names_of
from qunying.people.shortlists import (
    do_make_shortlist,
    do_put_back_on_shortlist,
    do_take_off_shortlist,
    list_shortlisted,
    list_shortlisted_among,
    list_shortlists,
)
from qunying.people.standings import (
    StandingRow,
    count_by_rung,
    find_joined,
    list_on_rung,
    list_standings,
    list_standings_of,
)
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


def test_the_founding_is_the_day_the_community_says_when_nobody_said_another() -> None:
    home = Home()
    home.say("老周", NOON - 3 * DAY)
    Community.objects.filter(pk=home.id).update(started_on=date(2024, 2, 2))
    assert ranked(home).platform.founded_on == date(2024, 2, 2)
    do_change_ladder(home.id, LadderChange(founding=(date(2024, 1, 1),)), user_id=0, at=NOW)
    assert ranked(home).platform.founded_on == date(2024, 1, 1)


def note(home: Home, who: str, by: str, at: datetime) -> int:
    user, _is_new = User.objects.get_or_create(username=by)
    return do_write_note(home.id, home.who(who), "聊了聊", talked_at=at, user_id=user.pk, at=NOW)


def test_private_talks_are_a_small_visible_part_and_what_was_taken_back_is_none() -> None:
    home = Home()
    for who in ("老周", "阿茗"):
        home.say(who, NOON - DAY)
    home.sit("没说过话的")
    assert "notes" not in ranked(home).people[0].score.parts
    for ago, by in ((1, "李"), (2, "李"), (3, "李"), (3, "王"), (0, "王"), (91, "王")):
        note(home, "阿茗", by, NOON - ago * DAY)
    back = note(home, "老周", "李", NOON - DAY)
    do_take_back_note(back, user_id=User.objects.get(username="李").pk, at=NOW)
    note(home, "没说过话的", "李", NOON - DAY)
    found = ranked(home)
    by_name = dict(zip(told(found), found.people, strict=True))
    assert {name: one.notes for name, one in by_name.items()} == {"阿茗": 3, "老周": 0, "没说过话的": 1}
    weight = 100 * 5 / 95  # nothing is known of a platform
    assert by_name["阿茗"].score.points["notes"] == pytest.approx(0.75 * weight)
    assert by_name["阿茗"].score.total == pytest.approx(by_name["老周"].score.total + 0.75 * weight)
    kept(NOW)
    rows = list_ranked(home.id, start=0, limit=3)
    scoring = Scoring(find_ladder(home.id), home.timezone)
    assert [(one.notes, scoring.of(one).total) for one in rows] == [(one.notes, one.score) for one in rows]


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


def joined(home: Home, one: str, other: str) -> int:
    """They turn out to be one person; answers the merge."""
    why = Evidence("phone", shared="138")
    return do_merge_persons(home.who(one), home.who(other), why, by=None, at=NOW + hours(1), is_confirmed=True)


def test_who_was_joined_stands_once_where_they_stood_highest_and_is_counted_anew_and_back_again() -> None:
    home = Home()
    home.say("阿茗", NOON - 20 * DAY)  # the first account: the person will have its id
    carry(home, "老周", range(1, 14))
    for day in (NOW, NOW + DAY):  # on its first day a ladder only begins
        kept(day)
    low, high = home.who("阿茗"), home.who("老周")
    before = list_standings(home.id)
    merge = joined(home, "阿茗", "老周")
    assert {who: one.rung for who, one in list_standings(home.id).items()} == {low: "core"}
    assert list_standings_of(home.id, [low])[low].rung == "core"
    folded = find_joined(home.id)
    assert count_by_rung([home.id], folded) == {(home.id, "core"): 1}
    assert [one.person_id for one in list_on_rung(home.id, "core", 9, folded)] == [low]
    assert list_on_rung(home.id, "active", 9, folded) == []
    assert [one.person_id for one in list_ranked(home.id, start=0, limit=9)] == [low]
    assert find_ladder(home.id).asked_at is not None
    kept(NOW + DAY + hours(2))
    (row,) = list_ranked(home.id, start=0, limit=9)
    assert (row.person_id, row.days, row.rung, row.helped) == (low, 14, "core", 0)  # nobody helps themselves
    assert do_undo_merge(merge, by=None, at=NOW + DAY + hours(3))
    assert list_standings(home.id) == before
    kept(NOW + DAY + hours(4))
    assert {one.person_id for one in list_ranked(home.id, start=0, limit=9)} == {low, high}


def test_whoever_is_on_a_list_stays_there_when_joined_and_is_planned_for_once() -> None:
    home = Home()
    for who in ("阿茗", "老周"):
        home.say(who, NOON - DAY)
    plan = TalkPlan(("小李",), date(2024, 3, 5))
    listed = do_make_shortlist(home.id, "名单", [home.who("老周")], user_id=0, at=NOW)
    place = (home.id, "社群", home.timezone)
    assert do_plan_talks(listed, candidates(listed), plan, community=place, now=NOW) == 1
    joined(home, "阿茗", "老周")
    (row,) = list_shortlisted(listed)
    assert (row.person_id, row.listed_as) == (home.who("阿茗"), home.who("老周"))
    assert list_shortlisted_among(home.id, [row.person_id]) == {row.person_id: listed}
    assert follow([row], home.id, home.timezone, NOW)[0].is_present
    assert do_plan_talks(listed, candidates(listed), plan, community=place, now=NOW) == 0
    assert do_take_off_shortlist(listed, row.person_id, user_id=0, at=NOW)
    assert do_put_back_on_shortlist(listed, row.person_id, user_id=0, at=NOW)


def candidates(listed: int) -> list[Candidate]:
    return [Candidate(one.person_id, one.name, listed_as=one.listed_as) for one in list_shortlisted(listed)]


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
