"""Several who join and take apart at once: everybody ends as the merges that count connect them, nobody hangs."""

from __future__ import annotations

import pytest
from django.db import transaction

from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.people.actions import Account, do_know
from qunying.people.merging import Contradiction, Evidence, connected, do_declare_apart, do_merge_persons, do_undo_merge
from qunying.people.models import Apart, Identity, Merge
from tests import cast
from tests.concurrency.threads import together

NOW = cast.TUESDAY
UNION = Evidence("union")


@pytest.fixture
def accounts(shared_tea: cast.Tea) -> list[int]:
    with transaction.atomic():
        known = do_know({Account("sandbox", f"p{n}"): f"p{n}" for n in range(6)}, clock.now())
    return sorted(one.id for one in known.values())


def merge(one: int, other: int) -> int | None:
    try:
        return do_merge_persons(one, other, UNION, by=None, at=clock.now())
    except Contradiction:
        return None


def as_the_merges_say(accounts: list[int]) -> bool:
    """Whether everybody's person is what the merges that count connect."""
    pairs = Merge.objects.filter(undone_at=None).values_list("one_id", "other_id")
    wanted = {one: some[0] for some in connected(accounts, pairs) for one in some}
    return wanted == dict(Identity.objects.filter(pk__in=accounts).values_list("pk", "person_id"))


def test_a_chain_is_one_person_when_its_links_are_made_at_once(accounts: list[int]) -> None:
    together(NOW, *[lambda n=n: merge(accounts[n], accounts[n + 1]) for n in range(5)])
    assert as_the_merges_say(accounts)
    assert set(Identity.objects.filter(pk__in=accounts).values_list("person_id", flat=True)) == {accounts[0]}


def test_one_merge_is_made_when_two_say_the_same_at_once(accounts: list[int]) -> None:
    made = together(NOW, *[lambda: merge(accounts[0], accounts[1])] * 3)
    assert len(set(made)) == 1
    assert Merge.objects.count() == Fact.objects.filter(name="people.merged").count() == 1


def test_either_holds_when_one_joins_while_another_says_they_are_two(accounts: list[int]) -> None:
    def apart() -> int | None:
        try:
            return do_declare_apart(accounts[0], accounts[1], by=None, at=clock.now())
        except Contradiction:
            return None

    answers = together(NOW, lambda: merge(accounts[0], accounts[1]), apart)
    assert sum(answer is not None for answer in answers) == 1
    assert Merge.objects.count() + Apart.objects.count() == 1
    assert as_the_merges_say(accounts)


def test_nobody_is_left_over_when_links_are_taken_back_while_others_are_made(accounts: list[int]) -> None:
    made = [merge(accounts[n], accounts[n + 1]) for n in range(3)]
    undo = [lambda pk=pk: do_undo_merge(pk or 0, by=None, at=clock.now()) for pk in made]
    together(NOW, *undo, lambda: merge(accounts[3], accounts[4]), lambda: merge(accounts[0], accounts[5]))
    assert as_the_merges_say(accounts)
    assert Merge.objects.filter(undone_at=None).count() == 2
