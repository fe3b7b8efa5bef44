"""A shortlist becomes tasks and invitations that nobody gets twice, and is followed from the day it was made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunying.communities.queries import infos_of_groups, list_counted_homes
from qunying.desk.actions import do_finish_task
from qunying.desk.models import Task
from qunying.insights.scope import local_day
from qunying.insights.seeds.following import Time, follow
from qunying.insights.seeds.signals import Signals
from qunying.insights.seeds.winning import Candidate, TalkPlan, check_plan, do_invite, do_plan_talks, plan_talks
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.journal.models import Fact
from qunying.kernel.errors import BadUse
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity
from qunying.people.shortlists import (
    do_drop_shortlist,
    do_make_shortlist,
    do_put_back_on_shortlist,
    do_put_on_shortlist,
    do_rename_shortlist,
    do_take_off_shortlist,
    find_shortlist,
    list_shortlisted,
    list_shortlists,
)
from qunying.talk.placing import do_place_new
from tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2024, 3, 4)


def listed(home: Home, *names: str) -> int:
    return do_make_shortlist(home.id, "第一批", [home.sit(one) for one in names], user_id=0, at=NOON)


def candidates(home: Home, *names: str) -> list[Candidate]:
    return [Candidate(home.who(one), one, Signals(days=9, helped=3)) for one in names]


def test_talks_are_shared_out_and_planning_again_adds_nobody_twice() -> None:
    home = Home()
    names = ("老周", "阿茗", "安安", "苏念", "禾生")
    pk, plan = listed(home, *names), TalkPlan(("林晚", "小李"), TODAY, a_day=1)
    place = (home.id, "茶友会", home.timezone)
    assert do_plan_talks(pk, candidates(home, *names[:3]), plan, community=place, now=NOON) == 3
    tasks = list(Task.objects.order_by("pk"))
    assert [one.assigned for one in tasks] == ["林晚", "小李", "林晚"]
    assert [local_day(one.due_at or NOON, home.timezone).day for one in tasks] == [4, 4, 5]
    assert "老周 你好！我是「茶友会」的运营" in tasks[0].details
    assert "常常帮大家解答问题" in tasks[0].details
    do_finish_task(tasks[0].pk, user_id=None, at=NOON)  # type: ignore[arg-type]
    assert do_plan_talks(pk, candidates(home, *names), plan, community=place, now=NOON) == 2
    assert do_plan_talks(pk, candidates(home, *names), plan, community=place, now=NOON) == 0
    assert Task.objects.count() == 5


@pytest.mark.parametrize(
    "plan",
    [
        TalkPlan((), TODAY),
        TalkPlan(("林晚",), TODAY, a_day=0),
        TalkPlan(("林晚",), TODAY - DAY),
        TalkPlan(("林晚",), TODAY + 91 * DAY),
    ],
)
def test_a_plan_is_refused_when_it_cannot_be_kept(plan: TalkPlan) -> None:
    with pytest.raises(BadUse):
        check_plan(plan, TODAY)


def test_what_is_shown_before_is_what_is_done() -> None:
    home = Home()
    pk, plan = listed(home, "老周", "阿茗"), TalkPlan(("林晚",), TODAY)
    shown = plan_talks(pk, candidates(home, "老周", "阿茗"), plan, "茶友会", home.timezone)
    do_plan_talks(pk, candidates(home, "老周", "阿茗"), plan, community=(home.id, "茶友会", home.timezone), now=NOON)
    assert [one.key for one in shown] == list(Task.objects.order_by("pk").values_list("key", flat=True))


def test_an_invitation_waits_for_a_nod_and_is_asked_once() -> None:
    with cast.clock_stands(cast.TUESDAY):
        tea = cast.build_tea()
        cast.arrive([cast.message("m1", "chen", "好茶")])
        cast.told()
    seeds = infos_of_groups([tea.groups["g2"]])[tea.groups["g2"]]

    people = [Candidate(one.pk, one.name) for one in Identity.objects.filter(ref__in=["an", "chen"]).order_by("ref")]
    for _ in range(2):
        do_invite(7, people, seeds, cast.TUESDAY)
    (item,) = OutboxItem.objects.all()
    assert (item.kind, item.state, item.capability) == ("Invite", "needs_approval", "seeds")
    assert Identity.objects.get(pk=item.member_id).ref == "chen"  # 安安 sits there
    assert not Task.objects.exists()


def test_a_colleague_invites_where_no_account_of_ours_can() -> None:
    home = Home(groups=("茶友", "种子"))
    listed(home, "老周")
    group = infos_of_groups([home.group_ids[1]])[home.group_ids[1]]
    for _ in range(2):
        do_invite(7, candidates(home, "老周"), group, NOON)
    (task,) = Task.objects.all()
    assert (task.kind, task.group_id) == ("invite", home.group_ids[1])
    assert not OutboxItem.objects.exists()


def test_who_stayed_and_what_they_started_is_told_beside_as_long_a_time_before() -> None:
    home = Home()
    for ago in (1, 2, 9, 12):  # days before the list; the list is five days old, so five days are compared
        home.say("老周", NOON - ago * DAY)
    listed(home, "老周", "阿茗")
    for ahead in (0, 1, 2, 4, 5):
        first = home.say("老周", NOON + ahead * DAY + hours(1), f"第 {ahead} 天聊点什么")
        if ahead == 4:
            home.say("安安", NOON + ahead * DAY + hours(1.1), "好啊", to=first)
    home.join("阿茗", NOON - 9 * DAY)
    home.leave("阿茗", NOON + DAY)
    do_place_new()
    pk = list_shortlists(home.id)[0].id
    old, gone = follow(list_shortlisted(pk), home.id, home.timezone, NOON + 5 * DAY)
    assert (old.is_present, gone.is_present, old.span) == (True, False, 5)
    assert (old.before, old.since) == (Time(2, 0), Time(4, 1))
    assert follow(list_shortlisted(pk), home.id, home.timezone, NOON + hours(2))[0].span == 0


def test_a_list_is_named_changed_put_away_and_all_of_it_can_be_taken_back() -> None:
    home = Home()
    pk = listed(home, "老周", "阿茗")
    assert do_rename_shortlist(pk, " 种子  用户 ", user_id=0, at=NOON)
    assert not do_rename_shortlist(pk, "种子 用户", user_id=0, at=NOON)
    assert do_put_on_shortlist(pk, [home.sit("安安"), home.sit("老周")], user_id=0, at=NOON) == 1
    assert do_take_off_shortlist(pk, home.who("老周"), user_id=0, at=NOON)
    assert [one.name for one in list_shortlisted(pk)] == ["阿茗", "安安"]
    assert do_put_back_on_shortlist(pk, home.who("老周"), user_id=0, at=NOON + hours(1))
    assert [one.name for one in list_shortlisted(pk)] == ["老周", "阿茗", "安安"]
    assert do_drop_shortlist(pk, user_id=0, at=NOON)
    assert list_shortlists(home.id) == []
    assert do_drop_shortlist(pk, is_back=True, user_id=0, at=NOON)
    found = find_shortlist(home.id, pk)
    assert found is not None
    assert (found.name, found.people) == ("种子 用户", 3)
    assert Fact.objects.filter(name__startswith="shortlist.").count() == 7


def test_a_list_is_refused_without_people_without_a_name_or_with_somebody_from_elsewhere() -> None:
    home, other = Home(), Home()
    somebody, stranger = home.sit("老周"), other.sit("外人")
    for name, people in (("", [somebody]), ("长" * 61, [somebody]), ("空", []), ("外", [somebody, stranger])):
        with pytest.raises(BadUse):
            do_make_shortlist(home.id, name, people, user_id=0, at=NOON)
    assert list_shortlists(home.id) == []
    assert list_counted_homes([home.id])
