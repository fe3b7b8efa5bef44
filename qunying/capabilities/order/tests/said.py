"""Messages, people and what is known, made by hand for the pure parts of order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qunying.capabilities.order.checks import explain
from qunying.capabilities.order.consider import consider
from qunying.capabilities.order.knowing import Memory
from qunying.capabilities.order.lists import make_lists
from qunying.capabilities.order.remember import remember
from qunying.capabilities.order.settings import OrderSettings
from qunying.judgement.judge import read
from qunying.kernel.checks import Explanation
from qunying.kernel.events import Attachment, MessageReceived, PictureRead, Who
from qunying.kernel.hours import QuietHours
from qunying.kernel.opinions import Decision, Opinion
from qunying.kernel.scene import GroupScene, Member, Mode, Scene
from qunying.pipeline.settle import settle

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)
STAFF = ("王老师", "小李助教")


class Talk:
    """A group that order listens to, message by message; what it thought of each is kept in ``opinions``, why in ``explained``."""

    def __init__(self, language: str = "zh-hans", mode: Mode = Mode.ACT, **chosen: Any) -> None:
        settings = OrderSettings(**chosen)
        lists = make_lists(settings.words, settings.words_do)
        self.memory = Memory(lists={1: lists} if settings.words else {})
        self.opinions: list[Opinion | None] = []
        self.decisions: list[Decision] = []
        self.explained: list[Explanation] = []
        self.at = NOON
        self._numbers: dict[str, int] = {}
        self._joined: dict[str, datetime] = {}
        self._group = GroupScene(
            id=1,
            ref="g",
            carrier="sandbox",
            community_id=1,
            name="茶友会",
            language=language,
            quiet=QuietHours(ZoneInfo("UTC")),
            staff_names=STAFF,
            modes={"order": mode},
            settings={"order": settings},
        )

    def came(self, name: str, ago: timedelta) -> None:
        """Somebody joined so long before now."""
        self._joined[name] = self.at - ago

    def id(self, name: str) -> int:
        """The number of somebody."""
        return self._numbers.setdefault(name, len(self._numbers) + 1)

    def say(
        self,
        name: str,
        text: str,
        after: float = 60,
        *,
        role: str = "member",
        media: Sequence[Attachment] = (),
        mentions: Sequence[str] = (),
        kind: str = "",
    ) -> Opinion | None:
        """Somebody says something so many seconds later; what order thinks of it."""
        self.at += timedelta(seconds=after)
        key = f"m{len(self.opinions)}"
        event = MessageReceived(
            key=key,
            at=self.at,
            lane_id=1,
            community_id=1,
            group_id=1,
            sender=Who(name, name),
            source_key=key,
            text=text,
            kind=kind or ("contact" if media else "text"),
            media=tuple(media),
            mentions=tuple(map(Who, mentions)),
        )
        return self._told(name, role, event)

    def see(self, name: str, text: str) -> Opinion | None:
        """The pictures of somebody's last message were looked at; with them it says this."""
        key = f"m{len(self.opinions) - 1}"
        event = PictureRead(
            key=f"{key}:pictures",
            at=self.at,
            lane_id=1,
            community_id=1,
            group_id=1,
            sender=Who(name, name),
            source_key=key,
            text=text,
        )
        return self._told(name, "member", event)

    def _told(self, name: str, role: str, event: MessageReceived | PictureRead) -> Opinion | None:
        scene, text = self._scene(name, role), event.text
        opinion = consider(event, read(text), scene, self.memory)
        self.explained.append(explain([(event, read(text))], scene, self.memory, self.at))
        decision = settle(event, scene, [opinion] if opinion else [])
        self.memory = remember(self.memory, event, decision, scene)
        self.opinions.append(opinion)
        self.decisions.append(decision)
        return opinion

    def _scene(self, name: str, role: str) -> Scene:
        joined = self._joined.get(name, LONG_AGO)
        member = Member(self.id(name), name, name, role=role, joined_at=joined)
        return Scene({1: self._group}, {(1, name): member})


def kinds(opinion: Opinion | None) -> list[str]:
    """The effects an opinion wants, by name."""
    return [type(effect).__name__ for effect in opinion.effects] if opinion else []
