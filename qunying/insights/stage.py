"""In which stage of its life a community is: proposed from its numbers, with the numbers; a person confirms it.

Every stage has its checklist. What the data can tell is ticked by it, the rest by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from django.db.models import Max, Min, Sum

from qunying.communities.queries_chain import About, get_places, list_capacities, list_links
from qunying.insights.figures import figures_of
from qunying.insights.models import DayCount
from qunying.insights.scope import local_day
from qunying.insights.seats import count_people
from qunying.kernel.texts import Sentence, mark

YOUNG_DAYS, FEW_MEMBERS = 90, 50
OLD_DAYS, MANY_MEMBERS, STILL = 540, 500, 0.05
QUIET_SHARE, QUIET_FROM, SILENT_DAYS = 0.4, 50, 14
MONTH = timedelta(days=28)
FIRST_MEMBERS = 20
FULL = 0.9
KEEPERS = ("owner", "lead", "operator", "watcher", "秩序", "运营", "值班", "群主", "负责")
DIVIDED = 3


class Stage(StrEnum):
    """A stage of a community's life."""

    FOUNDING = "founding"
    GROWING = "growing"
    LATE = "late"
    QUIET = "quiet"


STAGE_NAMES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.FOUNDING: mark("初创"),
        Stage.GROWING: mark("中期"),
        Stage.LATE: mark("后期"),
        Stage.QUIET: mark("静默"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """The numbers that tell a stage: of the last 28 whole days and the 28 before, as the daily counts have them.

    ``silent_days`` have passed since somebody last spoke; None where nobody ever did. ``waiting`` questions nobody has
    answered, None where nobody looked. ``full`` groups are at least nine tenths full.
    """

    age_days: int = 0
    members: int = 0
    messages: int = 0
    messages_before: int = 0
    silent_days: int | None = None
    joined: int = 0
    left: int = 0
    purposes: int = 0
    has_promise: bool = False
    links: int = 0
    groups: int = 0
    meetups: int = 0
    full: int = 0
    duties: Mapping[str, int] = field(default_factory=dict)
    waiting: int | None = None

    @property
    def keepers(self) -> int:
        """Who of the roster keeps order; duties may be codes or words of their own."""
        return sum(count for duty, count in self.duties.items() if any(word in duty for word in KEEPERS))

    @property
    def experts(self) -> int:
        """Who of the roster knows the field: teachers, and whoever has a duty of their own."""
        return sum(self.duties.values()) - self.keepers


@dataclass(frozen=True, slots=True)
class Proposal:
    """The stage that the numbers speak for, and the numbers as sentences."""

    stage: Stage
    reasons: tuple[Sentence, ...]


def propose_stage(signals: Signals) -> Proposal:
    """The stage whose signs are there; quiet goes before young, young before late."""
    age = Sentence(mark("到今天 %(n)s 天"), {"n": signals.age_days})
    members = Sentence(mark("%(n)s 位成员"), {"n": signals.members})
    talk = Sentence(
        mark("近 28 天 %(now)s 条消息，前 28 天 %(before)s 条"),
        {"now": signals.messages, "before": signals.messages_before},
    )
    moved = Sentence(mark("近 28 天进 %(joined)s 人、走 %(left)s 人"), {"joined": signals.joined, "left": signals.left})
    if signals.silent_days is not None and signals.silent_days >= SILENT_DAYS:
        silent = Sentence(mark("已经 %(n)s 天没人说话"), {"n": signals.silent_days})
        return Proposal(Stage.QUIET, (silent, talk, members))
    if signals.messages_before >= QUIET_FROM and signals.messages <= signals.messages_before * QUIET_SHARE:
        return Proposal(Stage.QUIET, (talk, moved, members))
    if signals.age_days < YOUNG_DAYS or signals.members < FEW_MEMBERS:
        return Proposal(Stage.FOUNDING, (age, members, moved))
    grown = (signals.joined - signals.left) / signals.members
    if signals.age_days >= OLD_DAYS and signals.members >= MANY_MEMBERS and grown <= STILL:
        return Proposal(Stage.LATE, (age, members, moved))
    return Proposal(Stage.GROWING, (age, members, talk))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do in a stage. ``test`` says from the numbers whether it is done (None: cannot be said now), and
    ``number`` what it looked at; without them a person ticks it."""

    code: str
    title: str
    how: str
    test: Callable[[Signals], bool | None] | None = None
    number: Callable[[Signals], Sentence] | None = None


def _n(template: str, read: Callable[[Signals], object]) -> Callable[[Signals], Sentence]:
    return lambda signals: Sentence(template, {"n": read(signals)})


_QUESTIONS = Item(
    "questions",
    mark("每个问题都有人答"),
    mark("近 7 天里问出来、到现在没人回的问题，一个一个答掉。"),
    lambda s: None if s.waiting is None else s.waiting == 0,
    _n(mark("%(n)s 个问题还没人答"), lambda s: s.waiting or 0),
)
_SPLITTING = Item(
    "splitting",
    mark("快满的群先分开"),
    mark("有群到了上限的九成，就开新群、把人分过去，别等挤满。"),
    lambda s: s.full == 0,
    _n(mark("%(n)s 个群快满了"), lambda s: s.full),
)
CHECKLISTS: Mapping[Stage, tuple[Item, ...]] = MappingProxyType(
    {
        Stage.FOUNDING: (
            Item(
                "purpose",
                mark("说清为什么做"),
                mark("拉新、促活、留存、转化，选一两个：KPI 跟着它走。"),
                lambda s: s.purposes > 0,
                _n(mark("选了 %(n)s 个目的"), lambda s: s.purposes),
            ),
            Item(
                "promise",
                mark("对成员承诺一件事"),
                mark("一句话写下来：来这里的人能得到什么。"),
                lambda s: s.has_promise,
                lambda s: Sentence(mark("已经写下来了") if s.has_promise else mark("还没写")),
            ),
            Item(
                "chain",
                mark("画出运营链"),
                mark("人从哪里来、到哪里去，社群在哪一环，每一环怎么数。"),
                lambda s: s.links > 1,
                _n(mark("运营链上 %(n)s 个环节"), lambda s: s.links),
            ),
            Item(
                "members",
                mark("请来第一批人"),
                mark("先有二十来个真正关心这件事的人，再往外拉。"),
                lambda s: s.members >= FIRST_MEMBERS,
                _n(mark("现在 %(n)s 位成员"), lambda s: s.members),
            ),
            Item(
                "keeper",
                mark("有人管秩序"),
                mark("官方名册里至少有一位群主、负责人、运营或值班。"),
                lambda s: s.keepers > 0,
                _n(mark("名册里 %(n)s 位管秩序的人"), lambda s: s.keepers),
            ),
            Item(
                "expert",
                mark("有懂行的人在"),
                mark("官方名册里至少有一位老师，或另管一摊的人：专业的问题有人接得住。"),
                lambda s: s.experts > 0,
                _n(mark("名册里 %(n)s 位懂行的人"), lambda s: s.experts),
            ),
            _QUESTIONS,
            Item("walk", mark("把进群的路自己走一遍"), mark("用自己的小号进一次群，看看第一分钟看到什么。")),
        ),
        Stage.GROWING: (
            Item("content", mark("本周有一篇群里独有的内容"), mark("别处看不到，看完有话可说。")),
            Item("ritual", mark("固定的日子做固定的事"), mark("每周同一天同一个钟点，大家不用通知也知道。")),
            Item(
                "division",
                mark("有分工"),
                mark("官方名册里至少三个人，各管一件事。"),
                lambda s: sum(s.duties.values()) >= DIVIDED,
                _n(mark("名册里 %(n)s 个人"), lambda s: sum(s.duties.values())),
            ),
            Item("rewards", mark("谢过帮忙的人"), mark("当着大家的面，说清楚谢的是哪件事。")),
            _QUESTIONS,
            _SPLITTING,
        ),
        Stage.LATE: (
            Item(
                "offline",
                mark("见一次面"),
                mark("登记一个线下聚会，也是社群的一个「群」。"),
                lambda s: s.meetups > 0,
                _n(mark("登记了 %(n)s 个线下聚会"), lambda s: s.meetups),
            ),
            Item("managers", mark("带出会管群的人"), mark("把怎么处理吵架、广告、提问，讲给两位新的管理员听。")),
            Item("kol", mark("请能带话题的人各管一摊"), mark("找出三五位一开口就有人接的成员，请他们各管一个话题。")),
            Item("outward", mark("把群里的事讲到群外去"), mark("写一篇、讲一次、上一次别人的台。")),
            _SPLITTING,
            _QUESTIONS,
        ),
        Stage.QUIET: (
            Item("ask", mark("私下问五位老成员"), mark("以前常说话、现在不说了的五位，问问为什么。")),
            Item("topic", mark("用一个低门槛的问题重新开口"), mark("谁都答得上来、答了不丢人的一个问题。")),
            Item(
                "spoken",
                mark("这周有人说话"),
                mark("近 7 天里有成员开过口。"),
                lambda s: s.silent_days is not None and s.silent_days <= 7,
                lambda s: (
                    Sentence(mark("已经 %(n)s 天没人说话"), {"n": s.silent_days})
                    if s.silent_days is not None
                    else Sentence(mark("还没人说过话"))
                ),
            ),
            Item("merge", mark("把说不起话的群合起来"), mark("几个冷群合成一个，比各冷各的好。")),
            Item("decide", mark("定一个日子"), mark("到那天还没起色，就好好收尾，把人带去别处。")),
        ),
    }
)


def read_signals(about: About, now: datetime, waiting: int | None = None) -> Signals:
    """The numbers as the daily counts have them, at most a quarter of an hour behind; a handful of queries."""
    today = local_day(now, about.timezone)
    month, before = today - MONTH, today - 2 * MONTH
    days = DayCount.objects.filter(community_id=about.id, group_id=0)
    sums = days.filter(day__gte=month, day__lt=today).aggregate(m=Sum("messages"), j=Sum("joined"), g=Sum("gone"))
    earlier = days.filter(day__gte=before, day__lt=month).aggregate(m=Sum("messages"))["m"]
    first, last = days.aggregate(first=Min("day"))["first"], days.filter(messages__gt=0).aggregate(l=Max("day"))["l"]
    begun = about.started_on or min(filter(None, (first, local_day(about.created_at, about.timezone))))
    places = get_places(about.id)
    return Signals(
        age_days=max(0, (today - begun).days),
        members=count_people([about.id]).count,
        messages=sums["m"] or 0,
        messages_before=earlier or 0,
        silent_days=(today - last).days if last else None,
        joined=sums["j"] or 0,
        left=sums["g"] or 0,
        purposes=len(about.purposes),
        has_promise=bool(about.promise.strip()),
        links=len(list_links(about.id)),
        groups=places.groups,
        meetups=places.kinds.get("meetup", 0),
        full=_full(about.id, now),
        duties=places.duties,
        waiting=waiting,
    )


def _full(community_id: int, now: datetime) -> int:
    capacities = list_capacities(community_id)
    present = {pk: one.present for pk, one in figures_of([community_id], now).items()}
    return sum(bool(most) and present.get(pk, 0) >= most * FULL for pk, most in capacities.items())
