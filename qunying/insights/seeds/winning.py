"""From a shortlist to seed users: a plan of private talks, and an invitation to their group. Nothing is sent by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo
from qunying.desk.actions import Opening, do_open_tasks
from qunying.desk.queries import list_task_states
from qunying.insights.scope import midnight
from qunying.insights.seeds.signals import Signals
from qunying.kernel.effects import EffectState, Invite, OpenTask
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Reason
from qunying.kernel.texts import Sentence, mark
from qunying.outbox.actions import do_enqueue
from qunying.outbox.queries import items_by_key
from qunying.people.queries import list_accounts_on, list_people_in_group

EVENING = timedelta(hours=20)
A_DAY_AT_MOST = 50
DAYS_AHEAD = 90
ANSWERED_WITHIN = timedelta(days=7)
INVITED = "seeds.invited"
NOTHING = Signals()
TALK, INVITE = "private_talk", "invite"


@dataclass(frozen=True, slots=True)
class TalkPlan:
    """Who of us talks with those on the list, from which local day on, and with how many a day."""

    assigned: Sequence[str]
    first_day: date
    a_day: int = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the list, with what they did. ``listed_as``: the id they were put there with, where it is another one."""

    person_id: int
    name: str
    signals: Signals = NOTHING
    listed_as: int = 0

    @property
    def key_id(self) -> int:
        """By which id what was planned for them is known."""
        return self.listed_as or self.person_id


def talk_key(shortlist_id: int, person_id: int) -> str:
    """What a private talk is known by: one for each person and list, ever."""
    return f"seedtalk:{shortlist_id}:{person_id}"


def check_plan(plan: TalkPlan, today: date) -> None:
    """Raises ``BadUse`` where nobody is to talk, nothing happens in a day, or it begins in the past or far away."""
    if not plan.assigned:
        raise BadUse(mark("选至少一位同事去聊"))
    if not 1 <= plan.a_day <= A_DAY_AT_MOST:
        raise BadUse(mark("每人每天聊 1 到 50 位"))
    if not today <= plan.first_day <= today + timedelta(days=DAYS_AHEAD):
        raise BadUse(mark("从今天到 90 天以内的一天开始"))


def plan_talks(
    shortlist_id: int, people: Sequence[Candidate], plan: TalkPlan, community: str, zone: str
) -> list[OpenTask]:
    """The tasks that such a plan comes to: colleagues take turns, each talks with ``a_day`` people a day, best first.

    Who has been planned for before, with goes_together came of it, is left out, so that planning again is harmless.
    """
    known = list_task_states([talk_key(shortlist_id, one.key_id) for one in people])
    new = [one for one in people if talk_key(shortlist_id, one.key_id) not in known]
    team = list(plan.assigned)
    return [
        OpenTask(
            key=talk_key(shortlist_id, one.key_id),
            kind=TALK,
            title=Sentence(mark("和「%(name)s」私下聊聊，请来做种子用户"), {"name": one.name}).to_text(),
            member=one.person_id,
            assigned=team[place % len(team)],
            due_at=midnight(plan.first_day + timedelta(days=place // (len(team) * plan.a_day)), zone) + EVENING,
            details=words_for(one, community),
        )
        for place, one in enumerate(new)
    ]


def words_for(one: Candidate, community: str) -> str:
    """Words to begin a private talk with, from what somebody did; in the active language."""
    did = one.signals
    seen = [
        words
        for count, words in (
            (did.helped, _("常常帮大家解答问题")),
            (did.openings, _("起的话头大家都爱接")),
            (did.days, _("经常来和大家聊")),
        )
        if count
    ]
    told = _("，也").join(seen[:2]) or _("一直在关注我们")
    return _(
        "%(name)s 你好！我是「%(community)s」的运营。看到你%(told)s，真的很感谢。我们想请几位像你这样的老朋友进种子群，新东西先给你们试，"
        "你们的意见我们一条条回。不知道你最近最想要的是什么？方便的话聊十分钟？"
    ) % {"name": one.name, "community": community, "told": told}


@transaction.atomic
def do_plan_talks(
    shortlist_id: int,
    people: Sequence[Candidate],
    plan: TalkPlan,
    *,
    community: tuple[int, str, str],
    now: datetime,
) -> int:
    """Opens a task for everybody on the list who has none yet; answers how many. ``community`` is (id, name, zone)."""
    home, name, zone = community
    tasks = plan_talks(shortlist_id, people, plan, name, zone)
    do_open_tasks([Opening(task, home, now) for task in tasks])
    return len(tasks)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What inviting a list into a group comes to: who is asked through the outbox, who by a colleague, who sits there."""

    effects: Sequence[Invite] = ()
    tasks: Sequence[OpenTask] = ()
    there: int = 0
    asked: int = 0


def invite_key(shortlist_id: int, person_id: int, group_id: int) -> str:
    """What an invitation is known by: one for each person, list and group, ever."""
    return f"seedinvite:{shortlist_id}:{group_id}:{person_id}"


def plan_invitation(shortlist_id: int, people: Sequence[Candidate], group: GroupInfo, now: datetime) -> Invitation:
    """An effect that waits for a nod where our account sits in the group and the person is on that platform, else a task."""
    there = list_people_in_group([one.person_id for one in people], group.id)
    away = [one for one in people if one.person_id not in there]
    keys = {one.person_id: invite_key(shortlist_id, one.key_id, group.id) for one in away}
    asked = {*items_by_key(list(keys.values())), *list_task_states(list(keys.values()))}
    new = [one for one in away if keys[one.person_id] not in asked]
    accounts = list_accounts_on([one.person_id for one in new], group.carrier) if group.account_ref else {}
    effects = [
        Invite(group_id=group.id, member=accounts[one.person_id], expires_after=ANSWERED_WITHIN)
        for one in new
        if one.person_id in accounts
    ]
    tasks = [_invite_task(keys[one.person_id], one, group, now) for one in new if one.person_id not in accounts]
    return Invitation(effects, tasks, len(there), len(away) - len(new))


def _invite_task(key: str, one: Candidate, group: GroupInfo, now: datetime) -> OpenTask:
    title = Sentence(mark("请「%(name)s」进「%(group)s」"), {"name": one.name, "group": group.name})
    return OpenTask(
        key=key,
        kind=INVITE,
        title=title.to_text(),
        group_id=group.id,
        member=one.person_id,
        due_at=now + ANSWERED_WITHIN,
    )


@transaction.atomic
def do_invite(shortlist_id: int, people: Sequence[Candidate], group: GroupInfo, now: datetime) -> Invitation:
    """Queues what ``plan_invitation`` says: every effect waits for a nod. Doing it again asks nobody twice."""
    plan = plan_invitation(shortlist_id, people, group, now)
    listed_as = {one.person_id: one.key_id for one in people}
    known_by: Mapping[int, int] = {
        account: listed_as[person] for person, account in list_accounts_on(listed_as, group.carrier).items()
    }
    decided = [
        (_event(key, group, now), [Act(effect, "seeds", Reason(INVITED), key, EffectState.NEEDS_APPROVAL)])
        for effect in plan.effects
        for key in [invite_key(shortlist_id, known_by[effect.member], group.id)]
    ]
    do_enqueue(decided)
    do_open_tasks([Opening(task, group.community_id, now) for task in plan.tasks])
    return plan


def _event(key: str, group: GroupInfo, now: datetime) -> Event:
    return Event(key=key, at=now, lane_id=0, community_id=group.community_id, group_id=group.id)
