"""The ranking of a community's members, put into words and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from qunying.communities.queries_chain import find_start
from qunying.console.seeds.context import HomeLine, PartCell, RankingPage, SeedRow
from qunying.console.seeds.head import SeedsHead
from qunying.insights import words_of_seeds as words
from qunying.insights.scope import local_day
from qunying.insights.seeds.counting import is_due
from qunying.insights.seeds.kept import Scoring, platform_of_row, signals_of_row
from qunying.insights.seeds.ladder import RUNGS, Rung, rungs_of
from qunying.insights.seeds.scoring import DAYS, Platform, Score, Weights
from qunying.insights.seeds.signals import SIGNALS
from qunying.people.ladder import LadderRow, SignalsRow, count_ranked, find_ladder, list_ranked
from qunying.people.queries import names_of
from qunying.people.shortlists import ShortlistRow, list_shortlisted_among, list_shortlists
from qunying.people.standings import count_by_rung
from qunying.ui.dates import tell_date
from qunying.ui.figures import number
from qunying.ui.pages import Pages, kept_query, read_page

PAGE_SIZE = 50
TOP = 20
NAMED = 3


def read_ranking(head: SeedsHead, query: QueryDict, now: datetime, error: str = "") -> RankingPage:
    """A page of the ranking as last counted."""
    ladder, total = find_ladder(head.id), count_ranked(head.id)
    page = read_page(query.get("page"), -(-total // PAGE_SIZE))
    start = (page - 1) * PAGE_SIZE
    found = list_ranked(head.id, start=start, limit=PAGE_SIZE)
    rows = _rows(head, ladder, found, start)
    today = local_day(now, head.timezone)
    return RankingPage(
        head=head,
        title=_title(rows, start, found),
        how=words.how(DAYS) + (words.how_notes() if ladder.noted_people else ""),
        how_platform=words.how_platform(),
        founded_by=words.founded_by(ladder.founded_on, find_start(head.id)),
        weighed=words.weighed(Weights.of(ladder.weights)),
        rows=rows,
        columns=tuple(words.part(name) for name in (*SIGNALS, *(["notes"] if ladder.noted_people else []))),
        moments=words.windows() if ladder.platform_people else (),
        pages=Pages(page, PAGE_SIZE, total, npgettext("unit", "人", "人", total), kept_query(dict(query.lists()))),
        top=min(TOP, total),
        list_name=_("%(day)s的种子用户") % {"day": tell_date(today, pgettext("date format", "n 月 j 日"))},
        counted_at=ladder.counted_at,
        since=ladder.counted_from,
        last=ladder.counted_until - timedelta(days=1) if ladder.counted_until else None,
        founded_on=ladder.counted_founding,
        strangers=ladder.platform_strangers,
        is_counting=is_due(ladder, head.home, now),
        error=error,
    )


def _title(rows: Sequence[SeedRow], start: int, found: Sequence[SignalsRow]) -> str:
    """The answer: who is on top."""
    if not rows:
        return _("还没有人可以排")
    if start or not found[0].days:
        return _("种子用户排名")
    names = _("、").join(_("「%(name)s」") % {"name": row.name} for row in rows[:NAMED])
    return _("%(names)s最像种子用户") % {"names": names}


def _rows(head: SeedsHead, ladder: LadderRow, found: Sequence[SignalsRow], start: int) -> tuple[SeedRow, ...]:
    ids = [one.person_id for one in found]
    names = {pk: one.name for pk, one in names_of(ids).items()} if ids else {}
    listed = list_shortlisted_among(head.id, ids) if ids else {}
    lists = {one.id: one for one in list_shortlists(head.id)} if listed else {}
    rungs = {one.code: one for one in rungs_of(ladder.rungs)}
    score = Scoring(ladder, head.timezone)
    return tuple(
        _row(head, place, one, names, (rungs.get(one.rung), lists.get(listed.get(one.person_id, 0))), score)
        for place, one in enumerate(found, start + 1)
    )


def _row(
    head: SeedsHead,
    place: int,
    one: SignalsRow,
    names: Mapping[int, str],
    standing: tuple[Rung | None, ShortlistRow | None],
    scoring: Scoring,
) -> SeedRow:
    did, platform = signals_of_row(one), platform_of_row(one)
    rung, shortlist = standing
    score = scoring.of(one)
    return SeedRow(
        rank=place,
        person_id=one.person_id,
        name=names.get(one.person_id) or f"#{one.person_id}",
        href=reverse("console:person", args=[one.person_id]),
        rung=words.rung_name(rung) if rung else "",
        list_name=shortlist.name if shortlist else "",
        list_href=reverse("console:seeds-list", args=[head.id, shortlist.id]) if shortlist else "",
        score=f"{one.score:.1f}",
        reason=words.reason(did, platform, scoring.days, one.notes),
        parts=tuple(_cell(name, number(getattr(did, name)), score) for name in SIGNALS) + _talks(one, score),
        moments=_moments(platform, scoring) if scoring.has_platform else (),
    )


def _cell(name: str, figure: str, score: Score) -> PartCell:
    return PartCell(words.part(name), figure, score.parts[name], f"{score.points[name]:.1f}")


def _talks(one: SignalsRow, score: Score) -> tuple[PartCell, ...]:
    """Private talks, where any member has some."""
    return (_cell("notes", number(one.notes), score),) if "notes" in score.parts else ()


def _moments(platform: Platform | None, scoring: Scoring) -> tuple[PartCell, ...]:
    """How much somebody did a day in each of the three windows, side by side; «–» where nothing is known of them."""
    names = words.windows()
    if platform is None:
        return tuple(PartCell(name, "–", 0.0, "") for name in names)
    a_day = [done / days if days else 0.0 for done, days in zip(platform.deeds, scoring.passed, strict=True)]
    most = max(a_day) or 1.0
    told = [f"{value:.1f}" if days else "–" for value, days in zip(a_day, scoring.passed, strict=True)]
    return tuple(
        PartCell(name, figure, value / most, "") for name, figure, value in zip(names, told, a_day, strict=True)
    )


def read_homes(communities: Sequence[tuple[int, str]]) -> tuple[HomeLine, ...]:
    """Communities to choose from, with how many stand on each rung."""
    counts = count_by_rung([pk for pk, _name in communities])
    return tuple(
        HomeLine(reverse("console:seeds-community", args=[pk]), name, _rungs_told(pk, counts))
        for pk, name in communities
    )


def _rungs_told(community_id: int, counts: Mapping[tuple[int, str], int]) -> str:
    told = [f"{_(rung.name)} {number(counts.get((community_id, rung.code), 0))}" for rung in RUNGS]
    return " · ".join(told) if any(home == community_id for home, _code in counts) else _("阶梯上还没有人")
