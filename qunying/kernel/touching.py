"""When a rule would touch so many that whoever puts it in force has to say so."""

from __future__ import annotations

FEW_PEOPLE = 5


def touches_many(people: int, speakers: int) -> bool:
    """Whether these people are more than half of those who spoke, and not only a few."""
    return people >= FEW_PEOPLE and people * 2 > speakers
