"""Removes the demo, and nothing else: every table forgets its communities."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.sandbox.worlds import do_end_world
from qunying.communities.actions import do_forget_communities
from qunying.communities.queries import demo_communities, refs_of_groups
from qunying.desk.actions import do_forget_work
from qunying.insights import lake
from qunying.insights.parts import lake_folder
from qunying.intake.actions import do_forget_lanes
from qunying.journal.actions import do_forget_facts, do_record_facts
from qunying.kernel.facts import Fact
from qunying.outbox.actions import do_forget_effects
from qunying.people.actions import do_forget_people_of, do_forget_strangers
from qunying.talk.actions import do_forget_talk


def do_remove_demo(now: datetime, *, user_id: int | None) -> int:
    """Forgets the demo communities with their groups, people, talk, work and facts; answers how many they were.

    Only the note that it was removed stays, in the installation's own chain.
    """
    ids = demo_communities()
    if not ids:
        return 0
    with transaction.atomic():
        do_end_world(refs_of_groups(ids))
        do_forget_lanes(ids)
        do_forget_effects(ids)
        do_forget_work(ids)
        do_forget_talk(ids)
        do_forget_people_of(ids)
        do_forget_strangers(SANDBOX.name)
        do_forget_communities(ids)
        do_forget_facts(ids)
        actor = f"user:{user_id}" if user_id else "system"
        fact = Fact(name="demo.removed", at=now, community_id=None, key=f"demo.removed:{now.isoformat()}", actor=actor)
        do_record_facts([fact])
    for community_id in ids:  # files are not part of the transaction; whatever a crash leaves is swept at night
        lake.do_forget_community(community_id, lake_folder())
    return len(ids)
