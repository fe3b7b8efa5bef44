"""Ladders: what happens the first time somebody breaks a rule, the second, the third. Pure.

A ladder is a row of steps, a step a few acts written as people say them: ``notice``, ``warn``, ``whisper`` (a private
warning), ``delete``, ``mute 10m``, ``forfeit`` (the deposit), ``remove``, ``ban``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

SPEAKING = ("notice", "warn", "whisper")
ACTS = (*SPEAKING, "delete", "mute", "forfeit", "remove", "ban")
HARDEST = ("remove", "ban")
LONGEST_MUTE = timedelta(days=30)
MOST_STEPS = 10
_MUTE = re.compile(r"mute\s+(\d{1,5})\s*([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at one step; ``mute`` is how long, nothing where nobody is muted."""

    acts: tuple[str, ...]
    mute: timedelta = timedelta()

    def has(self, act: str) -> bool:
        """Whether that act is part of it."""
        return act in self.acts


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in order. Somebody stays on the last one. ``any_link``: every link to a place nobody allowed breaks a rule."""

    name: str
    title: str
    steps: tuple[Step, ...]
    any_link: bool = False

    def step(self, before: int) -> tuple[int, Step]:
        """The step, counted from 1, of somebody with so many before it that still count."""
        number = min(before + 1, len(self.steps))
        return number, self.steps[number - 1]


def read_steps(lines: Sequence[str]) -> tuple[Step, ...]:
    """Steps as somebody wrote them, one a line, acts joined by ``+``. Raises ``BadUse`` saying which step is wrong and why."""
    if len(lines) > MOST_STEPS:
        raise BadUse(mark("阶梯最多 %(n)s 级"), n=MOST_STEPS)
    steps = tuple(_step(line, number) for number, line in enumerate(lines, 1))
    for number, step in enumerate(steps, 1):
        if number < len(steps) and any(map(step.has, HARDEST)):
            raise BadUse(mark("第 %(n)s 级已经移出群，后面不能再有别的级"), n=number)
    return steps


def _step(line: str, number: int) -> Step:
    parts = [part.strip().lower() for part in re.split(r"[+＋]", line)]
    if not any(parts):
        raise BadUse(mark("第 %(n)s 级是空的；阶梯中间不能缺一级"), n=number)
    acts, mute = [], timedelta()
    for part in parts:
        found = _MUTE.fullmatch(part)
        if found:
            mute = int(found[1]) * _UNITS[found[2]]
            if not timedelta() < mute <= LONGEST_MUTE:
                raise BadUse(mark("第 %(n)s 级：禁言要在 1 分钟到 30 天之间"), n=number)
            acts.append("mute")
        elif part in ACTS and part != "mute":
            acts.append(part)
        else:
            raise BadUse(
                mark(
                    "第 %(n)s 级看不懂「%(part)s」；能写的是 notice、warn、whisper、delete、mute 10m、forfeit、remove、ban"
                ),
                n=number,
                part=part,
            )
    return Step(tuple(dict.fromkeys(acts)), mute)


GENTLE = Ladder(
    "gentle",
    mark("提醒 → 警告 → 禁言 10 分钟 → 移出"),
    read_steps(["notice+delete", "warn+delete", "mute 10m+warn+delete", "remove+delete"]),
)
BUILT_IN: Mapping[str, Ladder] = MappingProxyType(
    {
        ladder.name: ladder
        for ladder in (
            GENTLE,
            Ladder(
                "links-twice",
                mark("发链接：先警告，再移出，30 天后可以再进"),
                read_steps(["warn+delete", "remove+delete"]),
                any_link=True,
            ),
            Ladder(
                "deposit-then-remove",
                mark("押金群：先没收押金，再移出"),
                read_steps(["forfeit+warn+delete", "remove+delete"]),
            ),
            Ladder("remove-at-once", mark("一次就移出"), read_steps(["remove+delete"])),
        )
    }
)
AT_ONCE = BUILT_IN["remove-at-once"]


@lru_cache(maxsize=256)
def ladder_of(name: str, lines: tuple[str, ...]) -> Ladder:
    """The ladder of a group: its own steps where it has written some, else the ready-made one of that name.

    What cannot be read any more (forms and drills refuse it) must not stop a group: it is the gentle one then.
    """
    try:
        own = read_steps(lines)
    except BadUse:
        return GENTLE
    if own:
        return Ladder("own", mark("自己写的阶梯"), own, any_link=name == "links-twice")
    return BUILT_IN.get(name, GENTLE)
