"""The journeys there are, what is meant by them in words, and how one that somebody typed is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_noop as _

from qunying.deeds.queries import list_kinds_of_deeds
from qunying.insights.churn.cases import LEFT, SILENT
from qunying.insights.churn.comparing import read_churn
from qunying.insights.engines.base import Row
from qunying.insights.journeys import funnel, retention
from qunying.insights.journeys.funnel import Funnel, count_funnel
from qunying.insights.journeys.life_cycle import count_life_cycle
from qunying.insights.journeys.parting import PARTED, SEGMENT, Among, parts_of_people
from qunying.insights.journeys.paths import count_paths
from qunying.insights.journeys.retention import Retention, count_retention
from qunying.insights.journeys.steps import CAME, SAID, check_steps, read_steps, read_window
from qunying.insights.replies import read_replies
from qunying.insights.scope import Scope
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MOST_SILENT = 365
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
    silent: str = ""
    among: tuple[Among, ...] = ()


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
    parts = parts_of_people(wish.by, scope, wish.among)
    found = count_funnel(funnel_of(wish, scope), scope, wish.by, in_parts=parts)
    return [{**_named(wish, slot), **asdict(stage)} for slot, stages in found.items() for stage in stages]


def _count_retention(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    parts = parts_of_people(wish.by, scope, wish.among)
    found = count_retention(retention_of(wish, scope), scope, began_at, wish.by, in_parts=parts)
    return [
        {**_named(wish, slot), **asdict(cell), "value": cell.value} for slot, cells in found.items() for cell in cells
    ]


def _count_life_cycle(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    active = tuple(dict.fromkeys((wish.start or CAME, wish.back or SAID)))
    _check(active, scope)
    return [asdict(period) for period in count_life_cycle(scope, began_at, wish.every or "week", active)]


def _check(steps: Sequence[str], scope: Scope) -> None:
    check_steps(steps, list_kinds_of_deeds(scope.community_ids))


def _named(wish: Wish, slot: str) -> Row:
    by = wish.by
    if not by:
        return {}
    if by == SEGMENT:
        names = {str(one.id): one.name for one in wish.among}
        return {SEGMENT: names.get(slot, ""), "segment_id": int(slot) if slot else None}
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


def silent_days(wish: Wish) -> int:
    """For how many days somebody must have said nothing, 0 where only leaving counts. Raises ``BadUse``."""
    if not wish.silent:
        return 0
    if not wish.silent.isascii() or not wish.silent.isdigit() or not 1 <= int(wish.silent[:4]) <= MOST_SILENT:
        raise BadUse(mark("--silent 是一到 %(n)s 的天数，不是 %(text)s"), n=MOST_SILENT, text=repr(wish.silent))
    return int(wish.silent)


def _count_churn(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    del began_at
    days = silent_days(wish)
    found = read_churn(scope, SILENT if days else LEFT, days)
    return [
        {
            "signal": str(one.signal),
            "value": one.gone.value,
            "gone": one.gone.count,
            "gone_of": one.gone.of,
            "stayed_share": one.stayed.value,
            "stayed": one.stayed.count,
            "stayed_of": one.stayed.of,
            "difference": one.difference,
            "low": one.low,
            "high": one.high,
            "finding": str(one.finding),
        }
        for one in found.compared
    ]


def _count_paths(wish: Wish, scope: Scope, began_at: datetime) -> list[Row]:
    found = count_paths(scope, began_at, read_window(wish.window or DEFAULT_WINDOW))
    return [
        {"path": " → ".join(path.steps), "value": path.people, "share": path.people / found.people}
        for path in found.paths
    ]


FUNNEL = Journey(
    name="funnel",
    title=_("漏斗"),
    definition=_("做过第一步的人里，多少人在窗口时间内接着做了后面的步骤；窗口从第一步算起，正好到点也算。"),
    unit=_("人"),
    by=(*funnel.BY[1:], *PARTED),
    count=_count_funnel,
    caveats=(
        _("每人每个社群只算一次，算走得最远的那次；用时取最快的那次。"),
        _("按时间或来路拆开时，人按第一次做第一步的时候归类，各项相加等于总数。"),
        _("按城市、行业、层拆开，看的是人现在的名片和层；按人群拆开，一个人可以在几个人群里，各项相加会多于总数。"),
    ),
)
RETENTION = Journey(
    name="retention",
    title=_("留存"),
    definition=_("第一次来的人里，之后第几天、第几周、第几个月又来的占多少；第 0 期就是来的那一期，人人都算在内。"),
    unit=_("占比"),
    by=(*retention.BY[1:], *PARTED),
    count=_count_retention,
    caveats=(
        _("第一次按整个记录算，不只看这段时间；没看见进群的人，从第一句话算起。"),
        _("那一期还没过完的人，不算在那一期里，所以后面的格子人数会少。"),
        _("没定格的人群是现在还在群里的人，走了的不在里面，所以它的留存会偏高；要比，先把人群定格。"),
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
CHURN = Journey(
    name="churn",
    title=_("流失前发生了什么"),
    definition=_(
        "这段时间里自己离开的人（或者不再说话的人），之前 7 天里在那个群碰到过什么；和同样这些群里留下的人比。"
        "留下的人各取他在群里的一个时刻，也看那之前的 7 天。"
    ),
    unit=_("占比"),
    by=(),
    count=_count_churn,
    caveats=(
        _("只说碰没碰到，不说是不是因为这个：爱说话的人什么都碰到得多些。"),
        _("差别取 99% 的区间；区间跨过零，或者一边不到 10 个人，就是看不出来。"),
        _("被移出的人不算在内。一个人在两个群，各算一次。人多时两边各取 1,000 人，每次取的都一样。"),
        _("没人回答：问了，10 分钟以后直到走时没有别人接话。冲突：骂人的话是他说的，或者就在他说话的话头里。"),
        _("常跟的人不说话了：那之前 30 天里他接过两次以上话头的那个人，这 7 天一句没说。广告多：7 天里至少 10 条。"),
    ),
)
PATHS = Journey(
    name="paths",
    title=_("进群后的路"),
    definition=_("第一次进群的人，进群后的窗口时间里先做了什么、再做了什么；每件事只算第一次，最多看五步。"),
    unit=_("人"),
    by=(),
    count=_count_paths,
    caveats=(
        _("窗口还没过完的人不算。没看见进群的人没有起点，也不算。"),
        _("提问、得到回答、带起话题要等消息判断过、归进话头以后才数得到。"),
        _("得到回答：有别人的话被归为在回答那个问题。"),
    ),
)
JOURNEYS: tuple[Journey, ...] = (FUNNEL, RETENTION, LIFE_CYCLE, PATHS, CHURN, REPLIES)
