"""A segment's rule as data: conditions, and how they are joined. ``reading`` makes it from JSON, ``to_words`` makes JSON of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from qunying.kernel.money import to_decimal
from qunying.people.layers import Layer

IDS, WORDS, PART_OF_WORDS, ONE_OF = "ids", "words", "part of words", "one of"
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "community": IDS,
        "group": IDS,
        "carrier": WORDS,
        "city": WORDS,
        "industry": WORDS,
        "company": PART_OF_WORDS,
        "job": PART_OF_WORDS,
        "card": PART_OF_WORDS,
        "role": ONE_OF,
        "via": WORDS,
        "inviter": IDS,
        "tag": IDS,
        "layer": ONE_OF,
    }
)
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType({"role": ("owner", "admin", "member"), "layer": tuple(Layer)})
COUNTS = ("messages", "days_spoken", "openings", "orders", "amount")
DEED = "deed:"


@dataclass(frozen=True, slots=True)
class Window:
    """When: the last so many days, or local days ``since`` to ``until``, both belonging to it; nothing given: ever."""

    last_days: int | None = None
    since: date | None = None
    until: date | None = None


EVER = Window()


@dataclass(frozen=True, slots=True)
class About:
    """What somebody is, in any group where they sit: one of these. Of a layer, ``group`` says where; 0: in the community."""

    what: str
    any_of: tuple[int | str, ...]
    group: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """Came into one of the groups then, and sits there still."""

    window: Window


@dataclass(frozen=True, slots=True)
class Did:
    """Did something between ``at_least`` and ``at_most`` times (None: no bound).

    ``what`` is one of ``COUNTS`` or ``deed:`` and its kind. Amounts are parts of money, orders less refunds, in ``currency``.
    """

    what: str
    at_least: int | None
    at_most: int | None
    window: Window = EVER
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Silent:
    """Said no word in so many days, and has been here longer than that."""

    days: int


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these holds."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    rule: Rule


Condition = About | Joined | Did | Silent
Rule = Condition | All | AnyOf | Not


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """Every different condition in it, in the order in which they stand."""
    match rule:
        case All(rules) | AnyOf(rules):
            return tuple(dict.fromkeys(one for inner in rules for one in conditions_of(inner)))
        case Not(inner):
            return conditions_of(inner)
        case _:
            return (rule,)


def to_words(rule: Rule) -> dict[str, Any]:
    """The rule as JSON has it."""
    match rule:
        case All(rules):
            return {"all": [to_words(one) for one in rules]}
        case AnyOf(rules):
            return {"any": [to_words(one) for one in rules]}
        case Not(inner):
            return {"not": to_words(inner)}
        case About(what, any_of, group):
            return {"about": what, "any_of": list(any_of), **({"group": group} if group else {})}
        case Joined(window):
            return {"joined": _window(window)}
        case Silent(days):
            return {"silent_days": days}
        case Did():
            return _did(rule)


def _did(rule: Did) -> dict[str, Any]:
    bounds: dict[str, object] = {"at_least": rule.at_least, "at_most": rule.at_most}
    if rule.what == "amount":
        bounds = {name: None if value is None else str(to_decimal(int(str(value)))) for name, value in bounds.items()}
    told = {name: value for name, value in bounds.items() if value is not None}
    currency = {"currency": rule.currency} if rule.currency else {}
    return {"did": rule.what, **told, **_window(rule.window), **currency}


def _window(window: Window) -> dict[str, Any]:
    days = {"last_days": window.last_days} if window.last_days is not None else {}
    ends = {"from": window.since, "to": window.until}
    return {**days, **{name: day.isoformat() for name, day in ends.items() if day is not None}}
