"""Why somebody left: what one of us, or a table, says about it. Its words go when the person goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import F, Q, QuerySet

from qunying.journal.actions import do_record_facts
from qunying.journal.queries import find_remover
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.models import LeaveReason, Membership
from qunying.store import rows

LONGEST = 300  # letters
OTHER = "other"
REASONS = MappingProxyType(
    {
        "noise": mark("消息太多、太吵"),
        "ads": mark("广告太多"),
        "useless": mark("用不上、没收获"),
        "done": mark("目的达到了"),
        "service": mark("对产品或服务不满意"),
        "quarrel": mark("和人闹了不愉快"),
        "moved": mark("换到别的群或别的号"),
        OTHER: mark("别的"),
    }
)
_OF_LAST_TIME = Q(left_at=F("membership__left_at")) | Q(left_at=None, membership__left_at=None)


@dataclass(frozen=True, slots=True)
class WhyLine:
    """Why a seat was left, as it is said now."""

    id: int
    seat_id: int
    reason: str
    words: str
    source: str
    by_id: int | None
    at: datetime


@transaction.atomic
def do_note_leaving(
    seat_id: int, reason: str, words: str, *, user_id: int | None, at: datetime, source: str = ""
) -> int | None:
    """Keeps why that seat was left, in place of what was said before; answers its id, None where it says so already.

    Raises ``BadUse`` for a reason that is none, for no words where they are needed, and for somebody who is still there.
    """
    words = _checked(reason, words)
    seat = Membership.objects.select_for_update().get(pk=seat_id)
    if seat.is_present:
        raise BadUse(mark("还在群里，没有走"))
    before = LeaveReason.objects.filter(membership=seat, left_at=seat.left_at, taken_back_at=None).first()
    if before is not None:
        if (before.reason, before.words) == (reason, words):
            return None
        _do_take_back(before, user_id, at)
    new = LeaveReason.objects.create(
        membership=seat,
        community_id=seat.community_id,
        left_at=seat.left_at,
        was_removed=seat.left_at is not None
        and find_remover(seat.group_id, seat.identity_id, seat.left_at) is not None,
        reason=reason,
        words=words,
        source=source[:200],
        by_id=user_id,
        at=at,
    )
    _do_record("leaving.noted", new, seat, user_id, at)
    return new.pk


@transaction.atomic
def do_take_back_leaving(reason_id: int, *, user_id: int, at: datetime) -> bool:
    """That reason holds no more; False where it did not."""
    found = LeaveReason.objects.select_for_update().filter(pk=reason_id, taken_back_at=None).first()
    if found is None:
        return False
    _do_take_back(found, user_id, at)
    _do_record("leaving.taken_back", found, found.membership, user_id, at)
    return True


def _do_take_back(one: LeaveReason, user_id: int | None, at: datetime) -> None:
    one.taken_back_at, one.taken_back_by_id = at, user_id
    one.save(update_fields=["taken_back_at", "taken_back_by"])


def _checked(reason: str, words: str) -> str:
    words = " ".join(words.split())
    if reason not in REASONS:
        raise BadUse(mark("选一个原因"))
    if reason == OTHER and not words:
        raise BadUse(mark("选了「别的」，写一句是什么"))
    if len(words) > LONGEST:
        raise BadUse(mark("太长了，最多 %(most)d 个字"), most=LONGEST)
    if "\x00" in words or any("\ud800" <= letter <= "\udfff" for letter in words):
        raise BadUse(mark("里面有看不见的字符，重新打一遍"))
    return words


def _do_record(name: str, one: LeaveReason, seat: Membership, user_id: int | None, at: datetime) -> None:
    fact = Fact(
        name=name,
        at=at,
        community_id=one.community_id,
        group_id=seat.group_id,
        identity_id=seat.identity_id,
        actor="system" if user_id is None else f"user:{user_id}",
        key=f"{name}:{one.pk}",
        words={"reason": one.reason, "why": one.pk},
    )
    do_record_facts([fact])


def list_whys(seat_ids: Collection[int]) -> dict[int, WhyLine]:
    """Why each of these seats was left the last time; nobody knows of those that are absent. One query."""
    if not seat_ids:
        return {}
    found = _standing().filter(_OF_LAST_TIME, membership__in=rows.among(seat_ids))
    columns = ("pk", "membership_id", "reason", "words", "source", "by_id", "at")
    return {row[1]: WhyLine(*row) for row in found.values_list(*columns)}


def find_why_home(reason_id: int) -> tuple[int, int] | None:
    """(community, seat) of a reason, also of one that was taken back."""
    return LeaveReason.objects.filter(pk=reason_id).values_list("community_id", "membership_id").first()


def count_whys(community_id: int, spans: Sequence[tuple[datetime, datetime]]) -> list[Counter[str]]:
    """Per span how many people who left by themselves went for which reason: of several of one person, the latest said.

    One query.
    """
    if not spans:
        return []
    told = _standing().filter(
        community=community_id,
        was_removed=False,
        left_at__gte=min(spans)[0],
        left_at__lt=max(until for _, until in spans),
    )
    lines = list(told.order_by("at", "pk").values_list("left_at", "membership__identity__person_id", "reason"))
    return [
        Counter({person: reason for at, person, reason in lines if at and since <= at < until}.values())
        for since, until in spans
    ]


def count_whys_of_seats(group_ids: Collection[int], keys: Collection[tuple[int, int]]) -> Counter[str]:
    """Of these (group, account) how many were left for which reason; nobody knows of the others."""
    told = _standing().filter(_OF_LAST_TIME, membership__group__in=group_ids)
    found = told.values_list("membership__group_id", "membership__identity_id", "reason")
    wanted = set(keys)
    return Counter(reason for group, identity, reason in found if (group, identity) in wanted)


def _standing() -> QuerySet[LeaveReason]:
    return LeaveReason.objects.filter(taken_back_at=None)
