"""Every kind of fact the journal knows: past tense, with the sentence it means. A name not listed here cannot be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Who did or decided what, when and why. ``key`` makes recording it twice harmless.

    ``actor`` is ``system``, ``user:<id>``, ``member:<identity id>`` or ``import:<id>``. ``words`` are ids, codes and numbers and
    stay for ever; ``personal`` is what a person could be known by and can be erased without breaking the chain.
    """

    name: str
    at: datetime
    community_id: int | None
    key: str
    group_id: int | None = None
    actor: str = "system"
    identity_id: int | None = None
    message_key: str = ""
    words: Mapping[str, object] = field(default_factory=dict)
    personal: Mapping[str, object] = field(default_factory=dict)


FACTS: Mapping[str, str] = MappingProxyType(
    {
        "member.joined": "有人进群",
        "member.left": "有人离开或被移出",
        "card.changed": "群名片变了",
        "decision.made": "系统对一件事有了看法",
        "effect.approved": "有人同意发出",
        "effect.rejected": "有人不同意发出",
        "effect.held": "有人拦下了还没发的",
        "effect.sent": "已经发出",
        "effect.failed": "没有发成",
        "effect.expired": "过了时候，没有再发",
        "effect.unknown": "不知道发没发成",
        "effect.undone": "有人撤销了",
        "envelope.failed": "有一条没能处理",
        "community.created": "新建社群",
        "group.created": "新建群",
        "group.changed": "群的登记变了",
        "mode.changed": "能力的模式变了",
        "settings.changed": "能力的设置变了",
        "pause.started": "自动动作暂停",
        "pause.ended": "自动动作恢复",
        "task.opened": "有了一件待办",
        "task.done": "待办完成",
        "case.opened": "有了一个要人判断的",
        "case.closed": "判断完成",
        "import.finished": "聊天记录导入完成",
        "demo.removed": "演示数据已移除",
        "user.created": "新建登录账号",
    }
)
