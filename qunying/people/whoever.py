"""Rows that name a person as they were then, read as whoever that is now.

A person has the id of one of their accounts, so what was noted about somebody who has since been joined with another still
tells whom it is about, and is theirs alone again when that is taken back.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from qunying.people.models import Identity
from qunying.store import rows as tables


def whoever(column: str) -> Coalesce:
    """The person to whom the account of that id belongs now. Few belong to another's, and those have an index of their own."""
    merged = Identity.objects.filter(~Q(person=F("pk")), pk=OuterRef(column)).values("person_id")[:1]
    return Coalesce(Subquery(merged), F(column), output_field=BigIntegerField())


def accounts_of(person_ids: Collection[int]) -> dict[int, int]:
    """Every id under which something may be noted about these people, with the person; who is nobody's account is themselves."""
    found = Identity.objects.filter(person__in=tables.among(person_ids)).values_list("pk", "person_id")
    return {**{pk: pk for pk in person_ids}, **{pk: person for pk, person in found if person}}
