"""The words of a list a page at a time: a list may have seventy thousand of them, and nobody waits for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from qunying.capabilities.order.lists_told import KEPT_LETTERS, ListLine, WordLine, found_of, kept_words, line_of
from qunying.capabilities.order.models import WordList
from qunying.judgement.patterns import Word

READY = 4  # lists whose words are kept at hand
MOST, NEVER = "most", "never"
Found = Mapping[str, tuple[int, datetime]]


def list_some_words(
    line: ListLine, words: str, order: str, *, start: int, limit: int
) -> tuple[list[WordLine], int, int]:
    """Some words of a list with how often each was found, how many there are of that kind, and where they really start.

    ``words`` stand in them. ``order``: those found most first (``most``), only those never found (``never``), else as in the list.
    Past the end it is the last page.
    """
    found = found_of(line.id)
    chosen = _chosen(words_at_hand(line.id, line.stamp), found, words.strip().lower(), order)
    start = min(start, max(len(chosen) - 1, 0) // limit * limit)
    return [line_of(one, found) for one in chosen[start : start + limit]], len(chosen), start


def list_words_never_found(line: ListLine) -> list[str]:
    """The texts of the words that never were found; those that allow something are no such words."""
    found = found_of(line.id)
    kept = words_at_hand(line.id, line.stamp)
    return [one.text for one in kept if not one.allows and one.text[:KEPT_LETTERS] not in found]


@lru_cache(maxsize=READY)
def words_at_hand(list_id: int, stamp: str) -> tuple[Word, ...]:
    """The words of a list under that stamp, read once; a list that is gone has none."""
    table = WordList.objects.filter(pk=list_id, stamp=stamp).values_list("words", flat=True).first() or ""
    return tuple(kept_words(table))


def _chosen(kept: Sequence[Word], found: Found, words: str, order: str) -> Sequence[Word]:
    if words:
        kept = [one for one in kept if words in one.text.lower()]
    if order == NEVER:
        return [one for one in kept if one.text[:KEPT_LETTERS] not in found]
    if order == MOST:
        hit = [one for one in kept if one.text[:KEPT_LETTERS] in found]
        rest = [one for one in kept if one.text[:KEPT_LETTERS] not in found]
        return [*sorted(hit, key=lambda one: -found[one.text[:KEPT_LETTERS]][0]), *rest]
    return kept
