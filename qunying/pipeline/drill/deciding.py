"""What the staff of a drill decide about cases, as colleagues do at the review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User as SignIn

from qunying.communities.access import Role
from qunying.communities.actions import do_grant
from qunying.desk.queries import find_open_case
from qunying.desk.reviewing import TakenCase, do_hand_on_case
from qunying.kernel.drills import StaffDeed
from qunying.kernel.errors import BadUse
from qunying.outbox.brake import REMOVING
from qunying.outbox.queries import find_asked_in, list_asked_in
from qunying.pipeline.review.appeals import do_answer_appeal, propose_answer
from qunying.pipeline.review.deciding import APPEAL, APPROVAL, do_approve_case, do_dismiss_case, list_others
from qunying.pipeline.review.softening import do_soften_case

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "owner": Role.OWNER,
        "lead": Role.LEAD,
        "operator": Role.OPERATOR,
        "watcher": Role.WATCHER,
        "teacher": Role.WATCHER,
    }
)
Words = Mapping[str, Any]


def do_sign_in(ref: str, name: str, duty: str, community_id: int) -> int:
    """A sign-in for somebody of a drill's staff, so that one colleague is told from another."""
    user = SignIn.objects.create_user(f"drill-{ref}"[:150], last_name=name[:150])
    do_grant(user.pk, ROLES.get(duty, Role.OPERATOR), community_id=community_id)
    return user.pk


def do_decide(verb: str, deed: StaffDeed, words: Words) -> str:
    """Does it to the latest open case that is meant; answers the key of its first effect, "" where it has none.

    Raises ``BadUse`` where there is no such case.
    """
    kind = deed.kind or (APPEAL if verb == "uphold" else APPROVAL)
    case = find_open_case(deed.community_id, kind, deed.member_id)
    item = find_asked_in(case.key) if case is not None and kind == APPROVAL else None
    if case is None or (kind == APPROVAL and item is None):
        raise BadUse(f"no open case of kind {deed.kind or 'any'!r}")
    DEEDS[verb](case, deed, words)
    return item.key if item else ""


def do_lift_appealed(deed: StaffDeed) -> bool:
    """Finds the latest appeal right, where one waits for an answer; False where none does."""
    if deed.kind not in ("", APPEAL):
        return False
    case = find_open_case(deed.community_id, APPEAL, deed.member_id)
    if case is not None:
        _do_answer(case, deed, lifts=True)
    return case is not None


def _do_approve(case: TakenCase, deed: StaffDeed, words: Words) -> None:
    people = {one.member_id for one in list_asked_in([case.key]) if one.kind in REMOVING}
    do_approve_case(case.pk, user_id=deed.user_id, at=deed.at, people=len(people))


def _do_soften(case: TakenCase, deed: StaffDeed, words: Words) -> None:
    do_soften_case(case.pk, user_id=deed.user_id, at=deed.at)


def _do_dismiss(case: TakenCase, deed: StaffDeed, words: Words) -> None:
    do_dismiss_case(case.pk, user_id=deed.user_id, at=deed.at)


def _do_escalate(case: TakenCase, deed: StaffDeed, words: Words) -> None:
    others = list_others(deed.community_id, deed.user_id)
    named = (
        SignIn.objects.filter(username=f"drill-{words['to']}").values_list("pk", flat=True) if "to" in words else others
    )
    if not named:
        raise BadUse("nobody else is on the staff")
    why = words.get("why", "drill")
    do_hand_on_case(case.pk, named[0], why, user_id=deed.user_id, at=deed.at)


def _do_uphold(case: TakenCase, deed: StaffDeed, words: Words) -> None:
    _do_answer(case, deed, lifts=False)


def _do_answer(case: TakenCase, deed: StaffDeed, *, lifts: bool) -> None:
    said = propose_answer(case, "", lifts=lifts)
    do_answer_appeal(case.pk, lifts=lifts, words=said, user_id=deed.user_id, at=deed.at)


DEEDS: Mapping[str, Callable[[TakenCase, StaffDeed, Words], None]] = MappingProxyType(
    {
        "approve": _do_approve,
        "soften": _do_soften,
        "dismiss": _do_dismiss,
        "escalate": _do_escalate,
        "uphold": _do_uphold,
    }
)
