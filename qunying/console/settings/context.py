"""What the pages of the settings receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.forms import Form

from qunying.communities.queries import RosterLine
from qunying.communities.sign_ins import SignIn
from qunying.console.group.correcting import CorrectionLine
from qunying.console.outbox.context import EffectLine
from qunying.console.settings.laying import LaidSection
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Tabs:
    """Which pages of the settings this person finds, and which one this is."""

    current: str
    has_sign_ins: bool


@dataclass(frozen=True, slots=True)
class CapabilityLine:
    """One capability of a community: its mode in words, and how many settings differ from the built-in ones."""

    name: str
    title: str
    mode: str
    mode_words: str
    changed: int


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """One community in the list."""

    id: int
    name: str
    promise: str
    groups: int
    is_demo: bool
    is_paused: bool
    can_set: bool
    capabilities: tuple[CapabilityLine, ...]


@dataclass(frozen=True, slots=True)
class ModeLine:
    """One mode as a radio button."""

    value: str
    label: str
    help: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PauseLine:
    """One place that can be stopped: everywhere, or one community."""

    community_id: int | None
    name: str
    is_paused: bool
    since: datetime | None
    by: str
    waiting: int


@dataclass(frozen=True, slots=True)
class OverviewContext:
    """The list of communities."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    communities: tuple[CommunityLine, ...] = field(metadata={"help": "communities within reach"})
    can_found: bool = field(metadata={"help": "this person may found a community"})
    demo_communities: int = field(metadata={"help": "how many communities are the demo's"})
    is_demo_leaving: bool = field(metadata={"help": "the demo is being removed"})
    can_remove_demo: bool = field(metadata={"help": "this person may remove the demo"})


@dataclass(frozen=True, slots=True)
class FoundContext:
    """The form of a new community."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    form: Form = field(metadata={"help": "what a community is"})
    zones: tuple[str, ...] = field(metadata={"help": "time zones to choose from"})


@dataclass(frozen=True, slots=True)
class CommunityContext:
    """One community: its form, its roster, its capabilities."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    id: int = field(metadata={"help": "the community"})
    name: str = field(metadata={"help": "what it is called now"})
    form: Form = field(metadata={"help": "what a community is"})
    zones: tuple[str, ...] = field(metadata={"help": "time zones to choose from"})
    roster: tuple[RosterLine, ...] = field(metadata={"help": "the official roster"})
    staff_form: Form = field(metadata={"help": "one more line for the roster"})
    capabilities: tuple[CapabilityLine, ...] = field(metadata={"help": "every capability with its mode"})


@dataclass(frozen=True, slots=True)
class CapabilityContext:
    """One capability in one community."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    community_id: int = field(metadata={"help": "the community"})
    community: str = field(metadata={"help": "its name"})
    name: str = field(metadata={"help": "the capability's name"})
    title: str = field(metadata={"help": "its title"})
    modes: tuple[ModeLine, ...] = field(metadata={"help": "how far it may go"})
    form: Form = field(metadata={"help": "its settings"})
    sections: tuple[LaidSection, ...] = field(metadata={"help": "its settings as its layout has them"})
    is_tried: bool = field(metadata={"help": "whether what stands there is only looked at"})
    can_rehearse: bool = field(metadata={"help": "whether some of it may be rehearsed"})


@dataclass(frozen=True, slots=True)
class CorrectionsContext:
    """What a community's people corrected of the judges."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    id: int = field(metadata={"help": "the community"})
    name: str = field(metadata={"help": "its name"})
    corrections: tuple[CorrectionLine, ...] = field(metadata={"help": "those that count, the newest first"})
    pages: Pages = field(metadata={"help": "which of them are shown"})


@dataclass(frozen=True, slots=True)
class SignInsContext:
    """Everybody who may sign in."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    sign_ins: tuple[SignInLine, ...] = field(metadata={"help": "sign-ins by name"})
    form: Form = field(metadata={"help": "a new sign-in"})
    role_form: Form = field(metadata={"help": "one more role"})
    new_name: str = field(metadata={"help": "whose password is shown, this once"})
    new_password: str = field(metadata={"help": "the password, never shown again"})
    error: str = field(metadata={"help": "why something was not possible"})
    own_id: int = field(metadata={"help": "the reader's own sign-in"})


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One sign-in with its roles in words."""

    who: SignIn
    roles: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PauseContext:
    """The stop switch."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    lines: tuple[PauseLine, ...] = field(metadata={"help": "everywhere, then each community"})
    asked: PauseLine | None = field(metadata={"help": "the one that is about to be stopped or started"})
    effects: tuple[EffectLine, ...] = field(metadata={"help": "what will happen"})


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of something that is being removed."""

    messages: int
    seats: int


@dataclass(frozen=True, slots=True)
class DemoContext:
    """The demo is about to be removed, or being removed."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    communities: int = field(metadata={"help": "how many communities it has"})
    groups: int = field(metadata={"help": "how many groups"})
    left: Left | None = field(metadata={"help": "what is left of one that is being removed"})


@dataclass(frozen=True, slots=True)
class LayerShift:
    """How many stand in a layer, and how many would; ``most`` is the length of a full bar."""

    name: str
    before: int
    after: int
    most: int


@dataclass(frozen=True, slots=True)
class LayersContext:
    """The thresholds of a community's layers."""

    tabs: Tabs = field(metadata={"help": "the pages of the settings"})
    community_id: int = field(metadata={"help": "whose layers"})
    community: str = field(metadata={"help": "what it is called"})
    form: Form = field(metadata={"help": "the thresholds"})
    how: str = field(metadata={"help": "the thresholds as sentences"})
    shifts: tuple[LayerShift, ...] = field(metadata={"help": "how many stand in each layer, and how many would"})
    is_tried: bool = field(metadata={"help": "whether other thresholds are being tried"})
