"""A rule asked of everybody who sits in the groups of some communities."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qunying.communities.queries import list_counted_groups, list_counted_homes
from qunying.insights.asking import record_of
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Session
from qunying.insights.measure import Open
from qunying.insights.scope import Scope
from qunying.insights.segments.compiling import Clock, compile_rule
from qunying.insights.segments.rule import Rule, conditions_of
from qunying.insights.segments.supplies import supply
from qunying.insights.world import seats_noted_at, see

MOMENT = timedelta(microseconds=1)
MIXED = 2_654_435_761  # prime: neighbours among ids come out far apart


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people a rule holds of, how many it was asked of, some of the former, and as of when (None: just now)."""

    people: int
    of: int
    examples: tuple[int, ...]
    as_of: datetime | None


def count_people(
    rule: Rule,
    community_ids: Collection[int],
    now: datetime,
    *,
    examples: int = 0,
    may_lag: bool = True,
    open_session: Open = chosen.open,
) -> Counted:
    """How many people the rule holds of who sit in groups of these communities; colleagues and programs are left out."""
    scope = scope_of_all(community_ids, now)
    if not scope.groups:
        return Counted(0, 0, (), None)
    with _asked(rule, scope, now, open_session, may_lag=may_lag) as session:
        counts = session.ask("SELECT count(*) FILTER (is_in) AS people, count(*) AS everybody FROM asked", {})[0]
        mixed = f"SELECT person_id FROM asked WHERE is_in ORDER BY (person_id * {MIXED}) % 4294967296 LIMIT $most"
        some = session.ask(mixed, {"most": examples}) if examples else []
    as_of = seats_noted_at(scope) if may_lag else None
    return Counted(counts["people"], counts["everybody"], tuple(row["person_id"] for row in some), as_of)


def list_people(
    rule: Rule,
    community_ids: Collection[int],
    now: datetime,
    *,
    may_lag: bool = False,
    open_session: Open = chosen.open,
) -> list[int]:
    """Everybody the rule holds of, by id; who sits where is as of now unless ``may_lag``."""
    scope = scope_of_all(community_ids, now)
    if not scope.groups:
        return []
    with _asked(rule, scope, now, open_session, may_lag=may_lag) as session:
        return [
            row["person_id"] for row in session.ask("SELECT person_id FROM asked WHERE is_in ORDER BY person_id", {})
        ]


def scope_of_all(community_ids: Collection[int], now: datetime) -> Scope:
    """All groups of these communities, and all that was done in them, at this moment."""
    groups = tuple(list_counted_groups(community_ids=community_ids))
    return Scope(groups, now - MOMENT, now, tuple(list_counted_homes(community_ids)))


@contextmanager
def _asked(rule: Rule, scope: Scope, now: datetime, open_session: Open, *, may_lag: bool) -> Iterator[Session]:
    """A session that holds ``asked``: everybody, and whether the rule holds of them."""
    clock = Clock(now, scope.zones[0])
    question = compile_rule(rule, clock)
    began_at = record_of(scope, now)[0] if question.since is None else question.since
    seen = replace(scope, since=min(began_at, scope.since))
    world = see(seen, question.sources, may_lag=may_lag)
    tables = world.tables | supply(conditions_of(rule), scope, clock)
    with open_session(replace(world, tables=tables)) as session:
        session.hold("asked", question.sql, question.params)
        yield session
