"""Every KPI there is: which purpose it serves, what is meant by it, and how it follows from the counts of a span."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from qunying.insights.catalogue import BOUGHT_OUTSIDE, SEEN_MOVES
from qunying.insights.kpis.figures import Figures, Outside, Ratio, Value, read_money, share
from qunying.kernel.money import PARTS

PURPOSES = ("acquire", "activate", "retain", "convert")
FEW = 30  # a share of fewer people says little
Read = Callable[[Figures, Outside], Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One KPI. ``title``, ``definition``, ``unit``, ``caveats`` and ``lacks`` are texts to translate.

    ``shown``: ``count``, ``share``, ``ratio``, ``score`` or ``money``. ``lacks`` says why it cannot be counted yet; then
    nothing is. ``metric`` is the catalogue's number it is built from, ``is_better_up`` whether more is better.
    """

    name: str
    purposes: tuple[str, ...]
    title: str
    definition: str
    unit: str
    shown: str
    sources: tuple[str, ...]
    read: Read = lambda _figures, _outside: Value(None)
    caveats: tuple[str, ...] = ()
    is_better_up: bool = True
    metric: str = ""
    lacks: str = ""


def _kept(days: int) -> Read:
    return lambda figures, _outside: share(figures.kept.get(days, Ratio()))


def _k_factor(figures: Figures, outside: Outside) -> Value:
    del outside
    before = figures.members_before
    return Value(figures.invited / before if before else None, before)


def _cost(figures: Figures, outside: Outside) -> Value:
    """Of the currency that most was spent of; nothing where nothing was told, or nobody stayed."""
    stayed = figures.kept.get(30, Ratio()).part
    costs = sorted(outside.costs.items(), key=lambda cost: (-cost[1], cost[0]))
    if not costs or not stayed:
        return Value(None, stayed)
    (currency, parts), *others = costs
    beside = tuple((one, round(spent / PARTS / stayed, 4)) for one, spent in others)
    return Value(round(parts / PARTS / stayed, 4), stayed, beside, currency)


def _layers(figures: Figures, outside: Outside) -> Value:
    del outside
    found = figures.layers
    active = Ratio(found.get("opener", 0) + found.get("follower", 0), sum(found.values()))
    return share(active, *((name, float(count)) for name, count in found.items()))


def _participation(figures: Figures, outside: Outside) -> Value:
    """Few is told of members, not of all those who could have spoken on one topic and another."""
    del outside
    if not figures.topics:
        return Value(None, figures.members, (("topics", 0.0),))
    each = round(figures.took_part.part / figures.topics, 1)
    return Value(figures.took_part.value, figures.members, (("topics", float(figures.topics)), ("each", each)))


def _leave_rate(figures: Figures, outside: Outside) -> Value:
    """Reasons are of those who left by themselves; whoever left without one is told as not known."""
    by_themselves = figures.left - figures.removed
    whys = sorted(outside.whys.items(), key=lambda one: (-one[1], one[0]))
    unknown = by_themselves - sum(outside.whys.values())
    told = [(f"why:{reason}", float(count)) for reason, count in whys]
    told += [("why:unknown", float(unknown))] if unknown > 0 else []
    parts = (("left_by_themselves", float(by_themselves)), ("removed", float(figures.removed)), *told)
    return share(Ratio(figures.left, figures.members_before), *parts)


def _satisfaction(figures: Figures, outside: Outside) -> Value:
    del figures
    answers = sum(outside.satisfaction.values())
    mean = sum(score * count for score, count in outside.satisfaction.items()) / answers if answers else None
    return Value(mean, answers, _asked(answers, outside.satisfaction_asked))


def _nps(figures: Figures, outside: Outside) -> Value:
    del figures
    answers = sum(outside.nps.values())
    promoters = sum(count for score, count in outside.nps.items() if score >= 9)
    detractors = sum(count for score, count in outside.nps.items() if score <= 6)
    score = 100 * (promoters - detractors) / answers if answers else None
    beside = (("promoters", float(promoters)), ("detractors", float(detractors)))
    return Value(score, answers, (*(beside if answers else ()), *_asked(answers, outside.nps_asked)))


def _asked(answers: int, asked: int) -> tuple[tuple[str, float], ...]:
    return (("response_rate", answers / asked),) if asked >= answers > 0 else ()


SHORT_SPAN = _("最近咨询的人还没来得及付款，时间短时偏低。")
ANSWERS = _("是别处问来的，没带来就没有；同一批答卷不要既报总数又一份一份报，不然算两遍。")
OUTSIDE = _("是导入的数字，没导入就没有。")
KPIS: tuple[Kpi, ...] = (
    Kpi(
        name="joins",
        purposes=("acquire",),
        title=_("新成员"),
        definition=_("这段时间里进群的人，按来路另列。一个人进几次、进几个群都只算一个。"),
        unit=_("人"),
        shown="count",
        sources=("events",),
        read=lambda f, _o: Value(f.joined, None, tuple((f"via:{via}", n) for via, n in f.joined_by.items())),
        caveats=(SEEN_MOVES,),
        metric="joins",
    ),
    Kpi(
        name="shares",
        purposes=("acquire",),
        title=_("老成员带来的人"),
        definition=_("这段时间里进群、并且知道是谁带进来的人。"),
        unit=_("人"),
        shown="count",
        sources=("events",),
        read=lambda f, _o: Value(f.invited, f.joined),
        caveats=(_("平台没说是谁带的，就不算有人带。"),),
        metric="joins",
    ),
    Kpi(
        name="k_factor",
        purposes=("acquire",),
        title=_("裂变系数 k"),
        definition=_("这段时间里有人带来的新成员，除以这段时间开始时的成员数。大于 1 就是不投广告也会越来越多。"),
        unit=_("人每人"),
        shown="ratio",
        sources=("events", "memberships"),
        read=_k_factor,
        caveats=(_("只看这么长一段时间；时间越长，k 越大，只和同样长的比。"),),
    ),
    Kpi(
        name="groups_opened",
        purposes=("acquire",),
        title=_("新开的群"),
        definition=_("这段时间里开出来的群；不知道哪天开的，按登记那天算。"),
        unit=_("个"),
        shown="count",
        sources=("groups",),
        read=lambda f, _o: Value(f.opened),
    ),
    Kpi(
        name="cost_per_kept",
        purposes=("acquire",),
        title=_("留住一人的花费"),
        definition=_("早 30 天的同样长一段时间里的花费，除以那时进群、30 天后还在的人数。"),
        unit=_("元，或花费上的货币"),
        shown="money",
        sources=("numbers", "events"),
        read=_cost,
        caveats=(OUTSIDE, _("几种货币分开列，从不相加。")),
        is_better_up=False,
    ),
    Kpi(
        name="active_day",
        purposes=("activate",),
        title=_("日活跃率"),
        definition=_("这段时间最后 24 小时里说过话的成员，占当时在群成员的比例。"),
        unit=_("占比"),
        shown="share",
        sources=("messages", "memberships"),
        read=lambda f, _o: share(f.active_day),
        metric="active_rate_day",
    ),
    Kpi(
        name="active_week",
        purposes=("activate",),
        title=_("周活跃率"),
        definition=_("这段时间最后 7 天里说过话的成员，占当时在群成员的比例。"),
        unit=_("占比"),
        shown="share",
        sources=("messages", "memberships"),
        read=lambda f, _o: share(f.active_week),
        metric="active_rate_week",
    ),
    Kpi(
        name="layers",
        purposes=("activate",),
        title=_("开口和跟话的"),
        definition=_("最后 30 天里起过话头或常跟话的成员，占在群成员的比例；潜水和沉睡的另列。"),
        unit=_("占比"),
        shown="share",
        sources=("messages", "events", "memberships"),
        read=_layers,
        caveats=(_("只数现在和上一段时间，更早的不数。"),),
    ),
    Kpi(
        name="participation",
        purposes=("activate",),
        title=_("每个话题的参与率"),
        definition=_(
            "这段时间里聊起来的话题，平均每个有多少成员接了话，占那个群成员的比例。一个话题是至少两个人说过话、里面有成员的一段对话，谁起的头都算。"
        ),
        unit=_("占比"),
        shown="share",
        sources=("messages", "memberships"),
        read=_participation,
        caveats=(
            _("活动还不在系统里办，所以只数话题。"),
            _("没人接的话不算话题；大群的参与率天生比小群低，只和同样大的群比。"),
        ),
    ),
    Kpi(
        name="check_in",
        purposes=("activate",),
        title=_("打卡率"),
        definition=_("该打卡的人次里打了卡的占多少。"),
        unit=_("占比"),
        shown="share",
        sources=(),
        lacks=_("打卡还不在系统里做，所以还不数。"),
    ),
    *(
        Kpi(
            name=f"kept_{days}",
            purposes=("retain",),
            title=title,
            definition=definition,
            unit=_("占比"),
            shown="share",
            sources=("events",),
            read=_kept(days),
            caveats=(caveat, SEEN_MOVES),
        )
        for days, title, definition, caveat in (
            (
                7,
                _("7 天留存"),
                _("进群满 7 天的一批人里，进群 7 天后还在某个群里的占多少。"),
                _("这批人是早 7 天的同样长一段时间里进群的；每一点就是一批人。"),
            ),
            (
                30,
                _("30 天留存"),
                _("进群满 30 天的一批人里，进群 30 天后还在某个群里的占多少。"),
                _("这批人是早 30 天的同样长一段时间里进群的；每一点就是一批人。"),
            ),
            (
                90,
                _("90 天留存"),
                _("进群满 90 天的一批人里，进群 90 天后还在某个群里的占多少。"),
                _("这批人是早 90 天的同样长一段时间里进群的；每一点就是一批人。"),
            ),
        )
    ),
    Kpi(
        name="leave_rate",
        purposes=("retain",),
        title=_("离开率"),
        definition=_(
            "这段时间里离开的人，除以这段时间开始时的成员数；自己走的和被移出的另列，自己走的再按写下的原因另列。"
        ),
        unit=_("占比"),
        shown="share",
        sources=("events", "memberships", "whys"),
        read=_leave_rate,
        caveats=(_("为什么走，是运营或者一张表写下的；没写的算「不知道为什么」，不去猜。"), SEEN_MOVES),
        is_better_up=False,
        metric="leaves",
    ),
    Kpi(
        name="satisfaction",
        purposes=("retain",),
        title=_("满意度"),
        definition=_(
            "问卷 1 到 5 分的平均分，一份答卷算一次：导入的「满意度」数字，加上一份一份报来的；知道问了多少人时，另列回答率。"
        ),
        unit=_("分"),
        shown="score",
        sources=("numbers", "deeds"),
        read=_satisfaction,
        caveats=(ANSWERS,),
    ),
    Kpi(
        name="nps",
        purposes=("retain",),
        title=_("净推荐值 NPS"),
        definition=_(
            "0 到 10 分里给 9、10 分的占比减去给 0 到 6 分的占比，乘以 100；一份答卷算一次：导入的「NPS」数字，加上一份一份报来的。"
        ),
        unit=_("分"),
        shown="score",
        sources=("numbers", "deeds"),
        read=_nps,
        caveats=(ANSWERS,),
    ),
    Kpi(
        name="referrers",
        purposes=("retain",),
        title=_("推荐过别人的成员"),
        definition=_("这段时间里带人进过群的成员；带几个人也只算一个，同事不算。"),
        unit=_("人"),
        shown="count",
        sources=("events",),
        read=lambda f, _o: Value(f.referrers),
        caveats=(_("平台没说是谁带的，就不算有人带。"),),
    ),
    Kpi(
        name="consults",
        purposes=("convert",),
        title=_("咨询的人"),
        definition=_("这段时间里咨询过的人，算的是导入的、叫「咨询」或 consult 的事。"),
        unit=_("人"),
        shown="count",
        sources=("deeds",),
        read=lambda f, _o: Value(f.consulted.whole),
        caveats=(_("群里的问话不算咨询：还没有人判断哪句是在问价。"),),
    ),
    Kpi(
        name="consult_paid",
        purposes=("convert",),
        title=_("咨询后付款"),
        definition=_("这段时间里咨询过的人，咨询之后在同一段时间里下过单的占多少。"),
        unit=_("占比"),
        shown="share",
        sources=("deeds",),
        read=lambda f, _o: share(f.consulted),
        caveats=(SHORT_SPAN,),
    ),
    Kpi(
        name="buyers",
        purposes=("convert",),
        title=_("买过的人"),
        definition=_("这段时间里至少下过一单的人；退掉的单也下过。"),
        unit=_("人"),
        shown="count",
        sources=("deeds",),
        read=lambda f, _o: Value(f.buyers),
        caveats=(BOUGHT_OUTSIDE,),
        metric="buyers",
    ),
    Kpi(
        name="orders",
        purposes=("convert",),
        title=_("订单"),
        definition=_("这段时间里付了款的订单，按单数。"),
        unit=_("单"),
        shown="count",
        sources=("deeds",),
        read=lambda f, _o: Value(f.orders),
        caveats=(BOUGHT_OUTSIDE,),
        metric="orders",
    ),
    Kpi(
        name="revenue",
        purposes=("convert",),
        title=_("收入"),
        definition=_("订单金额减去退款，按发生的那天算；几种货币分开列，从不相加。"),
        unit=_("元，或订单上的货币"),
        shown="money",
        sources=("deeds",),
        read=lambda f, _o: read_money(f.revenue),
        caveats=(BOUGHT_OUTSIDE,),
        metric="revenue",
    ),
    Kpi(
        name="repurchase",
        purposes=("retain", "convert"),
        title=_("复购率"),
        definition=_("最后 90 天里下过单的人中，在两天或更多天下过单的占多少。"),
        unit=_("占比"),
        shown="share",
        sources=("deeds",),
        read=lambda f, _o: share(f.repeaters),
        caveats=(BOUGHT_OUTSIDE,),
        metric="repurchase_rate",
    ),
)
BY_NAME: Mapping[str, Kpi] = {kpi.name: kpi for kpi in KPIS}


def kpis_of(purposes: Collection[str]) -> tuple[Kpi, ...]:
    """The KPIs that follow from these purposes, in the catalogue's order."""
    return tuple(kpi for kpi in KPIS if set(kpi.purposes) & set(purposes))
