"""What the judges found in a message, as small labels beside it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.console.group.items import Label
from qunying.kernel.readings import Reading, Verdict

MEANINGS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        Verdict.AD: (gettext_noop("广告"), gettext_noop("推销、拉人、引流的话")),
        Verdict.CONTACT: (gettext_noop("留联系方式"), gettext_noop("想把人带到群外去的号码、账号、邀请码")),
        Verdict.ABUSE: (gettext_noop("骂人"), gettext_noop("侮辱、攻击、威胁别人的话")),
        Verdict.COMPLAINT: (gettext_noop("抱怨"), gettext_noop("对产品、服务、活动不满意")),
        Verdict.QUESTION: (gettext_noop("问题"), gettext_noop("等人回答的话，不一定带问号")),
        Verdict.NEED: (gettext_noop("需求"), gettext_noop("缺什么、盼着有什么")),
        Verdict.INTENT: (gettext_noop("想买"), gettext_noop("问价钱、问怎么买、想报名")),
        Verdict.INTRODUCTION: (gettext_noop("自我介绍"), gettext_noop("新人说自己是谁")),
        Verdict.CHECKIN: (gettext_noop("打卡"), gettext_noop("报告今天做到了什么")),
    }
)
LOOKED_AT = frozenset({Verdict.AD, Verdict.CONTACT, Verdict.ABUSE, Verdict.COMPLAINT})


def labels_of(reading: Reading | None) -> tuple[Label, ...]:
    """What holds for a message, as small labels; amber where somebody may have to look."""
    if reading is None:
        return ()
    return tuple(Label(_(MEANINGS[one][0]), "look" if one in LOOKED_AT else "plain") for one in reading.verdicts)


def tell_correction(verdict: str, *, is_so: bool) -> str:
    """What somebody says of a message who corrects that verdict on it."""
    name = _(MEANINGS[Verdict(verdict)][0])
    return _("这条是%(name)s") % {"name": name} if is_so else _("这条不是%(name)s") % {"name": name}
