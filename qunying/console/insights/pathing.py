"""The paths of newcomers, drawn from top to bottom and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qunying.console.insights.context import Block, JourneyAnswer, PathLine, PathsPanel
from qunying.insights.journeys.paths import ORDERED, Path, Paths, count_paths
from qunying.insights.scope import Scope
from qunying.ui.figures import duration, number, percent

NAMES: Mapping[str, str | Promise] = {
    "joined": pgettext_lazy("step of a path", "进群"),
    "said": pgettext_lazy("step of a path", "第一句话"),
    "asked": pgettext_lazy("step of a path", "提问"),
    "opened": pgettext_lazy("step of a path", "带起话题"),
    "answered": pgettext_lazy("step of a path", "得到回答"),
    "order": pgettext_lazy("step of a path", "下单"),
    "left": pgettext_lazy("step of a path", "离开"),
}
WIDTH, LEVEL, BLOCK = 358, 62, 24
GAP, NARROWEST = 1.0, 1.5
LETTER = 11.5  # as wide as a letter of a label stands on a phone
LINES = 10


@dataclass(frozen=True, slots=True)
class _Part:
    """People whose paths begin the same, and where they stand."""

    steps: tuple[str, ...]
    people: int
    x: float
    width: float


def tell_paths(scope: Scope, began_at: datetime, window: timedelta, scope_words: str) -> JourneyAnswer:
    """The answer as a sentence, the drawing, and the paths most people took."""
    found = count_paths(scope, began_at, window)
    parts = list(_parts(found))
    height = LEVEL * max((len(part.steps) for part in parts), default=1) - LEVEL + BLOCK
    panel = PathsPanel(
        width=WIDTH,
        height=height,
        blocks=tuple(map(_block, parts)),
        flows=tuple(_flows(parts)),
        lines=tuple(_line(path, found.people) for path in found.paths[:LINES]),
        notes=tuple(_notes(found)),
    )
    return JourneyAnswer(title=_title(found, window), scope=scope_words, paths=panel)


def _name(step: str) -> str:
    return str(NAMES[step])


def _title(found: Paths, window: timedelta) -> str:
    if not found.people:
        return _("还没有人走完一个窗口")
    numbers = {"window": duration(window)}
    silent = sum(path.people for path in found.paths if len(path.steps) == 1)
    if found.paths[0].steps == ("joined",):
        return _("进群的人里 %(share)s 在%(window)s里什么也没做") % {**numbers, "share": percent(silent / found.people)}
    most = found.paths[0]
    return _("走得最多的路是「%(path)s」，%(share)s 的人") % {
        "path": " → ".join(map(_name, most.steps)),
        "share": percent(most.people / found.people),
    }


def _line(path: Path, people: int) -> PathLine:
    share = path.people / people
    return PathLine(tuple(map(_name, path.steps)), number(path.people), percent(share), share)


def _notes(found: Paths) -> Iterator[str]:
    rest = sum(path.people for path in found.paths[LINES:])
    if rest:
        yield _("其余 %(n)s 人走了另外 %(paths)s 条路。") % {
            "n": number(rest),
            "paths": number(len(found.paths) - LINES),
        }
    if found.unfinished:
        yield _("还有 %(n)s 人刚进群，窗口还没过完，没算。") % {"n": number(found.unfinished)}


def _parts(found: Paths) -> Iterator[_Part]:
    """Everybody, then by first step, by second …: each below those they come from, in the same order everywhere."""
    counts: dict[tuple[str, ...], int] = {}
    for path in found.paths:
        for length in range(1, len(path.steps) + 1):
            counts[path.steps[:length]] = counts.get(path.steps[:length], 0) + path.people
    left: dict[tuple[str, ...], float] = {(): 0.0}
    for steps in sorted(counts, key=lambda steps: (len(steps), [ORDERED.index(step) for step in steps])):
        width = WIDTH * counts[steps] / found.people
        x = left[steps[:-1]]
        left[steps[:-1]] = x + width
        left[steps] = x
        yield _Part(steps, counts[steps], x, width)


def _block(part: _Part) -> Block:
    step, y = part.steps[-1], LEVEL * (len(part.steps) - 1)
    name, width = _name(step), max(NARROWEST, part.width - GAP)
    figure = number(part.people)
    label = next((words for words in (f"{name} {figure}", name) if len(words) * LETTER <= width), "")
    return Block(
        x=f"{part.x:.1f}",
        y=str(y),
        width=f"{width:.1f}",
        css=step,
        told=f"{' → '.join(map(_name, part.steps))} {figure}",
        label=label,
        text_x=f"{part.x + width / 2:.1f}",
        text_y=str(y + 16),
    )


def _flows(parts: Sequence[_Part]) -> Iterator[str]:
    """From each block down to those that go on from it."""
    for part in parts:
        if len(part.steps) > 1:
            top, bottom = LEVEL * (len(part.steps) - 2) + BLOCK, LEVEL * (len(part.steps) - 1)
            low, high = f"{part.x:.1f}", f"{part.x + max(NARROWEST, part.width - GAP):.1f}"
            yield f"M{low},{top} L{high},{top} L{high},{bottom} L{low},{bottom} Z"
