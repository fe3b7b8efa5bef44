"""Reads a community's operating chain, its numbers from outside, its targets, and the stage of its life."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from qunying.communities.actions_numbers import digest_of_token
from qunying.communities.chains import Link, LinkKind
from qunying.communities.models import (
    ChainLink,
    ChainVersion,
    Community,
    Group,
    HookToken,
    Staff,
    StageChoice,
    StageTick,
    Tally,
    Target,
)


@dataclass(frozen=True, slots=True)
class About:
    """What a community is, as those take it who count and show it."""

    id: int
    name: str
    topic: str
    promise: str
    purposes: tuple[str, ...]
    strategy: str
    started_on: date | None
    timezone: str
    language: str
    created_at: datetime


def about_of(community: Community) -> About:
    """What that community is."""
    return About(
        id=community.pk,
        name=community.name,
        topic=community.topic,
        promise=community.promise,
        purposes=tuple(community.purpose),
        strategy=community.strategy,
        started_on=community.started_on,
        timezone=community.timezone,
        language=community.language,
        created_at=community.created_at,
    )


def find_start(community_id: int) -> date | None:
    """The day on which it began, as its settings say; None where they say nothing."""
    return Community.objects.filter(pk=community_id).values_list("started_on", flat=True).first()


def list_links(community_id: int) -> tuple[Link, ...]:
    """The links of a community's chain in their order; none where nobody drew it yet."""
    rows = ChainLink.objects.filter(community=community_id, is_removed=False).order_by("place", "pk")
    return tuple(Link(row.pk, LinkKind(row.kind), row.name, row.count_by, row.unit, row.is_ours) for row in rows)


def find_version_of_chain(community_id: int) -> int | None:
    """The latest change to a chain that can be taken back; None where there is none."""
    return ChainVersion.objects.filter(community=community_id).order_by("-pk").values_list("pk", flat=True).first()


def list_sums_of_numbers(community_id: int, since: date, until: date) -> dict[str, int]:
    """Per series the sum of what was told from outside of these days, both belonging to them; others are absent."""
    rows = Tally.objects.filter(community=community_id, day__gte=since, day__lte=until).order_by().values("series")
    return dict(rows.annotate(sum=Sum("value")).values_list("series", "sum"))


def list_numbers(community_id: int, since: date, until: date) -> list[tuple[str, date, int]]:
    """(series, day, sum) of what was told from outside of these days, both belonging to them."""
    rows = Tally.objects.filter(community=community_id, day__gte=since, day__lte=until).order_by("series", "day")
    return list(rows.values("series", "day").annotate(sum=Sum("value")).values_list("series", "day", "sum"))


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What a KPI shall be in ``days`` days, and since when it is meant so. ``has_before``: a change can be taken back."""

    kpi: str
    days: int
    value: Decimal | None
    at: datetime


def list_targets(community_id: int) -> dict[tuple[str, int], TargetLine]:
    """Targets by KPI and days."""
    rows = Target.objects.filter(community=community_id).values_list("kpi", "days", "value", "at")
    return {(kpi, days): TargetLine(kpi, days, value, at) for kpi, days, value, at in rows}


def list_targets_of(community_ids: Collection[int], days: int) -> dict[int, dict[str, Decimal]]:
    """Targets over so many days that stand, by community and KPI."""
    found: dict[int, dict[str, Decimal]] = {}
    rows = Target.objects.filter(community__in=community_ids, days=days, value__isnull=False)
    for community, kpi, value in rows.values_list("community_id", "kpi", "value"):
        found.setdefault(community, {})[kpi] = value
    return found


def list_numbers_of(community_ids: Collection[int], since: date, until: date) -> dict[int, list[tuple[str, date, int]]]:
    """What ``list_numbers`` has of each of these communities."""
    found: dict[int, list[tuple[str, date, int]]] = {}
    rows = Tally.objects.filter(community__in=community_ids, day__gte=since, day__lte=until).order_by("series", "day")
    sums = rows.values("community_id", "series", "day").annotate(sum=Sum("value"))
    for community, *number in sums.values_list("community_id", "series", "day", "sum"):
        found.setdefault(community, []).append((number[0], number[1], number[2]))
    return found


@dataclass(frozen=True, slots=True)
class StageSaid:
    """In which stage somebody of us says a community is, and what the numbers said at that time."""

    stage: str
    proposed: str
    at: datetime
    by: int | None


def find_stage(community_id: int) -> StageSaid | None:
    """What was said last of a community's stage and not taken back; None where nobody said any."""
    rows = StageChoice.objects.filter(community=community_id, taken_back_at=None).order_by("-pk")
    found = rows.values_list("stage", "proposed", "at", "by_id").first()
    return StageSaid(*found) if found else None


def list_stages_of(community_ids: Collection[int]) -> dict[int, str]:
    """The stage that was said last of each of these communities and not taken back."""
    rows = StageChoice.objects.filter(community__in=community_ids, taken_back_at=None).order_by("pk")
    return dict(rows.values_list("community_id", "stage"))


def list_ticks(community_id: int) -> set[tuple[str, str]]:
    """(stage, item) of what was ticked by hand."""
    return set(StageTick.objects.filter(community=community_id).values_list("stage", "item"))


def find_hook_made_at(community_id: int) -> datetime | None:
    """Since when a program may tell numbers of that community; None where none may."""
    return HookToken.objects.filter(community=community_id).values_list("made_at", flat=True).first()


def find_community_of_token(community_id: int, token: str) -> Community | None:
    """That community where this is its token, and it is not being removed. Takes as long for a wrong one as for a right one."""
    held = HookToken.objects.select_related("community").filter(community=community_id).first()
    kept = held.digest if held else digest_of_token("")
    is_right = hmac.compare_digest(kept, digest_of_token(token))
    return held.community if held and is_right and held.community.leaving_since is None else None


@dataclass(frozen=True, slots=True)
class Places:
    """A community's groups in numbers: by kind and carrier, how many are at least nine tenths full, who is on the roster."""

    kinds: Mapping[str, int]
    carriers: Mapping[str, int]
    duties: Mapping[str, int]

    @property
    def groups(self) -> int:
        """All of them."""
        return sum(self.kinds.values())


def get_places(community_id: int) -> Places:
    """Where a community lives, and who of us stands on its roster; two queries."""
    groups = Group.objects.filter(community=community_id).order_by().values("kind", "carrier")
    kinds: dict[str, int] = {}
    carriers: dict[str, int] = {}
    for kind, carrier, count in groups.annotate(n=Count("pk")).values_list("kind", "carrier", "n"):
        kinds[kind] = kinds.get(kind, 0) + count
        if kind == "chat":
            carriers[carrier] = carriers.get(carrier, 0) + count
    duties = Staff.objects.filter(community=community_id).order_by().values("duty").annotate(n=Count("pk"))
    return Places(kinds, carriers, dict(duties.values_list("duty", "n")))


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A group as its community's page lists it."""

    id: int
    name: str
    kind: str
    carrier: str
    city: str
    capacity: int
    is_folded: bool


def list_places(community_id: int, limit: int) -> list[PlaceLine]:
    """The weightiest groups of a community."""
    rows = Group.objects.filter(community=community_id).order_by("is_folded", "-weight", "id")
    names = ("id", "remark", "carrier_name", "kind", "carrier", "city", "capacity", "is_folded")
    return [PlaceLine(row[0], row[1] or row[2], *row[3:]) for row in rows.values_list(*names)[:limit]]


def list_openings(community_ids: Collection[int], since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(community, when) of every group opened in that time; where nobody knows when, it is when it was written down."""
    opened = Q(opened_at__gte=since, opened_at__lt=until) | Q(
        opened_at=None, created_at__gte=since, created_at__lt=until
    )
    rows = Group.objects.filter(opened, community__in=community_ids).order_by("pk")
    return [
        (home, opened_at or created_at)
        for home, opened_at, created_at in rows.values_list("community_id", "opened_at", "created_at")
    ]


def list_capacities(community_id: int) -> dict[int, int]:
    """How many each chat group of a community may hold."""
    rows = Group.objects.filter(community=community_id, kind="chat", is_folded=False)
    return dict(rows.values_list("pk", F("capacity")))
