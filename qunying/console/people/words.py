"""Small words about members: how they came, where they are, what they sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.insights.words import tell_why
from qunying.kernel.money import to_decimal
from qunying.people.leaving import WhyLine
from qunying.people.notes import CONSENTS
from qunying.people.roll import RollLine
from qunying.ui.figures import exact

SOURCE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "qr": gettext_noop("扫二维码进来"),
        "invite": gettext_noop("有人邀请"),
        "link": gettext_noop("点链接进来"),
        "search": gettext_noop("搜到群进来"),
        "request": gettext_noop("申请进来"),
        "added": gettext_noop("被人拉进来"),
        "created": gettext_noop("建群时就在"),
    }
)
KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "image": gettext_noop("图片"),
        "voice": gettext_noop("语音"),
        "video": gettext_noop("视频"),
        "file": gettext_noop("文件"),
        "sticker": gettext_noop("表情"),
        "link": gettext_noop("链接"),
        "location": gettext_noop("位置"),
        "contact": gettext_noop("名片"),
        "red_packet": gettext_noop("红包"),
        "transfer": gettext_noop("转账"),
        "forward": gettext_noop("转发"),
        "call": gettext_noop("通话"),
        "poll": gettext_noop("投票"),
        "notice": gettext_noop("系统提示"),
    }
)
CARD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "city": gettext_noop("城市"),
        "industry": gettext_noop("行业"),
        "company": gettext_noop("公司"),
        "job": gettext_noop("职位"),
        "name": gettext_noop("称呼"),
        "group_no": gettext_noop("第几群"),
    }
)
DUTY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "owner": gettext_noop("群主"),
        "lead": gettext_noop("负责人"),
        "operator": gettext_noop("运营"),
        "watcher": gettext_noop("值班"),
        "teacher": gettext_noop("老师"),
    }
)
ROLE_WORDS: Mapping[str, str] = MappingProxyType({"owner": gettext_noop("群主"), "admin": gettext_noop("管理员")})
CARRIER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "qq": "QQ",
        "wechat": gettext_noop("微信"),
        "wecom": gettext_noop("企业微信"),
        "telegram": "Telegram",
        "whatsapp": "WhatsApp",
        "discord": "Discord",
        "slack": "Slack",
        "matrix": "Matrix",
        "irc": "IRC",
        "sandbox": gettext_noop("演练"),
        "file": gettext_noop("只有名字的记录"),
        "shop": gettext_noop("店铺的客户"),
    }
)


DEED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "order": gettext_noop("下单"),
        "refund": gettext_noop("退款"),
        "consult": gettext_noop("咨询"),
        "satisfaction": gettext_noop("给满意度打分"),
        "nps": gettext_noop("给 NPS 打分"),
    }
)
SANCTION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "DeleteMessage": gettext_noop("撤回消息"),
        "Mute": gettext_noop("禁言"),
        "RemoveMember": gettext_noop("移出群"),
        "Ban": gettext_noop("移出并不让再进"),
    }
)


MOVED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "paid": gettext_noop("交了押金"),
        "forfeited": gettext_noop("没收了押金"),
        "refunded": gettext_noop("退回了没收的押金"),
    }
)


def tell_why_line(why: WhyLine | None) -> str:
    """Why somebody left, with what was said beside it; nothing where nobody said."""
    if why is None:
        return ""
    return (
        _("%(why)s：%(words)s") % {"why": tell_why(why.reason), "words": why.words}
        if why.words
        else tell_why(why.reason)
    )


def tell_deed(kind: str) -> str:
    """What somebody did outside the groups; a platform's own word stands as it is."""
    return _(DEED_WORDS[kind]) if kind in DEED_WORDS else kind


def tell_money(parts: int, currency: str) -> str:
    """An amount with its currency: 1,299.00 CNY."""
    amount = to_decimal(parts)
    whole, point, cents = f"{amount:f}".partition(".")
    return f"{exact(int(whole))}{point}{cents} {currency}".strip()


def tell_moved(kind: str) -> str:
    """What became of a deposit."""
    return _(MOVED_WORDS[kind]) if kind in MOVED_WORDS else kind


def tell_deposit(words: Mapping[str, object]) -> str:
    """How much a fact about a deposit moved."""
    amount, currency = words.get("amount"), str(words.get("currency", ""))
    return tell_money(abs(amount), currency) if isinstance(amount, int) else ""


def tell_consent(what: str) -> str:
    """What somebody is asked to agree to."""
    return _(CONSENTS[what]) if what in CONSENTS else what


def tell_source(via: str) -> str:
    """How somebody came in; a carrier's own code (a numbered poster, say) stands as it is."""
    return _(SOURCE_WORDS[via]) if via in SOURCE_WORDS else via


def tell_message_kind(kind: str) -> str:
    """What a message is besides words; nothing for text."""
    return "" if kind in {"text", "other"} else _(KIND_WORDS[kind]) if kind in KIND_WORDS else kind


def tell_card_field(name: str) -> str:
    """What a field of a group card is called."""
    return _(CARD_WORDS[name]) if name in CARD_WORDS else name


def tell_duty(name: str) -> str:
    """What a colleague does."""
    return _(DUTY_WORDS[name]) if name in DUTY_WORDS else name


def tell_carrier(name: str) -> str:
    """What a carrier is called."""
    return _(CARRIER_WORDS[name]) if name in CARRIER_WORDS else name


def tell_standing(line: RollLine) -> tuple[str, str]:
    """A chip beside a member and its tone: program, gone, colleague; nothing for everybody else."""
    if line.is_bot:
        return _("机器人"), "plain"
    if not line.is_present:
        return _("已离开"), "plain"
    return (_(ROLE_WORDS[line.role]), "teal") if line.role in ROLE_WORDS else ("", "")


def group_href(group_id: int) -> str:
    """The page of a group; empty where that screen was taken out."""
    try:
        return reverse("console:group", args=[group_id])
    except NoReverseMatch:
        return ""
