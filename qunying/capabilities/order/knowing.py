"""What order knows while it thinks: traces people left lately, and what was done about them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from qunying.capabilities.order.lists import Lists
from qunying.judgement.patterns.wordlists import Hit

NAME = "order"
NEWCOMER_FOR = timedelta(hours=72)
WAVE_WITHIN = timedelta(minutes=30)
SETTLES = timedelta(minutes=2)  # so long after a step nobody takes the next one: they have to have read it


@dataclass(frozen=True, slots=True)
class Trace:
    """What one event left behind, for those that follow: no words of anybody.

    ``kind`` is what it was: ``join``, ``draw`` (draws people out of the group), ``heat``, ``same`` (somebody new said something long:
    ``marks`` is what), ``official`` (staff showed these handles), ``opened`` (an incident: ``marks`` are whom it is about).
    ``marks`` are hashes of handles and of the words, ``sketch`` of what was said, ``looks`` fingerprints of pictures, ``score`` how much
    of it; ``is_new``: whoever left it had just come.
    """

    key: str
    community_id: int
    group_id: int
    identity_id: int
    at: datetime
    kind: str
    score: float = 0.0
    marks: frozenset[int] = frozenset()
    sketch: frozenset[int] = frozenset()
    is_new: bool = False
    looks: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Sanction:
    """A step taken against somebody. ``stands``: it was done, not only decided; ``is_over``: taken back, turned down or never done.
    ``is_asked``: it waits for a person. ``is_forgiven``: a person said no to it when asked.
    """

    cause_key: str
    community_id: int
    group_id: int
    identity_id: int
    rule: str
    step: int
    at: datetime
    expires_at: datetime
    stands: bool = False
    is_over: bool = False
    is_asked: bool = False
    is_forgiven: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """That somebody said something, and the hashes of what it was: for floods only, never written down."""

    key: str
    at: datetime
    mark: int
    letters: int
    is_wordless: bool = False


class Seen(NamedTuple):
    """What the words of a message show by themselves: folded, the hashes of that and of its letters only, whether they may be hostile, the listed words in it."""

    plain: str
    mark: int
    letters: int
    may_be_hot: bool
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """That a word of a list was found: to be counted with it."""

    list_id: str
    word: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What order knows of the communities and people of a batch, and what is new and must be written.

    ``traces`` by (community, kind), ``sanctions`` by (community, person), ``said`` by (group, person); all oldest first.
    ``spoken`` is how many messages people said since the batch began, by (group, person). ``lists`` by group; one without has none.
    ``ahead`` is what was worked out beforehand, by (group, text). ``answered`` are the appeals, by their keys, that somebody
    of us has answered.
    """

    traces: Mapping[tuple[int, str], tuple[Trace, ...]] = field(default_factory=dict)
    sanctions: Mapping[tuple[int, int], tuple[Sanction, ...]] = field(default_factory=dict)
    said: Mapping[tuple[int, int], tuple[Said, ...]] = field(default_factory=dict)
    spoken: Mapping[tuple[int, int], int] = field(default_factory=dict)
    lists: Mapping[int, Lists] = field(default_factory=dict)
    ahead: Mapping[tuple[int, str], Seen] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    new_traces: tuple[Trace, ...] = ()
    new_sanctions: tuple[Sanction, ...] = ()
    new_finds: tuple[Found, ...] = ()

    def having_said(
        self, said: Mapping[tuple[int, int], tuple[Said, ...]], spoken: Mapping[tuple[int, int], int]
    ) -> Memory:
        """The same after somebody spoke. Every message comes here, and ``replace`` would take as long as all the rest."""
        return Memory(
            self.traces,
            self.sanctions,
            said,
            spoken,
            self.lists,
            self.ahead,
            self.answered,
            self.new_traces,
            self.new_sanctions,
            self.new_finds,
        )

    def lately(self, community_id: int, kind: str, since: datetime, until: datetime) -> list[Trace]:
        """Traces of a kind left in that time, both ends included, oldest first."""
        found = self.traces.get((community_id, kind), ())
        return [one for one in found if since <= one.at <= until] if found else []

    def standing(self, community_id: int, identity_id: int, rule: str, at: datetime) -> list[Sanction]:
        """The steps of that rule that count against somebody at that moment, and those on their way."""
        found = self.sanctions.get((community_id, identity_id), ())
        return [one for one in found if one.rule == rule and not one.is_over and one.at <= at < one.expires_at]
