"""Blocks as a page's template shows them, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qunying.insights.rendering.bars import Bar as DrawnBar
from qunying.insights.rendering.bars import lay_bars
from qunying.insights.rendering.blocks import (
    Bars,
    Block,
    Head,
    Hours,
    Note,
    Parts,
    Points,
    Quotes,
    Ranking,
    Table,
    Tiles,
)
from qunying.insights.rendering.buckets import Bucket, Buckets
from qunying.insights.rendering.markup import cells_of, lines_of_table, plain
from qunying.ui.figures import exact


@dataclass(frozen=True, slots=True)
class Laid:
    """A block with its name for the template, its bars as drawn, and its table's cells as written beside their group."""

    name: str
    block: Block
    bars: Sequence[DrawnBar] = ()
    rows: Sequence[tuple[int | None, Sequence[str]]] = ()


def lay_blocks(blocks: Iterable[Block]) -> list[Laid]:
    """Everything ``console/reports/_blocks.html`` shows."""
    return [lay(block) for block in blocks]


def lay(block: Block) -> Laid:
    """One block."""
    name = type(block).__name__.lower()
    match block:
        case Bars():
            buckets = Buckets("", tuple(Bucket(bar.label, bar.value, bar.before) for bar in block.bars))
            return Laid(name, block, bars=lay_bars(buckets))
        case Table():
            groups: Sequence[int | None] = block.groups or [None] * len(block.rows)
            return Laid(name, block, rows=list(zip(groups, cells_of(block), strict=True)))
        case _:
            return Laid(name, block)


def markdown_of(blocks: Iterable[Block]) -> str:
    """Headings, tables, lists. What people wrote cannot become markup."""
    return "\n".join(line for block in blocks for line in _lines(block)).strip() + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Head():
            yield from (f"# {plain(block.title)}", "", plain(block.kind), "", f"**{plain(block.headline)}**", "")
        case Tiles():
            yield from (f"- {tile.name}：{exact(tile.value)}（{tile.note}）" for tile in block.tiles)
            yield ""
        case Bars():
            yield from _titled(block.title, block.told, ["| | |", "| :--- | ---: |"])
            yield from (f"| {bar.label} | {exact(bar.value)} |" for bar in block.bars)
            yield ""
        case Table():
            yield from _titled(block.title, block.told, lines_of_table(block))
            yield ""
        case Quotes():
            quotes = [f"- {plain(one.name)}（{plain(one.note)}）：{plain(one.words)}" for one in block.quotes]
            yield from _titled(block.title, block.told, quotes)
            yield ""
        case Points():
            yield from _titled(block.title, block.told, [f"- {plain(point)}" for point in block.points])
            yield ""
        case Parts():
            parts = [f"- {plain(part.name)}：{exact(part.count)}" for part in block.parts]
            yield from _titled(block.title, block.told, parts)
            yield ""
        case Note():
            yield f"*{block.text}*"
        case Ranking() | Hours():
            raise TypeError(f"{type(block).__name__} has no words of its own")


def _titled(title: str, told: str, lines: Sequence[str]) -> list[str]:
    return [f"## {plain(title)}", "", *([told, ""] if told else []), *lines]
