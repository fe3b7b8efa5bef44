"""The lines of talk as ``signals`` and ``dependency`` take them: persons instead of identities, days instead of moments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from qunying.communities.queries import CountedGroup
from qunying.insights.aside import Aside, read_aside
from qunying.insights.scope import Scope
from qunying.insights.seeds.signals import Line
from qunying.judgement.replies import gives_thanks, only_joins_in, thanks_everybody
from qunying.kernel.readings import Verdict, mask_of
from qunying.talk.answering import PlacedLine, list_placed

US = 0
GROUPS_AT_ONCE = 20
_QUESTION, _BAD = mask_of(Verdict.QUESTION), mask_of(Verdict.AD) | mask_of(Verdict.ABUSE)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Which person an identity is, and who of them are colleagues, programs or our own account."""

    persons: Mapping[int, int]
    apart: frozenset[int]

    @classmethod
    def of(cls, scope: Scope, aside: Aside | None = None) -> Crowd:
        """The people of these groups, in a few queries; in none where ``aside`` was read before."""
        known = aside or read_aside(scope, scope.group_ids)
        persons = known.persons
        return cls(persons, frozenset({persons.get(one, one) for _, one, _ in known.apart} | {US}))

    def who(self, identity: int | None) -> int:
        """The person behind an identity, ``US`` for our own account."""
        return US if identity is None else self.persons.get(identity, identity)


def read_lines(scope: Scope, crowd: Crowd) -> Iterator[list[Line]]:
    """The lines of one group after another; so many groups are read together that memory stays flat."""
    for first in range(0, len(scope.groups), GROUPS_AT_ONCE):
        some = scope.groups[first : first + GROUPS_AT_ONCE]
        said = list_placed([group.id for group in some], scope.since, scope.until)
        yield from lines_of(said, some, crowd)


def lines_of(said: Iterable[PlacedLine], groups: Sequence[CountedGroup], crowd: Crowd) -> Iterator[list[Line]]:
    """What was said as lines, group by group; ``said`` is in the order of groups. What has no place is left out."""
    zones = {group.id: ZoneInfo(group.timezone) for group in groups}
    for group_id, lines in groupby(said, key=lambda one: one.group_id):
        zone = zones[group_id]
        yield [_line(one, _day(one.at, zone), crowd) for one in lines if one.thread is not None]


def _day(moment: datetime, zone: ZoneInfo) -> int:
    return moment.astimezone(zone).toordinal()


def _line(one: PlacedLine, day: int, crowd: Crowd) -> Line:
    holds = one.holds or 0
    thanks = gives_thanks(one.text)
    return Line(
        id=one.id,
        thread=one.thread or 0,
        who=US if one.is_own else crowd.who(one.sender_id),
        day=day,
        answers=one.answers,
        asks=bool(holds & _QUESTION) or (one.holds is None and _looks_asked(one.text)),
        thanks=thanks,
        thanks_all=thanks and thanks_everybody(one.text),
        joins_in=only_joins_in(one.text),
        is_bad=bool(holds & _BAD),
    )


_ASKED = re.compile(r"[?？]\s*$|吗[?？。!！~～ ]*$")


def _looks_asked(text: str) -> bool:
    """Of what no judge has read yet only the plain sign of a question counts."""
    return _ASKED.search(text) is not None
