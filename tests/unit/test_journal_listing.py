"""The journal's list takes different ways through the tables, and all of them show the same as plain sifting."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from qunying.journal import listing
from qunying.journal.actions import do_record_facts
from qunying.journal.listing import FactWish, count_wished_facts, list_newer_facts, list_wished_facts
from qunying.journal.models import Fact as FactRow
from qunying.kernel.facts import Fact
from tests import cast

pytestmark = pytest.mark.django_db
NAMES = ("member.joined", "member.left", "mode.changed", "effect.sent")
ACTORS = ("system", "system", "user:1", "member:7", "import:3")
DAY = timedelta(days=1)


@pytest.fixture
def facts() -> list[FactRow]:
    """120 facts of four communities and of the installation itself, in no order of time; newest recorded first."""
    with cast.clock_stands(cast.TUESDAY):
        do_record_facts(
            [
                Fact(
                    name=NAMES[n % 4],
                    at=cast.TUESDAY - (n * 7 % 30) * DAY,
                    community_id=n % 5 or None,
                    group_id=n % 11 or None,
                    identity_id=n % 13 or None,
                    actor=ACTORS[n % len(ACTORS)],
                    key=f"f{n}",
                )
                for n in range(120)
            ]
        )
    return list(FactRow.objects.order_by("-id"))


def _fits(fact: FactRow, wish: FactWish) -> bool:
    return (
        (wish.community_ids is None or fact.community_id in wish.community_ids)
        and (not wish.names or fact.name in wish.names)
        and (wish.group_id is None or fact.group_id == wish.group_id)
        and (wish.identity_ids is None or fact.identity_id in wish.identity_ids)
        and (not wish.actor or fact.actor.startswith(wish.actor))
        and (wish.since is None or fact.at >= wish.since)
        and (wish.until is None or fact.at < wish.until)
    )


WISHES = [
    FactWish(communities, names, group, people, actor, *span)
    for communities, names, group, people, actor, span in product(
        (None, [2], [1, 3], [1, 2, 3, 4]),
        ((), ["member.joined"]),
        (None, 4),
        (None, [], [3, 5]),
        ("", "system", "user:"),
        ((None, None), (cast.TUESDAY - 9 * DAY, cast.TUESDAY - 2 * DAY)),
    )
]


@pytest.mark.parametrize("merged", [16, 1], ids=["merged", "sifted"])
def test_the_list_is_what_plain_sifting_finds_when_wishes_are_combined(
    facts: list[FactRow], merged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MERGED_AT_MOST", merged)
    for wish in WISHES:
        expected = [fact.pk for fact in facts if _fits(fact, wish)]
        assert [line.id for line in list_wished_facts(wish, limit=200)] == expected, wish
        assert [line.id for line in list_wished_facts(wish, start=3, limit=5)] == expected[3:8], wish
        assert count_wished_facts(wish) == len(expected), wish


def test_the_list_goes_on_where_it_ended_when_communities_are_merged(facts: list[FactRow]) -> None:
    wish = FactWish([1, 3])
    first = list_wished_facts(wish, limit=10)
    rest = list_wished_facts(wish, limit=200, before_id=first[-1].id)
    assert [line.id for line in (*first, *rest)] == [fact.pk for fact in facts if fact.community_id in {1, 3}]
    assert [line.id for line in list_newer_facts(wish, first[4].id, 50)] == [line.id for line in first[:4]]


def test_counting_ends_when_there_are_enough(facts: list[FactRow], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "FACTS_COUNTED_AT_MOST", 30)
    assert count_wished_facts(FactWish([1, 3])) == 30
    assert count_wished_facts(FactWish([1, 3], names=["mode.changed"])) == 12
