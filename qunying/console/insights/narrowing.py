"""Segments on the pages of numbers: the one that is looked at alone, and those that a breakdown tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import Http404
from django.utils.translation import gettext as _

from qunying.communities.access import Signed, visible_communities
from qunying.console.choices import changed
from qunying.console.insights.context import Ask, Only, Tick
from qunying.console.segments.reaching import list_reachable, people_in
from qunying.insights.journeys.parting import MOST_AMONG, SEGMENT, Among
from qunying.insights.scope import Scope
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.segments import SegmentLine


@dataclass(frozen=True, slots=True)
class Within:
    """What lies within reach of whoever asks: communities by id and name, and segments."""

    communities: Sequence[tuple[int, str]]
    segments: Sequence[SegmentLine] = ()

    @property
    def ids(self) -> list[int]:
        """The communities by id."""
        return [pk for pk, _name in self.communities]


def within(user: Signed) -> Within:
    """What this person may ask about."""
    return Within([(one.pk, one.name) for one in visible_communities(user)], list_reachable(user))


def find_segment(asked: Mapping[str, str], here: Within) -> SegmentLine | None:
    """The segment that alone is looked at. Raises ``Http404`` for one that is not within reach."""
    wanted = asked.get("segment", "")
    if not wanted:
        return None
    found = next((one for one in here.segments if str(one.id) == wanted), None)
    if found is None:
        raise Http404
    return found


def narrow(scope: Scope, segment: SegmentLine | None) -> Scope:
    """The scope with only this segment's people in it. Raises ``BadUse`` for a rule that can no longer be read."""
    if segment is None:
        return scope
    people, why = people_in(segment)
    if why:
        raise BadUse(mark("「%(name)s」的条件读不懂：%(why)s"), name=segment.name, why=why)
    return replace(scope, people=tuple(people))


def only_of(asked: Mapping[str, str], segment: SegmentLine | None) -> Only | None:
    """The segment that alone is looked at, and the same address without it."""
    return None if segment is None else Only(segment.id, segment.name, changed(asked, segment=""))


def tell_only(title: str, segment: SegmentLine | None) -> str:
    """A title that says of whom it is."""
    return title if segment is None else _("%(title)s，只看「%(segment)s」") % {"title": title, "segment": segment.name}


def ask_segment(asked: Mapping[str, str], here: Within) -> Ask:
    """The list of segments to look at alone."""
    options = [("", _("所有人")), *((str(one.id), label) for one, label in _named(asked, here))]
    return Ask("segment", _("只看人群"), tuple(options), asked.get("segment", ""))


def tick_segments(asked: Mapping[str, str], here: Within) -> tuple[Tick, ...]:
    """The segments that a breakdown can tell apart, with those that it does."""
    if asked.get("by") != SEGMENT:
        return ()
    chosen = {one.id for one in _chosen(asked, here)}
    return tuple(Tick("among", str(one.id), label, one.id in chosen) for one, label in _named(asked, here))


def read_among(asked: Mapping[str, str], here: Within) -> tuple[Among, ...]:
    """The segments that a breakdown tells apart; where none is said, the largest ones.

    Raises ``Http404`` for one that is not within reach, ``BadUse`` where there is none, too many, or one cannot be read.
    """
    if asked.get("by") != SEGMENT:
        return ()
    chosen = _chosen(asked, here)
    if not chosen:
        raise BadUse(mark("还没有人群：先到「成员 · 人群」里圈一个"))
    if len(chosen) > MOST_AMONG:
        raise BadUse(mark("一次最多比 %(most)d 个人群"), most=MOST_AMONG)
    return tuple(_among(chosen))


def _among(chosen: Sequence[SegmentLine]) -> Iterator[Among]:
    for one in chosen:
        people, why = people_in(one)
        if why:
            raise BadUse(mark("「%(name)s」的条件读不懂：%(why)s"), name=one.name, why=why)
        yield Among(one.id, one.name, people)


def _chosen(asked: Mapping[str, str], here: Within) -> Sequence[SegmentLine]:
    known = {str(one.id): one for one in here.segments}
    said = [word for word in asked.get("among", "").split(",") if word]
    if not said:
        return sorted((one for one, _label in _named(asked, here)), key=lambda one: -(one.people or 0))[:MOST_AMONG]
    if set(said) - known.keys():
        raise Http404
    return [known[word] for word in dict.fromkeys(said)]


def _named(asked: Mapping[str, str], here: Within) -> Iterator[tuple[SegmentLine, str]]:
    """Those of the community that is looked at and of every one, and goes_together is chosen; with their community where it
    is not plain."""
    names, community = dict(here.communities), asked.get("community", "")
    chosen = {asked.get("segment", ""), *asked.get("among", "").split(",")}
    for one in here.segments:
        is_here = not community or one.community_id is None or str(one.community_id) == community
        if is_here or str(one.id) in chosen:
            home = _("所有社群") if one.community_id is None else names.get(one.community_id, "")
            is_plain = len(names) < 2 or str(one.community_id) == community
            yield one, one.name if is_plain else f"{one.name} · {home}"
