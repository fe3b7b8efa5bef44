"""Rows that name a person as they were then, read as whoever that is now.

A person has the id of one of their accounts, so what was noted about somebody who has since been joined with another still
tells whom it is about, and is theirs alone again when that is taken back.
"""

from __future__ import annotations

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from qunying.people.models import Identity


def whoever(column: str) -> Coalesce:
    """The person to whom the account of that id belongs now. Few belong to another's, and those have an index of their own."""
    merged = Identity.objects.filter(~Q(person=F("pk")), pk=OuterRef(column)).values("person_id")[:1]
    return Coalesce(Subquery(merged), F(column), output_field=BigIntegerField())
