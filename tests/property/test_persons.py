"""Who is one person: after any merges, words to the contrary and takings back, in any order, as a plain model has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.kernel import clock
from qunying.people.actions import Account, do_know
from qunying.people.merging import (
    Contradiction,
    Evidence,
    do_declare_apart,
    do_end_apart,
    do_merge_persons,
    do_undo_merge,
)
from qunying.people.models import Identity, Person

PEOPLE = 6
pairs = st.sampled_from(list(combinations(range(PEOPLE), 2)))
acts = st.lists(
    st.tuples(st.sampled_from(["merge", "merge", "merge", "undo", "undo", "apart", "end"]), pairs), max_size=25
)
with_tables = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(slots=True)
class Model:
    """What should be: the pairs that are one, the pairs that are two."""

    joined: set[tuple[int, int]] = field(default_factory=set)
    apart: set[tuple[int, int]] = field(default_factory=set)

    def whole(self, one: int, joined: set[tuple[int, int]] | None = None) -> frozenset[int]:
        """Everybody reached from one over the pairs, by walking."""
        pairs = self.joined if joined is None else joined
        found, edge = {one}, [one]
        while edge:
            here = edge.pop()
            for pair in pairs:
                if here in pair:
                    edge += [there for there in pair if there not in found]
                    found |= set(pair)
        return frozenset(found)

    def may_join(self, pair: tuple[int, int]) -> bool:
        """Whether nobody said that two of those who would be one are two."""
        return not any(set(word) <= self.whole(pair[0], self.joined | {pair}) for word in self.apart)


@with_tables
@given(acts=acts)
def test_persons_are_what_the_remaining_merges_connect(db: None, acts: list[tuple[str, tuple[int, int]]]) -> None:
    with transaction.atomic():
        accounts = _strangers()
        model, merges, words = Model(), dict[tuple[int, int], int](), dict[tuple[int, int], int]()
        for act, pair in acts:
            ends = accounts[pair[0]], accounts[pair[1]]
            match act:
                case "merge":
                    _merge(model, merges, pair, ends)
                case "undo":
                    was = pair in model.joined
                    assert do_undo_merge(merges.get(pair, 0), by=None, at=clock.now()) == was
                    model.joined.discard(pair)
                case "apart":
                    _say_apart(model, words, pair, ends)
                case _:
                    was = pair in model.apart
                    assert do_end_apart(words.get(pair, 0), by=None, at=clock.now()) == was
                    model.apart.discard(pair)
            assert _persons(accounts) == [min(model.whole(one)) for one in range(PEOPLE)]
        for pair in list(model.joined):
            do_undo_merge(merges[pair], by=None, at=clock.now())
        assert _persons(accounts) == list(range(PEOPLE))
        assert Person.objects.filter(pk__in=accounts).count() == PEOPLE
        transaction.set_rollback(True)


def _merge(model: Model, merges: dict[tuple[int, int], int], pair: tuple[int, int], ends: tuple[int, int]) -> None:
    try:
        made = do_merge_persons(*ends, Evidence("union"), by=None, at=clock.now())
    except Contradiction:
        assert not model.may_join(pair)
    else:
        assert model.may_join(pair)
        assert (merges.get(pair) == made) == (pair in model.joined)
        merges[pair] = made
        model.joined.add(pair)


def _say_apart(model: Model, words: dict[tuple[int, int], int], pair: tuple[int, int], ends: tuple[int, int]) -> None:
    try:
        word = do_declare_apart(*ends, by=None, at=clock.now())
    except Contradiction:
        assert pair[1] in model.whole(pair[0])
    else:
        assert pair[1] not in model.whole(pair[0])
        words[pair] = word
        model.apart.add(pair)


def _strangers() -> list[int]:
    refs = [f"p{number}" for number in range(PEOPLE)]
    known = do_know({Account("sandbox", ref): ref for ref in refs}, clock.now())
    return [known[Account("sandbox", ref)].id for ref in refs]


def _persons(accounts: list[int]) -> list[int]:
    """The person of each account, as the place of the account it was born with."""
    found = dict(Identity.objects.filter(pk__in=accounts).values_list("pk", "person_id"))
    return [accounts.index(found[one]) for one in accounts]
