"""Metrics over many groups, counted before somebody asks: kept with the lake, and shown with the moment they are of.

A question that nobody asked before is counted at once and from then on with the lake, until nobody asks it for a week.
Questions about a few groups, or about some people only, are never kept: those are counted while one waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qunying.communities.queries import list_counted_groups, list_counted_homes
from qunying.insights.asking import span_of_days
from qunying.insights.engines.base import Row
from qunying.insights.measure import get_metric, measure, measure_with_total
from qunying.insights.metric import Metric
from qunying.insights.models import Answer
from qunying.insights.scope import Scope, local_day
from qunying.insights.world import FEW_GROUPS, seats_noted_at

FORGOTTEN_AFTER = timedelta(days=7)
REMEMBERED = timedelta(hours=1)
KEPT_AT_MOST = 200
WORDS_AT_MOST = 2000  # an index holds no more


@dataclass(frozen=True, slots=True)
class Question:
    """A metric of all groups of some communities over the last ``days`` (0: from the first word on), in parts ``by``."""

    metric: str
    by: str
    days: int
    communities: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.metric} {self.by or '-'} {self.days} {_told(self.communities)}"

    @classmethod
    def of(cls, words: str) -> Question:
        """The question of these words."""
        metric, by, days, communities = words.split(" ")
        return cls(metric, by.strip("-"), int(days), tuple(_read(communities)))


@dataclass(frozen=True, slots=True)
class Answered:
    """The parts, the total (empty where there is none), and the moment both are of; None: of now.

    Of what is never added up, as currencies, both are of the one with most orders; the total has the values of the
    ``others`` as pairs.
    """

    rows: list[Row]
    total: Row
    as_of: datetime | None
    until: datetime


def answer(question: Question, scope: Scope, now: datetime) -> Answered:
    """The answer over ``scope``, which is what the question means now: kept where there is one of today, else counted."""
    words = str(question)
    if len(scope.groups) <= FEW_GROUPS or len(words) > WORDS_AT_MOST or scope.people is not None:
        return _count(question, scope)
    kept = Answer.objects.filter(question=words).first()
    if kept is None or not _is_of_today(kept, scope, now):
        return _do_keep(question, _count(question, scope), now)
    if now - kept.asked_at > REMEMBERED:
        Answer.objects.filter(pk=kept.pk).update(asked_at=now)
    return Answered(json.loads(kept.rows), json.loads(kept.total), kept.counted_at, kept.until)


def do_count_answers(now: datetime) -> int:
    """Counts anew what was asked during the last week, and forgets the rest; answers how many answers there are."""
    Answer.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER).delete()
    asked = list(Answer.objects.order_by("-asked_at").values_list("question", flat=True)[:KEPT_AT_MOST])
    for words in asked:
        question = Question.of(words)
        scope = scope_of_days(get_metric(question.metric), question.communities, question.days, now)
        if scope.groups:
            _do_keep(question, _count(question, scope), now)
    return len(asked)


def scope_of_days(metric: Metric, communities: Sequence[int], days: int, now: datetime) -> Scope:
    """All groups of these communities over the last ``days``; of deeds, all that was done in these communities."""
    groups = tuple(list_counted_groups(community_ids=communities))
    homes = tuple(list_counted_homes(communities)) if "deeds" in metric.sources else ()
    return Scope(groups, *span_of_days(groups, days, now, homes), homes)


def are_answers_old(now: datetime) -> bool:
    """Whether answers are of a day that has passed, by the clock of whoever keeps them."""
    oldest = Answer.objects.order_by("counted_at").values_list("counted_at", flat=True).first()
    return oldest is not None and oldest.date() != now.date()


def _is_of_today(kept: Answer, scope: Scope, now: datetime) -> bool:
    """Days end at midnight: what was counted before it is about other days than those asked for."""
    is_over = kept.until == scope.until  # an old record, which stays as it is
    return is_over or all(local_day(kept.counted_at, zone) == local_day(now, zone) for zone in scope.zones)


def _count(question: Question, scope: Scope) -> Answered:
    metric = get_metric(question.metric)
    as_of = seats_noted_at(scope) if "memberships" in metric.sources else None
    if metric.always_by:
        return Answered(measure(metric, scope, question.by, may_lag=True), {}, as_of, scope.until)
    rows, totals = measure_with_total(metric, scope, question.by, may_lag=True)
    if not metric.apart_by:
        return Answered(rows, totals[0], as_of, scope.until)
    main, *others = sorted(totals, key=lambda row: -row["orders"])
    of_main = [row for row in rows if row[metric.apart_by] in {main[metric.apart_by], ""}]
    told = [(row[metric.apart_by], row["value"]) for row in others]
    return Answered(of_main, {**main, "others": told}, as_of, scope.until)


def _do_keep(question: Question, found: Answered, now: datetime) -> Answered:
    words = {"rows": json.dumps(found.rows), "total": json.dumps(found.total)}
    Answer.objects.update_or_create(
        question=str(question),
        defaults={**words, "until": found.until, "counted_at": found.as_of or now},
        create_defaults={**words, "until": found.until, "counted_at": found.as_of or now, "asked_at": now},
    )
    return found


def _told(ids: Sequence[int]) -> str:
    """Neighbours as one: 1 2 3 7 → «1-3,7»."""
    runs: list[list[int]] = []
    for one in sorted(ids):
        if runs and runs[-1][-1] == one - 1:
            runs[-1][1:] = [one]
        else:
            runs.append([one])
    return ",".join("-".join(map(str, run)) for run in runs)


def _read(words: str) -> Iterator[int]:
    for run in words.split(","):
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)
