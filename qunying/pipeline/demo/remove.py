"""Removes the demo, and nothing else: at once nobody sees it any more, and piece by piece every table forgets it.

Each piece is a short transaction, so that others write meanwhile. Every step begins at the top of the list: whatever a
kill left, or a worker still wrote, is found again, and the communities themselves go when nothing else is left of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.sandbox.worlds import do_end_world, do_forget_groups
from qunying.carriers.wire.lines import do_forget_homes
from qunying.communities.actions import do_forget_communities, do_let_demo_go
from qunying.communities.queries import list_leaving_communities, refs_of_groups
from qunying.deeds.actions import do_forget_deeds
from qunying.desk.actions import do_forget_work
from qunying.insights.forgetting import do_forget_numbers
from qunying.insights.parts import lake_folder
from qunying.intake.actions import do_forget_lanes
from qunying.journal.actions import do_forget_facts, do_record_facts
from qunying.journal.queries import list_facts_after
from qunying.kernel.facts import Fact
from qunying.ledger.actions import do_forget_ledger
from qunying.outbox.actions import do_forget_effects
from qunying.people.actions import do_forget_people_of, do_forget_strangers
from qunying.people.forgetting import do_forget_ladders
from qunying.talk.actions import do_forget_talk

AT_ONCE = 1000
REMOVED = "demo.removed"

Piece = Callable[[Sequence[int], int], int]
PIECES: tuple[Piece, ...] = (
    lambda ids, at_most: do_forget_groups(refs_of_groups(ids), at_most),
    do_forget_lanes,
    do_forget_effects,
    do_forget_work,
    lambda ids, at_most: do_forget_numbers(ids, lake_folder(), at_most),
    do_forget_talk,
    do_forget_deeds,
    do_forget_ledger,
    do_forget_ladders,
    do_forget_people_of,
    lambda _ids, at_most: do_forget_strangers(SANDBOX.name, at_most),
    do_forget_facts,
    lambda ids, _at_most: do_forget_communities(ids[:1]),
)


def do_begin_removal(now: datetime, *, user_id: int | None) -> int:
    """From this moment nobody sees the demo; ``step`` takes it out. Answers how many communities it was, 0 for no demo.

    Only the note that it was removed stays, in the installation's own chain.
    """
    with transaction.atomic():
        ids = do_let_demo_go(now)
        if ids:
            do_end_world()
            do_forget_homes(ids)
            actor = f"user:{user_id}" if user_id else "system"
            key = f"{REMOVED}:{now.isoformat()}"
            do_record_facts([Fact(name=REMOVED, at=now, community_id=None, key=key, actor=actor)])
    return len(ids)


def was_removed() -> bool:
    """Whether a demo was ever taken out here: it does not come back unasked."""
    return bool(list_facts_after(0, [REMOVED], 1))


def step(now: datetime) -> int:
    """Takes one piece out of what is being removed; answers how many rows it was, 0 when nothing is left."""
    ids = list_leaving_communities()
    if not ids:
        return 0
    with transaction.atomic():
        return next((done for piece in PIECES if (done := piece(ids, AT_ONCE))), 0)


def do_finish_removal(now: datetime) -> None:
    """Takes out all that is left of what is being removed."""
    while step(now):
        pass
