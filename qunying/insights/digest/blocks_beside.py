"""What a digest tells beside what was said, as blocks in the active language and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from qunying.insights import words_of_carrying, words_of_dependency, words_of_kept, words_of_layers
from qunying.insights.digest import words
from qunying.insights.digest.beside import Layered
from qunying.insights.digest.telling import Digest
from qunying.insights.rendering import themes_as_json
from qunying.insights.rendering.blocks import Block, Column, Parts, Points, Table
from qunying.insights.rendering.blocks_of_carrying import (
    dependency_of,
    ladder_of,
    seeds_of,
    table_of_dependency,
    table_of_moves,
    table_of_seeds,
    table_of_themes,
    theme_of_card,
    themes_of,
)
from qunying.insights.rendering.carrying_as_json import carrying_as_plain, dependency_as_plain
from qunying.people.layers import Layer
from qunying.ui.charts import Layer as Part

THEMES = 5


def beside_of_page(digest: Digest) -> Iterator[Block]:
    """All of it, for a page and for paper."""
    found = digest.beside
    yield from _layers(found.layers)
    yield from seeds_of(found.carrying)
    yield from ladder_of(found.carrying, found.climbs, words.span(digest))
    if found.carrying:
        yield from dependency_of(found.carrying.dependency, words_of_carrying.span(found.carrying))
    yield from themes_of(found.themes, THEMES)


def beside_of_card(digest: Digest) -> Iterator[Block]:
    """A line of each, and the theme that has come up most in somebody's words."""
    found = digest.beside
    lines = [words_of_kept.headline(digest.kept)] if digest.kept.next_week is not None else []
    lines += [words_of_layers.headline_of(found.layers.counts)] if found.layers else []
    if found.carrying and found.carrying.seeds:
        lines.append(words_of_carrying.headline(found.carrying.seeds))
    falling = found.carrying.falling_count if found.carrying else 0
    lines += (
        [_("成长阶梯：%(moves)s") % {"moves": words_of_carrying.moves(found.climbs, falling)}] if found.climbs else []
    )
    if found.carrying and found.carrying.dependency.is_risky:
        lines.append(words_of_dependency.headline(found.carrying.dependency))
    if lines:
        yield Points(capfirst(_("人")), lines)
    yield from theme_of_card(found.themes)


def beside_of_book(digest: Digest) -> Iterator[Block]:
    """The figures."""
    found = digest.beside
    if found.layers:
        told = words_of_layers.told_of(found.layers.days)
        rows = [(part.name, part.count) for part in _parts(found.layers)]
        yield Table(_("分层"), told, (Column(_("分层")), Column(_("人数"), "count")), rows)
    yield from table_of_seeds(found.carrying)
    yield from table_of_moves(found.carrying, found.climbs, words.span(digest))
    if found.carrying:
        yield from table_of_dependency(found.carrying.dependency)
    yield from table_of_themes(found.themes, THEMES)


def _layers(found: Layered | None) -> Iterator[Block]:
    if found:
        yield Parts(words_of_layers.headline_of(found.counts), words_of_layers.told_of(found.days), _parts(found))


def _parts(found: Layered) -> list[Part]:
    return [Part(words_of_layers.name(one), getattr(found.counts, one.value)) for one in Layer]


def beside_as_plain(digest: Digest) -> dict[str, Any]:
    """Plain values; what was not counted, or says nothing of these days, is None."""
    found = digest.beside
    layers = found.layers
    return {
        "layers": layers.counts._asdict() | {"days": layers.days} if layers else None,
        "seed_users": carrying_as_plain(found.carrying),
        "ladder": {
            "moves": [
                {"person": one.person_id, "name": one.name, "from": one.before or None, "to": one.after or None}
                for one in found.climbs
            ],
            "in_grace": found.carrying.falling_count if found.carrying else None,
        },
        "dependency": dependency_as_plain(found.carrying.dependency) if found.carrying else None,
        "themes": themes_as_json.as_plain(found.themes),
    }
