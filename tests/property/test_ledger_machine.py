"""The book of deposits under any order of payments, forfeitures, refunds, second thoughts, repetitions and deaths."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from qunying.journal.models import Fact
from qunying.kernel.effects import Forfeit
from qunying.kernel.errors import BadUse
from qunying.ledger.actions import Act, do_forfeit, do_pay_deposit, do_refund
from qunying.ledger.models import Entry
from qunying.ledger.queries import list_balances_of
from qunying.outbox import delivery
from qunying.outbox.actions import do_hold, do_order, do_undo
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity
from tests import cast

PEOPLE = st.sampled_from(["an", "bo"])
NTH = st.integers(0, 7)


class DiedError(BaseException):
    """The sender was killed."""


class Book(RuleBasedStateMachine):
    """The book beside plain sums: who has how much of which currency, and what each act took."""

    patch: pytest.MonkeyPatch
    tea: cast.Tea
    user_id: int

    def __init__(self) -> None:
        super().__init__()
        OutboxItem.objects.all().delete()
        Entry.objects.all().delete()
        Fact.objects.filter(name__startswith="deposit.").delete()
        self.ids = {ref: Identity.objects.get(ref=ref).pk for ref in ("an", "bo")}
        self.now = cast.TUESDAY
        self.number = 0
        self.left: Counter[tuple[str, str]] = Counter()
        self.taken: dict[str, dict[tuple[str, str], int]] = {}
        self.booked: dict[str, tuple[str, str]] = {}  # act → what it was and whose, where it moved anything
        self.given: set[str] = set()
        self.done: list[Callable[[], object]] = []
        self.sent: set[str] = set()
        self.written: dict[int, tuple[object, ...]] = {}

    def _act(self, who: str) -> Act:
        self.number += 1
        return Act(key=f"k{self.number}", community_id=self.tea.community_id, identity_id=self.ids[who], at=self.now)

    def _do(self, deed: Callable[[], object]) -> None:
        self.done.append(deed)
        deed()

    @rule(who=PEOPLE, cents=st.integers(1, 10**9), currency=st.sampled_from(["CNY", "USD"]))
    def pay(self, who: str, cents: int, currency: str) -> None:
        act = self._act(who)
        self._do(lambda: do_pay_deposit(act, cents * 100, currency, ref=act.key))
        self.left[who, currency] += cents * 100
        self.booked[act.key] = ("paid", who)

    def _take(self, key: str, who: str) -> None:
        self.taken[key] = {place: amount for place, amount in self.left.items() if place[0] == who and amount}
        self.left.subtract(self.taken[key])
        self.booked[key] = ("forfeited", who)

    @rule(who=PEOPLE)
    def forfeit(self, who: str) -> None:
        act = self._act(who)
        self._do(lambda: do_forfeit(act))
        self._take(act.key, who)

    def _give(self, key: str, who: str, of: str) -> None:
        if of not in self.given and self.taken.get(of):
            self.given.add(of)
            self.left.update(self.taken[of])
            self.booked[key] = ("refunded", who)

    @precondition(lambda self: self.booked)
    @rule(nth=NTH, is_own=st.sampled_from([True, True, True, False]))
    def refund(self, nth: int, *, is_own: bool) -> None:
        """Of one of the latest acts, whatever it was."""
        of, (what, whose) = list(self.booked.items())[-1 - nth % len(self.booked)]
        who = whose if is_own else {"an": "bo", "bo": "an"}[whose]
        act = self._act(who)
        if what != "forfeited" or not is_own:
            with pytest.raises(BadUse):
                do_refund(act, of=of)
            return
        self._do(lambda: do_refund(act, of=of))
        self._give(act.key, who, of)

    @rule(who=PEOPLE)
    def refund_what_never_was(self, who: str) -> None:
        act = self._act(who)
        self._do(lambda: do_refund(act, of="never"))

    @rule(who=PEOPLE)
    def forfeit_and_give_back(self, who: str) -> None:
        """There and back is where it was."""
        before = self._balances()
        act, back = self._act(who), self._act(who)
        do_forfeit(act)
        do_refund(back, of=act.key)
        assert self._balances() == before
        self._take(act.key, who)
        self._give(back.key, who, act.key)

    @precondition(lambda self: self.done)
    @rule(nth=NTH)
    def repeat(self, nth: int) -> None:
        before = self._rows()
        self.done[-1 - nth % len(self.done)]()
        assert self._rows() == before

    @rule(who=PEOPLE)
    def order(self, who: str) -> None:
        """By the outbox, which carries it out with one of the next deliveries."""
        self.number += 1
        effect = Forfeit(group_id=self.tea.first, member=self.ids[who])
        where = {"community_id": self.tea.community_id, "user_id": self.user_id, "carrier": "sandbox"}
        do_order(effect, key=f"k{self.number}", at=self.now, **where)  # type: ignore[arg-type]

    @precondition(lambda self: self.sent)
    @rule(nth=NTH)
    def undo(self, nth: int) -> None:
        items = OutboxItem.objects.filter(state="sent", kind="Forfeit").order_by("-id")
        for item in items[nth % 3 : nth % 3 + 1]:
            do_undo(item.pk, user_id=self.user_id, at=self.now)

    @rule(nth=NTH)
    def hold(self, nth: int) -> None:
        for item in OutboxItem.objects.filter(state="waiting").order_by("-id")[nth % 3 : nth % 3 + 1]:
            do_hold(item.pk, user_id=self.user_id, at=self.now)

    @rule()
    def deliver(self) -> None:
        with cast.clock_stands(self.now):
            delivery.step(self.now)
        self._follow()

    @rule(
        who=PEOPLE, place=st.sampled_from(["do_carry_out", "_do_note_answer", "do_note"]), deliveries=st.integers(0, 1)
    )
    def order_and_die(self, who: str, place: str, deliveries: int) -> None:
        """Dies at that place of a delivery, after so many went well."""
        self.order(who)
        alive, left = getattr(delivery, place), [deliveries]

        def die(*given: object, **named: object) -> object:
            if left[0]:
                left[0] -= 1
                return alive(*given, **named)
            raise DiedError

        with self.patch.context() as dead, cast.clock_stands(self.now):
            dead.setattr(delivery, place, die)
            with contextlib.suppress(DiedError):
                delivery.step(self.now)
        self._follow()

    @rule(minutes=st.sampled_from([0, 1, 3, 60]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def _follow(self) -> None:
        """What has been sent meanwhile counts, in the order in which it was queued."""
        names = {pk: ref for ref, pk in self.ids.items()}
        for item in OutboxItem.objects.filter(state="sent").exclude(key__in=self.sent).order_by("id"):
            self.sent.add(item.key)
            who = names[item.member_id or 0]
            if item.kind == "Forfeit":
                self._take(item.key, who)
            else:
                self._give(item.key, who, str(item.payload["of"]))

    def _balances(self) -> dict[tuple[str, str], int]:
        return {
            (ref, one.currency): one.amount
            for ref, pk in self.ids.items()
            for one in list_balances_of([pk], [self.tea.community_id])
        }

    def _rows(self) -> dict[int, tuple[object, ...]]:
        return {row[0]: row for row in Entry.objects.values_list()}

    @invariant()
    def the_book_says_what_plain_sums_say(self) -> None:
        balances = self._balances()
        assert balances == {place: amount for place, amount in self.left.items() if place in balances}
        assert not [place for place, amount in self.left.items() if amount and place not in balances]
        assert min(balances.values(), default=0) >= 0

    @invariant()
    def what_is_written_stays_so(self) -> None:
        rows = self._rows()
        assert {pk: rows.get(pk) for pk in self.written} == self.written
        self.written = rows

    @invariant()
    def every_movement_is_in_the_journal_once(self) -> None:
        moved = Entry.objects.exclude(amount=0).order_by("id").values_list("kind", "amount", "currency")
        told = Fact.objects.filter(name__startswith="deposit.").order_by("id").values_list("name", "words")
        assert [(f"deposit.{kind}", amount, currency) for kind, amount, currency in moved] == [
            (name, words["amount"], words["currency"]) for name, words in told
        ]


def test_the_book_says_what_plain_sums_say_whatever_happens(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    Book.patch, Book.tea = monkeypatch, tea
    Book.user_id = User.objects.create_user("drill").pk
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
