"""What a community may set about order. Form, guide and drills are made from these fields."""

from __future__ import annotations

from dataclasses import dataclass, field

from qunying.capabilities.order.ladders import BUILT_IN, read_steps
from qunying.capabilities.order.lists import check_lines
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark


def _said(help_text: str, **more: object) -> dict[str, object]:
    return {"help": help_text, **more}


DO_TITLES = (
    ("watch", mark("只数，不管")),
    ("ask", mark("请人看")),
    ("delete", mark("收起那条")),
    ("step", mark("按阶梯处理")),
    ("remove", mark("立刻移出")),
)


@dataclass(frozen=True, slots=True)
class OrderSettings:
    """The rules of a group."""

    ladder: str = field(
        default="gentle",
        metadata=_said(
            mark("违规以后怎么办"),
            choices=tuple((ladder.name, ladder.title) for ladder in BUILT_IN.values()),
            is_tried=True,
        ),
    )
    steps: tuple[str, ...] = field(
        default=(),
        metadata=_said(
            mark("自己写阶梯，一行一级，例如 warn+delete、mute 10m、remove；写了就不用上面那条"),
            check=read_steps,
            is_tried=True,
        ),
    )
    counts_days: int = field(default=30, metadata=_said(mark("一次违规过几天不再算"), low=1, high=365, is_tried=True))
    allow_domains: tuple[str, ...] = field(default=(), metadata=_said(mark("可以发的网址，写域名，一行一个")))
    allow_people: tuple[str, ...] = field(default=(), metadata=_said(mark("不用管的人，写账号，一行一个")))
    act_from: int = field(
        default=80, metadata=_said(mark("有多大把握就直接处理（%）"), low=50, high=100, is_tried=True)
    )
    ask_from: int = field(default=50, metadata=_said(mark("有多大把握就请人看（%）"), low=10, high=100, is_tried=True))
    back_after_days: int = field(default=30, metadata=_said(mark("移出后过几天可以请回来"), low=0, high=365))
    rule: str = field(
        default="",
        metadata=_said(mark("处理违规时引用的群规；留空用自带的那一句"), is_long=True),
    )
    words: tuple[str, ...] = field(
        default=(),
        metadata=_said(
            mark("要找的词，一行一个；前面可以写 拼音：、正则：、完全：、允许：，词多就放进词表"),
            check=check_lines,
            is_tried=True,
        ),
    )
    words_do: str = field(default="ask", metadata=_said(mark("上面这些词出现时"), choices=DO_TITLES, is_tried=True))
    lists: tuple[str, ...] = field(default=(), metadata=_said(mark("在用的词表，由词表那一页来开关"), is_hidden=True))


BY_HAND = ("watch", "ask")  # what may be said of words that somebody just types


def check_change(before: OrderSettings, after: OrderSettings) -> None:
    """Raises ``BadUse`` for words that would act by themselves as soon as they are typed: nobody has seen whom they touch."""
    if after.words_do in BY_HAND or not after.words:
        return
    if after.words_do != before.words_do or set(after.words) - set(before.words):
        raise BadUse(
            mark(
                "会自己动手的词不能写了就用：先在「演练」里看会碰到谁，再从那里用上，或者建成词表；在这里只能先选「请人看」"
            )
        )


def check_together(chosen: OrderSettings) -> None:
    """Raises ``BadUse`` where less is needed to act than to ask a person: then nobody would ever be asked."""
    if chosen.act_from < chosen.ask_from:
        raise BadUse(
            mark("直接处理要的把握（%(act)s%%）不能比请人看的（%(ask)s%%）还低，不然谁也不会被请来看"),
            act=chosen.act_from,
            ask=chosen.ask_from,
        )
