"""In which groups and communities there is something new to look at for themes."""

from __future__ import annotations

from collections.abc import Mapping

from qunying.store import rows
from qunying.talk.models import ThemeScope


def do_note_talk(homes: Mapping[int, int]) -> None:
    """Notes that something new stands in these groups, or nothing does any more; their communities are the values.

    Belongs into the transaction that changes the talk, so that nothing new is passed over, whoever commits when.
    """
    if not homes:
        return
    groups = ThemeScope.objects.filter(group__in=rows.among(homes))
    wholes = ThemeScope.objects.filter(group=None, community__in=rows.among(set(homes.values())))
    known = set(groups.values_list("group_id", flat=True))
    known_wholes = set(wholes.values_list("community_id", flat=True))
    for scopes in (groups, wholes):
        scopes.filter(is_due=False).update(is_due=True, waits=0)
    new = [ThemeScope(community_id=home, group_id=group) for group, home in homes.items() if group not in known]
    new += [ThemeScope(community_id=home) for home in sorted(set(homes.values()) - known_wholes)]
    ThemeScope.objects.bulk_create(new, ignore_conflicts=True)
