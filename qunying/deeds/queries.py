"""What people did, for those who count it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Sum, Value, When

from qunying.deeds.models import Deed, DeedImport, DeedTaken
from qunying.deeds.sorting import KEY
from qunying.store import rows

OTHER_SOURCES = 5
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


@dataclass(frozen=True, slots=True)
class DeedLine:
    """A deed as a person's page tells it. ``amount`` are parts of money (``kernel.money``), ``score`` an answer, or None."""

    id: int
    community_id: int
    identity_id: int
    kind: str
    source: str
    at: datetime
    amount: int | None
    currency: str
    quantity: int
    score: int | None


@dataclass(frozen=True, slots=True)
class DeedSum:
    """All deeds of one kind in one currency: how many, what they come to in parts of money, the last."""

    kind: str
    currency: str
    count: int
    amount: int | None
    last_at: datetime


def list_deeds_of(
    person_id: int,
    community_ids: Collection[int] | None,
    *,
    before: tuple[datetime, int] | None = None,
    limit: int,
) -> tuple[list[DeedLine], int]:
    """The latest deeds of a person, under whichever account, in those communities, and how many there are; ``before`` (moment, deed) goes on
    below one. One query."""
    deeds = _of(person_id, community_ids, before)
    columns = ("pk", "community_id", "identity_id", "kind", "source", "at", "amount", "currency", "quantity", "score")
    found = list(
        deeds.annotate(total=rows.counted(deeds)).order_by("-at", "-pk").values_list("total", *columns)[:limit]
    )
    return [DeedLine(*row[1:]) for row in found], found[0][0] if found else 0


def list_sums_of_deeds(person_id: int, community_ids: Collection[int] | None) -> list[DeedSum]:
    """Everything a person did in those communities, under whichever account, per kind and currency; most frequent first. One query."""
    found = _of(person_id, community_ids).order_by().values("kind", "currency")
    sums = found.annotate(n=Count("pk"), sum=Sum("amount"), last=Max("at"))
    told = sums.values_list("kind", "currency", "n", "sum", "last")
    return sorted((DeedSum(*row) for row in told), key=lambda one: (-one.count, one.kind, one.currency))


def _of(
    person_id: int,
    community_ids: Collection[int] | None,
    before: tuple[datetime, int] | None = None,
) -> QuerySet[Deed]:
    deeds = Deed.objects.filter(identity__person=person_id)
    if before is not None:
        deeds = deeds.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    return deeds if community_ids is None else deeds.filter(community__in=community_ids)


def list_moments_of_deeds(community_id: int, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(identity, when) of everything that was done in that time and told to this community, in no order."""
    done = Deed.objects.filter(community=community_id, at__gte=since, at__lt=until)
    return [(who, at) for who, at in rows.read(done.order_by(), ("identity_id", "at"))]


def list_busiest(community_id: int, since: datetime, until: datetime, limit: int) -> list[tuple[int, int]]:
    """(identity, how often they did something) in that time, the busiest first."""
    done = Deed.objects.filter(community=community_id, at__gte=since, at__lt=until).order_by()
    counted = done.values("identity_id").annotate(n=Count("pk")).order_by("-n", "identity_id")
    return list(counted.values_list("identity_id", "n")[:limit])


def list_deeds_taken_back(community_ids: Collection[int]) -> list[int]:
    """The ids of deeds that were told to these communities and taken back, in order."""
    return list(DeedTaken.objects.filter(community__in=community_ids).order_by("pk").values_list("pk", flat=True))


def count_scores(
    spans: Mapping[int, Sequence[tuple[datetime, datetime]]],
) -> dict[int, list[dict[tuple[str, int], int]]]:
    """By community and per span of it how many answered what: (kind, score) → answers. Spans of a community do not meet.

    One query, however many communities.
    """
    places = [(home, n, span) for home, some in spans.items() for n, span in enumerate(some)]
    counted: dict[int, list[dict[tuple[str, int], int]]] = {home: [{} for _ in some] for home, some in spans.items()}
    if not places:
        return counted
    first, last = min(span[0] for _, _, span in places), max(span[1] for _, _, span in places)
    answers = Deed.objects.filter(community__in=spans, score__isnull=False, at__gte=first, at__lt=last)
    whens = [When(community=home, at__gte=since, at__lt=until, then=Value(n)) for home, n, (since, until) in places]
    found = answers.annotate(span=Case(*whens, output_field=IntegerField())).exclude(span=None)
    counts = found.order_by().values("community", "span", "kind", "score").annotate(answers=Count("pk"))
    for home, span, kind, score, n in counts.values_list("community", "span", "kind", "score", "answers"):
        counted[home][span][kind, score or 0] = n  # 0 is a score, too; nothing is not among them
    return counted


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A table of deeds that was brought; ``words`` as ``DeedTally.kept_words`` wrote them, empty of one that broke off."""

    id: int
    community_id: int
    source: str
    title: str
    by_id: int | None
    at: datetime
    words: dict[str, Any]
    taken_back_at: datetime | None


_IMPORT = ("pk", "community_id", "source", "title", "by_id", "at", "words", "taken_back_at")


def list_deed_imports(community_ids: Collection[int] | None, limit: int) -> list[ImportLine]:
    """The latest tables of deeds brought to these communities (None: to all)."""
    found = DeedImport.objects.order_by("-at", "-pk")
    found = found if community_ids is None else found.filter(community__in=community_ids)
    return [ImportLine(*row) for row in found.values_list(*_IMPORT)[:limit]]


def count_told_elsewhere(community_id: int, source: str, keys: Collection[tuple[str, str]]) -> dict[str, int]:
    """How many of these (kind, number) are kept of that community under the name of another shop whose tables were brought:
    of at most ``OTHER_SOURCES``, those without any are absent."""
    brought = DeedImport.objects.filter(community=community_id, taken_back_at=None).exclude(source=source)
    others = sorted(set(brought.order_by().values_list("source", flat=True)))[:OTHER_SOURCES]
    found = {other: rows.select(Deed, ["id"], KEY, [(community_id, other, *key) for key in keys]) for other in others}
    return {other: len(ids) for other, ids in found.items() if ids}


def count_deeds_brought(import_id: int) -> int:
    """How many deeds that table has brought, also one that was not read to its end."""
    return Deed.objects.filter(brought=import_id).count()


def find_deed_import(import_id: int) -> ImportLine | None:
    """That table; None where there is none."""
    row = DeedImport.objects.filter(pk=import_id).values_list(*_IMPORT).first()
    return ImportLine(*row) if row else None
