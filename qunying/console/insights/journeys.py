"""Funnels, retention and life cycle as pages: what is asked stands at once, the answer is counted when the page asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.choices import choices
from qunying.console.insights.asking import SPANS, asked_of, community_of, read_scope, read_wish, span_of
from qunying.console.insights.asks import list_asks
from qunying.console.insights.breaking import tell_funnel_in_parts
from qunying.console.insights.churning import tell_churn
from qunying.console.insights.context import JourneyAnswer, JourneyPage
from qunying.console.insights.measuring import describe, tell_scope
from qunying.console.insights.narrowing import Within, ask_segment, find_segment, only_of, tell_only, tick_segments
from qunying.console.insights.pathing import tell_paths
from qunying.console.insights.replying import tell_replies
from qunying.console.insights.telling import tell_funnel, tell_life_cycle, tell_retention
from qunying.deeds.queries import list_kinds_of_deeds
from qunying.insights.journeys.catalogue import CHURN, FUNNEL, PATHS, REPLIES, RETENTION, Journey, silent_days
from qunying.insights.journeys.steps import read_window
from qunying.insights.replies import read_replies
from qunying.insights.scope import Scope
from qunying.kernel.errors import BadUse

OF_TALK = (PATHS, CHURN, REPLIES)
MOST_GROUPS = 300  # whose talk is read while somebody waits; the command takes its time for more


def read_page(journey: Journey, here: Within, query: QueryDict) -> JourneyPage:
    """What is asked, without the answer. Raises ``Http404`` for a segment that is not within reach."""
    asked = asked_of(query)
    only = find_segment(asked, here)
    homes = [("", _("所有社群")), *((str(pk), name) for pk, name in here.communities)] if len(here.ids) > 1 else []
    spans = [
        *((key, ngettext("近 %(n)d 天", "近 %(n)d 天", n) % {"n": n}) for key, n in SPANS.items()),
        ("all", _("从头到尾")),
    ]
    return JourneyPage(
        metric=replace(describe(journey), by=()),
        asks=(*list_asks(journey, asked, list_kinds_of_deeds(here.ids)), ask_segment(asked, here)),
        communities=choices({**asked, "community": community_of(asked, here.ids)}, "community", homes),
        spans=choices({**asked, "span": span_of(asked)}, "span", spans),
        kept=tuple((name, asked[name]) for name in ("community", "span") if name in asked),
        query=query.urlencode(),
        group=asked.get("group", ""),
        title=tell_only(_(journey.title), only),
        only=only_of(asked, only),
        ticks=tick_segments(asked, here),
    )


def read_answer(journey: Journey, here: Within, query: QueryDict, now: datetime) -> JourneyAnswer:
    """The answer; what cannot be asked is said where the answer would stand. Raises ``Http404`` as ``read_page``."""
    asked = asked_of(query)
    only = find_segment(asked, here)
    try:
        scope, began_at = read_scope(asked, here, now)
        answer = _answer(journey, asked, here, scope, began_at)
    except BadUse as error:
        return JourneyAnswer(title=_("这样问不出来"), scope="", error=error.said(_))
    return answer if answer.error else replace(answer, title=tell_only(answer.title, only))


def _answer(
    journey: Journey, asked: Mapping[str, str], here: Within, scope: Scope, began_at: datetime
) -> JourneyAnswer:
    words = tell_scope(scope, which=scope.groups[0].name if asked.get("group") and scope.groups else "")
    if not (scope.groups or scope.homes):
        if asked.get("group"):
            error = _("没有叫「%(name)s」的群。") % {"name": asked["group"]}
            return JourneyAnswer(title=_("这样问不出来"), scope=words, error=error)
        return JourneyAnswer(title=_("还没有社群"), scope=words)
    if journey in OF_TALK and len(scope.groups) > MOST_GROUPS:
        error = _("这样看要翻聊天记录，一次最多 %(n)d 个群：选一个社群，或者写一个群的备注。") % {"n": MOST_GROUPS}
        return JourneyAnswer(title=_("群太多了"), scope=words, error=error)
    wish = read_wish(journey, asked, here)
    if journey is PATHS:
        return tell_paths(scope, began_at, read_window(wish.window), words)
    if journey is CHURN:
        return tell_churn(scope, silent_days(wish), words)
    if journey is REPLIES:
        return tell_replies(read_replies(scope), words)
    people = f"{reverse('console:insights-people', args=[journey.name])}?{urlencode(asked)}"
    if journey is FUNNEL and wish.by:
        return tell_funnel_in_parts(wish, scope, words, people, asked)
    rows = journey.count(wish, scope, began_at)
    if journey is FUNNEL:
        return tell_funnel(rows, words, people)
    if journey is RETENTION:
        return tell_retention(rows, words, wish, people)
    return tell_life_cycle(rows, words)
