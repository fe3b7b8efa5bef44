"""What is to be found out without haste: asked once, tried by one worker at a time, answered by an envelope in the same lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from qunying.intake.actions import Incoming, LaneKey, do_accept
from qunying.intake.models import Question
from qunying.kernel.effects import AskLater
from qunying.kernel.keys import fitted
from qunying.store import rows

TRY_WITHIN = timedelta(seconds=60)
_COLUMNS = ["key", "lane_id", "kind", "message_key", "tries", "next_try_at"]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with the lane it was asked in and the moment of the event that raised it."""

    ask: AskLater
    lane_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question held by one worker, which tries it for the ``tries``-th time."""

    pk: int
    key: str
    lane: LaneKey
    kind: str
    message_key: str
    tries: int


def do_ask(questions: Sequence[Asking]) -> None:
    """Keeps these questions, each once by its key."""
    asked = [
        (fitted(f"{one.lane_id}:{one.ask.key}", 200), one.lane_id, one.ask.kind, one.ask.message_key, 0, one.at)
        for one in questions
    ]
    rows.insert(Question, _COLUMNS, asked, ignore=True)


def do_claim_question(now: datetime) -> Asked | None:
    """Takes the question that has waited longest; None where none is due. Nobody else takes it within ``TRY_WITHIN``."""
    if not Question.objects.filter(next_try_at__lte=now).exists():  # most of the time, without holding up who writes
        return None
    due = Question.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_try_at__lte=now)
    with transaction.atomic():
        row = due.select_related("lane").order_by("next_try_at", "id").first()
        if row is None:
            return None
        row.tries, row.next_try_at = row.tries + 1, now + TRY_WITHIN
        row.save(update_fields=["tries", "next_try_at"])
    lane = LaneKey(row.lane.key, row.lane.community_id, row.lane.group_id)
    return Asked(row.pk, row.key, lane, row.kind, row.message_key, row.tries)


def do_ask_again(question: Asked, at: datetime) -> None:
    """Tries it once more then."""
    Question.objects.filter(pk=question.pk, tries=question.tries).update(next_try_at=at)


def do_answer(question: Asked, answer: Incoming | None, now: datetime) -> bool:
    """Accepts the answer (None where there is nothing to tell) and forgets the question; False where somebody else did."""
    with transaction.atomic():
        deleted, _ = Question.objects.filter(pk=question.pk, tries=question.tries).delete()
        if deleted and answer is not None:
            do_accept([answer], now)
    return bool(deleted)


def next_try_after(now: datetime) -> datetime | None:
    """When the first question after ``now`` will be tried; None where none waits."""
    first: datetime | None = Question.objects.filter(next_try_at__gt=now).aggregate(at=Min("next_try_at"))["at"]
    return first
