"""What is known of rules and of who has seen them, as their pages show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.capabilities.rules.addresses import address
from qunying.capabilities.rules.changes import compare
from qunying.capabilities.rules.context import MemberRow, OrderRow, Place, PlanPage, RulePage, RuleRow, VersionRow
from qunying.capabilities.rules.forms import RewordForm, RuleForm
from qunying.capabilities.rules.knowing import CONFIRMED, REPLIED, SURER, TOLD, WARNED, WROTE
from qunying.capabilities.rules.queries import count_reached, count_ways, list_reached, list_seen
from qunying.capabilities.rules.reaching import Plan, staff_ids
from qunying.communities.queries import infos_of_groups, list_community_zones
from qunying.communities.queries_rules import RuleLine, VersionLine, end_of, list_rules, list_versions
from qunying.communities.sign_ins import names_of_users
from qunying.people.present import Seats, count_members, list_groups_of, list_missed, members_of
from qunying.ui.pages import Pages, kept_query, read_page

SIZE = 50
GROUPS_NAMED = 3
SOON = timedelta(days=4)
ORDERS_SHOWN = 50
WAYS: Mapping[str, str] = MappingProxyType(
    {
        CONFIRMED: gettext_noop("回了收到"),
        REPLIED: gettext_noop("回复过"),
        TOLD: gettext_noop("私下告诉了"),
        WARNED: gettext_noop("警告时说了"),
        WROTE: gettext_noop("说过以后说过话"),
    }
)
MISSED, SEEN = "missed", "seen"
MOST = 1_000_000


def read_rules(
    community_id: int, now: datetime, *, can_write: bool, tried: Mapping[int, RuleForm], is_dropped: bool = False
) -> tuple[RuleRow, ...]:
    """The rules of a community with how many have seen each; what was typed and could not be kept stands in its form."""
    lines = list_rules(community_id, is_dropped=is_dropped)
    rows = [row for row, _line in _rows(community_id, lines, now)]
    if not can_write:
        return tuple(rows)
    return tuple(_with_form(row, tried.get(row.id), is_first=place == 0) for place, row in enumerate(rows))


def _rows(community_id: int, lines: Sequence[RuleLine], now: datetime) -> Iterator[tuple[RuleRow, RuleLine]]:
    important = [line for line in lines if line.is_important and line.dropped_at is None]
    people, reached = 0, {}
    if important:
        seats = members_of(community_id, staff_ids(community_id))
        people = count_members(seats)
        reached = count_reached([(line.id, line.meaning) for line in important], seats)
    zone = ZoneInfo(list_community_zones([community_id]).get(community_id, "UTC")) if lines else ZoneInfo("UTC")
    for line in lines:
        yield _row(line, zone, people, reached.get((line.id, line.meaning), 0), now), line


def _row(line: RuleLine, zone: ZoneInfo, people: int, reached: int, now: datetime) -> RuleRow:
    ends_at = end_of(line.deadline_on, zone) if line.deadline_on else None
    return RuleRow(
        id=line.id,
        name=line.name,
        text=line.text,
        is_important=line.is_important,
        deadline=line.deadline,
        deadline_on=line.deadline_on,
        ends=_ends(line, ends_at, now) if ends_at else "",
        tone="look" if ends_at is not None and now < ends_at <= now + SOON else "",
        is_over=ends_at is not None and ends_at <= now,
        reached=reached,
        people=people,
        missing=people - reached,
        changed_at=line.changed_at,
        version=line.version,
    )


def _ends(line: RuleLine, ends_at: datetime, now: datetime) -> str:
    said = {"what": line.deadline or _("截止"), "day": f"{line.deadline_on:%m-%d}", "left": _left(ends_at, now)}
    return _("%(what)s %(day)s，%(left)s") % said


def _left(ends_at: datetime, now: datetime) -> str:
    if ends_at <= now:
        return _("过了")
    days = (ends_at - now) // timedelta(days=1)
    return ngettext("还有 %(n)s 天", "还有 %(n)s 天", days) % {"n": days} if days else _("今天最后一天")


def _with_form(row: RuleRow, tried: RuleForm | None, *, is_first: bool) -> RuleRow:
    initial = {
        "name": row.name,
        "text": row.text,
        "is_important": row.is_important,
        "deadline": row.deadline,
        "deadline_on": row.deadline_on,
    }
    form = tried or RewordForm(initial=initial, prefix=f"rule-{row.id}")
    return RuleRow(**{name: getattr(row, name) for name in RuleRow.__slots__} | {"form": form, "is_first": is_first})


def read_rule(line: RuleLine, place: Place, query: Mapping[str, str], now: datetime, *, can_speak: bool) -> RulePage:
    """One rule with those who have not seen it, or those who have, and its earlier words."""
    row, seats = read_row(line, now), members_of(line.community_id, staff_ids(line.community_id))
    meaning = (line.id, line.meaning)
    show = SEEN if query.get("show") == SEEN else MISSED
    total = (row.reached if show == SEEN else row.missing) if row.is_important else 0
    pages = Pages(
        read_page(query.get("page"), -(-total // SIZE)), SIZE, total, _("人"), kept_query({"show": show}), "page"
    )
    start = (pages.current - 1) * SIZE
    ways = count_ways(meaning, seats) if row.is_important else {}
    members: tuple[MemberRow, ...] = ()
    if total:
        members = _seen(line, seats, start) if show == SEEN else _missed(line, seats, start)
    return RulePage(
        row=row,
        place=place,
        ways=tuple((_(WAYS[how]), ways[how]) for how in reversed(SURER) if how in ways),
        show=show,
        members=members,
        pages=pages,
        versions=_versions(line, list_versions([line.id])[line.id]),
        can_speak=can_speak and row.is_important and not row.is_over and line.dropped_at is None,
    )


def read_row(line: RuleLine, now: datetime) -> RuleRow:
    """That rule with how many have seen it."""
    return next(row for row, _line in _rows(line.community_id, [line], now))


def _missed(line: RuleLine, seats: Seats, start: int) -> tuple[MemberRow, ...]:
    people = list_missed(seats, list_seen((line.id, line.meaning)), start=start, limit=SIZE)
    groups = infos_of_groups({pk for one in people for pk in one.group_ids[:GROUPS_NAMED]})
    return tuple(
        MemberRow(
            name=one.name or one.ref,
            key=one.person_id,
            href=address("console:person", one.person_id) if one.person_id else "",
            where=tuple(groups[pk].name for pk in one.group_ids[:GROUPS_NAMED] if pk in groups),
        )
        for one in people
    )


def _seen(line: RuleLine, seats: Seats, start: int) -> tuple[MemberRow, ...]:
    people = list_reached((line.id, line.meaning), seats, start=start, limit=SIZE)
    groups = infos_of_groups({one.group_id for one in people if one.group_id is not None})
    return tuple(
        MemberRow(
            name=one.name or one.ref,
            key=one.person_id or 0,
            href=address("console:person", one.person_id) if one.person_id else "",
            where=(groups[one.group_id].name,) if one.group_id in groups else (),
            how=_(WAYS[one.how]),
            at=one.at,
        )
        for one in people
    )


def _versions(line: RuleLine, versions: Sequence[VersionLine]) -> tuple[VersionRow, ...]:
    writers = {one.by_id for one in versions if one.by_id}
    names = names_of_users(writers) if writers else {}
    befores = [*(one.text for one in versions[1:]), ""]
    rows = []
    for one, text in zip(versions, befores, strict=True):
        before, after = compare(text, one.text) if text else ((), compare(one.text, one.text)[1])
        rows.append(
            VersionRow(
                number=one.number,
                at=one.at,
                by=names.get(one.by_id or 0, ""),
                why=one.why,
                is_same_meaning=one.is_same_meaning,
                is_current=one.number == line.version,
                before=before,
                after=after,
            )
        )
    return tuple(rows)


def read_plan(line: RuleLine, place: Place, plan: Plan, now: datetime, *, is_telling: bool) -> PlanPage:
    """What a button would do, as its page shows it."""
    orders = tuple(
        OrderRow(
            name=order.name or order.group.name,
            key=order.identity_id or order.group.id,
            is_group=order.identity_id is None,
            missing=order.missing,
            at=order.effect.not_before,
        )
        for order in plan.orders[:ORDERS_SHOWN]
    )
    return PlanPage(
        row=read_row(line, now),
        place=place,
        is_telling=is_telling,
        orders=orders,
        count=len(plan.orders),
        text=str(getattr(plan.orders[0].effect, "text", "")) if plan.orders else "",
        resting=plan.resting,
        later=plan.later,
    )


def list_cells(line: RuleLine) -> Iterator[tuple[object, ...]]:
    """Everybody who is to know a rule, for a file: who, where, whether they have seen it, by what and when."""
    meaning, seats = (line.id, line.meaning), members_of(line.community_id, staff_ids(line.community_id))
    homes = list_groups_of(seats)
    groups = infos_of_groups({pk for there in homes.values() for pk in there})
    where = {who: _("、").join(groups[pk].name for pk in there if pk in groups) for who, there in homes.items()}
    for one in list_missed(seats, list_seen(meaning), start=0, limit=MOST):
        yield one.name, one.ref, where.get(one.identity_id, ""), _("没看到"), "", None
    for reached in list_reached(meaning, seats, start=0, limit=MOST):
        there = where.get(reached.identity_id, "")
        yield reached.name, reached.ref, there, _("看到了"), _(WAYS[reached.how]), reached.at
