"""Cases of the desk: held for five minutes, handed on with a reason, ordered by what must not wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from qunying.desk.actions import Opening, do_open_cases
from qunying.desk.models import Case
from qunying.desk.queries import QueueWish, count_queue, list_queue
from qunying.desk.reviewing import (
    HELD_FOR,
    Taken,
    do_claim_case,
    do_hand_on_case,
    do_hold_case,
    do_release_cases,
    do_take_case,
)
from qunying.journal.models import Fact, PersonalPart
from qunying.kernel import clock
from qunying.kernel.effects import OpenCase
from qunying.kernel.errors import BadUse
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.TUESDAY
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _afternoon() -> Iterator[None]:
    with cast.clock_stands(NOW):
        yield


def user(name: str) -> int:
    return User.objects.create_user(name, last_name=f"{name}同学").pk


def opened(key: str, *, score: float | None = None, kind: str = "approval", ago: timedelta = timedelta()) -> Case:
    """A case of community 7."""
    do_open_cases([Opening(OpenCase(key=key, kind=kind, score=score), 7, NOW - ago)])
    return Case.objects.get(key=key)


def queue(of: int, *, oldest_first: bool = False) -> list[str]:
    """The keys of somebody's queue, in order."""
    wish = QueueWish([7], of, NOW - WEEK, is_oldest_first=oldest_first)
    found = [case.key for case in list_queue(wish, 50)]
    assert count_queue(wish) == len(found)
    return found


def test_a_case_is_held_for_five_minutes_and_longer_while_it_is_looked_at() -> None:
    case, li, xu = opened("a"), user("li"), user("xu")
    assert do_claim_case(case.pk, user_id=li, at=NOW)
    assert not do_claim_case(case.pk, user_id=xu, at=NOW + HELD_FOR - timedelta(seconds=1))
    assert do_claim_case(case.pk, user_id=li, at=NOW + timedelta(minutes=4))
    assert not do_claim_case(case.pk, user_id=xu, at=NOW + HELD_FOR)
    assert do_claim_case(case.pk, user_id=xu, at=NOW + timedelta(minutes=4) + HELD_FOR)
    held = Fact.objects.filter(name="case.claimed").order_by("id").values_list("actor", flat=True)
    assert list(held) == [f"user:{li}", f"user:{xu}"]  # to go on looking is no news


def test_others_may_have_what_somebody_goes_on_from() -> None:
    first, second, li, xu = opened("a"), opened("b"), user("li"), user("xu")
    for case in (first, second):
        assert do_claim_case(case.pk, user_id=li, at=NOW)
    assert do_release_cases(li, but=second.pk) == 1
    assert do_claim_case(first.pk, user_id=xu, at=NOW)
    assert not do_claim_case(second.pk, user_id=xu, at=NOW)


def test_nobody_decides_what_another_holds_and_is_told_who() -> None:
    case, li, xu = opened("a"), user("li"), user("xu")
    do_claim_case(case.pk, user_id=li, at=NOW)
    with pytest.raises(Taken, match="「li同学」正在看"):
        do_take_case(case.pk, user_id=xu, at=NOW)
    with pytest.raises(Taken):
        do_hold_case("a", user_id=xu, at=NOW)
    assert do_take_case(case.pk, user_id=xu, at=NOW + HELD_FOR).pk == case.pk


def test_a_case_heads_the_colleagues_queue_and_leaves_ones_own_when_handed_on() -> None:
    given, li, xu, wang = opened("a", score=0.1), user("li"), user("xu"), user("wang")
    opened("b", score=0.9)
    do_claim_case(given.pk, user_id=li, at=NOW)
    do_hand_on_case(given.pk, xu, " 我认识这个人 ", user_id=li, at=NOW)
    assert queue(li) == ["b"]
    assert queue(xu) == ["a", "b"]
    assert queue(wang) == ["b", "a"]
    assert do_claim_case(given.pk, user_id=xu, at=NOW)  # nobody holds it any more
    fact = Fact.objects.get(name="case.handed_on")
    assert (fact.actor, fact.words["user"]) == (f"user:{li}", xu)
    assert PersonalPart.objects.get(pk=fact.pk).words == {"why": "我认识这个人"}


def test_a_case_is_back_in_ones_queue_when_the_colleague_gives_it_back() -> None:
    case, li, xu = opened("a"), user("li"), user("xu")
    do_hand_on_case(case.pk, xu, "你看", user_id=li, at=NOW)
    do_hand_on_case(case.pk, li, "还是你看", user_id=xu, at=NOW + timedelta(minutes=1))
    assert queue(li) == ["a"]
    assert queue(xu) == []


@pytest.mark.parametrize("why", ["", "  ", "长" * 301])
def test_no_case_is_handed_on_without_a_reason_or_with_an_essay(why: str) -> None:
    case, li, xu = opened("a"), user("li"), user("xu")
    with pytest.raises(BadUse):
        do_hand_on_case(case.pk, xu, why, user_id=li, at=NOW)
    assert Case.objects.get().assigned_id is None


def test_no_case_is_handed_on_to_oneself() -> None:
    case, li = opened("a"), user("li")
    with pytest.raises(BadUse):
        do_hand_on_case(case.pk, li, "算了", user_id=li, at=clock.now())


def test_the_most_suspicious_comes_first_but_overdue_appeals_before_it() -> None:
    li = user("li")
    opened("late", kind="appeal", ago=timedelta(days=8))
    opened("early", kind="appeal", ago=timedelta(days=2))
    opened("greeting", ago=timedelta(hours=1))
    for key, score in (("some", 0.6), ("much", 0.9)):
        opened(key, score=score)
    assert queue(li) == ["late", "much", "some", "early", "greeting"]
    assert queue(li, oldest_first=True) == ["late", "early", "greeting", "some", "much"]
