"""What was done against members of the house's own accord or after a colleague's yes, without what was said."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Q
from django.db.models.fields.json import KT

from qunying.kernel.effects import Ban, DeleteMessage, EffectState, Forfeit, Mute, RemoveMember, Say, Whisper
from qunying.outbox.models import OutboxItem

ACTS = tuple(kind.__name__ for kind in (DeleteMessage, Mute, RemoveMember, Ban, Forfeit))
WORDS = tuple(kind.__name__ for kind in (Say, Whisper))
BY_HAND = "console"


class DoneAgainst(NamedTuple):
    """An effect against somebody that was delivered and stands, and the moment of the event because of which it was decided.

    ``rule`` and ``step`` are those of the ladder's step that it is part of; empty where it is part of none.
    """

    id: int
    community_id: int
    group_id: int
    member_id: int
    cause_key: str
    capability: str
    kind: str
    rule: str | None
    step: str | int | None
    said_at: datetime
    done_at: datetime
    approved_by: int | None

    @property
    def is_warning(self) -> bool:
        """Whether it only tells somebody off."""
        return self.kind in WORDS


def list_done_against(community_ids: Collection[int], since: datetime, until: datetime) -> list[DoneAgainst]:
    """What was delivered against members of these communities in that time, in the order of delivery.

    What a colleague ordered by hand is left out, and what was undone.
    """
    # as in count_done_by: the state is no condition that an index should be chosen by
    done = OutboxItem.objects.filter(finished_at__gte=since, finished_at__lt=until, community_id__in=community_ids)
    against = Q(kind__in=ACTS) | Q(kind__in=WORDS, payload__is_warning=True)
    done = done.filter(against, state=EffectState.SENT, undoes=None, member_id__isnull=False, group_id__isnull=False)
    told = done.exclude(capability=BY_HAND).annotate(rule=KT("reason_params__rule"), step=KT("reason_params__step"))
    columns = ("pk", "community_id", "group_id", "member_id", "cause_key", "capability", "kind", "rule", "step")
    rows = told.order_by("finished_at", "pk").values_list(*columns, F("queued_at"), F("finished_at"), F("approved_by"))
    return [DoneAgainst._make(row) for row in rows]
