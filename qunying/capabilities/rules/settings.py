"""What a community may set about how its rules reach everybody. Form, guide and drills are made from these fields."""

from __future__ import annotations

from dataclasses import dataclass, field

from qunying.kernel.texts import mark


def _said(help_text: str, **more: object) -> dict[str, object]:
    return {"help": help_text, **more}


@dataclass(frozen=True, slots=True)
class RulesSettings:
    """How the rules of a community reach everybody."""

    wait_hours: int = field(default=1, metadata=_said(mark("新规矩写好几小时后在群里说第一次"), low=0, high=168))
    first_days: int = field(default=3, metadata=_said(mark("到期前几天在群里提醒一次，0 是不提醒"), low=0, high=30))
    last_days: int = field(
        default=1, metadata=_said(mark("到期前几天再提醒，并开始私下告诉没看到的人"), low=0, high=30)
    )
    private_after_hours: int = field(
        default=24, metadata=_said(mark("没有期限的规矩，群里说过几小时后私下告诉没看到的人"), low=1, high=720)
    )
    private_every_days: int = field(default=3, metadata=_said(mark("同一个人至少隔几天才私下提醒"), low=1, high=30))
    private_at_most: int = field(
        default=3, metadata=_said(mark("同一个人 30 天里最多私下提醒几次，0 是从不私下说"), low=0, high=10)
    )
