"""Page numbers under a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

Query = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A number to click; without ``href`` the current one, without ``number`` a gap."""

    number: int | None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """A slice of a list: ``current`` of pages of ``size``, ``total`` things called ``unit`` («人»)."""

    current: int
    size: int
    total: int
    unit: str
    query: str = ""
    name: str = "page"

    @property
    def count(self) -> int:
        """How many pages; an empty list still has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first thing shown, from 1; 0 in an empty list."""
        return min(self.total, (self.current - 1) * self.size + 1)

    @property
    def last(self) -> int:
        """Number of the last thing shown."""
        return min(self.total, self.current * self.size)

    @property
    def links(self) -> tuple[PageLink, ...]:
        """The first, the last, the current and its neighbours, with gaps between."""
        return tuple(self._link(number) for number in shown_numbers(self.current, self.count))

    def _link(self, number: int | None) -> PageLink:
        if number is None or number == self.current:
            return PageLink(number)
        joint = "&" if self.query else ""
        return PageLink(number, f"?{self.query}{joint}{self.name}={number}")


def read_page(text: str | None, count: int) -> int:
    """A page number from an address: anything unreadable is 1, anything too far the last page."""
    try:
        wanted = int(text or 1)
    except ValueError:
        return 1
    return min(max(1, wanted), max(1, count))


def kept_query(query: Query, name: str = "page") -> str:
    """The address's other parameters, encoded, so that paging keeps filter and order."""
    return urlencode({key: value for key, value in query.items() if key != name}, doseq=True)


def shown_numbers(current: int, count: int) -> list[int | None]:
    """``(1, 24)`` → ``[1, 2, 3, None, 24]``; ``None`` stands for at least two left out."""
    wanted = {1, count, *range(current - 1, current + 2)} | ({2, 3} if current < 3 else set())
    numbers: list[int | None] = []
    previous = 0
    for number in sorted(n for n in wanted if 1 <= n <= count):
        if number - previous == 2:
            numbers.append(previous + 1)
        elif number - previous > 2:
            numbers.append(None)
        numbers.append(number)
        previous = number
    return numbers
