"""Effects and where they stand, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_noop

from qunying.kernel.effects import EffectState

STATE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        EffectState.WAITING: gettext_noop("等着发"),
        EffectState.NEEDS_APPROVAL: gettext_noop("等人点头"),
        EffectState.SIMULATED: gettext_noop("只看不动，没有做"),
        EffectState.SENDING: gettext_noop("正在发"),
        EffectState.SENT: gettext_noop("已送达"),
        EffectState.UNKNOWN: gettext_noop("不知道发没发成"),
        EffectState.FAILED: gettext_noop("没有发成"),
        EffectState.EXPIRED: gettext_noop("过了时候，没有再发"),
        EffectState.CANCELLED: gettext_noop("拦下了，没有发"),
        EffectState.UNDONE: gettext_noop("已撤销"),
    }
)
KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "Say": gettext_noop("在群里说话"),
        "Announce": gettext_noop("发公告"),
        "Whisper": gettext_noop("私下说"),
        "DeleteMessage": gettext_noop("撤回消息"),
        "Mute": gettext_noop("禁言"),
        "Unmute": gettext_noop("解除禁言"),
        "RemoveMember": gettext_noop("移出群"),
        "Ban": gettext_noop("移出并不让再进"),
        "Unban": gettext_noop("允许再进群"),
        "SetCard": gettext_noop("改群名片"),
        "ApproveJoin": gettext_noop("同意进群"),
        "RejectJoin": gettext_noop("不同意进群"),
        "Forfeit": gettext_noop("没收押金"),
        "Refund": gettext_noop("退回没收的押金"),
        "Pin": gettext_noop("置顶消息"),
        "Invite": gettext_noop("邀请进群"),
        "OpenTask": gettext_noop("交给人做"),
        "OpenCase": gettext_noop("请人判断"),
        "OpenIncident": gettext_noop("立为事件"),
        "AskLater": gettext_noop("看图片"),
        "WakeAt": gettext_noop("定个时间再看"),
        "CancelWake": gettext_noop("不用再等"),
    }
)
