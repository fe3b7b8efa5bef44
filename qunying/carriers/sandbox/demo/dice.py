"""Chance that repeats: the same names give the same draws in every process."""

from __future__ import annotations

from random import Random


def dice(*names: object) -> Random:
    """A source of chance that depends on these names alone."""
    return Random("/".join(str(name) for name in names))  # noqa: S311 — a world told again must be the same world
