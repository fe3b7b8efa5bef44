"""Who carries a community or a group, for its own page: the first few with the parts of their score and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.insights import words_of_carrying as words
from qunying.insights import words_of_seeds
from qunying.insights.carrying import Carrying, Climb, Seed
from qunying.people.ladder import count_by_rung, find_joined
from qunying.people.queries import count_persons_present
from qunying.ui.charts import Layer
from qunying.ui.figures import number


@dataclass(frozen=True, slots=True)
class SeedLine:
    """Somebody with their score (0 … 100), where most of it comes from, their rung, and how far they have come."""

    person_id: int
    name: str
    href: str
    score: float
    told: str
    points: str
    reason: str
    rung: str
    step: str
    list_href: str


@dataclass(frozen=True, slots=True)
class SeedsPanel:
    """The answer as a title, and the first few. ``href`` leads to the whole ranking."""

    title: str
    how: str
    told: str
    lines: tuple[SeedLine, ...]
    href: str


@dataclass(frozen=True, slots=True)
class MovesPanel:
    """Who moved on the ladder in a week, and who is about to; ``parts`` are how many stand where."""

    title: str
    how: str
    told: str
    parts: tuple[Layer, ...]
    moves: tuple[tuple[str, str, bool], ...]
    more: str
    falling: tuple[tuple[str, str], ...]
    href: str


MOVES = 8


def lay_seeds(found: Carrying | None, community_id: int) -> SeedsPanel:
    """The panel; without lines where nobody has been counted yet, or nobody did anything."""
    href = reverse("console:seeds-community", args=[community_id])
    if found is None:
        return SeedsPanel(_("还没数过谁撑着这里"), "", "", (), href)
    lines = tuple(_line(one, found, community_id) for one in found.seeds)
    return SeedsPanel(words.headline(found.seeds), words.how(found), words.told(found), lines, href)


def _line(one: Seed, found: Carrying, community_id: int) -> SeedLine:
    return SeedLine(
        person_id=one.person_id,
        name=one.name,
        href=_person(one.person_id),
        score=one.score.total,
        told=words.score(one),
        points=words.points(one),
        reason=words_of_seeds.reason(one.signals, one.platform, found.days, one.talks),
        rung=words.rung(one.rung, found.rungs) if one.rung else "",
        step=words.step(one),
        list_href=reverse("console:seeds-list", args=[community_id, one.list_id]) if one.list_id else "",
    )


def _person(who: int) -> str:
    return reverse("console:person", args=[who])


def lay_moves(found: Carrying | None, climbs: Sequence[Climb], community_id: int, told: str) -> MovesPanel:
    """The panel of a ladder that has begun, or not yet."""
    rungs = found.rungs if found else ()
    more = len(climbs) - MOVES
    return MovesPanel(
        title=words.moves(climbs, found.falling_count if found else 0)
        if found and found.is_begun
        else _("阶梯明天第一次定级"),
        how=words_of_seeds.how_ladder(),
        told=told,
        parts=_parts(found, community_id),
        moves=tuple((_person(one.person_id), words.climb(one, rungs), one.is_gain) for one in climbs[:MOVES]),
        more=ngettext("另有 %(n)s 人动了", "另有 %(n)s 人动了", more) % {"n": number(more)} if more > 0 else "",
        falling=tuple((_person(one.person_id), words.grace(one, rungs)) for one in (found.falling if found else ())),
        href=reverse("console:seeds-ladder", args=[community_id]),
    )


def _parts(found: Carrying | None, community_id: int) -> tuple[Layer, ...]:
    if found is None or not found.is_begun:
        return ()
    counts = count_by_rung([community_id], find_joined(community_id))
    above = [
        Layer(words_of_seeds.rung_name(one), counts.get((community_id, one.code), 0)) for one in reversed(found.rungs)
    ]
    ordinary = count_persons_present([community_id]) - sum(one.count for one in above)
    return (*above, Layer(words_of_seeds.rung_name(None), max(0, ordinary)))
