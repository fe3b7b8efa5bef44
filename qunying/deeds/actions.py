"""Writes deeds; in bulk, each once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qunying.deeds.models import Deed, DeedImport, DeedTaken
from qunying.deeds.sorting import KEY, SAYS, Contradiction, NewDeed, Sorted, sort_deeds
from qunying.journal.actions import do_record_facts
from qunying.kernel.facts import Fact
from qunying.store import rows

_COLUMNS = (*KEY, *SAYS, "brought_id")
_TITLE_LETTERS = 200
__all__ = [
    "Contradiction",
    "NewDeed",
    "Sorted",
    "do_begin_import",
    "do_end_import",
    "do_forget_deeds",
    "do_keep_deeds",
    "do_take_back_import",
]


def do_keep_deeds(deeds: Sequence[NewDeed], import_id: int | None = None) -> Sorted:
    """Keeps what is not kept yet, and answers what became of each; what is kept is never changed by being told otherwise.

    Who tells of the same at the same moment may both hear that it is new; it is kept once.
    """
    found = sort_deeds(deeds)
    rows.insert(Deed, _COLUMNS, [(*deed.place, *deed.says(), import_id) for deed in found.new], ignore=True)
    return found


def do_begin_import(community_id: int, source: str, title: str, *, at: datetime, user_id: int | None) -> int:
    """A table is being read; answers the id that its deeds are kept under."""
    new = DeedImport.objects.create(
        community_id=community_id, source=source, title=title[:_TITLE_LETTERS], by_id=user_id, at=at
    )
    return new.pk


def do_end_import(import_id: int, words: Mapping[str, object]) -> None:
    """It was read to its end: what became of it. One that brought nothing new is not kept."""
    if words.get("new"):
        DeedImport.objects.filter(pk=import_id).update(words=dict(words))
    else:
        DeedImport.objects.filter(pk=import_id).delete()


@transaction.atomic
def do_take_back_import(import_id: int, *, at: datetime, user_id: int | None) -> int:
    """What that table had brought anew is gone, from every count too; answers how many deeds. 0: it was taken back before."""
    one = DeedImport.objects.select_for_update().filter(pk=import_id, taken_back_at=None).first()
    if one is None:
        return 0
    ids = list(Deed.objects.filter(brought=import_id).values_list("pk", flat=True))
    rows.insert(DeedTaken, ["id", "community_id"], [(pk, one.community_id) for pk in ids], ignore=True)
    Deed.objects.filter(brought=import_id).delete()
    one.taken_back_at, one.taken_back_by_id = at, user_id
    one.save(update_fields=["taken_back_at", "taken_back_by"])
    words: dict[str, Any] = {"import": one.pk, "deeds": len(ids)}
    key, actor = f"deeds.taken_back:{one.pk}", "system" if user_id is None else f"user:{user_id}"
    do_record_facts(
        [Fact(name="deeds.taken_back", at=at, community_id=one.community_id, key=key, actor=actor, words=words)]
    )
    return len(ids)


def do_forget_deeds(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many deeds of communities that are being removed, at last what is known of their tables; answers how
    many rows."""
    for table in (Deed, DeedTaken, DeedImport):
        ids = list(table.objects.filter(community__in=community_ids).values_list("pk", flat=True)[:at_most])
        if ids:
            table.objects.filter(pk__in=rows.among(ids)).delete()
            return len(ids)
    return 0
