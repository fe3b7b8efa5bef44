"""What the shell around every page shows; a context processor of the console fills it as ``shell``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "look", "act"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One section in the rail. ``in_bar``: also in the bottom bar of phones (four at most; a test of the console counts)."""

    icon: str
    label: str
    href: str
    count: int | None = None
    tone: Tone = ""
    is_current: bool = False
    in_bar: bool = False
    gap_before: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, in words a colleague would use."""

    id: int | str
    name: str
    duty: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class CarrierLine:
    """One account in the health popover. ``state`` is a phrase («在线 11 天»), ``about`` one sentence of figures."""

    name: str
    state: str
    is_online: bool
    about: str = ""
    tone: str = ""

    @property
    def dot(self) -> str:
        """The class of its dot."""
        return self.tone or ("on" if self.is_online else "act")


@dataclass(frozen=True, slots=True)
class Health:
    """Accounts online and automatic acts paused; ``stop_url`` leads to the page that can pause everything."""

    online: int = 0
    paused: int = 0
    offline: int = 0
    summary: str = ""
    carriers: tuple[CarrierLine, ...] = ()
    details_url: str = ""
    stop_url: str = ""

    @property
    def tone(self) -> str:
        """Class of the dot: red when an account is away, amber when something is paused, hollow when there is none."""
        if self.offline:
            return "act"
        if self.paused:
            return "look"
        return "on" if self.online else "hollow"


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything ``ui/base.html`` needs besides the page's own blocks. An empty ``search_url`` leaves the search out."""

    nav: tuple[NavItem, ...] = ()
    me: Me | None = None
    health: Health = Health()
    search_url: str = ""
    home_url: str = "/"

    @property
    def beyond_bar(self) -> tuple[NavItem, ...]:
        """The sections that phones find under «更多»."""
        return tuple(item for item in self.nav if not item.in_bar)

    @property
    def more_tone(self) -> Tone:
        """The strongest tone among the sections hidden under «更多», so that nothing urgent hides there unseen."""
        return strongest(item.tone for item in self.beyond_bar if item.count)


def strongest(tones: Iterable[Tone]) -> Tone:
    """``act`` before ``look`` before nothing."""
    found = set(tones)
    if "act" in found:
        return "act"
    return "look" if "look" in found else ""
