"""The journal's chain: what was changed, removed or put in between is found; erasing what is personal is not a flaw."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from qunying.journal.actions import do_record_facts, do_seal
from qunying.journal.models import Fact, PersonalPart, Seal
from qunying.journal.queries import count_sealed, find_flaws
from qunying.kernel import facts
from tests import cast

NOW = cast.TUESDAY


def fact(number: int, community_id: int | None = 1, **more: Any) -> facts.Fact:
    return facts.Fact(
        name=more.pop("name", "card.changed"),
        at=NOW + timedelta(seconds=number),
        community_id=community_id,
        key=more.pop("key", f"card:{community_id}:{number}"),
        group_id=3,
        identity_id=number,
        message_key="m",
        words={"number": number, "score": 0.25, "names": ["é", "茶"], "none": None},
        personal={"card": f"上海-{number}-安安"},
        **more,
    )


@pytest.fixture
def chain(db: None) -> None:
    """Three seals of three facts in one community, one seal in another, one of none, and one fact not yet sealed."""
    with cast.clock_stands(NOW):
        for first in (0, 3, 6):
            do_record_facts([fact(number) for number in range(first, first + 3)])
            if first == 0:
                do_record_facts([fact(1, community_id=2), fact(2, community_id=2), fact(5, community_id=None)])
            do_seal(NOW)
        do_record_facts([fact(99)])


def places() -> list[str]:
    return [flaw.place for flaw in find_flaws()]


def test_nothing_is_found_when_nothing_was_touched(chain: None) -> None:
    assert list(find_flaws()) == []
    assert count_sealed() == (12, 1)


CHANGES: dict[str, object] = {
    "key": "another",
    "name": "member.left",
    "at": NOW,
    "recorded_at": NOW + timedelta(days=1),
    "community_id": 2,
    "group_id": 4,
    "identity_id": None,
    "message_key": "other",
    "actor": "user:1",
    "words": {"number": 5},
    "salt": "0" * 32,
    "personal_digest": "",
    "digest": "0" * 64,
    "seal_id": None,
}


@pytest.mark.parametrize("column", [field.attname for field in Fact._meta.concrete_fields if not field.primary_key])
def test_a_changed_fact_is_found_whatever_column_was_touched(chain: None, column: str) -> None:
    target = Fact.objects.get(key="card:1:4")
    Fact.objects.filter(pk=target.pk).update(**{column: CHANGES[column]})
    assert places() != []


@pytest.mark.parametrize("column", ["community_id", "number", "sealed_at", "count", "digest"])
def test_a_changed_seal_is_found_whatever_column_was_touched(chain: None, column: str) -> None:
    changes = {"community_id": 7, "number": 9, "sealed_at": NOW + timedelta(days=1), "count": 2, "digest": "0" * 64}
    target = Seal.objects.get(community_id=1, number=2)
    Seal.objects.filter(pk=target.pk).update(**{column: changes[column]})
    assert places() != []


def test_an_unsealed_fact_is_found_when_it_was_changed(chain: None) -> None:
    Fact.objects.filter(key="card:1:99").update(actor="user:1")
    assert len(places()) == 1


@pytest.mark.parametrize("key", ["card:1:0", "card:1:4", "card:1:8", "card:2:2", "card:None:5"])
def test_a_removed_fact_is_found_when_it_was_sealed(chain: None, key: str) -> None:
    Fact.objects.filter(key=key).delete()
    assert ["left" in flaw.what for flaw in find_flaws()] == [True]


def test_a_fact_put_in_between_is_found(chain: None) -> None:
    do_record_facts([fact(50)])
    Fact.objects.filter(key="card:1:50").update(seal=Seal.objects.get(community_id=1, number=2))
    assert places() == ["seal 2"]


def _delete_seal(number: int) -> Callable[[], None]:
    def delete() -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # whoever tampers does not ask the foreign keys
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            cursor.execute("DELETE FROM journal_seal WHERE community_id = 1 AND number = %s", [number])

    return delete


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_seal_is_found_also_when_it_was_the_last(chain: None, number: int) -> None:
    _delete_seal(number)()
    found = places()
    with connection.cursor() as cursor:  # mended, so that the test's own end does not complain about it
        cursor.execute("UPDATE journal_fact SET seal_id = NULL WHERE seal_id NOT IN (SELECT id FROM journal_seal)")
    assert found != []


def test_the_chain_is_whole_when_personal_parts_were_erased(chain: None) -> None:
    PersonalPart.objects.filter(fact__key__in=["card:1:4", "card:1:99"]).delete()
    assert list(find_flaws()) == []
    PersonalPart.objects.all().delete()
    assert list(find_flaws()) == []


def test_a_changed_or_added_personal_part_is_found(chain: None) -> None:
    PersonalPart.objects.filter(fact__key="card:1:4").update(words={"card": "别人"})
    assert [flaw.what for flaw in find_flaws()] == ["its personal part was changed"]
    do_record_facts([facts.Fact(name="member.left", at=NOW, community_id=1, key="bare")])
    PersonalPart.objects.create(fact=Fact.objects.get(key="bare"), words={"card": "硬塞"})
    assert len(places()) == 2


def test_a_fact_is_recorded_once_when_it_comes_again(db: None) -> None:
    with cast.clock_stands(NOW):
        assert do_record_facts([fact(1), fact(2), fact(1)]) == 2
        assert do_record_facts([fact(2), fact(3)]) == 1
        assert do_record_facts([]) == 0
    assert Fact.objects.count() == 3


def test_both_are_recorded_when_two_long_keys_begin_alike(db: None) -> None:
    with cast.clock_stands(NOW):
        assert do_record_facts([fact(1, key="k" * 300 + "a"), fact(2, key="k" * 300 + "b")]) == 2
        assert do_record_facts([fact(1, key="k" * 300 + "a")]) == 0
    assert list(find_flaws()) == []


def test_nothing_is_recorded_when_one_name_is_not_listed(db: None) -> None:
    with pytest.raises(ValueError, match=r"member\.danced"):
        do_record_facts([fact(1), fact(2, name="member.danced")])
    assert Fact.objects.count() == 0


def test_a_thousand_are_sealed_at_once_and_the_rest_with_the_next(db: None) -> None:
    with cast.clock_stands(NOW):
        do_record_facts([fact(number) for number in range(1100)])
        assert [do_seal(NOW), do_seal(NOW), do_seal(NOW)] == [1000, 100, 0]
    assert list(find_flaws()) == []


def test_the_chain_is_read_in_few_queries_when_it_is_long(
    chain: None, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    chains, seals, facts_of_seals = 1, 3, 5
    with django_assert_num_queries(chains + seals + 2 * facts_of_seals + 2 + 1):
        assert list(find_flaws()) == []
