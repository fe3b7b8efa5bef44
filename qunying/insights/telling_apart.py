"""How many different people stand behind many rows: sorting them as plain numbers is quicker than what SQL does.

Only where rows come here in no time (``Session.is_near``) and there are many; ``tests/test_telling_apart.py`` holds the
counts to those of the metric's own SQL.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qunying.insights.engines.base import Row, Session
from qunying.insights.engines.slots import COUNTED, in_words
from qunying.insights.engines.views import read_sql

KEY_BITS = 62
MOST_PARTS = 1 << 24  # a place for each of more costs more than it saves

Numbers = NDArray[np.int64]


def count_people(session: Session, each: str, by: str, things: str) -> list[Row] | None:
    """Per part of the breakdown the different people as ``value``, and the rows under the name of ``things``, if any.

    ``each`` names the question that answers one row per thing done. None where the parts are words, or the numbers too
    large to be packed: then the metric's own SQL must answer.
    """
    if by not in COUNTED:
        return None
    found = session.arrays(read_sql(f"each/{each}"), {"by": by})
    slots = found["slot"]
    if not len(slots):
        return []
    first = int(slots.min())
    keys, bits = pack(slots, found["community_id"], found["person_id"])
    if keys is None or int(slots.max()) - first >= MOST_PARTS:
        return None
    keys.sort()
    is_new = np.r_[True, keys[1:] != keys[:-1]]
    rows = np.bincount(keys >> bits)
    people = np.bincount(keys[is_new] >> bits)
    told = [
        {"slot": first + place, "value": int(people[place]), **({things: int(rows[place])} if things else {})}
        for place in np.flatnonzero(rows).tolist()
    ]
    return in_words(told, {"by": by})


def pack(*columns: NDArray[np.generic]) -> tuple[Numbers | None, int]:
    """One number per row that tells rows apart as the columns do, and how many of its bits are not of the first column.

    No number where they do not fit into one.
    """
    lows = [int(column.min()) for column in columns]
    widths = [(int(column.max()) - low).bit_length() for column, low in zip(columns, lows, strict=True)]
    if sum(widths) > KEY_BITS:
        return None, 0
    keys: Numbers = np.zeros(len(columns[0]), dtype=np.int64)
    for column, low, width in zip(columns, lows, widths, strict=True):
        keys <<= width
        keys |= column.astype(np.int64, copy=False) - low
    return keys, sum(widths[1:])
