"""Forgets who carried communities that are being removed."""

from __future__ import annotations

from collections.abc import Sequence

from qunying.people.models import Ladder, MemberSignals, Shortlist, Standing
from qunying.store import rows


def do_forget_ladders(community_ids: Sequence[int], at_most: int) -> int:
    """Removes up to so many signals and standings of them, then their shortlists and set-up; answers how many rows."""
    for model in (MemberSignals, Standing):
        found = model._default_manager.filter(community__in=community_ids)
        ids = list(found.values_list("pk", flat=True)[:at_most])
        if ids:
            model._default_manager.filter(pk__in=rows.among(ids)).delete()
            return len(ids)
    lists, _kinds = Shortlist.objects.filter(community__in=community_ids).delete()
    ladders, _kinds = Ladder.objects.filter(community__in=community_ids).delete()
    return lists + ladders
