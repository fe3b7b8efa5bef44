"""People and their cases: who looks at one, who was given one, who decided, who took a decision back.

Of two who open a case at once exactly one holds it, and nobody decides what somebody else holds or has decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db import IntegrityError, transaction
from django.db.models import Q

from qunying.communities.sign_ins import names_of_users
from qunying.desk.models import Case
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import Sentence, mark

TakenCase: TypeAlias = Case  # whoever decides about a case gets its row, and its type, here
HELD_FOR = timedelta(minutes=5)
LONGEST_WHY = 300


class Taken(BadUse):
    """Somebody else holds a case, or has decided it: status 409."""


@transaction.atomic
def do_claim_case(case_id: int, *, user_id: int, at: datetime) -> bool:
    """Holds an open case for somebody who looks at it, or goes on holding it; False where it is another's or decided."""
    until = at + HELD_FOR
    mine = Case.objects.filter(pk=case_id, state="open", claimed_by=user_id, claimed_until__gt=at)
    if mine.update(claimed_until=until):
        return True
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    if not Case.objects.filter(free, pk=case_id, state="open").update(claimed_by=user_id, claimed_until=until):
        return False
    do_record_facts([_fact("case.claimed", Case.objects.get(pk=case_id), at, user_id)])
    return True


def do_release_cases(user_id: int, *, but: int | None = None) -> int:
    """Lets go of what somebody holds, except for one: who goes on to the next keeps nobody from the last."""
    held = Case.objects.filter(state="open", claimed_by=user_id).exclude(pk=but or 0)
    return held.update(claimed_by=None, claimed_until=None)


def do_hold_case(key: str, *, user_id: int | None, at: datetime) -> Case | None:
    """Locks the open case of that key for a decision; None where there is none. Raises ``Taken`` where another holds it."""
    case = Case.objects.select_for_update().filter(key=key, state="open").first()
    if case is not None:
        _check_free(case, user_id, at)
    return case


def do_take_case(case_id: int, *, user_id: int, at: datetime) -> Case:
    """Locks a case for a decision. Raises ``Taken``, in words, where it is another's or was decided."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise BadUse(mark("没有这一件"))
    if case.state != "open":
        raise Taken(mark("「%(name)s」已经处理过这一件了，你这次什么也没有改"), name=_name(case.closed_by_id))
    _check_free(case, user_id, at)
    return case


def do_lock_decided(case_id: int, *, user_id: int) -> TakenCase:
    """Locks a decided case for taking the decision back. Raises ``BadUse`` where it is open, or somebody else's decision."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or case.state == "open":
        raise BadUse(mark("这一件还没有处理，没什么可撤销的"))
    if case.closed_by_id != user_id:
        raise BadUse(mark("这是「%(name)s」决定的，只能由本人撤销"), name=_name(case.closed_by_id))
    return case


def _check_free(case: Case, user_id: int | None, at: datetime) -> None:
    is_held = case.claimed_until is not None and case.claimed_until > at
    if is_held and case.claimed_by_id not in (None, user_id):
        raise Taken(mark("「%(name)s」正在看这一件，你这次什么也没有改"), name=_name(case.claimed_by_id))


def _name(user_id: int | None) -> str | Sentence:
    known = names_of_users([user_id]) if user_id else {}
    return known.get(user_id or 0) or Sentence(mark("有人"))


@transaction.atomic
def do_hand_on_case(case_id: int, to_id: int, why: str, *, user_id: int, at: datetime) -> None:
    """Gives a case to a colleague, with the reason in words: it leaves one queue and heads the other.

    Raises ``BadUse`` without a reason, and for oneself; ``Taken`` where it is another's or was decided.
    """
    words = why.strip()
    if not words:
        raise BadUse(mark("写一句为什么交给同事"))
    if len(words) > LONGEST_WHY:
        raise BadUse(mark("最多 %(n)s 个字"), n=LONGEST_WHY)
    if to_id == user_id:
        raise BadUse(mark("不能交给自己"))
    case = do_take_case(case_id, user_id=user_id, at=at)
    case.assigned_id, case.handed_on_by_id, case.why = to_id, user_id, words
    case.claimed_by_id, case.claimed_until = None, None
    case.save(update_fields=["assigned", "handed_on_by", "why", "claimed_by", "claimed_until"])
    do_record_facts([_fact("case.handed_on", case, at, user_id, {"user": to_id}, personal={"why": words})])


def do_second_case(case: Case, *, user_id: int, at: datetime) -> None:
    """Keeps a first yes where two are needed; the case waits for somebody else. Within the caller's transaction."""
    case.first_by_id, case.first_at, case.claimed_by_id, case.claimed_until = user_id, at, None, None
    case.save(update_fields=["first_by", "first_at", "claimed_by", "claimed_until"])
    do_record_facts([_fact("case.seconded", case, at, user_id)])


def do_settle_case(
    case: Case, state: str, *, user_id: int | None, at: datetime, outcome: Mapping[str, object] | None = None
) -> None:
    """Closes a case that its caller locked; ``outcome`` is what has to be taken back with it."""
    case.state, case.closed_at, case.closed_by_id, case.outcome = state, at, user_id, dict(outcome or {})
    case.claimed_by_id, case.claimed_until = None, None
    case.save(update_fields=["state", "closed_at", "closed_by", "outcome", "claimed_by", "claimed_until"])
    do_record_facts([closed_fact(case, at, f"user:{user_id}" if user_id else "system")])


def do_open_again(case: Case, *, user_id: int, at: datetime) -> None:
    """A decision is taken back: the case waits again. Raises ``BadUse`` where the same was asked anew meanwhile."""
    case.state, case.closed_at, case.closed_by_id, case.outcome = "open", None, None, {}
    case.first_by_id, case.first_at = None, None
    try:
        with transaction.atomic():
            case.save(update_fields=["state", "closed_at", "closed_by", "outcome", "first_by", "first_at"])
    except IntegrityError as error:
        raise BadUse(mark("同一件事已经重新开了一件")) from error
    do_record_facts([_fact("case.reopened", case, at, user_id)])


def do_mark_undone(case: Case, *, user_id: int, at: datetime) -> None:
    """What was let go is taken back: the case stays closed, and says so."""
    case.state = "undone"
    case.save(update_fields=["state"])
    do_record_facts([_fact("case.undone", case, at, user_id)])


def closed_fact(case: Case, at: datetime, actor: str) -> Fact:
    """That a case was decided, how, and whether by somebody ``alone`` where two ought to have."""
    return Fact(
        name="case.closed",
        at=at,
        community_id=case.community_id,
        group_id=case.group_id,
        identity_id=case.identity_id,
        actor=actor,
        key=f"case.closed:{case.pk}:{at.isoformat()}",
        words={"kind": case.kind, "state": case.state, **({"alone": True} if case.outcome.get("alone") else {})},
    )


def _fact(
    name: str,
    case: Case,
    at: datetime,
    user_id: int,
    words: Mapping[str, object] | None = None,
    *,
    personal: Mapping[str, object] | None = None,
) -> Fact:
    return Fact(
        name=name,
        at=at,
        community_id=case.community_id,
        group_id=case.group_id,
        identity_id=case.identity_id,
        actor=f"user:{user_id}",
        key=f"{name}:{case.pk}:{user_id}:{at.isoformat()}",
        words={"kind": case.kind, "case": case.pk, **(words or {})},
        personal=personal or {},
    )
