"""Work through the rows of a table once, in the order of their ids: a cursor of one row says how far that has come.

It moves in the transaction that keeps what was done, so a crash leaves both or neither, and of two processes one wins.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, models

LOOKED_AT_AGAIN = 20_000  # ids: what other connections committed after higher ones


def position_of(cursor: type[models.Model]) -> int:
    """Every row up to this id is done; 0 before the first one."""
    return cursor._default_manager.values_list("position", flat=True).first() or 0


def looked_from(position: int) -> int:
    """The id above which to look for what is left: on PostgreSQL a little lower, where a commit may have come late."""
    return position - LOOKED_AT_AGAIN if connection.vendor == "postgresql" else position


def do_move(cursor: type[models.Model], before: int, after: int) -> bool:
    """Moves the cursor; False when another process was here first. Within the caller's transaction."""
    cursors = cursor._default_manager
    cursors.get_or_create(pk=1)
    return bool(cursors.filter(pk=1, position=before).update(position=after))


def work_off(do_batch: Callable[[], int], full: int, at_most: int | None = None) -> int:
    """Batch after batch until one is not ``full``, or so many; answers how many rows were done."""
    done = turns = 0
    while at_most is None or turns < at_most:
        some = do_batch()
        done, turns = done + some, turns + 1
        if some < full:
            break
    return done
