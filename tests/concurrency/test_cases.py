"""Of two who open a case at once exactly one holds it; of two who decide at once exactly one does."""

from __future__ import annotations

from datetime import timedelta

from qunying.desk.models import Case
from qunying.desk.reviewing import HELD_FOR, Taken, do_claim_case
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.outbox.actions import do_approve
from qunying.outbox.models import OutboxItem
from qunying.pipeline.review.deciding import do_approve_case, do_dismiss_case
from qunying.pipeline.review.taking_back import do_take_back
from tests import cast
from tests.concurrency.threads import together
from tests.reviewed import advertised, asks_first, colleague, state

NOW = cast.TUESDAY


def claim(case: Case, user_id: int) -> bool:
    return do_claim_case(case.pk, user_id=user_id, at=clock.now())


def tried(act: object, *given: object, **named: object) -> str:
    """What came of it: «done», or the kind of refusal."""
    try:
        act(*given, **named)  # type: ignore[operator]
    except BadUse as error:
        return type(error).__name__
    return "done"


def proposed(tea: cast.Tea) -> Case:
    asks_first(tea)
    return advertised(tea)


def test_exactly_one_holds_a_case_when_several_open_it_at_once(shared_tea: cast.Tea) -> None:
    case, people = proposed(shared_tea), [colleague(f"c{number}") for number in range(6)]
    answers = together(NOW, *[lambda user=user: claim(case, user) for user in people])
    assert sorted(answers) == [False] * 5 + [True]
    holder = Case.objects.get(pk=case.pk).claimed_by_id
    assert holder == people[answers.index(True)]
    assert Fact.objects.filter(name="case.claimed").count() == 1


def test_exactly_one_takes_a_case_over_when_its_holder_went_away(shared_tea: cast.Tea) -> None:
    case, gone, people = proposed(shared_tea), colleague("gone"), [colleague(f"c{number}") for number in range(4)]
    assert claim(case, gone)
    later = NOW + HELD_FOR + timedelta(seconds=1)
    answers = together(later, *[lambda user=user: claim(case, user) for user in people])
    assert answers.count(True) == 1


def test_exactly_one_decides_when_two_press_at_once(shared_tea: cast.Tea) -> None:
    case, people = proposed(shared_tea), [colleague("a"), colleague("b"), colleague("c")]
    answers = together(
        NOW,
        lambda: tried(do_approve_case, case.pk, user_id=people[0], at=clock.now()),
        lambda: tried(do_dismiss_case, case.pk, user_id=people[1], at=clock.now()),
        lambda: tried(do_dismiss_case, case.pk, user_id=people[2], at=clock.now()),
    )
    assert sorted(map(str, answers)) == [Taken.__name__, Taken.__name__, "done"]
    assert Fact.objects.filter(name="case.closed").count() == 1


def test_exactly_one_decides_when_one_is_in_the_outbox_and_another_at_the_review(shared_tea: cast.Tea) -> None:
    case, one, other = proposed(shared_tea), colleague("a"), colleague("b")
    item = OutboxItem.objects.filter(state="needs_approval").first()
    assert item is not None
    answers = together(
        NOW,
        lambda: tried(do_dismiss_case, case.pk, user_id=one, at=clock.now()),
        lambda: tried(do_approve, item.pk, user_id=other, at=clock.now()),
    )
    assert sorted(map(str, answers))[-1] == "done"
    assert answers.count("done") == 1
    expected = {"cancelled"} if state(case) == "dismissed" else {"waiting"}
    assert set(OutboxItem.objects.values_list("state", flat=True)) == expected


def test_a_decision_is_taken_back_once_when_its_button_is_pressed_twice_at_once(shared_tea: cast.Tea) -> None:
    case, user = proposed(shared_tea), colleague("a")
    do_dismiss_case(case.pk, user_id=user, at=NOW)
    answers = together(NOW, *[lambda: tried(do_take_back, case.pk, user_id=user, at=clock.now())] * 3)
    assert sorted(map(str, answers)) == ["BadUse", "BadUse", "done"]
    assert state(case) == "open"
    assert Fact.objects.filter(name="case.reopened").count() == 1
