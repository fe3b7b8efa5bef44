"""People are found by name, by any part of a group card, by the fields it is read into, and by the initials of all these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from qunying.judgement.folding import folded
from qunying.store.search import Index
from qunying.store.tokens import index_tokens, initials

PEOPLE_INDEX = Index("people_search")
REMEMBERED = 20_000  # texts: the same places, employers and jobs come again and again
IN_INITIALS = ("city", "industry", "company", "job", "name")


@lru_cache(maxsize=REMEMBERED)
def short(text: str) -> str:
    """The initials of a name, of a card, of one field of it."""
    return initials(text)


def findable(name: str, card: str, more: str = "") -> str:
    """The words under which a membership is found; ``more`` are those of its card's fields (``words_of_fields``)."""
    return f"{name} {card} {short(name)} {short(card)} {more}"


def words_of_fields(name: str, card: str, fields: Mapping[str, str]) -> str:
    """What a card's fields add to name and card: usual names, simplified characters, initials of each field and of any two.

    What the index has already under name and card is left out, so of most members nothing is left.
    """
    known = set(index_tokens(findable(name, card)).split())
    more: list[str] = []
    for text in (*fields.values(), folded(name), folded(card)):
        new = set(index_tokens(text).split()) - known
        if new:
            more.append(text)
            known |= new
    short = sorted(set(_initials(fields)), key=len, reverse=True)
    for letters in short:  # whoever looks for the beginning finds the whole
        if letters and not any(token.startswith(letters) for token in known):
            more.append(letters)
            known.add(letters)
    return " ".join(more)


def _initials(fields: Mapping[str, str]) -> Iterator[str]:
    each = [short(fields[field]) for field in IN_INITIALS if fields.get(field)]
    yield from each
    yield from (first + second for first, second in combinations(each, 2))
