"""Whom a case is about, in three lines: how long here and how talkative, what was done before, where else they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries import get_group_names
from qunying.console.group.words import person_href, tell_day
from qunying.console.review.context import MemberPanel
from qunying.desk.reviewing import TakenCase
from qunying.kernel.sanctions import StepTold
from qunying.people.queries import list_groups_of, names_of
from qunying.people.seats import SeatLine, seats_among
from qunying.pipeline.roster import ROSTER
from qunying.ui.figures import exact

PLACES_SHOWN = 3


def read_member(case: TakenCase, now: datetime) -> MemberPanel | None:
    """The member of a case; None where it is about nobody."""
    if case.identity_id is None:
        return None
    seat = seats_among([case.group_id or 0], [case.identity_id]).get((case.group_id or 0, case.identity_id))
    known = names_of([case.identity_id]).get(case.identity_id)
    lines = (_tell_seat(seat, now), _tell_steps(case, list_steps_of(case), now), _tell_places(case))
    return MemberPanel(known.name if known else _("有人"), person_href(seat), tuple(filter(None, lines)))


def list_steps_of(case: TakenCase) -> list[StepTold]:
    """All that capabilities ever did about the member of a case in this community."""
    told = [one.sanctions for one in ROSTER if one.sanctions is not None]
    return [step for one in told for step in one.list_steps(case.community_id, [case.identity_id or 0])]


def _tell_seat(seat: SeatLine | None, now: datetime) -> str:
    if seat is None:
        return _("不在这个群里")
    said = ngettext("发言 %(n)s 条", "发言 %(n)s 条", seat.messages) % {"n": exact(seat.messages)}
    if seat.joined_at is None:
        return said
    days = max(0, (now - seat.joined_at).days)
    stayed = ngettext("进群 %(n)s 天", "进群 %(n)s 天", days) % {"n": exact(days)} if days else _("今天刚进群")
    return _("%(stayed)s，%(said)s") % {"stayed": stayed, "said": said}


def _tell_steps(case: TakenCase, steps: Sequence[StepTold], now: datetime) -> str:
    stood = [one for one in steps if one.stands and one.lifted_at is None and one.cause_key not in case.key]
    if not stood:
        return _("从没被提醒过")
    said = {"n": exact(len(stood)), "day": tell_day(stood[-1].at, now)}
    return ngettext("被处理过 %(n)s 次，上一次是%(day)s", "被处理过 %(n)s 次，上一次是%(day)s", len(stood)) % said


def _tell_places(case: TakenCase) -> str:
    places = [one for one in list_groups_of(case.identity_id or 0, case.community_id) if one != case.group_id]
    if not places:
        return _("不在别的群里")
    names = list(get_group_names(places[:PLACES_SHOWN]).values())
    said = {"names": _("、").join(names), "n": exact(len(places))}
    if len(places) <= PLACES_SHOWN:
        return _("也在 %(names)s") % said
    return ngettext("也在 %(names)s 等 %(n)s 个群", "也在 %(names)s 等 %(n)s 个群", len(places)) % said
