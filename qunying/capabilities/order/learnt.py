"""What messages of an incident have in common and ordinary talk does not: proposed as words of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from qunying.capabilities.order.lists import WATCH, Listed, make_lists
from qunying.capabilities.order.lists_kept import do_make_list, do_switch_list, do_write_words
from qunying.capabilities.order.lists_told import find_list, list_lists
from qunying.capabilities.order.lists_tried import Effect, effect_of, list_found
from qunying.judgement.families import shared_phrases
from qunying.judgement.patterns import Word
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.talk.past import SaidLine, list_newest_said, list_said_again

LOOKS_BACK = timedelta(days=30)
MOST_ORDINARY, MOST_MESSAGES = 5_000, 60
OFTEN = 10  # messages among the ordinary ones of somebody who is no stranger


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase that ``share`` of the messages have; how often ordinary talk has it, and how often talk of people who speak often."""

    text: str
    share: float
    ordinary: int
    regulars: int


@dataclass(frozen=True, slots=True)
class Learnt:
    """What some messages share. ``messages`` are those that are still there, ``ordinary`` how many others they were held against."""

    messages: int
    ordinary: int
    proposals: tuple[Proposal, ...]


class TooWide(Exception):
    """The list would touch most of those who speak, and nobody has typed how many."""

    def __init__(self, effect: Effect) -> None:
        super().__init__(effect.people)
        self.effect = effect


def learn_from(message_ids: Collection[int], group_ids: Collection[int], now: datetime) -> Learnt:
    """The phrases that these messages of these groups share and the other talk of the last 30 days there does not."""
    places = set(group_ids)
    told = [one for one in list_said_again(message_ids).values() if one.group_id in places][:MOST_MESSAGES]
    known = {one.id for one in told}
    newest = list_newest_said(group_ids, now - LOOKS_BACK, MOST_ORDINARY + len(known), withdrawn=False)
    ordinary = [one for one in newest if one.id not in known]
    phrases = shared_phrases([one.text for one in told], [one.text for one in ordinary])
    spoken = Counter(one.sender_id for one in ordinary)
    return Learnt(
        messages=len(told),
        ordinary=len(ordinary),
        proposals=tuple(_proposal(one.text, one.share, ordinary, spoken) for one in phrases),
    )


def _proposal(text: str, share: float, ordinary: Sequence[SaidLine], spoken: Counter[int]) -> Proposal:
    found = list_found(make_lists((), WATCH, [Listed("p", "", WATCH, [Word(text, "p")])]), ordinary)
    regulars = sum(spoken[one.said.sender_id] >= OFTEN for one in found)
    return Proposal(text, share, len(found), regulars)


def do_learn_list(
    community_id: int, title: str, does: str, words: Sequence[str], *, people: str, user_id: int, at: datetime
) -> int:
    """A list of these words for all groups of the community, on; answers its id. A name that is taken gets a number.

    Raises ``BadUse`` where there is no word, or one that cannot be looked for, and ``TooWide`` where it would touch most of
    those who speak and ``people`` does not say how many.
    """
    if not words:
        raise BadUse(mark("先勾上要放进词表的话"))
    with transaction.atomic():
        made = do_make_list(community_id, _free(community_id, title, at), does, user_id=user_id, at=at)
        do_write_words(made, words, user_id=user_id, at=at)
        line = find_list(made)
        assert line is not None
        effect = effect_of(line, at)
        if effect.wants_number and people.strip() != str(effect.people):
            raise TooWide(effect)
        do_switch_list(made, is_on=True, user_id=user_id, at=at)
    return made


def _free(community_id: int, title: str, at: datetime) -> str:
    taken = {one.title for one in list_lists(community_id, at)}
    names = (title, *(f"{title} ({number})" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
