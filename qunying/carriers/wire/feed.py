"""Heard by the process that holds the lines, fetched by the workers; nothing is lost between the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from qunying.carriers.base import Arrival
from qunying.carriers.wire.models import Heard, Line
from qunying.kernel.keys import fitted
from qunying.store import rows

_COLUMNS = ["carrier", "account_ref", "key", "at", "group_ref", "person_ref", "payload"]


def do_hear(line_id: int, carrier: str, arrivals: Sequence[Arrival], cursor: str | None, at: datetime) -> None:
    """Keeps arrivals in their order and how far their line has come, together."""
    line = Line.objects.filter(pk=line_id)
    with transaction.atomic():
        account_ref = line.values_list("account_ref", flat=True).first() or ""
        rows.insert(
            Heard,
            _COLUMNS,
            [
                (carrier, account_ref, fitted(one.key, 160), one.at, one.group_ref, one.person_ref, dict(one.payload))
                for one in arrivals
            ],
        )
        changed = {"heard_at": at} if cursor is None else {"heard_at": at, "cursor": cursor}
        line.update(**changed)


def fetching(carrier: str) -> Callable[[int], Sequence[Arrival]]:
    """How a worker takes what waits, oldest first; forgotten when its transaction commits."""

    def fetch(limit: int) -> Sequence[Arrival]:
        heard = list(Heard.objects.filter(carrier=carrier).order_by("id")[:limit])
        if heard:
            Heard.objects.filter(pk__in=rows.among({one.pk for one in heard})).delete()
        return [Arrival(one.key, one.at, one.payload, one.group_ref, one.person_ref, one.account_ref) for one in heard]

    return fetch
