"""From what is known about a person to what their page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.communities.queries import GroupInfo, infos_of_groups
from qunying.console.people.context import AccountRow, CardPanel, Chip, PersonPage, SaidRow, SeatRow, Share
from qunying.console.people.course import KINDS, Course, read_course
from qunying.console.people.course_more import Cursor, Trail
from qunying.console.people.words import (
    group_href,
    tell_carrier,
    tell_message_kind,
    tell_source,
    tell_standing,
    tell_why_line,
)
from qunying.kernel import clock
from qunying.people.leaving import list_whys
from qunying.people.roll import RollLine
from qunying.talk.traces import Said, list_moments, list_said_by
from qunying.ui.charts import Week, day_name, hour_name
from qunying.ui.figures import exact

DAYS = 30
WEEKS = 8
SAID_AT_ONCE = 10
SHARES_AT_ONCE = 6
ENOUGH_FOR_A_WEEK = 12
CARRIER_MARKS = {
    "qq": "Q",
    "wechat": gettext_noop("微"),
    "wecom": gettext_noop("企"),
    "telegram": "T",
    "whatsapp": "W",
    "sandbox": gettext_noop("演"),
    "file": gettext_noop("档"),
}


def groups_of(seats: Sequence[RollLine]) -> dict[int, GroupInfo]:
    """The groups of these memberships, in one query."""
    return infos_of_groups({seat.group_id for seat in seats})


def show_person(
    name: str,
    trail: Trail,
    panel: CardPanel,
    query: QueryDict,
) -> PersonPage:
    """The page of the person whose trail this is, in the active time zone."""
    seats, groups, community_ids = trail.seats, trail.groups, trail.community_ids
    ids = {seat.identity_id for seat in seats}
    moments = list_moments(ids, community_ids, since=clock.now() - timedelta(weeks=WEEKS))
    recent = [(at, group) for at, group in moments if _days_ago(at) < DAYS]
    kind = query.get("kind", "") if query.get("kind", "") in KINDS else ""
    before, said_before = _cursor(query.get("before")), _cursor(query.get("said_before"))
    course = read_course(trail, kind, before)
    said = list_said_by(ids, community_ids, limit=SAID_AT_ONCE + 1, before=said_before)
    shares = _shares(recent, groups)
    dated = [seat for seat in seats if seat.joined_at]
    first = min(dated, key=lambda seat: seat.joined_at or clock.now(), default=None)
    last = max(seats, key=lambda seat: seat.last_spoke_at.timestamp() if seat.last_spoke_at else 0.0)
    cards = list(dict.fromkeys(seat.card for seat in seats if seat.card))
    return PersonPage(
        id=seats[0].person_id,
        name=name,
        card=cards[0] if cards else "",
        cards=cards[1:],
        panel=panel,
        lead=_lead(seats, recent),
        is_bot=any(seat.is_bot for seat in seats),
        since=first.joined_at if first else None,
        brought_by=first.inviter if first else "",
        brought_by_id=first.inviter_id if first else None,
        recent=len(recent),
        spark=_by_day(recent),
        active_days=len({timezone.localtime(at).date() for at, _group in recent}),
        groups_now=sum(seat.is_present for seat in seats),
        groups_ever=len(seats),
        messages_ever=sum(seat.messages for seat in seats),
        last_at=last.last_spoke_at,
        last_group=groups[last.group_id].name if last.last_spoke_at else "",
        seats=_seats(trail),
        accounts=account_rows(seats, groups),
        lacking=[_("带起的话题"), _("提过的问题"), _("群外的事"), _("被处理过")],
        shares=shares[:SHARES_AT_ONCE],
        share_top=shares[0].messages if shares else 0,
        week=_week(moments) if len(moments) >= ENOUGH_FOR_A_WEEK else None,
        course=course.items,
        course_filters=_filters(kind),
        course_left=course.left,
        course_older=_older(kind, course),
        course_is_cut=before is not None,
        said=[_said(one, groups) for one in said[:SAID_AT_ONCE]],
        said_older=f"?{urlencode({'said_before': _mark(said[SAID_AT_ONCE - 1].at, said[SAID_AT_ONCE - 1].id)})}#said"
        if len(said) > SAID_AT_ONCE
        else "",
        said_is_cut=said_before is not None,
    )


def _cursor(text: str | None) -> Cursor | None:
    """A place in a list, as ``_mark`` writes it; None for anything else."""
    moment, comma, key = (text or "").partition(",")
    try:
        at = datetime.fromisoformat(moment)
        return (at, int(key)) if comma and at.tzinfo and abs(int(key)) < 2**62 else None
    except ValueError:
        return None


def _mark(at: datetime, key: int) -> str:
    return f"{at.isoformat()},{key}"


def _lead(seats: Sequence[RollLine], recent: Sequence[tuple[datetime, int]]) -> str:
    """One sentence that a colleague would say."""
    now = sum(seat.is_present for seat in seats)
    if not now:
        where = _("已经不在任何群里")
    else:
        where = ngettext("现在在 %(n)d 个群里", "现在在 %(n)d 个群里", now) % {"n": now}
    if not recent:
        said = sum(seat.messages for seat in seats)
        ever = _("%(days)d 天没有说话了") % {"days": DAYS} if said else _("还没有开过口")
        return _("%(where)s，%(said)s。") % {"where": where, "said": ever}
    hour, most = Counter(timezone.localtime(at).hour for at, _group in recent).most_common(1)[0]
    told = ngettext("近 %(days)d 天说了 %(count)s 条", "近 %(days)d 天说了 %(count)s 条", len(recent))
    talk = told % {"days": DAYS, "count": exact(len(recent))}
    if most * 6 < len(recent) or len(recent) < ENOUGH_FOR_A_WEEK:
        return _("%(where)s，%(said)s。") % {"where": where, "said": talk}
    return _("%(where)s，%(said)s，多在 %(hour)s。") % {"where": where, "said": talk, "hour": hour_name(hour)}


def _days_ago(at: datetime) -> int:
    """0 is today; whole days of the active time zone, so that 30 of them are never 31 dates."""
    return (timezone.localtime(clock.now()).date() - timezone.localtime(at).date()).days


def _by_day(recent: Sequence[tuple[datetime, int]]) -> list[int]:
    counts = Counter(_days_ago(at) for at, _group in recent)
    return [counts.get(ago, 0) for ago in reversed(range(DAYS))]


def _shares(recent: Sequence[tuple[datetime, int]], groups: Mapping[int, GroupInfo]) -> list[Share]:
    counts = Counter(group for _at, group in recent if group in groups)
    return [Share(groups[group].name, count) for group, count in counts.most_common()]


def _week(moments: Sequence[tuple[datetime, int]]) -> Week:
    counts = Counter((local.weekday(), local.hour) for local in (timezone.localtime(at) for at, _group in moments))
    grid = tuple(tuple(float(counts.get((day, hour), 0)) for hour in range(24)) for day in range(7))
    (day, hour), _most = counts.most_common(1)[0]
    title = _("%(day)s%(hour)s话最多") % {"day": day_name(day), "hour": hour_name(hour)}
    sub = _("%(weeks)d 周里的 %(n)s 条，按星期和钟点") % {"weeks": WEEKS, "n": exact(len(moments))}
    return Week(title, sub, _("条"), grid)


def _seats(trail: Trail) -> list[SeatRow]:
    """Their groups; of those they left also why, which who decides there may say."""
    whys = list_whys([seat.id for seat in trail.seats if not seat.is_present])
    rows = []
    for seat in trail.seats:
        may_say = trail.note_ids is None or seat.community_id in trail.note_ids
        href = reverse("console:person-why", args=[seat.person_id, seat.id])
        rows.append(
            replace(
                _seat(seat, trail.groups),
                why=tell_why_line(whys.get(seat.id)),
                why_href=href if may_say and not seat.is_present else "",
            )
        )
    return rows


def _seat(seat: RollLine, groups: Mapping[int, GroupInfo]) -> SeatRow:
    chip, tone = tell_standing(seat)
    group = groups[seat.group_id]
    return SeatRow(
        group=group.name,
        group_href=group_href(seat.group_id),
        community=group.community,
        account=seat.name,
        card=seat.card,
        chip=chip,
        tone=tone,
        came=tell_source(seat.via) if seat.via else "",
        inviter=seat.inviter,
        inviter_id=seat.inviter_id,
        joined_at=seat.joined_at,
        left_at=seat.left_at if not seat.is_present else None,
        messages=seat.messages,
        last_at=seat.last_spoke_at,
    )


def account_rows(seats: Sequence[RollLine], groups: Mapping[int, GroupInfo]) -> list[AccountRow]:
    """The accounts of these seats, the one that came to us first at the top."""
    lines = {seat.identity_id: seat for seat in sorted(seats, key=lambda seat: seat.identity_id)}
    return [_account(line, seats, groups) for line in lines.values()]


def _account(line: RollLine, seats: Sequence[RollLine], groups: Mapping[int, GroupInfo]) -> AccountRow:
    names = [groups[seat.group_id].name for seat in seats if seat.identity_id == line.identity_id]
    shown = _("、").join(names[:3])
    if len(names) > 3:
        shown = _("%(names)s 等 %(n)d 个群") % {"names": shown, "n": len(names)}
    return AccountRow(
        id=line.identity_id,
        mark=_(CARRIER_MARKS[line.carrier]) if line.carrier in CARRIER_MARKS else line.carrier[:1].upper(),
        name=line.name,
        carrier=tell_carrier(line.carrier),
        groups=shown,
        is_bot=line.is_bot,
    )


def _said(one: Said, groups: Mapping[int, GroupInfo]) -> SaidRow:
    group = groups.get(one.group_id)
    return SaidRow(
        id=one.id,
        at=one.at,
        group=group.name if group else "",
        group_href=group_href(one.group_id),
        text=one.text,
        kind=tell_message_kind(one.kind),
        is_gone=one.recalled_at is not None,
    )


def _filters(chosen: str) -> list[Chip]:
    return [
        Chip(_(kind.label), f"?kind={key}#course" if key else "?#course", key == chosen) for key, kind in KINDS.items()
    ]


def _older(kind: str, course: Course) -> str:
    if not course.left:
        return ""
    words = {"kind": kind} if kind else {}
    return f"?{urlencode({**words, 'before': _mark(*course.cursor)})}#course"
