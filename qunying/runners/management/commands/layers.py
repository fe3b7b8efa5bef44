"""``qunying layers``: computes anew who begins conversations, goes on with them, looks on or sleeps, and says how many."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.communities.queries import find_community_by_name, list_community_zones, list_counted_homes
from qunying.insights.asking import find_groups
from qunying.insights.standing import do_keep_layers
from qunying.insights.thresholds import thresholds_of
from qunying.kernel import clock
from qunying.kernel.texts import mark
from qunying.people.layers import WHOLE, LayersAt, Place, layers_of_places
from qunying.runners.language import told_text
from qunying.talk.placing import do_place_new


class Command(BaseCommand):
    """Exit code 2 for an unknown community."""

    help = "Compute and keep the layers of members."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", help="only this community")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Puts what was said into threads first, because conversations make an opener."""
        ids = _communities(options["community"])
        do_place_new()
        kept = do_keep_layers(clock.now(), ids)
        names = {home.id: home.name for home in list_counted_homes(ids)}
        places = layers_of_places(ids, group_id=WHOLE)
        told = [_row(names[pk], places[Place(pk, WHOLE)]) for pk in names if Place(pk, WHOLE) in places]
        limits = {names[pk]: asdict(one) for pk, one in thresholds_of(names).items()}
        if options["json"]:
            words = {"changed": kept.changed, "facts": kept.facts, "communities": told, "thresholds": limits}
            self.stdout.write(json.dumps(words, ensure_ascii=False))
            return
        for row in told:
            self.stdout.write(told_text(LINE, **row))


LINE = mark(
    "%(community)s：开口 %(opener)d，跟话 %(follower)d，潜水 %(lurker)d，沉睡 %(dormant)d（其中 %(never)d 人从没说过话）"
)


def _communities(name: str | None) -> list[int]:
    """That one, or all that stay. Raises ``BadUse`` with the nearest names."""
    if name is None:
        return list(list_community_zones())
    find_groups(community=name)
    found = find_community_by_name(name)
    return [] if found is None else [found]


def _row(name: str, at: LayersAt) -> dict[str, Any]:
    return {"community": name, **at.counts._asdict(), "until": at.until.isoformat()}
