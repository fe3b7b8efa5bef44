"""A group with a rule or two, for what is pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from qunying.capabilities.rules.knowing import Memory
from qunying.capabilities.rules.settings import RulesSettings
from qunying.kernel.hours import QuietHours
from qunying.kernel.scene import GroupScene, Mode, RuleInForce

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of March 2024 there."""
    return datetime(2024, 3, day, hour, minute, tzinfo=ZONE)


def rule(number: int = 1, **more: object) -> RuleInForce:
    """A rule since the first of March, noon."""
    plain = RuleInForce(
        id=number, name=f"规矩{number}", text=f"这是第 {number} 条人人要知道的规矩。", meaning=1, since=at(1)
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def group(*rules: RuleInForce, mode: Mode = Mode.ACT, number: int = 1, **settings: object) -> GroupScene:
    """A group with these rules."""
    return GroupScene(
        id=number,
        ref=f"g{number}",
        carrier="sandbox",
        community_id=1,
        name="茶友会1群",
        language="zh-hans",
        quiet=QuietHours(ZONE, time(22, 30), time(8)),
        modes={"rules": mode},
        settings={"rules": RulesSettings(**settings)},  # type: ignore[arg-type]
        rules=rules,
    )


def memory(*members: int, number: int = 1) -> Memory:
    """These people sit in that group and have seen nothing."""
    return Memory(members={number: dict.fromkeys(members)})
