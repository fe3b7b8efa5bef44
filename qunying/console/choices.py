"""Choices above a list (filter chips, column heads), with the address each of them leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. ``count`` stands behind its name where it is known."""

    label: str
    href: str
    is_on: bool = False
    count: int | None = None


def changed(query: Mapping[str, str], **changes: str) -> str:
    """The same address with some parameters changed; an empty value takes one away. The page number starts anew."""
    kept = {key: value for key, value in {**query, "page": "", **changes}.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


def choices(
    query: Mapping[str, str], name: str, labels: Iterable[tuple[str, str]], counts: Mapping[str, int] | None = None
) -> tuple[Choice, ...]:
    """One choice per (value, label) of the parameter ``name``; the one in force is marked."""
    here = query.get(name, "")
    known = counts or {}
    return tuple(
        Choice(label, changed(query, **{name: value}), value == here, known.get(value)) for value, label in labels
    )
