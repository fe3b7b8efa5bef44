"""Plots that the script draws (hover, resize) over a table that everybody can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["main", "past", "peer", "more"]
Kind = Literal["line", "bar", "heat"]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, one per label; ``None`` is a gap. ``past`` and ``peer`` are what it is compared with."""

    name: str
    values: tuple[float | None, ...]
    role: Role = "main"


@dataclass(frozen=True, slots=True)
class Plot:
    """One question answered: ``title`` is the answer, ``sub`` says what is counted, ``unit`` stands on the axis.

    ``highlighted``: places of the labels in full colour (bars); empty = all. In a heat map each series is a row.
    """

    kind: Kind
    title: str
    sub: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    highlighted: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for row in self.series:
            if len(row.values) != len(self.labels):
                raise ValueError(f"{row.name}: {len(row.values)} values for {len(self.labels)} labels")

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads, as JSON."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "labels": self.labels,
            "highlighted": self.highlighted,
            "series": [{"name": row.name, "values": row.values, "role": row.role} for row in self.series],
        }

    @property
    def rows(self) -> list[tuple[str, tuple[float | None, ...]]]:
        """The table behind: one line per label, one column per series."""
        return [(label, tuple(row.values[i] for row in self.series)) for i, label in enumerate(self.labels)]
