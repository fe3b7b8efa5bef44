"""Puts the talk of a large installation into threads, by chance instead of by reading: two in three lines go on."""

from __future__ import annotations

import random

AT_ONCE = 50_000


def seed_threads(rng: random.Random) -> None:
    """Gives every message of a member a place, in the order of ids, and counts the threads."""
    from django.db import transaction

    from qunying.store import rows
    from qunying.talk.models import Message, MessagePlace, PlaceCursor
    from qunying.talk.threads import do_recount_threads

    last: dict[int, tuple[int, int]] = {}  # of each group, the thread and the message before
    position = 0
    while said := list(Message.objects.filter(pk__gt=position).order_by("pk").values_list("pk", "group_id")[:AT_ONCE]):
        places = []
        for pk, group in said:
            thread, answers = last[group] if group in last and rng.random() < 2 / 3 else (pk, None)
            places.append((pk, thread, answers))
            last[group] = (thread, pk)
        position = said[-1][0]
        with transaction.atomic():
            rows.insert(MessagePlace, ["message_id", "thread", "answers"], places)
            do_recount_threads({thread for _, thread, _ in places})
            PlaceCursor.objects.update_or_create(pk=1, defaults={"position": position})
