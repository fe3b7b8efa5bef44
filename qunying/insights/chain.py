"""Counts the links of an operating chain over a span: each by itself, as it says it is counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from qunying.communities.chains import FROM_OUTSIDE, TIMES, Link
from qunying.communities.queries_chain import list_openings
from qunying.deeds.queries import list_kinds_of_deeds
from qunying.insights.columns import to_us
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Session
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.did import hold_did
from qunying.insights.journeys.steps import JOINED, SAID, sources_of
from qunying.insights.measure import Open
from qunying.insights.scope import Scope
from qunying.insights.world import see

CONSULTS = ("consult", "consultation", "inquiry", "enquiry", "咨询", "諮詢", "问询", "询价")
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class LinkCount:
    """A link with its count (None: nothing counts it, or nothing was told from outside), beside the counted one before.

    ``share``: the count as a share of that one's. ``is_conversion``: both count people, so the share is how many of them
    came so far; else it is only how much there is of one for each of the other.
    """

    link: Link
    count: int | None
    before: Link | None = None
    share: float | None = None
    is_conversion: bool = False


def codes_of(links: Collection[Link]) -> tuple[str, ...]:
    """What must be counted here for these links: «code unit», in a fixed order."""
    return tuple(sorted({code_of(link) for link in links if link.count_by and link.count_by not in FROM_OUTSIDE}))


def code_of(link: Link) -> str:
    """What a link counts and in which unit, as one word."""
    return f"{link.count_by} {link.unit}"


def count_codes(
    codes: Collection[str], scope: Scope, began_at: datetime, spans: Sequence[Span], *, open_session: Open = chosen.open
) -> list[dict[str, int]]:
    """Per span what each code counts there. ``scope`` are a community's groups with its ``homes``, up to the last span's end;
    first times are looked for from ``began_at`` on."""
    steps = _steps(codes, scope)
    found = [dict.fromkeys(codes, 0) for _ in spans]
    if steps or any(code.startswith("shared ") for code in codes):
        whole = replace(scope, since=min(began_at, scope.since))
        sources = {*sources_of(steps), *(("events",) if any(code.startswith("shared ") for code in codes) else ())}
        with open_session(see(whole, tuple(sources))) as session:
            if steps:
                hold_did(session, steps)
            for counts, span in zip(found, spans, strict=True):
                counts |= {code: _count(session, code, span) for code in codes if not code.startswith("opened ")}
    for counts, (since, until) in zip(found, spans, strict=True):
        opened = len(list_openings(scope.community_ids, since, until))
        counts |= {code: opened for code in codes if code.startswith("opened ")}
    return found


def lay_chain(links: Sequence[Link], counts: Mapping[str, int], told: Mapping[str, int]) -> tuple[LinkCount, ...]:
    """The links with their counts: ``counts`` by code, ``told`` by series from outside."""
    found: list[LinkCount] = []
    before: LinkCount | None = None
    for link in links:
        number = told.get(link.series) if link.count_by in FROM_OUTSIDE else counts.get(code_of(link))
        one = LinkCount(link, number)
        if before is not None and before.count and number is not None:
            is_same = before.link.unit == link.unit and link.unit != TIMES
            one = LinkCount(link, number, before.link, number / before.count, is_same)
        found.append(one)
        before = one if number is not None else before
    return tuple(found)


def _steps(codes: Collection[str], scope: Scope) -> tuple[str, ...]:
    """The steps of journeys that these codes look at."""
    names = {_step(code) for code in codes if not code.startswith(("shared ", "opened "))}
    if "consult" in names:
        names |= set(CONSULTS) & set(list_kinds_of_deeds(scope.community_ids))
    return tuple(sorted(names))


def _step(code: str) -> str:
    way = code.rpartition(" ")[0]
    return {"joined": JOINED, "first_word": SAID}.get(way) or way.partition(":")[2]


def _count(session: Session, code: str, span: Span) -> int:
    way, _, unit = code.rpartition(" ")
    if way == "shared":
        return int(session.run("kpis/referrers", {}, span)[0]["value"])
    names = list(CONSULTS) if _step(code) == "consult" else [_step(code)]
    params = {"since_us": to_us(span[0]), "until_us": to_us(span[1]), "names": names}
    if way == "first_word" or way.startswith("again:"):
        nth = 1 if way == "first_word" else 2
        rows = session.ask(read_sql("kpis/nth_days"), params)
        return sum(row["people"] for row in rows if row["nth"] == nth)
    (row,) = session.ask(read_sql("kpis/done"), params)
    return int(row["times" if unit == TIMES else "people"])
