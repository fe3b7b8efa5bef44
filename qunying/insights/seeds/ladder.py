"""The promotion ladder: what a rung takes, and who moves. Pure.

A rung is gained on the day all of its requirement is met, and lost only after ``GRACE`` days on which less than ``KEPT``
of it was. A day is decided once, from whole days before it, so it does not matter how often somebody looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from qunying.insights.seeds.signals import SIGNALS, Signals
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

KEPT = 0.9
GRACE = 14  # days
MOST = 10_000
NAME_LETTERS, TEXT_LETTERS = 20, 500
ORDINARY = mark("普通成员")


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung above the ordinary: what it takes within the span (each signal at least so much), what somebody on it may do,
    and with which words they are congratulated (none: they are not)."""

    code: str
    name: str
    needs: Mapping[str, int]
    may: str = ""
    ritual: str = ""


RUNGS = (
    Rung("active", mark("活跃成员"), {"days": 6, "messages": 15}, mark("可以报名带话题、参加内测。")),
    Rung(
        "core",
        mark("核心成员"),
        {"days": 12, "openings": 3, "helped": 3},
        mark("可以进种子群、带新人、主持一次话题。"),
        mark("恭喜 {name} 成为本群的核心成员！谢谢你这段时间常来，还帮大家解答问题。以后新人就拜托你多带带。"),
    ),
    Rung(
        "leader",
        mark("领袖"),
        {"days": 18, "openings": 6, "answerers": 10, "thanked": 3},
        mark("可以当副群主、定期开分享、参与选题。"),
        mark("恭喜 {name} 成为本群的领袖成员！大家愿意跟着你聊，也常常谢谢你。想请你定期来做一次分享，好吗？"),
    ),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: how many rungs up, since which day, and since when they are below what each rung takes.

    Days are ordinals; ``below`` is by rung, counted from 1.
    """

    rung: int = 0
    since: int | None = None
    below: Mapping[int, int] = field(default_factory=dict)

    @property
    def falls_on(self) -> int | None:
        """The day on which the rung is lost unless something happens; None where nothing threatens it."""
        return self.below[self.rung] + GRACE if self.rung in self.below else None


def met(signals: Signals, rung: Rung, times: float = 1.0) -> float:
    """Which part of what the rung takes is met, 1 for all of it; the least of its requirements decides.

    ``times`` is how many times longer the span is than the one the requirement speaks of.
    """
    done = asdict(signals)
    return min((done[name] / (least * times) for name, least in rung.needs.items() if least), default=0.0)


def decide(before: Standing, parts: Sequence[float], today: int) -> Standing:
    """Where somebody stands on that day, from where they stood the day before and which part of each rung is met."""
    gained = max((number for number, part in enumerate(parts, 1) if part >= 1), default=0)
    held = min(max(before.rung, gained), len(parts))
    below = {number: before.below.get(number, today) for number in range(1, held + 1) if parts[number - 1] < KEPT}
    while held and held in below and today - below[held] >= GRACE:
        held -= 1
    since = before.since if held == before.rung else today
    return Standing(held, since, {number: day for number, day in below.items() if number <= held})


def rungs_of(chosen: Sequence[Mapping[str, object]]) -> tuple[Rung, ...]:
    """The rungs as somebody changed them; the built-in ones for none. Raises ``BadUse`` naming the rung and what is wrong."""
    if not chosen:
        return RUNGS
    if [one.get("code") for one in chosen] != [one.code for one in RUNGS]:
        raise BadUse(mark("阶梯要有活跃、核心、领袖三级"))
    return tuple(_rung(one) for one in chosen)


def _rung(chosen: Mapping[str, object]) -> Rung:
    code, name = str(chosen["code"]), str(chosen.get("name", "")).strip()
    if not name or len(name) > NAME_LETTERS:
        raise BadUse(mark("每一级的名字要有 1 到 20 个字"))
    needs = chosen.get("needs")
    wanted = {signal: _least(name, value) for signal, value in needs.items()} if isinstance(needs, Mapping) else {}
    if not any(wanted.values()) or set(wanted) - set(SIGNALS):
        raise BadUse(mark("「%(name)s」至少要有一项门槛"), name=name)
    may, ritual = (str(chosen.get(part, "")).strip() for part in ("may", "ritual"))
    if len(may) > TEXT_LETTERS or len(ritual) > TEXT_LETTERS:
        raise BadUse(mark("「%(name)s」的话太长了，最多 500 个字"), name=name)
    return Rung(code, name, {signal: least for signal, least in wanted.items() if least}, may, ritual)


def _least(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        raise BadUse(mark("「%(name)s」的门槛要是 0 到 10000 的整数"), name=name)
    return value
