"""What KPIs are computed from: the counts of one span, and what was told from outside of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

KEPT_AFTER = (7, 30, 90)
RATIOS = ("active_day", "active_week", "repeaters", "consulted", "took_part")


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    @property
    def value(self) -> float | None:
        """The share; None of nobody."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency in its unit, and of how many orders it is made."""

    currency: str
    amount: float
    orders: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts of one span of a community, all of members, none of colleagues and programs.

    ``members_before`` were there as it began. ``kept`` by days: of whoever joined in a span as long that ended so many days
    earlier, who still sat in a group so many days after. ``repeaters`` of the buyers of the last 90 days bought on two days
    or more. ``layers`` are openers, followers, lurkers and dormant at its end; empty where nobody counted them. ``topics`` as of
    ``kpis.topics``; ``took_part`` are, over all of them, the members who spoke on one of those who could have.
    """

    joined: int = 0
    invited: int = 0
    joined_by: Mapping[str, int] = field(default_factory=dict)
    left: int = 0
    removed: int = 0
    members: int = 0
    members_before: int = 0
    active_day: Ratio = Ratio()
    active_week: Ratio = Ratio()
    referrers: int = 0
    opened: int = 0
    kept: Mapping[int, Ratio] = field(default_factory=dict)
    buyers: int = 0
    orders: int = 0
    revenue: tuple[Money, ...] = ()
    repeaters: Ratio = Ratio()
    consulted: Ratio = Ratio()
    layers: Mapping[str, int] = field(default_factory=dict)
    topics: int = 0
    took_part: Ratio = Ratio()

    def to_words(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def of_words(cls, words: Mapping[str, Any]) -> Figures:
        """The inverse of ``to_words``."""
        ratios = {name: Ratio(**words[name]) for name in RATIOS}
        kept = {int(days): Ratio(**ratio) for days, ratio in words["kept"].items()}
        revenue = tuple(Money(**money) for money in words["revenue"])
        return cls(**{**words, **ratios, "kept": kept, "revenue": revenue})


@dataclass(frozen=True, slots=True)
class Outside:
    """What was told from outside: answers by score, how many were asked, and what the joining 30 days earlier had cost.

    ``costs`` are parts of money (``kernel.money``) by currency. ``whys`` are the reasons written down (``people.leaving``) of
    those who left by themselves.
    """

    satisfaction: Mapping[int, int] = field(default_factory=dict)
    satisfaction_asked: int = 0
    nps: Mapping[int, int] = field(default_factory=dict)
    nps_asked: int = 0
    costs: Mapping[str, int] = field(default_factory=dict)
    whys: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """What a KPI is in one span; None where it cannot be said. ``of``: how many it is a share or mean of.

    ``parts`` are told beside it: a code (``kpis/words.py`` knows what it is called) and how many. ``currency`` of money.
    """

    value: float | None
    of: int | None = None
    parts: tuple[tuple[str, float], ...] = ()
    currency: str = ""


def share(ratio: Ratio, *parts: tuple[str, float]) -> Value:
    """A share as a value."""
    return Value(ratio.value, ratio.whole, parts)


def read_money(amounts: tuple[Money, ...]) -> Value:
    """The currency with the most orders; the others stand beside it, because they are never added up."""
    if not amounts:
        return Value(0.0)
    main, *others = sorted(amounts, key=lambda one: (-one.orders, one.currency))
    return Value(main.amount, None, tuple((one.currency, one.amount) for one in others), main.currency)
