"""How the page of a capability's settings is laid out: in sections, each about one decision, with what happens now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qunying.kernel.scene import Mode


@dataclass(frozen=True, slots=True)
class LayoutLink:
    """Another page where this is decided too: the name of its address, which is told the community behind ``?community=``, or
    in its path where it is ``of_community``."""

    title: str
    url_name: str
    of_community: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Two settings from 0 to 100 that are marks on one bar, and what happens below the lower one, between them, and from the
    upper one on."""

    lower: str
    upper: str
    below: str
    between: str
    above: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder in the reader's words: when it comes, what happens, when that ends, who decides."""

    title: str
    acts: tuple[str, ...]
    ends: str
    decides: str
    is_hard: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The settings that decide one thing.

    ``tell`` says in the reader's language what happens now under these settings in that mode. ``settings`` are asked for in this
    order, ``more`` are folded away, those ``spread`` show their choices all at once. ``marks`` and ``rungs`` are drawn.
    """

    title: str
    tell: Callable[[Any, Mode], str]
    settings: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    spread: tuple[str, ...] = ()
    marks: Marks | None = None
    rungs: Callable[[Any, Mode], Sequence[Rung]] | None = None
    links: tuple[LayoutLink, ...] = ()
