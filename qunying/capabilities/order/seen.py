"""What the words of one message show by themselves, whoever says them: worked out once, in another process where much is read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qunying.capabilities.order.flood import letters_of
from qunying.capabilities.order.heat import may_be_hot
from qunying.capabilities.order.knowing import Memory, Seen
from qunying.capabilities.order.lists import Lists
from qunying.capabilities.order.signs import mark_of
from qunying.judgement.folding import folded

Ahead = dict[tuple[int, str], Seen]


def seen_of(memory: Memory, group_id: int, text: str) -> Seen:
    """What a text of that group shows."""
    return memory.ahead.get((group_id, text)) or _see(memory.lists.get(group_id), text)


def look_ahead(memory: Memory, said: Sequence[tuple[int, str]]) -> Ahead:
    """What each of these texts shows in its group."""
    return {(group, text): _see(memory.lists.get(group), text) for group, text in said if text}


def look_at(text: str) -> Seen:
    """What a text shows where no words are listed."""
    plain = folded(text)
    return Seen(plain, mark_of(plain), mark_of(letters_of(plain)), may_be_hot(plain))


@lru_cache(maxsize=256)  # asked of the same message when it is thought of and when it is remembered
def _see(lists: Lists | None, text: str) -> Seen:
    return look_at(text)._replace(hits=lists.find(text)) if lists else look_at(text)
