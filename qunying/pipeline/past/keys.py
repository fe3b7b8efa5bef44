"""Stable keys for messages of files that have no ids: the same line read from two overlapping exports is one message."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import datetime

REMEMBERED = 200_000


class Keys:
    """Makes source keys within one chat of one file, in reading order.

    A key covers the time at the file's own resolution, the sender and the words, and the ordinal among equals: three
    «哈哈» in one minute are three messages. Equals are looked for among the last ``REMEMBERED`` distinct lines, which
    keeps memory flat; equal lines are neighbours in time. Keys begin with the time, so that those of one batch are
    neighbours in the database's index.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, int] = OrderedDict()

    def key(self, at: datetime, sender: str, kind: str, text: str) -> str:
        """The key of the next line."""
        moment = at.isoformat()
        said = "\x1f".join((moment, sender, kind, text)).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(said, digest_size=12).digest()
        ordinal = self._seen.pop(digest, 0)
        self._seen[digest] = ordinal + 1
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return f"{moment}:{digest.hex()}:{ordinal}" if ordinal else f"{moment}:{digest.hex()}"
