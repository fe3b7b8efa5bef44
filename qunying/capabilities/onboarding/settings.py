"""What a community may set about the welcome. Form, guide and drills are made from these fields."""

from __future__ import annotations

from dataclasses import dataclass, field

from qunying.kernel.texts import mark

BUILT_IN_CARD = mark("城市-行业-称呼")


def _said(help_text: str, **more: object) -> dict[str, object]:
    return {"help": help_text, **more}


@dataclass(frozen=True, slots=True)
class OnboardingSettings:
    """The welcome of a group."""

    wait_minutes: int = field(default=3, metadata=_said(mark("第一位新人进群后等几分钟，一起欢迎"), low=0, high=120))
    greet_at: int = field(default=10, metadata=_said(mark("等到几位新人就不再等，马上欢迎"), low=1, high=100))
    words: str = field(
        default="",
        metadata=_said(mark("欢迎语。{names} 换成新人的名字，{staff} 换成官方名册；留空用自带的"), is_long=True),
    )
    rules: tuple[str, ...] = field(default=(), metadata=_said(mark("欢迎时顺带说的规矩，只说前两条")))
    card_template: str = field(default=BUILT_IN_CARD, metadata=_said(mark("请新人照着介绍自己的格式；留空就不提")))
