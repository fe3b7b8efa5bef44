"""What Today says of cases: those that accuse somebody in one line, each appeal with its deadline, each mistake of ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.review.queue import address
from qunying.console.today.wanting import Names, Need, Wanting, place_of
from qunying.desk.reviewing import TakenCase
from qunying.pipeline.review.appeals import DEADLINE
from qunying.pipeline.review.deciding import APPEAL, APPROVAL, FAILED
from qunying.ui.figures import duration, exact


def want_cases(cases: Sequence[TakenCase], communities: Names, now: datetime) -> list[Wanting]:
    """Lines for these cases; those that only want a nod are told elsewhere."""
    doubted = [case for case in cases if case.kind == APPROVAL and case.score is not None]
    return [
        *([_want_review(doubted)] if doubted else []),
        *(_want_appeal(case, communities, now) for case in cases if case.kind == APPEAL),
        *(_want_look(case, communities) for case in cases if case.kind not in (APPEAL, APPROVAL)),
    ]


def _want_review(cases: Sequence[TakenCase]) -> Wanting:
    oldest = min(cases, key=lambda case: (case.opened_at, case.pk))
    places = tuple({case.group_id for case in cases})
    return Wanting("review", 0.65, oldest.opened_at, partial(_review, cases, oldest.opened_at), len(cases), places)


def _review(cases: Sequence[TakenCase], at: datetime, groups: Names) -> Need:
    places = {case.group_id for case in cases}
    what = ngettext("%(n)s 条消息待复核，最可疑 %(score)s", "%(n)s 条消息待复核，最可疑 %(score)s", len(cases))
    many = ngettext("%(n)s 个群", "%(n)s 个群", len(places)) % {"n": exact(len(places))}
    return Need(
        key="review",
        what=what % {"n": exact(len(cases)), "score": f"{max(case.score or 0.0 for case in cases):.2f}"},
        action=_("复核"),
        name=groups.get(cases[0].group_id or 0, "") if len(places) == 1 else "",
        href=reverse("console:review"),
        where=() if len(places) == 1 else (many,),
        at=at,
    )


def _want_appeal(case: TakenCase, communities: Names, now: datetime) -> Wanting:
    is_late = case.opened_at + DEADLINE <= now
    tell = partial(_appeal, case, communities, now, is_late=is_late)
    return Wanting(f"case{case.pk}", 0.9 if is_late else 0.6, case.opened_at, tell, 3, (case.group_id,))


def _appeal(case: TakenCase, communities: Names, now: datetime, groups: Names, *, is_late: bool) -> Need:
    due = case.opened_at + DEADLINE
    return Need(
        key=f"case{case.pk}",
        what=_("有人申诉，等另一位同事答复"),
        action=_("去看"),
        name=groups.get(case.group_id or 0, ""),
        href=address(case.pk),
        where=place_of(case, groups, communities),
        lateness=_("过了 %(time)s") % {"time": duration(now - due)} if is_late else "",
        hurry="" if is_late else _("还剩 %(time)s") % {"time": duration(due - now)},
        at=case.opened_at,
        tone="act" if is_late else "look",
    )


def _want_look(case: TakenCase, communities: Names) -> Wanting:
    harm = 0.75 if case.kind == FAILED else 0.6
    return Wanting(f"case{case.pk}", harm, case.opened_at, partial(_look, case, communities), places=(case.group_id,))


def _look(case: TakenCase, communities: Names, groups: Names) -> Need:
    is_failure = case.kind == FAILED
    return Need(
        key=f"case{case.pk}",
        what=_("判断时出了错，先拦着等人看一眼") if is_failure else _("有一件要你判断"),
        action=_("看过了"),
        name=groups.get(case.group_id or 0, ""),
        href=reverse("console:group", args=[case.group_id]) if case.group_id else "",
        post=reverse("console:today-seen", args=[case.pk]),
        where=place_of(case, groups, communities),
        at=case.opened_at,
        tone="act" if is_failure else "look",
    )
