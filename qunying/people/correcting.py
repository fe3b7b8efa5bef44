"""What a card says is corrected by hand: it wins, also when the card is read again, until it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qunying.journal.actions import do_record_facts
from qunying.judgement.cards import FIELDS
from qunying.judgement.cards.same import usual_place
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.cards import do_read_again, fields_of
from qunying.people.models import CardCorrection, Membership
from qunying.store import rows

LONGEST = 60  # letters of a field that somebody writes


@transaction.atomic
def do_correct_card(membership_ids: Sequence[int], field: str, value: str, *, user_id: int, at: datetime) -> int:
    """One of us says what that field of these memberships' cards is, "" that they say nothing; answers how many changed.

    It takes the place of what anybody said of them before. Raises ``BadUse`` for a field that there is not, and for a
    value that cannot be one.
    """
    value = _fit(field, value)
    seats = _held(membership_ids)
    known = fields_of(seat.pk for seat in seats)
    changed = 0
    for seat in seats:
        before = next((one for one in known.get(seat.pk, ()) if one.name == field), None)
        was = before.value if before else ""
        if value == was and (not was or (before and before.is_corrected)):
            continue
        _do_end(seat, field, user_id, at)
        new = CardCorrection.objects.create(membership=seat, field=field, value=value, by_id=user_id, at=at)
        do_record_facts([_fact("card.corrected", new, seat, was, user_id, at)])
        changed += 1
    if changed:
        do_read_again([seat.pk for seat in seats])
    return changed


@transaction.atomic
def do_uncorrect_card(membership_ids: Sequence[int], field: str, *, user_id: int, at: datetime) -> int:
    """What was said by hand of that field of these memberships' cards counts no more; answers of how many it did."""
    seats = _held(membership_ids)
    changed = 0
    for seat in seats:
        old = _do_end(seat, field, user_id, at)
        if old is not None:
            do_record_facts([_fact("card.uncorrected", old, seat, old.value, user_id, at)])
            changed += 1
    if changed:
        do_read_again([seat.pk for seat in seats])
    return changed


def _held(membership_ids: Sequence[int]) -> list[Membership]:
    """These memberships, which nobody else changes until the transaction ends."""
    rows.lock_rows(Membership, membership_ids)
    return list(Membership.objects.filter(pk__in=membership_ids).order_by("pk"))


def _do_end(seat: Membership, field: str, user_id: int, at: datetime) -> CardCorrection | None:
    found = CardCorrection.objects.filter(membership=seat, field=field, taken_back_at=None).first()
    if found is not None:
        found.taken_back_at, found.taken_back_by_id = at, user_id
        found.save(update_fields=["taken_back_at", "taken_back_by"])
    return found


def _fit(field: str, value: str) -> str:
    """The value as a card would have it: one line, a place by its usual name, a group's number in figures."""
    if field not in FIELDS:
        raise BadUse(mark("群名片里没有「%(field)s」这一项"), field=field)
    value = " ".join(value.split())
    if not value.isprintable() or "\ud800" <= max(value, default="") <= "\udfff":
        raise BadUse(mark("里面有看不见的字符，重新打一遍"))
    if len(value) > LONGEST:
        raise BadUse(mark("太长了，最多 %(most)d 个字"), most=LONGEST)
    if field == "group_no" and value and not (value.isascii() and value.isdigit() and 0 < int(value[:9]) < 10_000):
        raise BadUse(mark("群号要写 1 到 9999 的数字"))
    if field == "group_no" and value:
        return str(int(value))
    return (usual_place(value) or value) if field == "city" else value


def _fact(name: str, one: CardCorrection, seat: Membership, was: str, user_id: int, at: datetime) -> Fact:
    return Fact(
        name=name,
        at=at,
        community_id=seat.community_id,
        group_id=seat.group_id,
        actor=f"user:{user_id}",
        key=f"{name}:{one.pk}",
        identity_id=seat.identity_id,
        words={"field": one.field, "membership": seat.pk, "user": one.by_id},
        personal={"value": one.value, "was": was},
    )
