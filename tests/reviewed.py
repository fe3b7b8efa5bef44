"""Cases as they come about: somebody advertises where order asks first, is sanctioned, appeals."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User

from qunying.communities.access import Role
from qunying.communities.actions import do_grant, do_set_mode, do_set_settings
from qunying.desk.models import Case
from qunying.kernel import clock
from qunying.kernel.scene import Mode
from qunying.outbox.models import OutboxItem
from qunying.people.models import Membership
from tests import cast

AD = "兼职日结三百，加V hu_1990 详聊"
OTHER_ADS = (  # each as clear as that, and none like another
    "专业代写论文，加微信 lunwen_588 咨询",
    "招学徒学美甲，加V meijia_2021 报名",
    "减肥产品低价出，扣扣 48213377",
    "高仿手表包包，加威信 biao_7788 看货",
    "棋牌开房返水，VX qipai_6612",
    "信用卡提额，加薇 tie_9021",
    "驾照包过不用考，加V jiazhao_33",
    "刷单返现日赚五百，加V fanxian_77",
)
APPEAL = "我要申诉，那是发给同学的"
MUTES, REMOVES, WARNS = ("mute 10m+warn+delete",), ("remove+delete",), ("warn+delete",)


def asks_first(tea: cast.Tea, steps: tuple[str, ...] = WARNS) -> None:
    """Order proposes everything from now on, and by these steps."""
    do_set_mode("order", Mode.SUGGEST, community_id=tea.community_id, at=clock.now(), actor="test")
    do_set_settings("order", {"steps": list(steps)}, community_id=tea.community_id, at=clock.now(), actor="test")


def advertised(tea: cast.Tea, ref: str = "ad1", who: str = "an", text: str = AD) -> Case:
    """Somebody advertises in the first group, which is a case of its own."""
    cast.arrive([cast.message(ref, who, text)])
    cast.told()
    return Case.objects.filter(kind="approval", message_key=ref).get()


def appealed(tea: cast.Tea, who: str = "an", words: str = APPEAL) -> Case:
    """Whoever was sanctioned appeals an hour later."""
    with cast.later(timedelta(hours=1)) as now:
        cast.arrive([cast.whisper("appeal1", who, words)])
        cast.told(now)
    return Case.objects.get(kind="appeal")


def colleague(name: str, role: str = Role.OPERATOR, community_id: int | None = None) -> int:
    """Somebody who may decide."""
    user = User.objects.create_user(name, last_name=f"{name}同学")
    do_grant(user.pk, role, community_id=community_id)
    return user.pk


def trusts(who: str) -> None:
    """That member has been here for long and said much."""
    Membership.objects.filter(identity__ref=who).update(messages=60, joined_at=clock.now() - timedelta(days=90))


def states(case: Case) -> dict[str, str]:
    """Where the effects of a case stand, by their kind."""
    cause = case.key.removeprefix("approve:").rpartition("/")[0]
    return dict(OutboxItem.objects.filter(cause_key=cause).order_by("id").values_list("kind", "state"))


def state(case: Case) -> str:
    """How a case stands."""
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)
