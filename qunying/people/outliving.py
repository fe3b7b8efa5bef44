"""What outlives accounts that are forgotten: that others of their person, who stay, are one human being.

Evidence goes with the account it lay with. What somebody of ours decided or confirmed does not: where only such words held
two accounts together, over accounts that go, it stays as theirs about those two. And what is vouched for of both of them
themselves needs no third one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.people.merging import STRONG, Evidence, connected, do_join
from qunying.people.models import Merge, Trait
from qunying.store import rows

HAND = "hand"


@dataclass(frozen=True, slots=True)
class Word:
    """These two who stay are one person, because of ``why``; ``by`` is who said so, None where nobody had to."""

    one: int
    other: int
    why: Evidence
    by: int | None
    at: datetime


def list_words(gone: Collection[int], left: Collection[int]) -> list[Word]:
    """What has to be said of the accounts that are ``left`` of persons, while those that go are still there; two queries at
    most, none where nothing is left. Pairs that somebody took apart again are not among them."""
    if not left:
        return []
    everybody = [*gone, *left]
    merges = list(Merge.objects.filter(one__in=rows.among(everybody), other__in=rows.among(everybody)))
    held = [(one.one_id, one.other_id) for one in merges if one.undone_at is None]
    apart = {(one.one_id, one.other_id) for one in merges if one.undone_at is not None}
    words = [*_decided(merges, gone, left), *_vouched(held, everybody, left)]
    going = set(gone)
    stay = [pair for pair in held if going.isdisjoint(pair)]
    return [one for one in _needed(words, stay, left) if (one.one, one.other) not in apart]


def _decided(merges: Sequence[Merge], gone: Collection[int], left: Collection[int]) -> Iterator[Word]:
    """Accounts that decisions alone connect, over others that go."""
    decided = [one for one in merges if one.undone_at is None and (one.by_id is not None or one.is_confirmed)]
    going, staying = set(gone), set(left)
    through = [one for one in decided if one.one_id in going or one.other_id in going]
    if not through:
        return
    for members in connected([*gone, *left], [(one.one_id, one.other_id) for one in decided]):
        stay = [pk for pk in members if pk in staying]
        said = [one for one in through if one.one_id in members or one.other_id in members]
        if said:
            last = max(
                said, key=lambda one: (one.by_id is not None, one.at, one.pk)
            )  # a name outlives an import's word
            yield from (Word(stay[0], pk, Evidence(HAND), last.by_id, last.at) for pk in stay[1:])


def _vouched(held: Sequence[tuple[int, int]], everybody: Collection[int], left: Collection[int]) -> Iterator[Word]:
    """Accounts of one person for which the same is vouched."""
    place = {pk: n for n, members in enumerate(connected(everybody, held)) for pk in members}
    traits = Trait.objects.filter(identity__in=rows.among(left), kind__in=STRONG).exclude(source="")
    same: dict[tuple[int, str, str], list[Trait]] = defaultdict(list)
    for one in traits.order_by("identity_id"):
        same[place[one.identity_id], one.kind, one.value].append(one)
    for (_place, kind, value), found in same.items():
        first = found[0]
        for one in found[1:]:
            if one.identity_id != first.identity_id:
                why = Evidence(kind, shared=value, source=one.source)
                yield Word(first.identity_id, one.identity_id, why, None, max(first.at, one.at))


def _needed(words: Sequence[Word], stay: Sequence[tuple[int, int]], left: Collection[int]) -> Iterator[Word]:
    """Those without which the accounts that are left would fall apart."""
    pairs = list(stay)
    for one in words:
        place = {pk: n for n, members in enumerate(connected(left, pairs)) for pk in members}
        if place[one.one] != place[one.other]:
            pairs.append((one.one, one.other))
            yield one


def do_say(words: Sequence[Word]) -> None:
    """Writes these down, each with its fact. Within the caller's transaction, when the accounts that go are gone."""
    for one in words:
        low, high = sorted((one.one, one.other))
        do_join(low, high, one.why, by=one.by, at=one.at, is_confirmed=one.why.code == HAND)
