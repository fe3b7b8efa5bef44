"""Topics of a span and how many members took part in each: threads of talk in which two or more spoke, a member among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qunying.insights.aside import Aside
from qunying.insights.chain import Span
from qunying.insights.kpis.figures import Ratio
from qunying.insights.scope import Scope
from qunying.talk.threads import Speakers, list_speakers


def count_topics(scope: Scope, span: Span, known: Aside, members: Mapping[int, int]) -> tuple[int, Ratio]:
    """How many topics began in the span, and over all of them the members who spoke on one, of those who could have.

    ``members`` sit in each group at the end of the span; where fewer sit there than spoke, because they left, those who
    spoke could have. A topic that colleagues and programs have among themselves is none.
    """
    apart = {(group, identity) for group, identity, _ in known.apart}
    topics = spoke = could = 0
    for thread in _begun(scope, span):
        members_of_it = [
            one for one in thread.speakers if one and (thread.group_id, one) not in apart
        ]  # our account is 0
        took_part = len({known.persons.get(one, one) for one in members_of_it}) + thread.unnamed
        if took_part:
            topics += 1
            spoke += took_part
            could += max(took_part, members.get(thread.group_id, 0))
    return topics, Ratio(spoke, could)


def _begun(scope: Scope, span: Span) -> Iterator[Speakers]:
    """The threads of the groups, of one that another went on with only those before that."""
    since, until = span
    yield from list_speakers(scope.living_ids, since, until)
    for group in scope.groups:
        if group.until and since < group.until:
            yield from list_speakers([group.id], since, min(until, group.until))
