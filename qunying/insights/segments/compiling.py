"""A rule becomes one question: one row per member with a figure for every condition, and one condition over the figures.

Values go along as parameters, never as text. What only the database knows (cards, roles, tags, layers, who began
conversations) goes along as tables of ids, made by ``supplies``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from qunying.insights.scope import days_earlier, midnight
from qunying.insights.segments.rule import (
    DEED,
    About,
    All,
    AnyOf,
    Condition,
    Did,
    Joined,
    Not,
    Rule,
    Silent,
    Window,
    conditions_of,
)

DAY = timedelta(days=1)
ON_SEATS = frozenset({"city", "industry", "company", "job", "card", "inviter"})  # what is known of memberships
_SITS: Mapping[str, str] = {
    "community": "list_contains({values}::BIGINT[], p.community_id)",
    "group": "list_contains({values}::BIGINT[], p.group_id)",
    "carrier": "list_contains({values}::VARCHAR[], c.carrier)",
    "via": "list_contains({values}::VARCHAR[], coalesce(p.via, ''))",
    "role": "list_contains({values}::VARCHAR[], coalesce(r.role, 'member'))",
}
_JOINS: Mapping[str, str] = {
    "carrier": "LEFT JOIN carriers AS c ON c.group_id = p.group_id",
    "role": "LEFT JOIN roles AS r ON r.seat_id = p.seat_id",
}
_PARTS: Mapping[str, str] = {
    "sitting": "people AS p{joins}\n    WHERE p.standing = 'member'\n    GROUP BY p.person_id",
    "said": "talk AS p\n    WHERE p.said_by = 'member' AND p.person_id IS NOT NULL\n    GROUP BY p.person_id",
    "done": "deeds AS p\n    GROUP BY p.person_id",
    "known": """(
        SELECT coalesce(a.person_id, k.identity_id) AS person_id, k.number, k.many
        FROM known_people AS k LEFT JOIN aliases AS a ON a.identity_id = k.identity_id
    ) AS p\n    GROUP BY p.person_id""",
}
_SOURCES: Mapping[str, str] = {"sitting": "memberships", "said": "messages", "done": "deeds"}


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment that «the last so many days» end at, and the zone in which days are cut."""

    now: datetime
    zone: str

    def span(self, window: Window) -> tuple[datetime | None, datetime | None]:
        """The moments from and up to which the window goes, the end not belonging to it; None: no bound."""
        if window.last_days is not None:
            return days_earlier(self.now, window.last_days, self.zone), None
        since = None if window.since is None else midnight(window.since, self.zone)
        return since, None if window.until is None else midnight(window.until + DAY, self.zone)


@dataclass(frozen=True, slots=True)
class Question:
    """What an engine is asked: ``sources`` it must see, since when (None: ever)."""

    sql: str
    params: Mapping[str, Any]
    sources: tuple[str, ...]
    since: datetime | None


@dataclass(slots=True)
class _Draft:
    """The question while it is written: columns of each part, and the values bound so far."""

    clock: Clock
    columns: dict[str, dict[str, str]] = field(default_factory=lambda: {"sitting": {}})
    params: dict[str, Any] = field(default_factory=dict)
    joins: set[str] = field(default_factory=set)

    def bind(self, value: Any) -> str:
        """The name of a parameter with that value."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    def figure(self, part: str, sql: str) -> str:
        """The figure that this expression of a part is for each member; 0 where they are not in it."""
        known = self.columns.setdefault(part, {})
        column = known.setdefault(sql, f"{part}_{len(known)}")
        return f"coalesce({column}, 0)"

    def within(self, window: Window, column: str) -> str:
        """A condition: the moment lies in the window."""
        since, until = self.clock.span(window)
        bounds = [f"{column} >= {self.bind(since)}"] if since else []
        bounds += [f"{column} < {self.bind(until)}"] if until else []
        return " AND ".join(bounds) or "true"


def compile_rule(rule: Rule, clock: Clock) -> Question:
    """The question whose rows are all members (``person_id``), and of each whether the rule holds (``is_in``)."""
    draft = _Draft(clock)
    tests = {one: _test(draft, number, one) for number, one in enumerate(conditions_of(rule))}
    condition = _joined(rule, tests)
    parts = [_part(name, columns, draft.joins) for name, columns in draft.columns.items()]
    others = "".join(
        f"\nLEFT JOIN {name} ON {name}.person_id = sitting.person_id" for name in draft.columns if name != "sitting"
    )
    sql = f"WITH {','.join(parts)}\nSELECT sitting.person_id AS person_id, {condition} AS is_in\nFROM sitting{others}"
    sources = tuple(_SOURCES[name] for name in draft.columns if name in _SOURCES)
    return Question(sql, draft.params, sources, _since(rule, clock))


def _part(name: str, columns: Mapping[str, str], joins: set[str]) -> str:
    told = "".join(f",\n        {sql} AS {column}" for sql, column in columns.items())
    met = "".join(f"\n    {_JOINS[one]}" for one in sorted(joins)) if name == "sitting" else ""
    return f"\n{name} AS (\n    SELECT p.person_id{told}\n    FROM {_PARTS[name].replace('{joins}', met)}\n)"


def _joined(rule: Rule, tests: Mapping[Condition, str]) -> str:
    match rule:
        case All(rules):
            return f"({' AND '.join(_joined(one, tests) for one in rules)})"
        case AnyOf(rules):
            return f"({' OR '.join(_joined(one, tests) for one in rules)})"
        case Not(inner):
            return f"(NOT {_joined(inner, tests)})"
        case _:
            return tests[rule]


def _test(draft: _Draft, number: int, one: Condition) -> str:
    """A condition over figures. Who is absent from a part has 0 there, so it is never unknown."""
    match one:
        case About(what, any_of) if what in _SITS:
            draft.joins |= {what} & _JOINS.keys()
            return f"({draft.figure('sitting', _is(_SITS[what].format(values=draft.bind(list(any_of)))))} > 0)"
        case About(what) if what in ON_SEATS:
            seats = f"p.seat_id IN (SELECT k.seat_id FROM known_seats AS k WHERE k.number = {number:d})"
            return f"({draft.figure('sitting', _is(seats))} > 0)"
        case About():
            return f"({draft.figure('known', _known(number))} > 0)"
        case Joined(window):
            return f"({draft.figure('sitting', _is(draft.within(window, 'p.joined_at')))} > 0)"
        case Silent(days):
            since = draft.bind(draft.clock.span(Window(days))[0])
            spoke = draft.figure("said", _is(f"p.said_at >= {since}"))
            is_long = draft.figure("sitting", _is(f"p.joined_at IS NULL OR p.joined_at < {since}"))
            return f"({spoke} = 0 AND {is_long} > 0)"
        case Did():
            return _counted(draft, number, one)


def _is(condition: str) -> str:
    return f"max(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def _known(number: int) -> str:
    return f"sum(CASE WHEN p.number = {number:d} THEN p.many ELSE 0 END)"


def _counted(draft: _Draft, number: int, one: Did) -> str:
    figure = _figure(draft, number, one)
    bounds = [f"{figure} >= {draft.bind(one.at_least)}"] if one.at_least is not None else []
    bounds += [f"{figure} <= {draft.bind(one.at_most)}"] if one.at_most is not None else []
    return f"({' AND '.join(bounds)})"


def _figure(draft: _Draft, number: int, one: Did) -> str:
    if one.what == "openings":
        return draft.figure("known", _known(number))
    if one.what in {"messages", "days_spoken"}:
        when = draft.within(one.window, "p.said_at")
        days = f"count(DISTINCT CASE WHEN {when} THEN CAST(p.local_at AS DATE) END)"
        return draft.figure("said", days if one.what == "days_spoken" else _times(when))
    when = draft.within(one.window, "p.done_at")
    if one.what == "amount":
        return draft.figure("done", _amount(f"p.currency = {draft.bind(one.currency)} AND {when}"))
    kind = one.what.removeprefix(DEED) if one.what.startswith(DEED) else "order"
    return draft.figure("done", _times(f"p.kind = {draft.bind(kind)} AND {when}"))


def _times(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def _amount(condition: str) -> str:
    """Orders less refunds, in parts of money."""
    orders, refunds = (
        f"sum(CASE WHEN p.kind = '{kind}' AND {condition} THEN coalesce(p.amount, 0) ELSE 0 END)"
        for kind in ("order", "refund")
    )
    return f"{orders} - {refunds}"


def _since(rule: Rule, clock: Clock) -> datetime | None:
    """Since when talk and deeds must be read: the earliest that any condition looks at; None: from the beginning."""
    starts: list[datetime | None] = [clock.now]
    for one in conditions_of(rule):
        if isinstance(one, Silent):
            starts.append(clock.span(Window(one.days))[0])
        elif isinstance(one, Did) and one.what != "openings":
            starts.append(clock.span(one.window)[0])
    return None if None in starts else min(start for start in starts if start is not None)
