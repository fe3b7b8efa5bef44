"""People are found by name, by any part of a group card, and by the initials of both."""

from __future__ import annotations

from qunying.store.search import Index
from qunying.store.tokens import initials

PEOPLE_INDEX = Index("people_search")


def findable(name: str, card: str) -> str:
    """The words under which a membership is found."""
    return f"{name} {card} {initials(name)} {initials(card)}"
