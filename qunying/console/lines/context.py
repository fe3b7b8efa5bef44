"""What the pages of our accounts receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.forms import Form

from qunying.console.lines.health import Health
from qunying.console.outbox.context import EffectLine
from qunying.console.settings.context import Tabs


@dataclass(frozen=True, slots=True)
class MishapLine:
    """What went wrong of late: its words, how often, the latest."""

    words: str
    times: int
    last_at: datetime
    sample: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of ours; ``line_id`` is 0 where there is no line, ``href`` empty where this person may not set it up."""

    title: str
    ref: str
    health: Health
    since: datetime | None
    heard_at: datetime | None
    groups: int
    may: str
    mishaps: int
    href: str


@dataclass(frozen=True, slots=True)
class AccountsContext:
    """Our accounts."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    accounts: tuple[AccountLine, ...] = field(metadata={"help": "lines first, then accounts that need none"})
    is_gone: bool = field(metadata={"help": "there are lines and nobody holds them"})
    seen_at: datetime | None = field(metadata={"help": "when the process that holds them was last seen"})
    unknown: tuple[MishapLine, ...] = field(metadata={"help": "mishaps before anybody knew on which line"})
    can_connect: bool = field(metadata={"help": "this person may connect an account"})


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group as our account sees it: what it may do there, what is missing and how that is granted."""

    name: str
    may: tuple[str, ...]
    lacks: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class SecretForm:
    """New secrets for one way to connect."""

    way: str
    title: str
    form: Form


@dataclass(frozen=True, slots=True)
class LineContext:
    """One line: how it does, what it may do, what went wrong, what can be done with it."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    id: int = field(metadata={"help": "the line"})
    title: str = field(metadata={"help": "platform and account"})
    ref: str = field(metadata={"help": "the account's number"})
    health: Health = field(metadata={"help": "how it does"})
    heard_at: datetime | None = field(metadata={"help": "when it was last heard"})
    summary: str = field(metadata={"help": "groups and what it may do there"})
    groups: tuple[GroupLine, ...] = field(metadata={"help": "groups it sees, those that lack something first"})
    more: int = field(metadata={"help": "how many more groups there are"})
    mishaps: tuple[MishapLine, ...] = field(metadata={"help": "what went wrong of late"})
    steps: tuple[str, ...] = field(metadata={"help": "what to do on the platform while it never connected"})
    address: str = field(metadata={"help": "where the platform calls us"})
    secrets: tuple[SecretForm, ...] = field(metadata={"help": "new secrets, one form per way"})
    seen: str = field(metadata={"help": "what tells one state from another"})


@dataclass(frozen=True, slots=True)
class CloseContext:
    """Before a line is closed."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    id: int = field(metadata={"help": "the line"})
    title: str = field(metadata={"help": "platform and account"})
    effects: tuple[EffectLine, ...] = field(metadata={"help": "what will happen"})


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A platform that can be connected."""

    carrier: str
    title: str
    about: str
    does: tuple[str, ...]
    asks: tuple[str, ...]
    cannot: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConnectContext:
    """Connecting an account: the platforms, then one way of one of them."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    offers: tuple[OfferLine, ...] = field(metadata={"help": "platforms that can be connected"})
    form: Form | None = field(metadata={"help": "what has to be filled in; None before a platform was chosen"})
    carrier: str = field(metadata={"help": "the platform chosen"})
    title: str = field(metadata={"help": "what it is called"})
    risk: str = field(metadata={"help": "what may happen to the account"})
    way: str = field(metadata={"help": "the way chosen"})
    about: str = field(metadata={"help": "what that way means"})
    ways: tuple[tuple[str, str], ...] = field(metadata={"help": "all ways, name and title"})
    steps: tuple[str, ...] = field(metadata={"help": "what to do on the platform"})
    address: str = field(metadata={"help": "where the platform calls us"})
    has_homes: bool = field(metadata={"help": "there is a community for its groups"})


@dataclass(frozen=True, slots=True)
class CanLine:
    """One effect and who carries it out on each platform."""

    title: str
    hows: tuple[tuple[str, str, str], ...]  # platform, words, tone


@dataclass(frozen=True, slots=True)
class PlatformsContext:
    """What each platform can do."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    platforms: tuple[str, ...] = field(metadata={"help": "their titles"})
    lines: tuple[CanLine, ...] = field(metadata={"help": "one per effect"})
