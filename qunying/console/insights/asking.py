"""What an address asks of a funnel, of retention or of another journey; wrong wishes are replaced by the usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext_noop

from qunying.communities.queries import find_counted_group, list_counted_groups, list_counted_homes
from qunying.console.insights.narrowing import Within, find_segment, narrow, read_among
from qunying.insights.asking import record_of, span_of_days
from qunying.insights.journeys.catalogue import CHURN, DEFAULT_WINDOW, FUNNEL, PATHS, RETENTION, Journey, Wish
from qunying.insights.journeys.parting import OF_CARDS, SEGMENT
from qunying.insights.journeys.steps import CAME, SAID
from qunying.insights.scope import Scope

SPANS = {"28": 28, "90": 90, "365": 365}
DEFAULT_SPAN = "90"
WINDOWS = {
    "1d": gettext_noop("1 天内"),
    "7d": gettext_noop("7 天内"),
    "30d": gettext_noop("30 天内"),
    "90d": gettext_noop("90 天内"),
}
EVERY = {"day": gettext_noop("按天"), "week": gettext_noop("按周"), "month": gettext_noop("按月")}
SILENT_DAYS = {
    "": gettext_noop("自己离开的人"),
    "14": gettext_noop("14 天没再说话的人"),
    "30": gettext_noop("30 天没再说话的人"),
}
STEP_PLACES = 4
MANY = ("among",)  # may be said several times
COHORT = {"day": "week", "week": "week", "month": "month"}
BREAKDOWNS = ("source", *OF_CARDS, SEGMENT)


def asked_of(query: QueryDict) -> dict[str, str]:
    """What an address says, without what it leaves empty."""
    joined = {key: ",".join(filter(None, map(str, values))) for key, values in query.lists() if key in MANY}
    return {key: value for key, value in {**query.dict(), **joined}.items() if isinstance(value, str) and value}


def read_scope(asked: Mapping[str, str], here: Within, now: datetime) -> tuple[Scope, datetime]:
    """The communities, or the one group, and the span asked for, and where their record begins.

    Raises ``Http404`` for a segment that is not within reach, ``BadUse`` for one that cannot be read.
    """
    scope, began_at = _whole(asked, here.ids, now)
    return narrow(scope, find_segment(asked, here)), began_at


def _whole(asked: Mapping[str, str], ids: Sequence[int], now: datetime) -> tuple[Scope, datetime]:
    community = community_of(asked, ids)
    chosen = [int(community)] if community else list(ids)
    days = SPANS.get(span_of(asked), 0)
    if asked.get("group"):
        group = find_counted_group(asked["group"], chosen)
        few = (group,) if group else ()
        scope = Scope(few, *span_of_days(few, days, now))
        return scope, record_of(scope, now)[0] if few else now
    groups, homes = tuple(list_counted_groups(community_ids=chosen)), tuple(list_counted_homes(chosen))
    scope = Scope(groups, *span_of_days(groups, days, now, homes), homes)
    return scope, record_of(scope, now)[0]


def read_wish(journey: Journey, asked: Mapping[str, str], here: Within) -> Wish:
    """What an address asks of a journey. Raises as ``read_among``."""
    if journey is FUNNEL:
        steps = [asked[f"step{n}"] for n in range(1, STEP_PLACES + 1) if asked.get(f"step{n}")]
        return Wish(
            steps=",".join(steps) if len(steps) > 1 else "",
            window=choice_of(asked, "window", WINDOWS, DEFAULT_WINDOW),
            in_any_order=asked.get("order") == "any",
            by=asked.get("by", "") if asked.get("by") in BREAKDOWNS else "",
            among=read_among(asked, here),
        )
    every = choice_of(asked, "every", EVERY, "week")
    if journey is RETENTION:
        return Wish(
            start=asked.get("start", CAME),
            back=asked.get("back", SAID),
            every=every,
            or_later=asked.get("mode") == "later",
            by=asked["by"] if asked.get("by") in {"source", SEGMENT} else COHORT[every],
            among=read_among(asked, here),
        )
    if journey is PATHS:
        return Wish(window=choice_of(asked, "window", WINDOWS, DEFAULT_WINDOW))
    if journey is CHURN:
        return Wish(silent=choice_of(asked, "silent", SILENT_DAYS, ""))
    return Wish(every=every)


def community_of(asked: Mapping[str, str], ids: Sequence[int]) -> str:
    """The community that is asked for, where it is one of these; «» for all of them."""
    community = asked.get("community", "")
    return community if community in {str(pk) for pk in ids} else ""


def span_of(asked: Mapping[str, str]) -> str:
    """How many days are looked at, as the address says it."""
    return choice_of(asked, "span", {**SPANS, "all": 0}, DEFAULT_SPAN)


def choice_of(asked: Mapping[str, str], name: str, known: Mapping[str, object], default: str) -> str:
    """What an address says of one thing, where that is known."""
    value = asked.get(name, "")
    return value if value in known else default
