"""The people behind one number of a funnel or of retention."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from qunying.console.choices import choices
from qunying.console.insights.asking import asked_of, read_scope, read_wish
from qunying.console.insights.context import CellPage, CellPerson
from qunying.console.insights.measuring import describe, tell_scope
from qunying.console.insights.narrowing import Within, find_segment, tell_only
from qunying.console.insights.telling import tell_slot
from qunying.insights.journeys.catalogue import DEFAULT_STEPS, FUNNEL, RETENTION, Journey, Wish, funnel_of, retention_of
from qunying.insights.journeys.funnel import list_people_of_stage
from qunying.insights.journeys.parting import SEGMENT, parts_of_people
from qunying.insights.journeys.retention import list_people_of_cell
from qunying.insights.journeys.steps import STEPS
from qunying.insights.scope import Scope
from qunying.kernel.errors import BadUse
from qunying.people.queries import list_seen
from qunying.ui.figures import number
from qunying.ui.pages import Pages, kept_query, read_page

PAGE_SIZE = 50
OF_CELL = ("slot", "n", "did", "page")
PERIODS = 400
People = Sequence[tuple[int, bool]]


def read_cell(journey: Journey, here: Within, query: QueryDict, now: datetime) -> CellPage:
    """The people of the cell that an address names. Raises ``Http404`` for a cell that there cannot be."""
    asked = asked_of(query)
    n, slot = _number(asked.get("n", "")), asked.get("slot", "")
    of_table = {key: value for key, value in asked.items() if key not in OF_CELL}
    back = f"{reverse('console:insights-metric', args=[journey.name])}?{urlencode(of_table)}"
    only = find_segment(asked, here)
    try:
        scope, began_at = read_scope(asked, here, now)
        wish = read_wish(journey, of_table, here)
        people = _people(journey, wish, scope, began_at, slot, n)
    except BadUse as told:
        return CellPage(describe(journey), _(journey.title), "", back, (), (), None, told.said(_))
    did = "" if asked.get("did") != "not" else "not"
    shown = [person for person, is_there in people if is_there == (not did)]
    page = read_page(asked.get("page"), -(-len(shown) // PAGE_SIZE))
    counts = {"": sum(is_there for _pk, is_there in people), "not": sum(not is_there for _pk, is_there in people)}
    return CellPage(
        journey=describe(journey),
        title=tell_only(_title(journey, wish, slot, n, counts), only),
        scope=tell_scope(scope),
        back=back,
        sides=choices(asked, "did", _sides(journey), counts) if len(set(map(bool, counts.values()))) else (),
        rows=_rows(shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], scope.community_ids),
        pages=Pages(page, PAGE_SIZE, len(shown), npgettext("unit", "人", "人", len(shown)), kept_query(asked)),
    )


def _number(text: str) -> int:
    """Which period or step. Raises ``Http404``."""
    if not text.isascii() or not text.isdigit() or int(text[:9]) > PERIODS:
        raise Http404
    return int(text[:9])


def _people(
    journey: Journey, wish: Wish, scope: Scope, began_at: datetime, slot: str, n: int
) -> list[tuple[int, bool]]:
    if not (scope.groups or scope.homes):
        return []
    parts = parts_of_people(wish.by, scope, wish.among)
    if journey is FUNNEL:
        funnel = funnel_of(wish, scope)
        if not 1 <= n <= len(funnel.steps):
            raise Http404
        return list_people_of_stage(funnel, scope, wish.by, slot, n, in_parts=parts)
    if journey is RETENTION:
        return list_people_of_cell(retention_of(wish, scope), scope, began_at, wish.by, slot, n, in_parts=parts)
    raise Http404


def _sides(journey: Journey) -> list[tuple[str, str]]:
    if journey is FUNNEL:
        return [("", _("走到了这一步")), ("not", _("停在上一步"))]
    return [("", _("回来了")), ("not", _("没回来"))]


def _title(journey: Journey, wish: Wish, slot: str, n: int, counts: Mapping[str, int]) -> str:
    """Who these people are, in a sentence."""
    numbers = {"all": number(sum(counts.values())), "there": number(counts[""])}
    if journey is FUNNEL:
        steps = (wish.steps or DEFAULT_STEPS).split(",")
        step = _(STEPS.get(steps[n - 1], steps[n - 1])) if 1 <= n <= len(steps) else ""
        told = _("第 %(n)d 步「%(step)s」：%(all)s 人里 %(there)s 人走到了") % {**numbers, "n": n, "step": step}
        return f"{tell_slot(slot, wish)} · {told}" if wish.by else told
    which = tell_slot(slot, wish)
    if wish.by == SEGMENT:
        which = _("「%(segment)s」里") % {"segment": which}
    if not n:
        return _("%(which)s来的 %(all)s 人") % {**numbers, "which": which}
    after = {"day": _("第 %(n)d 天"), "week": _("第 %(n)d 周"), "month": _("第 %(n)d 个月")}[wish.every] % {"n": n}
    return _("%(which)s来的 %(all)s 人里，%(after)s又来的有 %(there)s 人") % {**numbers, "which": which, "after": after}


def _rows(person_ids: Sequence[int], community_ids: Collection[int]) -> tuple[CellPerson, ...]:
    seen = list_seen(person_ids, community_ids)
    rows = []
    for pk in person_ids:
        one = seen.get(pk)
        if one is None:  # a customer who sits in no group
            rows.append(CellPerson(pk, f"#{pk}", "", 0, 0, None))
        else:
            rows.append(CellPerson(pk, one.name, one.card, one.groups, one.messages, one.last_spoke_at))
    return tuple(rows)
