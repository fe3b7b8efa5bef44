"""What an incident of each kind is called, how serious it is, and who of the roster leads through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from qunying.communities.queries import StaffLine
from qunying.kernel.texts import mark


class Severity(StrEnum):
    """How much harm waiting does."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


AT_HAND = ("operator", "lead", "owner", "watcher", "teacher")  # quick hands are needed in the group
IN_CHARGE = ("lead", "owner", "operator", "watcher", "teacher")  # somebody has to promise something
AS_TEACHER = ("teacher", "lead", "operator", "owner", "watcher")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of incident. ``duties`` is the order in which its owner is looked for on the roster."""

    title: str
    severity: Severity = Severity.MIDDLE
    duties: tuple[str, ...] = AT_HAND


UNKNOWN = Kind(mark("有件事要人看"))
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "rule_not_known": Kind(mark("有人不知道规矩，闹起来了"), Severity.MIDDLE, IN_CHARGE),
        "competitor_wave": Kind(mark("同行进群引流"), Severity.HIGH),
        "escalating_complaint": Kind(mark("抱怨越来越重"), Severity.HIGH, IN_CHARGE),
        "damaged_goods": Kind(mark("有人晒出坏了的货"), Severity.HIGH),
        "low_participation": Kind(mark("参加的人太少"), Severity.LOW, IN_CHARGE),
        "ads_and_idle": Kind(mark("广告多，说话的少"), Severity.LOW),
        "public_doubt": Kind(mark("当众质疑内容"), Severity.MIDDLE, AS_TEACHER),
        "silent_group": Kind(mark("群静下来了"), Severity.LOW),
        "closing_day": Kind(mark("收尾的日子有怨气"), Severity.HIGH, IN_CHARGE),
        "off_topic_storm": Kind(mark("跑题刷屏"), Severity.MIDDLE),
        "quarrel": Kind(mark("成员吵起来了"), Severity.HIGH),
        "mass_leaving": Kind(mark("很多人一起退群"), Severity.HIGH, IN_CHARGE),
        "carrier_down": Kind(mark("平台连不上"), Severity.HIGH, IN_CHARGE),
    }
)
SEVERITIES: Mapping[str, str] = MappingProxyType(
    {Severity.HIGH: mark("马上处理"), Severity.MIDDLE: mark("今天处理"), Severity.LOW: mark("有空处理")}
)


def kind_named(name: str) -> Kind:
    """The kind of that name; a plain one where a later version no longer knows it."""
    return KINDS.get(name, UNKNOWN)


def choose_owner(kind: str, roster: Sequence[StaffLine]) -> StaffLine | None:
    """Who of the roster leads through an incident of this kind: by duty, then by their place on it. None where nobody can."""
    duties = kind_named(kind).duties
    able = [line for line in roster if line.duty in duties]
    return min(able, key=lambda line: duties.index(line.duty), default=None)
