"""Who answers whom: pairs, whoever holds clusters of people together, and whoever nobody talks with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from qunying.insights.aside import apart
from qunying.insights.looking import look_at
from qunying.insights.scope import Scope
from qunying.people.queries import list_odd_identities, names_of
from qunying.talk.exchanges import list_exchanges

LOOKED_AT = 300  # people among whom bridges are looked for, those who talk with others most
DRAWN = 60
SEED = 7
NOTICEABLE = 0.05  # of all shortest ways between people
LEAST_CLUSTER = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """How often one person turned to another, and by which ways; see ``talk.exchanges.Exchange``."""

    who: int
    to: int
    replies: int
    follows: int
    mentions: int

    @property
    def times(self) -> int:
        """All ways together."""
        return self.replies + self.follows + self.mentions


@dataclass(frozen=True, slots=True)
class Talker:
    """Somebody who talks with others: how often they turned to somebody and somebody to them, and to how many people.

    ``cluster`` numbers those who talk with each other more than with the rest, the largest first, None outside every one.
    ``between`` is the share of the shortest ways between two others that lead through them; a *bridge* has some of them, and
    talks with people of two clusters or more, or is the only way to somebody.
    """

    person_id: int
    name: str
    is_staff: bool
    gave: int
    got: int
    partners: int
    cluster: int | None = None
    between: float = 0.0
    is_bridge: bool = False
    cuts_off: int = 0


@dataclass(frozen=True, slots=True)
class Replies:
    """Pairs and talkers, most first; ``alone`` are members who spoke while nobody turned to them nor they to anybody.

    ``is_cut``: clusters and bridges were looked for among the ``LOOKED_AT`` who talk most.
    """

    pairs: tuple[Pair, ...]
    talkers: tuple[Talker, ...]
    alone: tuple[tuple[int, str], ...]
    speakers: int
    clusters: int
    is_cut: bool

    @property
    def bridges(self) -> tuple[Talker, ...]:
        """Whoever holds others together, most first."""
        return tuple(
            sorted((one for one in self.talkers if one.is_bridge), key=lambda one: (-one.between, one.person_id))
        )


def read_replies(scope: Scope) -> Replies:
    """Who turned to whom in the scope's groups. Programs are left out; colleagues take part and are told apart."""
    odd = list_odd_identities(scope.group_ids)
    persons = {one: person for one, person, _ in odd}
    bots = {one for one, _, is_bot in odd if is_bot}
    staff = {persons.get(one, one) for _, one, kind in apart(scope, bots) if kind == "staff"}
    pairs = _pairs(scope, persons, bots)
    spoke = [pk for pk, _, _ in _speakers(scope)]
    met = {pk for pair in pairs for pk in (pair.who, pair.to)}
    lonely = [pk for pk in spoke if pk not in met]
    names = {pk: one.name for pk, one in names_of(met | set(lonely)).items()}
    talkers = _talkers(pairs, names, staff)
    placed = _placed(talkers, pairs)
    return Replies(
        pairs=tuple(pairs),
        talkers=placed,
        alone=tuple((pk, names.get(pk, f"#{pk}")) for pk in lonely),
        speakers=len(spoke),
        clusters=len({one.cluster for one in placed} - {None}),
        is_cut=len(talkers) > LOOKED_AT,
    )


def _speakers(scope: Scope) -> Sequence[tuple[int, int, int]]:
    talk = look_at(scope, ("messages",)).talk
    return talk.by_person(len(talk.person_id))


def _pairs(scope: Scope, persons: Mapping[int, int], bots: set[int]) -> list[Pair]:
    """By person, most first; two accounts of one person are one."""
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in list_exchanges(scope.group_ids, scope.since, scope.until):
        if one.who in bots or one.to in bots:
            continue
        counts = found[persons.get(one.who, one.who), persons.get(one.to, one.to)]
        for place, times in enumerate((one.replies, one.follows, one.mentions)):
            counts[place] += times
    only = None if scope.people is None else frozenset(scope.people)
    pairs = [
        Pair(who, to, *counts)
        for (who, to), counts in found.items()
        if who != to and (only is None or {who, to} <= only)
    ]
    return sorted(pairs, key=lambda pair: (-pair.times, pair.who, pair.to))


def _talkers(pairs: Iterable[Pair], names: Mapping[int, str], staff: set[int]) -> list[Talker]:
    """Most first, then the lower id."""
    gave, got = defaultdict[int, int](int), defaultdict[int, int](int)
    partners = defaultdict[int, set[int]](set)
    for pair in pairs:
        gave[pair.who] += pair.times
        got[pair.to] += pair.times
        partners[pair.who].add(pair.to)
        partners[pair.to].add(pair.who)
    found = [
        Talker(pk, names.get(pk, f"#{pk}"), pk in staff, gave[pk], got[pk], len(others))
        for pk, others in partners.items()
    ]
    return sorted(found, key=lambda one: (-one.gave - one.got, one.person_id))


def graph_of(talkers: Sequence[Talker], pairs: Iterable[Pair]) -> nx.Graph[int]:
    """Who talks with whom, without direction: ``weight`` is how often, ``length`` its inverse. Always in the same order."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(one.person_id for one in talkers)
    weights = defaultdict[tuple[int, int], int](int)
    for pair in pairs:
        if pair.who in graph and pair.to in graph:
            weights[min(pair.who, pair.to), max(pair.who, pair.to)] += pair.times
    for (one, other), times in sorted(weights.items()):
        graph.add_edge(one, other, weight=times, length=1 / times)
    return graph


def _placed(talkers: Sequence[Talker], pairs: Iterable[Pair]) -> tuple[Talker, ...]:
    """Talkers with their clusters, and with what they hold together."""
    graph = graph_of(talkers[:LOOKED_AT], pairs)
    clusters = _clusters(graph)
    between = nx.betweenness_centrality(graph, weight="length")
    cuts = {pk: _cut_off(graph, pk) for pk in nx.articulation_points(graph)}
    found = []
    for one in talkers:
        near = {clusters.get(other) for other in graph[one.person_id]} - {None} if one.person_id in graph else set()
        share = between.get(one.person_id, 0.0)
        found.append(
            Talker(
                one.person_id,
                one.name,
                one.is_staff,
                one.gave,
                one.got,
                one.partners,
                clusters.get(one.person_id),
                share,
                share >= NOTICEABLE and (len(near) > 1 or one.person_id in cuts),
                cuts.get(one.person_id, 0),
            )
        )
    return tuple(found)


def _clusters(graph: nx.Graph[int]) -> dict[int, int]:
    """The number of each person's cluster; people in smaller circles than ``LEAST_CLUSTER`` have none."""
    if not graph.number_of_edges():
        return {}
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    large = sorted((sorted(one) for one in found if len(one) >= LEAST_CLUSTER), key=lambda one: (-len(one), one))
    return {pk: number for number, people in enumerate(large) for pk in people}


def _cut_off(graph: nx.Graph[int], person_id: int) -> int:
    """How many people could no longer be reached from the largest rest of their circle without that person."""
    here = nx.node_connected_component(graph, person_id) - {person_id}
    parts = sorted((len(part) for part in nx.connected_components(graph.subgraph(here))), reverse=True)
    return sum(parts[1:])


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stands in the drawing, from 0 to 1 across and down."""

    talker: Talker
    x: float
    y: float


def lay_out(replies: Replies) -> list[Spot]:
    """The ``DRAWN`` people who talk most, near those they talk with; the same every time."""
    shown = replies.talkers[:DRAWN]
    if not shown:
        return []
    graph = graph_of(shown, replies.pairs)
    weighed = {(one, other): 1 + edge["weight"] ** 0.5 for one, other, edge in graph.edges(data=True)}
    nx.set_edge_attributes(graph, weighed, "pull")
    places = nx.spring_layout(graph, weight="pull", seed=SEED, iterations=200, k=1.6 / len(shown) ** 0.5)
    across = _stretched({pk: float(place[0]) for pk, place in places.items()})
    down = _stretched({pk: float(place[1]) for pk, place in places.items()})
    return [Spot(one, across[one.person_id], down[one.person_id]) for one in shown]


def _stretched(values: Mapping[int, float]) -> dict[int, float]:
    """Ranks and places half and half: nobody lies on top of a heap, and near stays near."""
    low, high = min(values.values()), max(values.values())
    order = {pk: rank for rank, pk in enumerate(sorted(values, key=lambda pk: (values[pk], pk)))}
    steps = max(1, len(values) - 1)
    return {
        pk: 0.5 * ((value - low) / (high - low) if high > low else 0.5) + 0.5 * order[pk] / steps
        for pk, value in values.items()
    }
