"""Segments as they are kept: a rule with a name and a purpose, and of a frozen one whoever was in it.

What a rule means is ``insights``' to say; here it is JSON.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.models import Segment, SegmentMember
from qunying.people.whoever import whoever
from qunying.store import rows

LONGEST_NAME, LONGEST_PURPOSE = 60, 200


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment as it stands. ``community_id`` None: of every community; ``people`` is how many there were at ``counted_at``."""

    id: int
    community_id: int | None
    name: str
    purpose: str
    rule: Mapping[str, Any]
    owner_id: int | None
    created_at: datetime
    changed_at: datetime
    frozen_at: datetime | None
    people: int | None
    counted_at: datetime | None


_LINE = tuple(SegmentLine.__dataclass_fields__)


@transaction.atomic
def do_save_segment(
    community_id: int | None,
    name: str,
    purpose: str,
    rule: Mapping[str, Any],
    *,
    at: datetime,
    user_id: int,
    segment_id: int | None = None,
) -> int:
    """A new segment, or ``segment_id`` with another name, purpose or rule; answers its id. A changed rule ends a freeze.

    Raises ``BadUse`` for a name that is empty, too long or taken.
    """
    name, purpose = _fit(community_id, name, purpose, segment_id or 0)
    if segment_id is None:
        row = Segment(community_id=community_id, owner_id=user_id, created_at=at)
    else:
        row = Segment.objects.select_for_update().get(pk=segment_id)
    is_other = dict(row.rule or {}) != dict(rule)
    row.name, row.purpose, row.rule, row.changed_at = name, purpose, dict(rule), at
    if is_other:
        row.frozen_at = row.people = row.counted_at = None
    row.save()
    if is_other:
        SegmentMember.objects.filter(segment=row).delete()
    _do_note(row, "segment.saved", at, user_id, {"is_new": segment_id is None, "rule": is_other})
    return row.pk


@transaction.atomic
def do_freeze_segment(segment_id: int, person_ids: Sequence[int], *, at: datetime, user_id: int) -> None:
    """From now on these people are in it, goes_together the rule says of them later."""
    row = Segment.objects.select_for_update().get(pk=segment_id)
    SegmentMember.objects.filter(segment=row).delete()
    rows.insert(SegmentMember, ["segment_id", "person_id"], [(segment_id, one) for one in person_ids])
    row.frozen_at, row.people, row.counted_at = at, len(person_ids), at
    row.save(update_fields=["frozen_at", "people", "counted_at"])
    _do_note(row, "segment.frozen", at, user_id, {"people": len(person_ids)})


@transaction.atomic
def do_thaw_segment(segment_id: int, *, at: datetime, user_id: int) -> bool:
    """From now on whoever the rule holds of is in it; False where that was so before."""
    row = Segment.objects.select_for_update().get(pk=segment_id)
    if row.frozen_at is None:
        return False
    SegmentMember.objects.filter(segment=row).delete()
    row.frozen_at = None
    row.save(update_fields=["frozen_at"])
    _do_note(row, "segment.thawed", at, user_id, {})
    return True


@transaction.atomic
def do_remove_segment(segment_id: int, *, at: datetime, user_id: int) -> None:
    """The segment is gone; that it was there stays a fact."""
    row = Segment.objects.select_for_update().get(pk=segment_id)
    _do_note(row, "segment.removed", at, user_id, {})
    SegmentMember.objects.filter(segment=row).delete()
    row.delete()


def do_note_count(segment_id: int, people: int, at: datetime) -> None:
    """So many people were in a segment that follows its rule."""
    Segment.objects.filter(pk=segment_id, frozen_at=None).update(people=people, counted_at=at)


def _fit(community_id: int | None, name: str, purpose: str, but: int) -> tuple[str, str]:
    name, purpose = " ".join(name.split()), purpose.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadUse(mark("人群要有名字，最多 %(most)d 个字"), most=LONGEST_NAME)
    if len(purpose) > LONGEST_PURPOSE:
        raise BadUse(mark("用途太长了，最多 %(most)d 个字"), most=LONGEST_PURPOSE)
    if Segment.objects.filter(community=community_id, name=name).exclude(pk=but).exists():
        raise BadUse(mark("已经有一个叫「%(name)s」的人群"), name=name)
    return name, purpose


def _do_note(row: Segment, name: str, at: datetime, user_id: int, words: Mapping[str, object]) -> None:
    fact = Fact(
        name=name,
        at=at,
        community_id=row.community_id,
        key=f"{name}:{row.pk}:{at.isoformat()}",
        actor=f"user:{user_id}",
        words={"segment": row.pk, "name": row.name, **words},
    )
    do_record_facts([fact])


def list_segments(community_ids: Collection[int] | None) -> list[SegmentLine]:
    """The segments of these communities (None: all there are, those of every community too), by name."""
    found = _within(Segment.objects.all(), community_ids).order_by("name", "pk")
    return [SegmentLine(*row) for row in found.values_list(*_LINE)]


def find_segment(segment_id: int) -> SegmentLine | None:
    """That segment."""
    row = Segment.objects.filter(pk=segment_id).values_list(*_LINE).first()
    return SegmentLine(*row) if row else None


def find_segments_named(name: str) -> list[SegmentLine]:
    """The segments of that name, of goes_together community."""
    return [SegmentLine(*row) for row in Segment.objects.filter(name=name.strip()).order_by("pk").values_list(*_LINE)]


def list_frozen_people(segment_id: int) -> list[int]:
    """Who is in a frozen segment, by id."""
    found = SegmentMember.objects.filter(segment=segment_id).annotate(who=whoever("person_id"))
    return sorted(set(found.values_list("who", flat=True)))


def _within(found: QuerySet[Segment], community_ids: Collection[int] | None) -> QuerySet[Segment]:
    return found if community_ids is None else found.filter(Q(community__in=community_ids))


def do_forget_segments(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many people of segments of communities that are being removed; answers how many."""
    ids = list(
        SegmentMember.objects.filter(segment__community__in=community_ids).values_list("pk", flat=True)[:at_most]
    )
    SegmentMember.objects.filter(pk__in=rows.among(ids)).delete()
    return len(ids)
