"""Yes and no to all that is proposed in a case; a no teaches the judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qunying.communities.access import Permission, list_users_with
from qunying.desk.reviewing import TakenCase, do_second_case, do_settle_case, do_take_case
from qunying.kernel.errors import BadUse
from qunying.kernel.readings import Verdict
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_let_go, do_lock_asked, do_turn_down
from qunying.outbox.queries import Item
from qunying.outbox.second import Weight, weigh
from qunying.talk.corrections import do_teach
from qunying.talk.queries import list_message_ids
from qunying.talk.readings import readings_of

APPROVAL, APPEAL, FAILED = "approval", "appeal", "failed"
TEACHES = (Verdict.AD, Verdict.ABUSE)  # a handle stays a handle, whoever may show it


@transaction.atomic
def do_approve_case(case_id: int, *, user_id: int, at: datetime, people: int | None = None) -> bool:
    """Lets everything go that is proposed in a case; False where this was the first of two who have to say yes.

    Where only one can decide here, ``people`` is what they say how many it touches. Raises ``BadUse`` where that is wrong,
    where nothing is proposed any more, and ``Taken`` where the case is another's or was decided.
    """
    case = do_take_case(case_id, user_id=user_id, at=at)
    items = asked_in(case)
    weight, is_alone = weigh(items, at), False
    if weight.is_heavy and case.first_by_id in (None, user_id):
        if list_others(case.community_id, user_id):
            _do_second(case, user_id, at)
            return False
        _check_people(weight, people)
        is_alone = True
    do_let_go(items, user_id=user_id, at=at)
    do_settle_case(case, "approved", user_id=user_id, at=at, outcome={"alone": True} if is_alone else {})
    return True


def asked_in(case: TakenCase) -> list[Item]:
    """What is proposed in a case, locked. Raises ``BadUse`` where it proposes nothing, or nothing any more."""
    items = do_lock_asked(case.key) if case.kind == APPROVAL else []
    if not items:
        raise BadUse(mark("这一件没有等着点头的了"))
    return items


def list_others(community_id: int, user_id: int) -> list[int]:
    """Who else decides in that community, leads first."""
    return [one for one in list_users_with(Permission.DECIDE, community_id) if one != user_id]


def _do_second(case: TakenCase, user_id: int, at: datetime) -> None:
    if case.first_by_id == user_id:
        raise BadUse(mark("你已经同意了，还要另一位同事点头"))
    do_second_case(case, user_id=user_id, at=at)


def _check_people(weight: Weight, people: int | None) -> None:
    if people != weight.people:
        raise BadUse(mark("这里只有你一个人能决定：先写下这会移出几个人，数对了才做"))


@transaction.atomic
def do_dismiss_case(case_id: int, *, user_id: int, at: datetime) -> tuple[Verdict, ...]:
    """Nothing is done about it. Where the judge held the message for an ad or abuse it is taught otherwise; answers what.

    Raises ``Taken`` where the case is another's or was decided, ``BadUse`` for an appeal, which is answered.
    """
    case = do_take_case(case_id, user_id=user_id, at=at)
    if case.kind == APPEAL:
        raise BadUse(mark("申诉要给本人一个答复"))
    do_turn_down(do_lock_asked(case.key) if case.kind == APPROVAL else [], user_id=user_id, at=at)
    taught = _do_teach(case, user_id, at)
    do_settle_case(
        case, "dismissed", user_id=user_id, at=at, outcome={"taught": list(taught), "verdicts": list(taught.values())}
    )
    return tuple(taught.values())


def _do_teach(case: TakenCase, user_id: int, at: datetime) -> dict[int, Verdict]:
    """The corrections by their ids; none where the message is gone or is nobody's words."""
    place = (case.group_id or 0, case.message_key)
    message = list_message_ids([place]).get(place) if case.message_key else None
    if message is None:
        return {}
    found = readings_of([message]).get(message)
    wrong = [verdict for verdict in TEACHES if found is not None and found.is_so(verdict)]
    return _do_correct(message, wrong, user_id, at)


def _do_correct(message: int, wrong: Sequence[Verdict], user_id: int, at: datetime) -> dict[int, Verdict]:
    taught: dict[int, Verdict] = {}
    for verdict in wrong:
        try:
            correction = do_teach(message, verdict, is_so=False, user_id=user_id, at=at)
        except BadUse:
            return taught
        if correction is not None:
            taught[correction] = verdict
    return taught
