"""The tasks an incident begins with: who is to be talked to, what is to be said, in the community's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import override

from qunying.capabilities.incidents.addresses import address
from qunying.kernel.effects import OpenTask
from qunying.kernel.keys import fitted
from qunying.kernel.texts import mark

TALK_WITHIN = timedelta(minutes=30)
NAME_AT_MOST = 60
MESSAGES_LINKED = 5
LISTENING = mark(
    "先听，不评谁对谁错，也别在群里点名。可以这样开头：「刚才群里的话我都看到了，想先听听你怎么想。」"
    "答应了什么就写在事件里；他还在气头上，就约个晚点的时间再聊。"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an incident happens, as far as its tasks speak of it. ``links`` lead to the messages that show it."""

    group_id: int | None
    name: str
    language: str
    owner: str
    staff: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done about every incident of a kind, within so many minutes."""

    kind: str
    title: str
    details: str
    minutes: int


STEPS: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        "competitor_wave": (
            Step(
                "tell_operators",
                mark("告诉所有运营：「%(group)s」有同行引流"),
                mark("说清楚是哪几个号、怎么说话、留的什么联系方式，请大家盯着自己的群。"),
                15,
            ),
            Step(
                "name_official",
                mark("在「%(group)s」说清楚谁是官方的"),
                mark("可以这样说：「官方的人只有%(staff)s，别的人加你都不是我们。遇到了请截图给管理员。」"),
                20,
            ),
            Step(
                "check_groups",
                mark("看看「%(group)s」以外的群有没有同一拨人"),
                mark("拿他们的名字、名片和联系方式去搜；搜到的一起处理。"),
                60,
            ),
        )
    }
)


def talks_with(names: Mapping[int, str], place: Place, *, cause: str, at: datetime) -> list[OpenTask]:
    """A private talk with each of these people, for the owner."""
    with override(place.language):
        return [
            OpenTask(
                key=task_key(cause, f"talk:{member}"),
                kind="private_talk",
                title=_("私下和「%(name)s」聊聊") % {"name": name[:NAME_AT_MOST]},
                group_id=place.group_id,
                member=member,
                assigned=place.owner,
                due_at=at + TALK_WITHIN,
                details="\n".join([_(LISTENING), *place.links]),
            )
            for member, name in names.items()
        ]


def steps_of(kind: str, place: Place, *, cause: str, at: datetime) -> list[OpenTask]:
    """What is to be done about an incident of this kind, for the owner."""
    with override(place.language):
        staff = _("、").join(place.staff) or _("管这个群的人")
        words = {"group": place.name[:NAME_AT_MOST], "staff": staff}
        return [
            OpenTask(
                key=task_key(cause, step.kind),
                kind=step.kind,
                title=_(step.title) % words,
                group_id=place.group_id,
                assigned=place.owner,
                due_at=at + timedelta(minutes=step.minutes),
                details="\n".join([_(step.details) % words, *place.links]),
            )
            for step in STEPS.get(kind, ())
        ]


def task_key(cause_key: str, what: str) -> str:
    """The key of a task; it ends with the event that caused it, by which drills find it."""
    return fitted(f"incident:{what}:{cause_key}", 200)


def message_links(group_id: int, message_ids: Sequence[int]) -> tuple[str, ...]:
    """Where the last of these messages can be read; none where the console has no such page."""
    found = (address("console:group-message", group_id, pk) for pk in message_ids[-MESSAGES_LINKED:])
    return tuple(filter(None, found))
