"""Which steps against members were lifted: whoever counts takes them as if they had not been."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models.fields.json import KT

from qunying.journal.models import Fact

LIFTED = "step.lifted"


def list_lifted(community_ids: Collection[int], since: datetime) -> set[tuple[str, int]]:
    """(key of the event because of which it was taken, identity) of the steps that were lifted since then."""
    lifted = Fact.objects.filter(community_id__in=community_ids, name=LIFTED, at__gte=since, identity_id__isnull=False)
    causes = lifted.annotate(cause=KT("words__cause")).values_list("cause", "identity_id")
    return {(cause, identity) for cause, identity in causes if cause and identity is not None}
