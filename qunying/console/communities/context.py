"""Everything the templates of the communities receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HealthPart:
    """Groups that do alike: a stretch of the ribbon (``x`` and ``width`` in per cent), and the way to them."""

    name: str = field(metadata={"help": "怎么样"})
    count: int = field(metadata={"help": "几个群"})
    css: str = field(metadata={"help": "什么颜色"})
    x: str = field(metadata={"help": "从哪里起"})
    width: str = field(metadata={"help": "多宽"})
    href: str = field(metadata={"help": "去看这些群"})


@dataclass(frozen=True, slots=True)
class Want:
    """Something that waits for a person. ``tone``: how bad leaving it is."""

    what: str = field(metadata={"help": "什么事"})
    href: str = field(metadata={"help": "去哪里做"})
    tone: str = field(metadata={"help": "多急"})


@dataclass(frozen=True, slots=True)
class Active:
    """Who spoke in the last seven days, of everybody there, against the seven days before."""

    share: str = field(metadata={"help": "占多少"})
    told: str = field(metadata={"help": "多少人里多少人"})
    change: str = field(metadata={"help": "比前 7 天差几个百分点"})
    tone: str = field(metadata={"help": "是不是掉了"})


@dataclass(frozen=True, slots=True)
class Card:
    """One community: what it is for, how it does, what it needs."""

    id: int = field(metadata={"help": "社群"})
    name: str = field(metadata={"help": "叫什么"})
    promise: str = field(metadata={"help": "对成员的承诺，没有就是话题"})
    purposes: str = field(metadata={"help": "为什么做"})
    stage: str = field(metadata={"help": "在哪个阶段"})
    has_stage: bool = field(metadata={"help": "阶段定了没有"})
    tone: str = field(metadata={"help": "要不要人看"})
    members: int = field(metadata={"help": "多少人"})
    groups: int = field(metadata={"help": "几个群"})
    health: tuple[HealthPart, ...] = field(metadata={"help": "群都怎么样"})
    wants: tuple[Want, ...] = field(metadata={"help": "要人做的"})
    active: Active | None = field(metadata={"help": "一周的活跃；还没数就没有"})
    aims: str = field(metadata={"help": "目标怎么样"})
    is_behind: bool = field(metadata={"help": "有没有没到的目标"})
    is_counted: bool = field(metadata={"help": "KPI 数过没有"})
    as_of: datetime | None = field(metadata={"help": "KPI 数到什么时候"})


@dataclass(frozen=True, slots=True)
class CommunitiesPage:
    """Every community somebody may see, those that need a person first."""

    title: str = field(metadata={"help": "一句话的答案"})
    lead: str = field(metadata={"help": "先看哪个，为什么"})
    cards: tuple[Card, ...] = field(metadata={"help": "每个社群"})
    can_found: bool = field(metadata={"help": "能不能新建社群"})


@dataclass(frozen=True, slots=True)
class CardPart:
    """One of them, once its numbers are counted."""

    card: Card = field(metadata={"help": "这个社群"})
