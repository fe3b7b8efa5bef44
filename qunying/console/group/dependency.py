"""What a group would be without each of its three most talkative members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.urls import reverse

from qunying.console.group.counting import COUNTED_FOR, groups_counted
from qunying.insights import words_of_dependency as words
from qunying.insights.asking import whole_span
from qunying.insights.dependency import Dependency, read_dependency


@dataclass(frozen=True, slots=True)
class PillarRow:
    """Somebody the group hangs on: what they hold, what would be left; ``left`` is the share of messages left."""

    name: str
    href: str
    share: str
    without: str
    left: float


@dataclass(frozen=True, slots=True)
class DependencyPanel:
    """The answer as a title, and the three."""

    title: str
    how: str
    is_risky: bool
    rows: tuple[PillarRow, ...]


def read_dependency_panel(group_id: int, now: datetime, *, with_past: bool = False) -> DependencyPanel | None:
    """The panel, at most a minute old; None where hardly anybody spoke. ``with_past`` as in ``counting.groups_counted``."""
    key = f"console.group.dependency.{group_id}.{with_past}"
    found: Dependency | None = cache.get(key)
    if found is None:
        counted = groups_counted(group_id, with_past=with_past)
        found = read_dependency(counted, whole_span(counted, now)[1])
        cache.set(key, found, COUNTED_FOR)
    return lay_dependency(found)


def lay_dependency(found: Dependency) -> DependencyPanel | None:
    """What was counted as a panel; None where hardly anybody spoke."""
    if not found.is_telling:
        return None
    rows = tuple(
        PillarRow(
            one.name,
            reverse("console:person", args=[one.person_id]),
            words.share(one),
            words.without(one, found),
            one.without.messages / found.whole.messages,
        )
        for one in found.pillars
    )
    return DependencyPanel(words.headline(found), words.how(found), found.is_risky, rows)
