"""Group cards read into fields: every membership's card once, again when it changes, and as one of us corrects it.

What is new is read beside the pipeline, in the order of ids; who has no card is read by the name they show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from qunying.judgement.cards import FIELDS, parse_card
from qunying.people.models import Card, CardCorrection, CardCursor, Membership
from qunying.people.search import PEOPLE_INDEX, findable, words_of_fields
from qunying.store import rows
from qunying.store.backlog import do_move, looked_from, position_of, work_off

AT_ONCE = 1000  # cards that are read together
BATCHES_A_STEP = 10
SURE = 1.0  # of what one of us wrote

_COLUMNS = ["membership_id", "text", *FIELDS, "confidence", "corrected", "words"]


class Shown(NamedTuple):
    """A membership as its group sees it."""

    id: int
    name: str
    card: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a card: how sure it is, and whether one of us wrote it."""

    name: str
    value: str
    confidence: float
    is_corrected: bool


def step(now: datetime) -> int:
    """Reads some of the cards that are new; answers how many."""
    del now
    return work_off(_do_read_batch, AT_ONCE, BATCHES_A_STEP)


def do_read_new() -> int:
    """Reads every card that was not read yet; answers how many."""
    return work_off(_do_read_batch, AT_ONCE)


def fields_of(membership_ids: Iterable[int]) -> dict[int, tuple[Field, ...]]:
    """The fields of these memberships' cards, in the order of ``FIELDS``; who has none, or was not read yet, is absent.

    A field that one of us emptied is there without a value.
    """
    wanted = [(pk,) for pk in membership_ids]
    found = rows.select(Card, ["membership_id", "confidence", "corrected", *FIELDS], ["membership_id"], wanted)
    told = {pk: _fields(values, confidence, corrected) for pk, confidence, corrected, *values in found}
    return {pk: fields for pk, fields in told.items() if fields}


FIELDS_OF_SEAT = tuple(f"read__{name}" for name in ("confidence", "corrected", *FIELDS))


def fields_told(
    confidence: Mapping[str, float] | None, corrected: Collection[str] | None, *values: str
) -> tuple[Field, ...]:
    """The fields of a membership from its columns ``FIELDS_OF_SEAT``; none where its card was not read yet."""
    return () if confidence is None else _fields(values, confidence, corrected or ())


def _fields(values: Sequence[str], confidence: Mapping[str, float], corrected: Collection[str]) -> tuple[Field, ...]:
    return tuple(
        Field(field, value, confidence.get(field, SURE), field in corrected)
        for field, value in zip(FIELDS, values, strict=True)
        if value or field in corrected
    )


def words_of(membership_ids: Iterable[int]) -> dict[int, str]:
    """What the index has for these memberships' cards beside name and card; who was not read yet is absent."""
    return dict(rows.select(Card, ["membership_id", "words"], ["membership_id"], [(pk,) for pk in membership_ids]))


def do_read(shown: Sequence[Shown]) -> dict[int, str]:
    """Reads these cards and keeps what they say; answers the words that the index must have for them (``findable``)."""
    if not shown:
        return {}
    corrections = _corrections([one.id for one in shown])
    read = [_read(one, corrections.get(one.id, {})) for one in shown]
    Card.objects.filter(pk__in=rows.among(one.id for one in shown)).delete()
    rows.insert(Card, _COLUMNS, [one.row for one in read])
    return {one.shown.id: one.words for one in read}


def do_read_again(membership_ids: Sequence[int]) -> None:
    """Reads the cards of these memberships as they are now, and changes what they are found under."""
    shown = _shown(membership_ids)
    before = words_of(one.id for one in shown)
    PEOPLE_INDEX.remove((one.id, findable(one.name, one.card, before.get(one.id, ""))) for one in shown)
    after = do_read(shown)
    PEOPLE_INDEX.add((one.id, findable(one.name, one.card, after[one.id])) for one in shown)


class _Read(NamedTuple):
    """What a membership's card says."""

    shown: Shown
    values: Mapping[str, str]
    confidence: Mapping[str, float]
    corrected: Sequence[str]
    words: str

    @property
    def row(self) -> tuple[object, ...]:
        """As ``_COLUMNS`` of the table."""
        text = self.shown.card or self.shown.name
        said = (self.values[field] for field in FIELDS)
        return (self.shown.id, text, *said, self.confidence, self.corrected, self.words)


def _read(one: Shown, corrections: Mapping[str, str]) -> _Read:
    card = parse_card(one.card or one.name)
    values = {field: str(getattr(card, field) or "")[:200] for field in FIELDS} | dict(corrections)
    sure = {field: round(card.confidence.get(field, SURE), 3) for field, value in values.items() if value}
    sure |= {field: SURE for field, value in corrections.items() if value}
    return _Read(one, values, sure, sorted(corrections), words_of_fields(one.name, one.card, values))


def _corrections(membership_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    counting = CardCorrection.objects.filter(taken_back_at=None, membership__in=rows.among(membership_ids))
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, field, value in counting.values_list("membership_id", "field", "value"):
        found[pk][field] = value
    return found


def _shown(membership_ids: Sequence[int]) -> list[Shown]:
    seats = Membership.objects.filter(pk__in=rows.among(membership_ids)).order_by("pk")
    return [Shown(*row) for row in seats.values_list("pk", "identity__name", "card")]


def _do_read_batch() -> int:
    """The next ``AT_ONCE`` cards; 0 where nothing is left, or where somebody else was here meanwhile."""
    position = position_of(CardCursor)
    last = Membership.objects.aggregate(last=Max("pk"))["last"] or 0
    new = list(_unread(position).filter(pk__lte=last).values_list("pk", flat=True)[:AT_ONCE])
    after = new[-1] if len(new) == AT_ONCE else last
    if not new and position >= last:
        return 0
    read = [_read(one, {}) for one in _shown(new)]  # before the transaction, which nobody else can write beside
    return len(new) if _do_keep(read, position, max(position, after)) else 0


def _unread(position: int) -> QuerySet[Membership]:
    """Whose card nobody has read, where the cursor stands so."""
    has_card = Card.objects.filter(pk=OuterRef("pk"))
    return Membership.objects.filter(~Exists(has_card), pk__gt=looked_from(position)).order_by("pk")


@transaction.atomic
def _do_keep(read: Sequence[_Read], before: int, after: int) -> bool:
    """Keeps what these cards say and moves the cursor, together; False when another process was here first."""
    if not do_move(CardCursor, before, after):
        return False
    ids = [one.shown.id for one in read]
    rows.lock_rows(Membership, ids)  # so that nobody renames them meanwhile
    known, now = words_of(ids), {one.id: one for one in _shown(ids)}
    fresh = [
        one if now[one.shown.id] == one.shown else _read(now[one.shown.id], {})
        for one in read
        if one.shown.id in now and one.shown.id not in known
    ]
    rows.insert(Card, _COLUMNS, [one.row for one in fresh])
    found = [one for one in fresh if one.words]
    PEOPLE_INDEX.remove((one.shown.id, findable(one.shown.name, one.shown.card)) for one in found)
    PEOPLE_INDEX.add((one.shown.id, findable(one.shown.name, one.shown.card, one.words)) for one in found)
    return True
