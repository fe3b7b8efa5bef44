"""The rules of communities: those in force, and how they read before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from qunying.communities.models import RuleVersion
from qunying.kernel.scene import RuleInForce


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as its page shows it, with the words that count now."""

    id: int
    community_id: int
    name: str
    text: str
    is_important: bool
    deadline: str
    deadline_on: date | None
    version: int
    meaning: int
    meant_at: datetime
    changed_at: datetime
    dropped_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """How a rule read from ``at`` on."""

    rule_id: int
    number: int
    text: str
    why: str
    is_same_meaning: bool
    at: datetime
    by_id: int | None


_RULE = (
    "rule_id",
    "rule__community_id",
    "rule__name",
    "text",
    "rule__is_important",
    "rule__deadline",
    "rule__deadline_on",
    "rule__version",
    "rule__meaning",
    "rule__meant_at",
    "at",
    "rule__dropped_at",
)


def rules_in_force(community_ids: Collection[int]) -> dict[int, tuple[RuleInForce, ...]]:
    """Per community the rules that everybody must know, in its order, in one query; no query where none is asked for."""
    if not community_ids:
        return {}
    words = _current().filter(rule__community__in=community_ids, rule__dropped_at=None, rule__is_important=True)
    found: dict[int, list[RuleInForce]] = defaultdict(list)
    for row in words.order_by("rule__place", "rule_id").values_list(*_RULE, "rule__community__timezone"):
        line = RuleLine(*row[:-1])
        found[line.community_id].append(in_force(line, ZoneInfo(row[-1])))
    return {home: tuple(rules) for home, rules in found.items()}


def in_force(line: RuleLine, zone: ZoneInfo) -> RuleInForce:
    """A rule as capabilities see it, its deadline as a moment of the community's day."""
    return RuleInForce(
        id=line.id,
        name=line.name,
        text=line.text,
        meaning=line.meaning,
        since=line.meant_at,
        deadline=line.deadline,
        ends_at=end_of(line.deadline_on, zone) if line.deadline_on else None,
    )


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When that day is over there."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def list_rules(community_id: int, *, is_dropped: bool = False) -> list[RuleLine]:
    """The rules of a community as members read them, in order; or those that were put away, the latest first."""
    words = _current().filter(rule__community=community_id, rule__dropped_at__isnull=not is_dropped)
    return _lines(words.order_by("-rule__dropped_at", "rule__place", "rule_id"))


def find_rule(rule_id: int) -> RuleLine | None:
    """That rule, also when it was put away; None where there is none."""
    return next(iter(_lines(_current().filter(rule=rule_id))), None)


def list_versions(rule_ids: Collection[int]) -> dict[int, list[VersionLine]]:
    """How each of these rules ever read, the newest first."""
    columns = ("rule_id", "number", "text", "why", "is_same_meaning", "at", "by_id")
    found: dict[int, list[VersionLine]] = defaultdict(list)
    for row in RuleVersion.objects.filter(rule__in=rule_ids).order_by("rule_id", "-number").values_list(*columns):
        found[row[0]].append(VersionLine(*row))
    return found


def _current() -> QuerySet[RuleVersion]:
    return RuleVersion.objects.filter(number=F("rule__version"))


def _lines(words: QuerySet[RuleVersion]) -> list[RuleLine]:
    rows: QuerySet[RuleVersion, tuple[Any, ...]] = words.values_list(*_RULE)
    return [RuleLine(*row) for row in rows]


def list_rules_ending(
    community_ids: Collection[int], since: datetime, until: datetime
) -> list[tuple[RuleLine, datetime]]:
    """Rules in force that everybody must know and that end in that time, with their moment, the soonest first; one query."""
    days = (since.date() - timedelta(days=2), until.date() + timedelta(days=1))  # wherever on earth the community is
    words = _current().filter(
        rule__community__in=community_ids,
        rule__dropped_at=None,
        rule__is_important=True,
        rule__deadline_on__range=days,
    )
    rows = words.order_by("rule_id").values_list(*_RULE, "rule__community__timezone")
    lines = [(RuleLine(*row[:-1]), row[-1]) for row in rows]
    ends = [(line, end_of(line.deadline_on, ZoneInfo(zone))) for line, zone in lines if line.deadline_on]
    return sorted([one for one in ends if since < one[1] <= until], key=lambda one: one[1])
