"""What arrived in groups that a person has yet to place: kept within bounds, and taken up once they were placed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from qunying.carriers.base import Arrival
from qunying.intake.models import Unplaced
from qunying.store import rows

KEPT_PER_GROUP = 500
KEPT_FOR = timedelta(days=30)


def do_keep_unplaced(carrier: str, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Keeps these once each; of every group the newest ``KEPT_PER_GROUP``, of no group anything older than ``KEPT_FOR``."""
    new = [(carrier, one.account_ref, one.group_ref, one.key, one.at, one.payload) for one in arrivals]
    rows.insert(Unplaced, ["carrier", "account_ref", "group_ref", "key", "at", "payload"], new, ignore=True)
    Unplaced.objects.filter(at__lt=now - KEPT_FOR).delete()
    for ref in {one.group_ref for one in arrivals}:
        kept = Unplaced.objects.filter(carrier=carrier, group_ref=ref).order_by("-id")
        first_too_many = kept.values_list("pk", flat=True)[KEPT_PER_GROUP : KEPT_PER_GROUP + 1].first()
        if first_too_many is not None:
            kept.filter(pk__lte=first_too_many).delete()


def list_unplaced_groups(carrier: str) -> list[str]:
    """The carrier's references of groups of which something is kept."""
    kept = Unplaced.objects.filter(carrier=carrier).order_by("group_ref")
    return list(kept.values_list("group_ref", flat=True).distinct())


def do_take_up(carrier: str, refs: Collection[str]) -> list[Arrival]:
    """Takes out what was kept of these groups, in the order of its coming. Who calls accepts it in the same transaction."""
    kept = Unplaced.objects.filter(carrier=carrier, group_ref__in=refs).order_by("id")
    found = [Arrival(one.key, one.at, one.payload, one.group_ref, account_ref=one.account_ref) for one in kept]
    kept.delete()
    return found
