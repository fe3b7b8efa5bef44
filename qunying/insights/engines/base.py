"""What an engine must be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from qunying.insights.world import World

Row = dict[str, Any]


class Session(Protocol):
    """Questions about one world, one after the other."""

    def run(self, sql_template: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql`` with its named parameters; what it does not name is left out."""


class Engine(Protocol):
    """Answers the catalogue's SQL over a world."""

    def open(self, world: World) -> AbstractContextManager[Session]:
        """A session in which ``talk``, ``moves`` and ``people`` show that world."""
