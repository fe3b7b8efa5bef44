"""Who stands where on a community's ladder, and who is about to move: for the ladder's page and for the community's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.console.seeds.context import LadderPanel, RungPanel, StandingLine
from qunying.insights import words_of_seeds as words
from qunying.insights.scope import local_day
from qunying.insights.seeds.kept import signals_of_row
from qunying.insights.seeds.ladder import RUNGS, Rung, rungs_of
from qunying.people.ladder import LadderRow, SignalsRow, find_ladder, list_rising
from qunying.people.queries import count_persons_present, names_of
from qunying.people.standings import StandingRow, count_by_rung, count_falling, find_joined, list_falling, list_on_rung
from qunying.ui.charts import Layer
from qunying.ui.dates import tell_date
from qunying.ui.figures import number

SHOWN = 8
ABOUT_TO_MOVE = 6
NEAR = 0.6


def read_ladder_panel(community_id: int, zone: str, now: datetime) -> LadderPanel:
    """The panel of one community."""
    ladder = find_ladder(community_id)
    rungs = rungs_of(ladder.rungs)
    joined = find_joined(community_id)
    counts = {code: n for (_home, code), n in count_by_rung([community_id], joined).items()}
    people = {rung.code: list_on_rung(community_id, rung.code, SHOWN, joined) for rung in rungs}
    rising = [one for one in list_rising(community_id, ABOUT_TO_MOVE) if one.toward >= NEAR]
    falling = list_falling(community_id, ABOUT_TO_MOVE, joined)
    ids = {one.person_id for some in (*people.values(), falling) for one in some} | {one.person_id for one in rising}
    names = {pk: one.name for pk, one in names_of(ids).items()} if ids else {}
    return LadderPanel(
        title=_title(rungs, counts, ladder),
        how=words.how_ladder(),
        parts=_parts(rungs, counts, count_persons_present([community_id])),
        rungs=tuple(_rung(rung, counts, people[rung.code], names) for rung in reversed(rungs)),
        rising=tuple(_rising(one, rungs, names) for one in rising),
        falling=tuple(_falling(one, rungs, names, local_day(now, zone).toordinal()) for one in falling),
        falling_count=count_falling(community_id, joined),
        is_begun=ladder.begun_on is not None,
    )


def _title(rungs: Sequence[Rung], counts: Mapping[str, int], ladder: LadderRow) -> str:
    if ladder.begun_on is None:
        return _("阶梯明天第一次定级")
    top = sum(counts.get(rung.code, 0) for rung in rungs[1:])
    if not top:
        return _("还没有人站到「%(rung)s」") % {"rung": words.rung_name(rungs[1])}
    told = ngettext("%(n)s 人站在「%(rung)s」以上", "%(n)s 人站在「%(rung)s」以上", top)
    return told % {"n": number(top), "rung": words.rung_name(rungs[1])}


def _parts(rungs: Sequence[Rung], counts: Mapping[str, int], members: int) -> tuple[Layer, ...]:
    above = [Layer(words.rung_name(rung), counts.get(rung.code, 0)) for rung in reversed(rungs)]
    ordinary = max(0, members - sum(one.count for one in above))
    return (*above, Layer(words.rung_name(None), ordinary))


def _rung(rung: Rung, counts: Mapping[str, int], people: Sequence[StandingRow], names: Mapping[int, str]) -> RungPanel:
    return RungPanel(
        code=rung.code,
        name=words.rung_name(rung),
        needs=words.needs(rung),
        may=_(rung.may) if rung.may else "",
        count=counts.get(rung.code, 0),
        people=tuple(
            StandingLine(
                _name(one.person_id, names),
                reverse("console:person", args=[one.person_id]),
                _("从 %(day)s 起") % {"day": _day(one.since.toordinal())},
            )
            for one in people
        ),
    )


def _name(person: int, names: Mapping[int, str]) -> str:
    return names.get(person) or f"#{person}"


def _day(ordinal: int) -> str:

    return tell_date(date.fromordinal(ordinal), pgettext("date format", "n 月 j 日"))


def _rising(one: SignalsRow, rungs: Sequence[Rung], names: Mapping[int, str]) -> StandingLine:
    codes = [rung.code for rung in RUNGS]
    rung = rungs[codes.index(one.rung) + 1 if one.rung in codes else 0]
    return StandingLine(
        _name(one.person_id, names),
        reverse("console:person", args=[one.person_id]),
        _("离「%(rung)s」还差：%(missing)s") % {"rung": words.rung_name(rung), "missing": _missing(one, rung)},
        one.toward,
        "teal",
    )


def _missing(one: SignalsRow, rung: Rung) -> str:
    did = asdict(signals_of_row(one))
    lacking = [(name, least - did[name]) for name, least in rung.needs.items() if did[name] < least]
    return _("、").join(f"{words.part(name)} {number(least)}" for name, least in lacking)


def _falling(one: StandingRow, rungs: Sequence[Rung], names: Mapping[int, str], today: int) -> StandingLine:
    rung = next((rung for rung in rungs if rung.code == one.rung), None)
    left = max(0, one.falls_on.toordinal() - today) if one.falls_on else 0
    told = ngettext("低于「%(rung)s」的门槛，%(n)s 天后降下来", "低于「%(rung)s」的门槛，%(n)s 天后降下来", left)
    return StandingLine(
        _name(one.person_id, names),
        reverse("console:person", args=[one.person_id]),
        told % {"rung": words.rung_name(rung), "n": number(left)},
        0.0,
        "look",
    )
