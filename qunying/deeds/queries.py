"""What people did, for those who count it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from qunying.deeds.models import Deed
from qunying.store import rows

_DONE = ("id", "community_id", "identity_id", "at", "kind", "source", "amount", "currency", "quantity")


def get_last_deed_id() -> int:
    """The highest id among deeds; 0 when there is none."""
    return int(Deed.objects.aggregate(last=Max("pk"))["last"] or 0)


def list_deeds(after: int, until: int, limit: int) -> list[tuple[Any, ...]]:
    """Deeds with ``after < id <= until`` in the order of ids, for counting.

    Each row is (deed, community, identity, at, kind, source, amount or None, currency, quantity).
    """
    return rows.read(Deed.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")[:limit], _DONE)


def find_span_of_deeds(community_ids: Collection[int]) -> tuple[datetime, datetime] | None:
    """When the first and the last deed of these communities was done; None where nothing was."""
    found = Deed.objects.filter(community__in=community_ids).aggregate(first=Min("at"), last=Max("at"))
    return (found["first"], found["last"]) if found["first"] else None


def list_kinds_of_deeds(community_ids: Collection[int]) -> list[str]:
    """What was ever done outside the groups in these communities."""
    kinds = Deed.objects.filter(community__in=community_ids).order_by().values_list("kind", flat=True)
    return sorted(set(kinds.distinct()))


def list_moments_of_deeds(community_id: int, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(identity, when) of everything that was done in that time and told to this community, in no order."""
    done = Deed.objects.filter(community=community_id, at__gte=since, at__lt=until)
    return [(who, at) for who, at in rows.read(done.order_by(), ("identity_id", "at"))]


def list_busiest(community_id: int, since: datetime, until: datetime, limit: int) -> list[tuple[int, int]]:
    """(identity, how often they did something) in that time, the busiest first."""
    done = Deed.objects.filter(community=community_id, at__gte=since, at__lt=until).order_by()
    counted = done.values("identity_id").annotate(n=Count("pk")).order_by("-n", "identity_id")
    return list(counted.values_list("identity_id", "n")[:limit])
