"""The journeys there are, what is meant by them in words, and how one that somebody typed is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_noop as _

from qunying.deeds.queries import list_kinds_of_deeds
from qunying.insights.engines.base import Row
from qunying.insights.journeys import funnel, retention
from qunying.insights.journeys.funnel import Funnel, count_funnel
from qunying.insights.journeys.life_cycle import count_life_cycle
from qunying.insights.journeys.retention import Retention, count_retention
from qunying.insights.journeys.steps import CAME, SAID, check_steps, read_steps, read_window
from qunying.insights.replies import read_replies
from qunying.insights.scope import Scope

DEFAULT_STEPS, DEFAULT_WINDOW = "joined,said", "7d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody typed of a journey; «» means the usual."""

    steps: str = ""
    window: str = ""
    in_any_order: bool = False
    start: str = ""
    back: str = ""
    every: str = ""
    or_later: bool = False
    by: str = ""


Count = Callable[[Wish, Scope, datetime], list[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One way to look at what people do one after the other, described as a metric is."""

    name: str
    title: str
    definition: str
    unit: str
    by: tuple[str, ...]
    count: Count
    caveats: tuple[str, ...] = ()


def funnel_of(wish: Wish, scope: Scope) -> Funnel:
    """The funnel that somebody typed. Raises ``BadUse``."""
    steps = read_steps(wish.steps or DEFAULT_STEPS)
    _check(steps, scope)
    return Funnel(steps, read_window(wish.window or DEFAULT_WINDOW), wish.in_any_order)


def retention_of(wish: Wish, scope: Scope) -> Retention:
    """The retention that somebody typed. Raises ``BadUse``."""
    asked = Retention(wish.start or CAME, wish.back or SAID, wish.every or "day", wish.or_later)
    _check((asked.start, asked.back), scope)
    return asked


def _count_funnel(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    del began_at
    found = count_funnel(funnel_of(wish, scope), scope, wish.by)
    return [{**_named(wish.by, slot), **asdict(stage)} for slot, stages in found.items() for stage in stages]


def _count_retention(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    found = count_retention(retention_of(wish, scope), scope, began_at, wish.by)
    return [
        {**_named(wish.by, slot), **asdict(cell), "value": cell.value}
        for slot, cells in found.items()
        for cell in cells
    ]


def _count_life_cycle(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    active = tuple(dict.fromkeys((wish.start or CAME, wish.back or SAID)))
    _check(active, scope)
    return [asdict(period) for period in count_life_cycle(scope, began_at, wish.every or "week", active)]


def _check(steps: Sequence[str], scope: Scope) -> None:
    check_steps(steps, list_kinds_of_deeds(scope.community_ids))


def _named(by: str, slot: str) -> Row:
    if not by:
        return {}
    return {"community_id": int(slot)} if by == "community" else {by: slot}


def _count_replies(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    del wish, began_at
    found = read_replies(scope)
    names = {one.person_id: one.name for one in found.talkers}
    return [
        {"who_id": pair.who, "who": names[pair.who], "to_id": pair.to, "to": names[pair.to], "value": pair.times}
        | {"replies": pair.replies, "follows": pair.follows, "mentions": pair.mentions}
        for pair in found.pairs
    ]


FUNNEL = Journey(
    name="funnel",
    title=_("漏斗"),
    definition=_("做过第一步的人里，多少人在窗口时间内接着做了后面的步骤；窗口从第一步算起，正好到点也算。"),
    unit=_("人"),
    by=funnel.BY[1:],
    count=_count_funnel,
    caveats=(
        _("每人每个社群只算一次，算走得最远的那次；用时取最快的那次。"),
        _("按时间或来路拆开时，人按第一次做第一步的时候归类，各项相加等于总数。"),
    ),
)
RETENTION = Journey(
    name="retention",
    title=_("留存"),
    definition=_("第一次来的人里，之后第几天、第几周、第几个月又来的占多少；第 0 期就是来的那一期，人人都算在内。"),
    unit=_("占比"),
    by=retention.BY[1:],
    count=_count_retention,
    caveats=(
        _("第一次按整个记录算，不只看这段时间；没看见进群的人，从第一句话算起。"),
        _("那一期还没过完的人，不算在那一期里，所以后面的格子人数会少。"),
    ),
)
LIFE_CYCLE = Journey(
    name="life_cycle",
    title=_("生命周期"),
    definition=_("每一期来过的人里，多少是新来的、上一期也在的、隔了一期以上又回来的；另列上一期在、这一期没来的。"),
    unit=_("人"),
    by=(),
    count=_count_life_cycle,
    caveats=(_("进群或者说第一句话，哪个早哪个算新来。"),),
)
REPLIES = Journey(
    name="replies",
    title=_("谁接谁的话"),
    definition=_("一个人对另一个人说了几次：用平台的回复、点名，或者顺着对方的话往下接；一条消息对一个人只算一次。"),
    unit=_("次"),
    by=(),
    count=_count_replies,
    caveats=(
        _("顺着话往下接是按话头推断的，会有错；回复和点名是平台给的。"),
        _("机器人和我们自己的号不算；同事算在里面，另外标出。"),
        _("桥：两个别人之间最短的接话路径里，至少二十分之一要经过他，而且他连着两伙人，或者有人只和他说话。"),
    ),
)
JOURNEYS: tuple[Journey, ...] = (FUNNEL, RETENTION, LIFE_CYCLE, REPLIES)
