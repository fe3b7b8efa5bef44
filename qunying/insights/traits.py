"""What tells people apart that stands on no message: one word per person and community, joined to what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from qunying.communities.queries import CountedGroup
from qunying.insights.layers import read_layers
from qunying.insights.scope import Scope
from qunying.insights.tables import table_of_rows
from qunying.insights.world import FEW_GROUPS
from qunying.people.queries import list_inviters, list_on_cards

Trait = tuple[int, int, str]
TRAITS = pa.schema([("community_id", pa.int64()), ("person_id", pa.int64()), ("trait", pa.string())])


def table_of_traits(by: str, scope: Scope) -> pa.Table:
    """(community, person, word) of everybody in the scope's groups who has one, each once. ``by`` as the catalogue has it:

    ``city`` and ``industry`` as their card says, ``inviter`` the person who brought them, ``layer`` as of the scope's end.
    """
    return table_of_rows(list(_traits(by, scope)), TRAITS)


def _traits(by: str, scope: Scope) -> Iterator[Trait]:
    if by == "layer":
        yield from _layers(scope)
        return
    found: dict[tuple[int, int], str] = {}
    few = scope.group_ids if len(scope.groups) <= FEW_GROUPS else None
    list_rows = list_inviters if by == "inviter" else lambda homes, groups: list_on_cards(by, homes, groups)
    for community, person, word in list_rows(scope.community_ids, few):
        found[community, person] = str(word)  # whoever comes later is to be believed more
    for (community, person), word in found.items():
        yield community, person, word


def _layers(scope: Scope) -> Iterator[Trait]:
    """Of each community by itself: a person stands in one layer per community."""
    homes: dict[int, list[CountedGroup]] = {}
    for group in scope.groups:
        homes.setdefault(group.community_id, []).append(group)
    for community, groups in homes.items():
        for layer, people in _people(groups, scope):
            yield from ((community, person, layer) for person in people)


def _people(groups: Sequence[CountedGroup], scope: Scope) -> Iterator[tuple[str, Sequence[int]]]:
    for layer, people in read_layers(groups, scope.until).people.items():
        yield str(layer), people
