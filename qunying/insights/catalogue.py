"""Every metric there is: what it means in words, and the SQL that counts it. Tested against numbers counted by hand.

What holds for all of them:

- days are cut at midnight of the community's time zone; weeks begin on Monday;
- our own account, bots and staff (the community's roster) are left out and, where it matters, told apart;
- a withdrawn message was said: it counts, and is told apart;
- a person counts once per community, in however many of its groups they are.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from qunying.insights.metric import BY_DAYS, BY_DEED, BY_PLACE, BY_SOURCE, BY_TIME, BY_TRAIT, Metric
from qunying.insights.metrics_of_order import OF_ORDER

NOT_ADDING_UP = _("按天或按群拆开后相加会大于总数：同一个人每天、每个群都算一次。")
SEEN_MOVES = _("只算看得见的进出：没有进群提示的记录里，人是从第一句话起才知道的。")
NOW_ONLY = _("进了又走、走了又来的人按最后一次算。")
TOTAL = {"value": 0, "recalled": 0, "by_staff": 0, "by_bots": 0}
RATE = {"value": None, "speakers": 0, "members": 0}
ACTIVE = {"value": 0, "staff": 0, "bots": 0}
ONE_TRAIT = _("按城市、行业、带来的人或层拆开时，每人只归一处，各处相加等于总数。")
ON_CARDS = _("城市和行业是群名片上写的；几张名片写得不一样时，先信我们改过的，再信最晚进的群里那张。")
FIRST_INVITER = _("带来的人取最早把他带进群的那位。")
LAYERS_NOW = _("层按这段时间结束时的前 30 天分；已经不在群里的人没有层。")
SAID_IS_ACTIVE = _("只看说没说话，光看不说的人算不进来。")

MEMBERS = Metric(
    name="members",
    title=_("成员"),
    definition=_("这段时间结束时在群里的人。同事和机器人另列；一个人在几个群里也只算一个。"),
    unit=_("人"),
    grain="person",
    sources=("memberships",),
    sql="members",
    by=(*BY_PLACE, *BY_SOURCE, *BY_TRAIT),
    caveats=(SEEN_MOVES, NOW_ONLY, ONE_TRAIT, ON_CARDS, FIRST_INVITER, LAYERS_NOW),
    empty={"value": 0, "staff": 0, "bots": 0},
)
JOINS = Metric(
    name="joins",
    title=_("新成员"),
    definition=_("这段时间里进群的人，其中有人带来的另列。一个人进几次、进几个群都只算一个。"),
    unit=_("人"),
    grain="person",
    sources=("events",),
    sql="joins",
    by=(*BY_TIME, *BY_PLACE, *BY_SOURCE, *BY_TRAIT),
    caveats=(SEEN_MOVES, NOT_ADDING_UP, ONE_TRAIT, ON_CARDS, FIRST_INVITER, LAYERS_NOW),
    empty={"value": 0, "invited": 0},
)
LEAVES = Metric(
    name="leaves",
    title=_("离开"),
    definition=_("这段时间里离开的人，其中被移出的另列。一个人走几次、走几个群都只算一个。"),
    unit=_("人"),
    grain="person",
    sources=("events",),
    sql="leaves",
    by=(*BY_TIME, *BY_PLACE),
    caveats=(SEEN_MOVES, NOT_ADDING_UP),
    empty={"value": 0, "removed": 0},
)
NET_JOINS = Metric(
    name="net_joins",
    title=_("净增"),
    definition=_("新成员减去离开的人。"),
    unit=_("人"),
    grain="person",
    sources=("events",),
    sql="net_joins",
    by=(*BY_TIME, *BY_PLACE),
    caveats=(_("来了又走的人两边各算一次，净增是零。"), SEEN_MOVES),
    empty={"value": 0, "joined": 0, "gone": 0},
)
MESSAGES = Metric(
    name="messages",
    title=_("消息"),
    definition=_("成员在群里说的话，按条数。撤回的也说过，所以算，另列多少条；同事、机器人和我们自己的号不算，另列。"),
    unit=_("条"),
    grain="message",
    sources=("messages",),
    sql="messages",
    by=(*BY_TIME, *BY_PLACE),
    empty=TOTAL,
)
SPEAKERS = Metric(
    name="speakers",
    title=_("说过话的"),
    definition=_("至少说过一句的成员，不含同事、机器人和我们自己的号。在几个群里说话也只算一个。"),
    unit=_("人"),
    grain="person",
    sources=("messages",),
    sql="speakers",
    by=(*BY_TIME, *BY_PLACE),
    caveats=(NOT_ADDING_UP,),
    each="word",
)
ACTIVE_DAY = Metric(
    name="active_rate_day",
    title=_("日活跃率"),
    definition=_("结束前 24 小时里说过话的成员，占当时在群成员的比例。"),
    unit=_("占比"),
    grain="person",
    sources=("messages", "memberships"),
    sql="active_rate",
    by=BY_PLACE,
    caveats=(_("说完就离开的人不在群里了，两边都不算。"),),
    window=timedelta(days=1),
    empty=RATE,
)
ACTIVE_WEEK = Metric(
    name="active_rate_week",
    title=_("周活跃率"),
    definition=_("结束前 7 天里说过话的成员，占当时在群成员的比例。"),
    unit=_("占比"),
    grain="person",
    sources=("messages", "memberships"),
    sql="active_rate",
    by=BY_PLACE,
    caveats=(_("说完就离开的人不在群里了，两边都不算。"),),
    window=timedelta(days=7),
    empty=RATE,
)
ACTIVE_MONTH = Metric(
    name="active_rate_month",
    title=_("月活跃率"),
    definition=_("结束前 30 天里说过话的成员，占当时在群成员的比例。"),
    unit=_("占比"),
    grain="person",
    sources=("messages", "memberships"),
    sql="active_rate",
    by=BY_PLACE,
    caveats=(_("说完就离开的人不在群里了，两边都不算。"),),
    window=timedelta(days=30),
    empty=RATE,
)
DAU = Metric(
    name="dau",
    title=_("日活"),
    definition=_(
        "那一天里说过话的成员，一天从当地零点到零点。不按天看时是最后一天，没过完就数到现在。同事和机器人另列。"
    ),
    unit=_("人"),
    grain="person",
    sources=("messages",),
    sql="actives",
    by=BY_DAYS,
    caveats=(SAID_IS_ACTIVE, NOT_ADDING_UP),
    empty=ACTIVE,
    days=1,
)
WAU = Metric(
    name="wau",
    title=_("周活"),
    definition=_("到那一天为止的 7 个当地日里说过话的成员，说几天都只算一个。不按天看时是最后一天。同事和机器人另列。"),
    unit=_("人"),
    grain="person",
    sources=("messages",),
    sql="actives",
    by=BY_DAYS,
    caveats=(SAID_IS_ACTIVE, NOT_ADDING_UP),
    empty=ACTIVE,
    days=7,
)
MAU = Metric(
    name="mau",
    title=_("月活"),
    definition=_(
        "到那一天为止的 30 个当地日里说过话的成员，说几天都只算一个。不按天看时是最后一天。同事和机器人另列。"
    ),
    unit=_("人"),
    grain="person",
    sources=("messages",),
    sql="actives",
    by=BY_DAYS,
    caveats=(SAID_IS_ACTIVE, NOT_ADDING_UP),
    empty=ACTIVE,
    days=30,
)
STICKINESS = Metric(
    name="stickiness",
    title=_("黏性"),
    definition=_(
        "到那一天为止的 30 个当地日里，平均每天的日活除以月活：这个月说过话的人，平均一天有多大一部分会来说。"
    ),
    unit=_("占比"),
    grain="person",
    sources=("messages",),
    sql="stickiness",
    by=BY_DAYS,
    caveats=(SAID_IS_ACTIVE, _("总是除以 30 天：记录还不满 30 天，或者最后一天还没过完时偏低。")),
    empty={"value": None, "daily": 0.0, "monthly": 0},
    days=30,
)
ACTIVE_HOURS = Metric(
    name="active_hours",
    title=_("活跃时段"),
    definition=_("成员的消息落在星期几、几点，按当地时间；星期一为 1，零点为 0。"),
    unit=_("条"),
    grain="message",
    sources=("messages",),
    sql="active_hours",
    by=("weekday_hour",),
    always_by="weekday_hour",
)
TOP_SHARE = Metric(
    name="top_share",
    title=_("前三位的发言占比"),
    definition=_("说得最多的三位成员的消息，占成员全部消息的比例。"),
    unit=_("占比"),
    grain="message",
    sources=("messages",),
    sql="top_share",
    by=(*BY_TIME, *BY_PLACE),
    caveats=(_("不到三个人说话时是 100%。"), _("不知道是谁说的消息不在分母里。")),
    empty={"value": None, "by_three": 0, "messages": 0, "speakers": 0},
)
GINI = Metric(
    name="gini",
    title=_("发言集中度"),
    definition=_("说过话的成员之间消息条数的基尼系数：0 是人人一样多，越近 1 越集中在少数人。"),
    unit=_("系数"),
    grain="person",
    sources=("messages",),
    sql="gini",
    by=(*BY_TIME, *BY_PLACE),
    caveats=(_("没说话的成员不算在内。"),),
    empty={"value": None, "speakers": 0},
)
MESSAGES_BY_DAY = Metric(
    name="messages_by_day",
    title=_("每天消息数"),
    definition=_("成员每天说的话，按条数；没人说话的那天是 0。"),
    unit=_("条"),
    grain="message",
    sources=("messages",),
    sql="messages",
    by=("day",),
    always_by="day",
    empty=TOTAL,
)
SPEAKERS_BY_DAY = Metric(
    name="speakers_by_day",
    title=_("每天说过话的"),
    definition=_("每天至少说过一句的成员；没人说话的那天是 0。"),
    unit=_("人"),
    grain="person",
    sources=("messages",),
    sql="speakers",
    by=("day",),
    caveats=(NOT_ADDING_UP,),
    always_by="day",
    each="word",
)
BOUGHT_OUTSIDE = _("算的是导入的订单。问一个群时，只算在那个群里待过的人买的；问社群时，没进过群的客户也算。")
BUYERS = Metric(
    name="buyers",
    title=_("买过的人"),
    definition=_("这段时间里至少下过一单的人；退掉的单也下过。"),
    unit=_("人"),
    grain="person",
    sources=("deeds",),
    sql="buyers",
    by=BY_DEED,
    caveats=(BOUGHT_OUTSIDE, NOT_ADDING_UP),
    empty={"value": 0, "orders": 0},
    each="order",
    things="orders",
)
ORDERS = Metric(
    name="orders",
    title=_("订单"),
    definition=_("这段时间里付了款的订单，按单数；退款另列多少笔。"),
    unit=_("单"),
    grain="order",
    sources=("deeds",),
    sql="orders",
    by=BY_DEED,
    caveats=(BOUGHT_OUTSIDE,),
    empty={"value": 0, "items": 0, "refunds": 0},
)
REVENUE = Metric(
    name="revenue",
    title=_("收入"),
    definition=_("订单金额减去退款，按发生的那天算；几种货币分开列，从不相加。"),
    unit=_("元，或订单上的货币"),
    grain="order",
    sources=("deeds",),
    sql="revenue",
    by=BY_DEED,
    caveats=(BOUGHT_OUTSIDE, _("退款算在退款那天，不改下单那天的数。")),
    empty={"value": 0, "gross": 0, "refunded": 0, "orders": 0},
    apart_by="currency",
    money=("value", "gross", "refunded"),
)
ORDER_VALUE = Metric(
    name="order_value",
    title=_("每单金额"),
    definition=_("一单平均多少钱；中位数、九成单不超过的数和最高的一单另列。"),
    unit=_("元，或订单上的货币"),
    grain="order",
    sources=("deeds",),
    sql="order_value",
    by=BY_DEED,
    caveats=(BOUGHT_OUTSIDE, _("退款不从单里减。")),
    empty={"value": None, "median": None, "p90": None, "highest": None, "orders": 0},
    apart_by="currency",
    money=("value", "median", "p90", "highest"),
)
REPURCHASE = Metric(
    name="repurchase_rate",
    title=_("复购率"),
    definition=_("这段时间里在两天或更多天下过单的人，占下过单的人的比例；同一天下几单只算一天。"),
    unit=_("占比"),
    grain="person",
    sources=("deeds",),
    sql="repurchase_rate",
    by=("community", *BY_SOURCE),
    caveats=(BOUGHT_OUTSIDE, _("最近才第一次买的人还没来得及再买，时间短时偏低。")),
    empty={"value": None, "repeaters": 0, "buyers": 0},
)
DOERS = Metric(
    name="doers",
    title=_("做过事的人"),
    definition=_("这段时间里在群外做过任何一件导入的事的人，例如下单、访问、发帖；次数另列。"),
    unit=_("人"),
    grain="person",
    sources=("deeds",),
    sql="doers",
    by=(*BY_DEED, "deed"),
    caveats=(BOUGHT_OUTSIDE, NOT_ADDING_UP),
    empty={"value": 0, "times": 0},
    each="deed",
    things="times",
)
CATALOGUE: tuple[Metric, ...] = (
    MEMBERS,
    JOINS,
    LEAVES,
    NET_JOINS,
    MESSAGES,
    SPEAKERS,
    ACTIVE_DAY,
    ACTIVE_WEEK,
    ACTIVE_MONTH,
    DAU,
    WAU,
    MAU,
    STICKINESS,
    ACTIVE_HOURS,
    TOP_SHARE,
    GINI,
    MESSAGES_BY_DAY,
    SPEAKERS_BY_DAY,
    BUYERS,
    ORDERS,
    REVENUE,
    ORDER_VALUE,
    REPURCHASE,
    DOERS,
    *OF_ORDER,
)
