"""What the capabilities looked at in one message, in words: each look, what it said, what spoke for it and against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo
from qunying.console.group.items import Snippet
from qunying.console.group.words import cut_up
from qunying.console.reasons import tell_capability, tell_mode
from qunying.kernel.checks import Check, Ground
from qunying.kernel.scene import Mode
from qunying.pipeline.explaining import Explained, explain_message
from qunying.talk.lines import Line

PERCENT = 100


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One look: found something or not, how much, in a sentence, because of what, and the words."""

    name: str
    is_so: bool
    score: float
    sentence: str
    grounds: str
    text: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class ChecksPanel:
    """All looks of one capability, those that found something first; ``note`` says what of it is as it was then."""

    title: str
    mode: str
    rows: tuple[CheckRow, ...]
    note: str


def read_checks(group: GroupInfo, line: Line, now: datetime) -> tuple[ChecksPanel, ...]:
    """What each capability that explains itself makes of a message; a constant number of queries."""
    return tuple(map(_panel, explain_message(group, line, now)))


def _panel(one: Explained) -> ChecksPanel:
    checks = sorted(one.explanation.checks, key=lambda check: not check.is_so)
    return ChecksPanel(
        title=tell_capability(one.capability),
        mode=_("这个群里关着，下面是开着时会看到的") if one.mode is Mode.OFF else tell_mode(one.mode),
        rows=tuple(_row(check, one.explanation.text) for check in checks),
        note=one.explanation.known.said(_),
    )


def _row(check: Check, text: str) -> CheckRow:
    return CheckRow(
        name=_(check.title),
        is_so=check.is_so,
        score=check.score,
        sentence=check.said.said(_),
        grounds=_("，").join(map(_tell_ground, check.grounds)),
        text=cut_up(text, check.spans) if check.is_so and check.spans else (),
    )


def _tell_ground(ground: Ground) -> str:
    points = round(ground.weight * PERCENT)
    return f"{_(ground.what)} {'+' if points >= 0 else '−'}{abs(points)}"
