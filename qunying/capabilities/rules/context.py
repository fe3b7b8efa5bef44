"""What the pages of rules receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from qunying.capabilities.rules.changes import Piece
from qunying.capabilities.rules.forms import RuleForm
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Place:
    """A community whose rules can be looked at."""

    id: int
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as members read it, and how many of them have seen it. ``ends`` says until when it matters; ``tone`` how soon."""

    id: int
    name: str
    text: str
    is_important: bool
    deadline: str
    deadline_on: date | None
    ends: str
    tone: str
    is_over: bool
    reached: int
    people: int
    missing: int
    changed_at: datetime
    version: int
    is_first: bool = False
    form: RuleForm | None = None

    @property
    def share(self) -> float:
        """What part of them has seen it."""
        return self.reached / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The rules of a community."""

    places: tuple[Place, ...] = field(metadata={"help": "communities to choose from"})
    chosen: Place | None = field(metadata={"help": "whose rules these are"})
    rules: tuple[RuleRow, ...] = field(metadata={"help": "in the order in which members read them"})
    dropped: tuple[RuleRow, ...] = field(metadata={"help": "those that were put away"})
    mode: str = field(metadata={"help": "what is done by itself so that they reach everybody"})
    settings_href: str = field(metadata={"help": "where that is chosen; empty for whoever may not"})
    new: RuleForm | None = field(metadata={"help": "for another rule; None for whoever may not write any"})
    sandbox_href: str = field(metadata={"help": "where it can be tried"})


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who has or has not seen a rule: where they sit, or by what and when they saw it."""

    name: str
    key: int
    href: str
    where: tuple[str, ...]
    how: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """How a rule read from then on, who wrote it and why; beside the words before it, what changed."""

    number: int
    at: datetime
    by: str
    why: str
    is_same_meaning: bool
    is_current: bool
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule: who has seen it, who has not, how it read before."""

    row: RuleRow = field(metadata={"help": "the rule"})
    place: Place = field(metadata={"help": "its community"})
    ways: tuple[tuple[str, int], ...] = field(metadata={"help": "how many saw it by what"})
    show: str = field(metadata={"help": "missed or seen: who is listed"})
    members: tuple[MemberRow, ...] = field(metadata={"help": "those people"})
    pages: Pages = field(metadata={"help": "the pages of that list"})
    versions: tuple[VersionRow, ...] = field(metadata={"help": "how it read, the newest first"})
    can_speak: bool = field(metadata={"help": "whether this person may have it said again"})


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One thing that would be queued: in which group or to whom, how many there have not seen it."""

    name: str
    key: int
    is_group: bool
    missing: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What a button would do, before it does."""

    row: RuleRow = field(metadata={"help": "the rule"})
    place: Place = field(metadata={"help": "its community"})
    is_telling: bool = field(metadata={"help": "in private, rather than in the groups"})
    orders: tuple[OrderRow, ...] = field(metadata={"help": "where or to whom it would be said"})
    count: int = field(metadata={"help": "how many there are, also those not listed"})
    text: str = field(metadata={"help": "the words"})
    resting: int = field(metadata={"help": "how many are left in peace because they were spoken to lately"})
    later: int = field(metadata={"help": "how many are too many for once"})
