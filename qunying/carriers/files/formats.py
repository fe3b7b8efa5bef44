"""The contract of a file format, and how a path finds its format: by content, never by name alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from .records import Record
from .sources import Source, Tree


@dataclass(frozen=True, slots=True)
class Choices:
    """What has to be known before reading, found by ``survey`` or given by the operator.

    ``date_order``: "dmy", "mdy", "ymd" or "" where the file is not ambiguous; ``is_date_order_certain`` is False when no
    date in the whole file decides it (then day before month is taken and said so). ``columns``: for CSV, our field →
    the file's column name. ``chat_name``: a name for the chat where the file has none.
    """

    date_order: str = ""
    is_date_order_certain: bool = True
    columns: dict[str, str] = field(default_factory=dict)
    chat_name: str = ""

    def filled_by(self, found: Choices) -> Choices:
        """The operator's choices, completed by what the survey found."""
        return replace(
            self,
            date_order=self.date_order or found.date_order,
            is_date_order_certain=bool(self.date_order) or found.is_date_order_certain,
            columns={**found.columns, **self.columns},
            chat_name=self.chat_name or found.chat_name,
        )


def no_survey(source: Source) -> Choices:
    """For formats that need no look at the whole file before reading."""
    return Choices()


@dataclass(frozen=True, slots=True)
class Format:
    """One export format of one tool.

    ``detect`` sees the first 64 KiB of one file (decoded, at most) and answers 0 (not mine) to 100 (certainly mine).
    ``read`` streams records in constant memory and never raises on content: a damaged part becomes ``Skipped`` and
    reading goes on where it can. ``claims`` is for formats of several files: it answers the sources of a tree that
    belong together as one export, or () – then ``read_tree`` reads them.
    """

    name: str
    title: str
    detect: Callable[[str], int]
    read: Callable[[Source, Choices], Iterator[Record]]
    survey: Callable[[Source], Choices] = no_survey
    claims: Callable[[Tree], tuple[Source, ...]] | None = None
    read_tree: Callable[[Tree, Choices], Iterator[Record]] | None = None
