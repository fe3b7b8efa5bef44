"""The QQ accounts of one installation: which of them are there, and in which groups, so that one listens and others stand by."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Presence:
    """One account, as far as its line knows."""

    account: str = ""
    is_there: bool = False
    groups: set[str] = field(default_factory=set)
    heard_at: float = 0.0  # by the clock of the process


class Company:
    """All accounts whose lines this process holds."""

    def __init__(self) -> None:
        self._members: dict[int, Presence] = {}

    def join(self, line_id: int, account: str) -> Presence:
        """A line is made; what was known of an earlier one with its number is forgotten."""
        presence = self._members[line_id] = Presence(account)
        return presence

    def rejoin(self, line_id: int, presence: Presence) -> None:
        """A line that fell over is at work again."""
        self._members[line_id] = presence

    def leave(self, line_id: int, presence: Presence) -> None:
        """A line is gone, unless another has taken its number."""
        presence.is_there = False
        if self._members.get(line_id) is presence:
            del self._members[line_id]

    def accounts(self) -> frozenset[str]:
        """Every account of ours."""
        return frozenset(one.account for one in self._members.values() if one.account)

    def there(self) -> dict[str, Presence]:
        """The accounts that are there right now."""
        return {one.account: one for one in self._members.values() if one.is_there and one.account}

    def others_in(self, group: str, account: str) -> list[str]:
        """The other accounts that hear this group right now."""
        there = (one for one in self._members.values() if one.is_there and group in one.groups)
        return sorted({one.account for one in there} - {account, ""})
