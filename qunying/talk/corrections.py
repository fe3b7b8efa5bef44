"""Corrections: people of ours say of messages what a verdict should have been. Each counts for its community until it is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from qunying.journal.actions import do_record_facts
from qunying.judgement.judge import read
from qunying.judgement.learning import Lesson, learn
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.readings import Verdict
from qunying.kernel.texts import mark
from qunying.store import rows
from qunying.talk.models import Correction, Message
from qunying.talk.readings import do_keep_readings, is_readable

NOBODY = "nobody"  # whose sign-in was removed: all of those are one voice


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that counts, as pages show it. Without words, and without a group, once its message is gone."""

    id: int
    message_id: int | None
    group_id: int | None
    verdict: Verdict
    is_so: bool
    text: str
    reviewer_id: int | None
    at: datetime


@transaction.atomic
def do_teach(message_id: int, verdict: Verdict, *, is_so: bool, user_id: int, at: datetime) -> int | None:
    """Keeps that somebody says so of a message, in place of what the same person said of it before, and reads it anew.

    Answers the correction's id, None where this person had said just that of these words. Raises ``BadUse`` for a message
    that is gone or has no words of a member.
    """
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None or not is_readable(message.text, message.kind, is_own=message.is_own):
        raise BadUse(mark("这条消息不在了，或者没有成员说的字，没法更正"))
    before = _counting().filter(message=message_id, verdict=verdict, reviewer=user_id).first()
    if before is not None:
        if (before.is_so, before.text) == (is_so, message.text):
            return None
        _do_take_back(before, message, user_id, at)
    new = Correction.objects.create(
        community_id=message.community_id,
        message=message,
        verdict=verdict,
        is_so=is_so,
        text=message.text,
        reviewer_id=user_id,
        at=at,
    )
    do_record_facts([_fact("judgement.taught", new, message, user_id, at)])
    _do_read_again(message)
    return new.pk


@transaction.atomic
def do_unteach(correction_id: int, *, community_id: int, user_id: int, at: datetime) -> Corrected | None:
    """Takes a correction of that community back, whosever it is, and reads its message anew; None where none counts."""
    known = _counting().filter(pk=correction_id, community=community_id)
    place = known.values_list("message", flat=True).first()
    message = Message.objects.select_for_update().filter(pk=place or 0).first()
    found = known.first()  # once more, for somebody else may have been first
    if found is None:
        return None
    _do_take_back(found, message, user_id, at)
    if message is not None:
        _do_read_again(message)
    return _corrected(found, message.group_id if message else None)


def _do_take_back(correction: Correction, message: Message | None, user_id: int, at: datetime) -> None:
    correction.taken_back_at, correction.taken_back_by_id = at, user_id
    correction.save(update_fields=["taken_back_at", "taken_back_by"])
    do_record_facts([_fact("judgement.untaught", correction, message, user_id, at)])


def _do_read_again(message: Message) -> None:
    """With all that counts now; others like it stay as they were read."""
    if is_readable(message.text, message.kind, is_own=message.is_own):
        learnt = learn(lessons_of([message.community_id])[message.community_id])
        do_keep_readings([(message.pk, read(message.text, learnt))])


def _fact(name: str, correction: Correction, message: Message | None, user_id: int, at: datetime) -> Fact:
    return Fact(
        name=name,
        at=at,
        community_id=correction.community_id,
        group_id=message.group_id if message else None,
        actor=f"user:{user_id}",
        key=f"{name}:{correction.pk}",
        message_key=message.source_key if message else "",
        words={"verdict": correction.verdict, "is_so": correction.is_so, "user": correction.reviewer_id},
    )


def do_erase_corrected(message_ids: Iterable[int]) -> None:
    """Forgets the words of these messages, which are about to go: what was taught with them counts no more."""
    Correction.objects.filter(message__in=rows.among(message_ids)).update(text="", message=None)


def do_forget_corrections(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many corrections of communities that are being removed; answers how many."""
    known = list(Correction.objects.filter(community__in=community_ids).values_list("pk", flat=True)[:at_most])
    Correction.objects.filter(pk__in=known).delete()
    return len(known)


def lessons_of(community_ids: Collection[int]) -> dict[int, list[Lesson]]:
    """What counts in each of these communities, as the judge learns it."""
    found: dict[int, list[Lesson]] = defaultdict(list)
    columns = ("community", "pk", "text", "verdict", "is_so", "reviewer", "at")
    for home, pk, text, verdict, is_so, reviewer, at in list_counting(community_ids).values_list(*columns):
        found[home].append(Lesson(str(pk), text, verdict, is_so, str(reviewer or NOBODY), at))
    return found


def list_counting(community_ids: Collection[int]) -> QuerySet[Correction]:
    """Corrections of these communities that teach something."""
    return _counting().filter(community__in=community_ids).exclude(text="")


def list_corrections(community_id: int, start: int, limit: int) -> list[Corrected]:
    """Corrections of a community that count, the newest first."""
    return _told(list_counting([community_id]).order_by("-pk")[start : start + limit])


def corrections_of_message(message_id: int) -> list[Corrected]:
    """What people said of a message and did not take back, the oldest first."""
    return _told(_counting().filter(message=message_id).order_by("pk"))


def find_corrections(correction_ids: Collection[int]) -> dict[int, Corrected]:
    """These corrections, as far as they are known."""
    return {one.id: one for one in _told(Correction.objects.filter(pk__in=correction_ids))}


def _counting() -> QuerySet[Correction]:
    return Correction.objects.filter(taken_back_at=None)


def _told(corrections: QuerySet[Correction]) -> list[Corrected]:
    return [_corrected(one, one.group) for one in corrections.annotate(group=F("message__group"))]


def _corrected(one: Correction, group_id: int | None) -> Corrected:
    verdict = Verdict(one.verdict)
    return Corrected(one.pk, one.message_id, group_id, verdict, one.is_so, one.text, one.reviewer_id, one.at)
