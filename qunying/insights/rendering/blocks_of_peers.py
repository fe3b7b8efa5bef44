"""A group beside the operator's other groups of its kind, as blocks in the active language and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from qunying.insights import words_of_peers as words
from qunying.insights.benchmarks import Peers
from qunying.insights.rendering.blocks import Block, Column, Points, Table, Value


def peers_of(found: Peers | None) -> Iterator[Block]:
    """A sentence for each figure that can be compared; that there are too few groups where there are."""
    if found is None:
        return
    lines = [words.line(found, measure) for measure in found.standings]
    if lines:
        yield Points(words.headline(found), lines, told=words.looked_at(found))
    elif found.kind is None:
        yield Points(_("和同类的群比"), [words.who(found)])


def table_of_peers(found: Peers | None) -> Iterator[Block]:
    """The same with all quartiles, for whoever goes on counting."""
    if found is None or not found.standings:
        return
    names = (_("这里"), _("最低"), _("四分之一"), _("中间"), _("四分之三"), _("最高"))
    columns = (
        Column(_("看什么")),
        *(Column(name) for name in names),
        Column(_("排第几"), "count"),
        Column(_("一共"), "count"),
    )
    rows: list[tuple[Value, ...]] = [
        (
            words.measured(measure),
            *(
                words.figure(measure, value)
                for value in (one.value, one.smallest, one.low, one.middle, one.high, one.largest)
            ),
            one.place,
            one.of,
        )
        for measure, one in found.standings.items()
    ]
    yield Table(_("和同类的群比"), words.looked_at(found), columns, rows)


def peers_as_plain(found: Peers | None) -> dict[str, Any] | None:
    """Plain values: shares and changes as parts of one, messages per person; None where the group stands beside none."""
    if found is None:
        return None
    return {
        "kind": found.kind and found.kind.value,
        "groups": found.count,
        "words": words.headline(found) if found.standings else words.who(found),
        "days": 7,
        "figures": {
            measure.value: {**asdict(one), "words": words.line(found, measure)}
            for measure, one in found.standings.items()
        },
    }
