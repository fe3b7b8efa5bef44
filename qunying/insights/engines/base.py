"""What an engine must be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qunying.insights.world import World

Row = dict[str, Any]
Span = tuple[datetime, datetime]


class Session(Protocol):
    """Questions about one world, one after the other. A ``slot`` is told as text, goes_together it is while it is counted."""

    is_near: bool  # whether millions of rows come here in no time, so that what SQL is slow at can be counted here

    def run(self, sql_template: str, params: Mapping[str, Any], span: Span | None = None) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql`` with its named parameters; what it does not name is left out.

        With ``span`` talk and moves are seen only from its beginning up to its end, which must lie in the world's scope.
        """

    def ask(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of a question that was put together for this once, with its named parameters."""

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Reads the rows of such a question once, into a table of that name for later questions of this session."""

    def name(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Shows the rows of such a question under that name to later questions, which read them anew."""

    def take(self, name: str, table: pa.Table) -> None:
        """Shows these rows to later questions of this session under that name."""

    def arrays(self, sql: str, params: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
        """What ``ask`` does, for a question that leaves nothing empty and has no slots, as one array per column."""

    def columns(self, sql_template: str) -> dict[str, NDArray[np.generic]]:
        """The same for a file without parameters that leaves nothing empty, as one array per column."""

    def keep(self) -> None:
        """Reads all that the questions see, once: worth it for many questions about few groups."""


class Engine(Protocol):
    """Answers the catalogue's SQL over a world."""

    def open(self, world: World) -> AbstractContextManager[Session]:
        """A session in which ``talk``, ``moves`` and ``people`` show that world."""
