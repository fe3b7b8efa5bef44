"""Whom the rules have reached, and how."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from qunying.capabilities.rules.knowing import Meaning
from qunying.capabilities.rules.models import RuleReached


class ReachedLine(NamedTuple):
    """Somebody who has seen a rule."""

    identity_id: int
    person_id: int | None
    name: str
    ref: str
    how: str
    at: datetime
    group_id: int | None


_LINE = ("identity_id", "identity__person_id", "identity__name", "identity__ref", "how", "at", "group_id")


def find_how_reached(meaning: Meaning, identity_id: int) -> str | None:
    """By what somebody has seen that rule as it is meant; None where they have not."""
    return _of(meaning).filter(identity=identity_id).values_list("how", flat=True).first()


def list_seen(meaning: Meaning) -> QuerySet[RuleReached, int]:
    """Who has seen that rule as it is meant, to be asked for within another question."""
    return _of(meaning).values_list("identity_id", flat=True)


def count_reached(meanings: Iterable[Meaning], seats: QuerySet[Any, Any]) -> dict[Meaning, int]:
    """How many of those who sit there have seen each of these rules, in one query; rules that nobody has seen are absent."""
    wanted = set(meanings)
    reached = RuleReached.objects.filter(rule__in={rule for rule, _ in wanted}, identity__in=seats.values("identity"))
    counts = reached.order_by().values_list("rule_id", "meaning").annotate(n=Count("pk"))
    return {(rule, meaning): n for rule, meaning, n in counts if (rule, meaning) in wanted}


def count_ways(meaning: Meaning, seats: QuerySet[Any, Any]) -> dict[str, int]:
    """How many of those who sit there have seen that rule by what."""
    ways = _of(meaning).filter(identity__in=seats.values("identity")).order_by().values_list("how")
    return dict(ways.annotate(n=Count("pk")))


def list_reached(meaning: Meaning, seats: QuerySet[Any, Any], *, start: int, limit: int) -> list[ReachedLine]:
    """A slice of those who sit there and have seen that rule, the latest first."""
    reached = _of(meaning).filter(identity__in=seats.values("identity")).order_by("-at", "-id")
    return [ReachedLine(*row) for row in reached.values_list(*_LINE)[start : start + limit]]


def _of(meaning: Meaning) -> QuerySet[RuleReached]:
    return RuleReached.objects.filter(rule=meaning[0], meaning=meaning[1])
