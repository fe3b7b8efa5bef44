"""How well order is kept: whether proposals were right, how fast, whether a warning helped, whether appeals were.

What is decided and done may be taken back later, so it is read where it stands (``world_of_acts``), never from the lake.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qunying.insights.metric import BY_PLACE, BY_TIME, Metric

BY_ACT = (*BY_TIME, *BY_PLACE, "capability")
TAKEN_BACK = _("后来撤销的处理当作没有过。")
TAKEN_BACK_IS_DISMISSED = _("同意了、后来又撤销的，按「放过」算：最后说了算的人认为不该处理。")
BY_HAND_APART = _("只算系统提出的处理，不算同事自己动手的，也不算演练和没送达的。")
ONCE_A_STEP = _("一次处理里有几个动作时，算到最先做完的那一个。")
SLOW_TO_READ = _("图片要先有人或程序看过：从看完的那一刻起算。改过的话从改的那一刻起算。")
TIME = {"value": None, "p90": None, "acts": 0}

PRECISION = Metric(
    name="precision",
    title=_("提得准不准"),
    definition=_(
        "这段时间里同事看过的自动判断里，照着做或放轻了做的，占全部决定的比例；照做、放轻、放过各多少另列。没有人决定过就没有这个数。"
    ),
    unit=_("占比"),
    grain="case",
    sources=("acts",),
    sql="precision",
    by=BY_ACT,
    caveats=(
        _("只看得到提给人看的：直接做了的、没提出来的，不在里面。没等到人看就作废的不算。"),
        TAKEN_BACK_IS_DISMISSED,
    ),
    empty={"value": None, "approved": 0, "softened": 0, "dismissed": 0},
)
TIME_TO_ACT = Metric(
    name="time_to_act",
    title=_("从说到处理，没经过人"),
    definition=_("这段时间里没经过人就做了的处理，从那句话说出来到处理送达，中位数是多少秒；九成不超过多少秒另列。"),
    unit=_("秒"),
    grain="step",
    sources=("acts",),
    sql="time_to_act",
    by=BY_ACT,
    caveats=(ONCE_A_STEP, BY_HAND_APART, SLOW_TO_READ, TAKEN_BACK),
    empty=TIME,
)
TIME_TO_DECIDED_ACT = Metric(
    name="time_to_decided_act",
    title=_("从说到处理，有人点头"),
    definition=_("这段时间里同事点头以后做了的处理，从那句话说出来到处理送达，中位数是多少秒；九成不超过多少秒另列。"),
    unit=_("秒"),
    grain="step",
    sources=("acts",),
    sql="time_to_decided_act",
    by=BY_ACT,
    caveats=(_("等人看的时间也在里面。放轻了做的不算。"), ONCE_A_STEP, BY_HAND_APART, SLOW_TO_READ, TAKEN_BACK),
    empty=TIME,
)
REPEATS = Metric(
    name="repeats_after_warning",
    title=_("提醒以后再犯"),
    definition=_(
        "被提醒过、到这段时间里满了 30 天的人里，30 天内又因为同一条规矩被处理的比例；多少人满了、多少人再犯另列。"
    ),
    unit=_("占比"),
    grain="person",
    sources=("acts",),
    sql="repeats_after_warning",
    by=BY_ACT,
    caveats=(
        _("提醒算在它满 30 天的那一天，看到的是 30 天以前提醒的人；最近 30 天的提醒还没到时候，不算。"),
        _("在同一社群的另一个群里再犯也算。只算送达了的提醒和处理，刚处理完顺手收起的消息不算再犯。"),
        TAKEN_BACK,
        _("按天或按群拆开后相加会大于总数：同一个人每天、每个群都算一次。"),
    ),
    empty={"value": None, "again": 0, "warned": 0},
)
APPEALS_UPHELD = Metric(
    name="appeals_upheld",
    title=_("申诉成立"),
    definition=_("这段时间里有了答复的申诉里，撤销了处理的比例；撤销、维持各多少另列，还在等的也另列。"),
    unit=_("占比"),
    grain="case",
    sources=("acts",),
    sql="appeals_upheld",
    by=BY_ACT,
    caveats=(_("还在等的按提出的那天算，不进比例。"), _("只算申诉；没人申诉、同事自己撤销的不算。")),
    empty={"value": None, "lifted": 0, "upheld": 0, "waiting": 0},
)
OF_ORDER: tuple[Metric, ...] = (PRECISION, TIME_TO_ACT, TIME_TO_DECIDED_ACT, REPEATS, APPEALS_UPHELD)
