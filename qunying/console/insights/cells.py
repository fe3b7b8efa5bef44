"""The people behind one number of a funnel or of retention."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from qunying.console.choices import choices
from qunying.console.insights.context import CellPage, CellPerson
from qunying.console.insights.journeys import asked_of, read_scope, read_wish, tell_period
from qunying.console.insights.measuring import describe, tell_scope
from qunying.insights.journeys.catalogue import FUNNEL, RETENTION, Journey, funnel_of, retention_of
from qunying.insights.journeys.funnel import list_people_of_stage
from qunying.insights.journeys.retention import list_people_of_cell
from qunying.insights.journeys.steps import STEPS
from qunying.insights.scope import Scope
from qunying.insights.words import way
from qunying.kernel.errors import BadUse
from qunying.people.queries import list_seen
from qunying.ui.figures import number
from qunying.ui.pages import Pages, kept_query, read_page

PAGE_SIZE = 50
OF_CELL = ("slot", "n", "did", "page")
PERIODS = 400
People = Sequence[tuple[int, bool]]


def read_cell(journey: Journey, communities: Sequence[tuple[int, str]], query: QueryDict, now: datetime) -> CellPage:
    """The people of the cell that an address names. Raises ``Http404`` for a cell that there cannot be."""
    asked = asked_of(query)
    scope, began_at = read_scope(asked, [pk for pk, _name in communities], now)
    n, slot = _number(asked.get("n", "")), asked.get("slot", "")
    of_table = {key: value for key, value in asked.items() if key not in OF_CELL}
    error, people = "", list[tuple[int, bool]]()
    try:
        people = _people(journey, of_table, scope, began_at, slot, n)
    except BadUse as told:
        error = told.said(_)
    did = "" if asked.get("did") != "not" else "not"
    shown = [person for person, is_there in people if is_there == (not did)]
    page = read_page(asked.get("page"), -(-len(shown) // PAGE_SIZE))
    counts = {"": sum(is_there for _pk, is_there in people), "not": sum(not is_there for _pk, is_there in people)}
    return CellPage(
        journey=describe(journey),
        title=_title(journey, of_table, slot, n, counts),
        scope=tell_scope(scope),
        back=f"{reverse('console:insights-metric', args=[journey.name])}?{urlencode(of_table)}",
        sides=choices(asked, "did", _sides(journey), counts) if len(set(map(bool, counts.values()))) else (),
        rows=_rows(shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], scope.community_ids),
        pages=Pages(page, PAGE_SIZE, len(shown), npgettext("unit", "人", "人", len(shown)), kept_query(asked)),
        error=error,
    )


def _number(text: str) -> int:
    """Which period or step. Raises ``Http404``."""
    if not text.isascii() or not text.isdigit() or int(text[:9]) > PERIODS:
        raise Http404
    return int(text[:9])


def _people(
    journey: Journey, asked: Mapping[str, str], scope: Scope, began_at: datetime, slot: str, n: int
) -> list[tuple[int, bool]]:
    if not (scope.groups or scope.homes):
        return []
    wish = read_wish(journey, asked)
    if journey is FUNNEL:
        funnel = funnel_of(wish, scope)
        if not 1 <= n <= len(funnel.steps):
            raise Http404
        return list_people_of_stage(funnel, scope, "", "", n)
    if journey is RETENTION:
        return list_people_of_cell(retention_of(wish, scope), scope, began_at, wish.by, slot, n)
    raise Http404


def _sides(journey: Journey) -> list[tuple[str, str]]:
    if journey is FUNNEL:
        return [("", _("走到了这一步")), ("not", _("停在上一步"))]
    return [("", _("回来了")), ("not", _("没回来"))]


def _title(journey: Journey, asked: Mapping[str, str], slot: str, n: int, counts: Mapping[str, int]) -> str:
    """Who these people are, in a sentence."""
    numbers = {"all": number(sum(counts.values())), "there": number(counts[""])}
    wish = read_wish(journey, asked)
    if journey is FUNNEL:
        steps = (wish.steps or "joined,said").split(",")
        step = _(STEPS.get(steps[n - 1], steps[n - 1])) if 1 <= n <= len(steps) else ""
        return _("第 %(n)d 步「%(step)s」：%(all)s 人里 %(there)s 人走到了") % {**numbers, "n": n, "step": step}
    which = way(slot) if wish.by == "source" else _told_period(slot, wish.by)
    if not n:
        return _("%(which)s来的 %(all)s 人") % {**numbers, "which": which}
    after = {"day": _("第 %(n)d 天"), "week": _("第 %(n)d 周"), "month": _("第 %(n)d 个月")}[wish.every] % {"n": n}
    return _("%(which)s来的 %(all)s 人里，%(after)s又来的有 %(there)s 人") % {**numbers, "which": which, "after": after}


def _told_period(slot: str, by: str) -> str:
    try:
        date.fromisoformat(slot)
    except ValueError as error:
        raise Http404 from error
    return tell_period(slot, by)


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
