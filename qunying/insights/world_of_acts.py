"""What was done about members and what people judged of it, as an engine takes it: few rows, which may still change, so they
are read where they stand and never go into the lake.

A step that was lifted, and a yes that was taken back, is as if somebody had turned the proposal down: of the proposals it
is a dismissed one, and nobody was dealt with or warned by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

import pyarrow as pa

from qunying.desk.judged import PROPOSAL, Judged, list_judged
from qunying.insights.scope import MICROSECOND, Scope
from qunying.insights.tables import ACTS, table_of_rows
from qunying.journal.lifts import list_lifted
from qunying.outbox.against import DoneAgainst, list_done_against
from qunying.outbox.queries import CASE, get_cause

WATCHED_FOR = timedelta(days=30)
Lifted: TypeAlias = Collection[tuple[str, int]]
Step: TypeAlias = list[DoneAgainst]
Row: TypeAlias = tuple[object, ...]


def table_of_acts(scope: Scope, persons: Mapping[int, int]) -> pa.Table:
    """Proposals and appeals when they were decided, acts when they were delivered, warnings when their 30 days were over.

    ``outcome`` is how a proposal or an appeal was decided («open» where one waits), whether an act was done ``alone`` or
    after a person had ``decided``, whether a warning was ``repeated`` or ``quiet``. ``persons`` maps merged identities.
    """
    homes, since = scope.community_ids, scope.since - WATCHED_FOR
    judged = list_judged(homes, scope.since, scope.until)
    done = list_done_against(homes, since, scope.until)
    lifted = list_lifted(homes, min([since, *(one.opened_at for one in judged), *(one.said_at for one in done)]))
    steps = _steps(done, lifted)
    rows = [*_judgements(judged, lifted), *_acts(steps), *_warnings(steps, persons)]
    return table_of_rows(rows, ACTS)


def _judgements(judged: Iterable[Judged], lifted: Lifted) -> Iterator[Row]:
    for one in judged:
        at = one.closed_at or one.opened_at
        kind = "proposal" if one.kind == PROPOSAL else one.kind
        place = (one.id, one.community_id, one.group_id, one.identity_id)
        yield *place, at, kind, _outcome(one, lifted), one.capability, 0


def _outcome(one: Judged, lifted: Lifted) -> str:
    if one.kind != PROPOSAL:
        return one.state
    cause = get_cause(one.key) if one.key.startswith(CASE) else ""
    is_taken_back = one.state == "undone" or (cause, one.identity_id or 0) in lifted
    return "dismissed" if is_taken_back else one.state


def _steps(done: Iterable[DoneAgainst], lifted: Lifted) -> list[Step]:
    """What belongs together: all that one capability did to somebody because of one event; in the order of delivery."""
    standing = sorted((one for one in done if (one.cause_key, one.member_id) not in lifted), key=_together)
    steps = [list(parts) for _, parts in groupby(standing, _together)]
    return sorted(steps, key=lambda step: (step[0].done_at, step[0].id))


def _together(one: DoneAgainst) -> tuple[str, str, int]:
    return one.cause_key, one.capability, one.member_id


def _acts(steps: Iterable[Step]) -> Iterator[Row]:
    for first, *_others in steps:
        took = max(timedelta(), first.done_at - first.said_at) // MICROSECOND
        outcome = "alone" if first.approved_by is None else "decided"
        yield *_place(first), first.done_at, "act", outcome, first.capability, took


def _warnings(steps: Iterable[Step], persons: Mapping[int, int]) -> Iterator[Row]:
    """Every warning of a rule, 30 days after it: whether a further step for that rule followed meanwhile."""
    taken: dict[tuple[int, int, str], list[datetime]] = {}
    warned: list[tuple[tuple[int, int, str], DoneAgainst]] = []
    for step in steps:
        first = step[0]
        if first.step is None or not first.rule:
            continue
        whose = (first.community_id, persons.get(first.member_id, first.member_id), first.rule)
        taken.setdefault(whose, []).append(first.done_at)
        warned += [(whose, one) for one in step if one.is_warning][:1]
    for whose, one in warned:
        first_at = one.done_at
        over_at = first_at + WATCHED_FOR
        is_again = any(first_at < at <= over_at for at in taken[whose])
        yield *_place(one), over_at, "warning", "repeated" if is_again else "quiet", one.capability, 0


def _place(one: DoneAgainst) -> tuple[int, int, int, int]:
    return one.id, one.community_id, one.group_id, one.member_id
