"""Gentle touches for those who look on in silence: suggestions that become a task, never anything that is sent by itself.

Removing who is absent is another matter: it is announced and can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.communities.queries import GroupInfo
from qunying.desk.actions import do_open_task
from qunying.desk.queries import list_task_states
from qunying.insights.scope import local_day, monday_of
from qunying.kernel.effects import OpenTask
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark
from qunying.people.layers import Layer

WITHIN = timedelta(days=2)
SILENT = frozenset({Layer.LURKER, Layer.DORMANT})


@dataclass(frozen=True, slots=True)
class Touch:
    """One way to touch gently: what it is, what to say."""

    code: str
    title: str
    words: str


TOUCHES: Mapping[str, Touch] = MappingProxyType(
    {
        one.code: one
        for one in (
            Touch(
                "small_question",
                gettext_noop("问一句一个字就能答的"),
                gettext_noop("这周过得怎么样？回一个数字就行：1 忙翻了，2 还不错，3 想躺平，4 一直在看大家聊。"),
            ),
            Touch(
                "needs_check",
                gettext_noop("摸一摸大家想要什么"),
                gettext_noop("想把群办得更有用，回一个数字就行：1 想看干货，2 想有人答疑，3 想认识人，4 先看看。"),
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class TouchLine:
    """A touch as the page offers it; ``is_asked``: a task for it was opened this week."""

    code: str
    title: str
    words: str
    is_asked: bool


def read_touches(group: GroupInfo, layer: str, now: datetime) -> tuple[TouchLine, ...]:
    """What to try with the people of a layer; nothing for those who talk."""
    if layer not in SILENT:
        return ()
    keys = {code: _key(group, code, now) for code in TOUCHES}
    known = list_task_states(list(keys.values()))
    with translation.override(group.language):
        words = {code: _(one.words) for code, one in TOUCHES.items()}
    return tuple(TouchLine(code, _(one.title), words[code], keys[code] in known) for code, one in TOUCHES.items())


def do_plan_touch(group: GroupInfo, code: str, now: datetime) -> bool:
    """Opens the task for a touch; False where one was opened this week. Raises ``BadUse`` for an unknown one."""
    if code not in TOUCHES:
        raise BadUse(mark("没有这种办法"))
    key = _key(group, code, now)
    if list_task_states([key]):
        return False
    with translation.override(group.language):
        words = _(TOUCHES[code].words)
    title = Sentence(mark("在「%(group)s」%(what)s"), {"group": group.name, "what": Sentence(TOUCHES[code].title)})
    task = OpenTask(key=key, kind="touch", title=title.to_text(), group_id=group.id, details=words, due_at=now + WITHIN)
    do_open_task(task, community_id=group.community_id, at=now)
    return True


def _key(group: GroupInfo, code: str, now: datetime) -> str:
    """One for each touch, group and week."""
    return f"touch:{group.id}:{code}:{monday_of(local_day(now, group.zone.key))}"
