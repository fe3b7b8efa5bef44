"""The tiles of a group beside those of the operator's other groups of the same kind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from qunying.console.group.overview import Overview, Tile
from qunying.insights.benchmarks import Peers, read_peers
from qunying.insights.words_of_peers import drawn, short, told, who


def with_peers(overview: Overview, group_id: int, community_ids: Collection[int] | None) -> Overview:
    """The overview with what peers in these communities (None: in all) have; as it is where nothing was counted yet."""
    if overview.ended_on is not None:
        return overview
    peers = read_peers(group_id, community_ids)
    return (
        overview if peers is None else replace(overview, tiles=tuple(_beside(tile, peers) for tile in overview.tiles))
    )


def _beside(tile: Tile, peers: Peers) -> Tile:
    if tile.measure is None:
        return tile
    if tile.measure not in peers.standings:
        return tile if peers.kind else replace(tile, how=f"{tile.how}{who(peers)}")
    return replace(
        tile,
        how=f"{tile.how}{told(peers, tile.measure)}",
        note=" · ".join(filter(None, (tile.note, short(peers, tile.measure)))),
        among=drawn(peers, tile.measure),
    )
