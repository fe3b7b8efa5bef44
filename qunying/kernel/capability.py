"""The contract of a capability: one job of the mission, as a frozen value in the visible roster."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from qunying.kernel.checks import Explanation
from qunying.kernel.drills import DrillFind, StaffDeed
from qunying.kernel.events import Event
from qunying.kernel.layouts import Section
from qunying.kernel.opinions import Act, Decision, Opinion
from qunying.kernel.readings import Reading
from qunying.kernel.sanctions import Sanctions
from qunying.kernel.scene import Scene


class OnError(StrEnum):
    """What becomes of an event when a capability raises on it: the others go on, or a person looks first."""

    SKIP = "skip"
    HOLD_FOR_HUMAN = "hold_for_human"


@dataclass(frozen=True, slots=True)
class NoSettings:
    """For capabilities that have nothing to set."""


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One line of *Today*: what, where, how long, one action. ``tone``: ``act`` now, ``look`` soon, "" when there is time."""

    what: str
    where: str
    action: str
    href: str
    tone: str = ""
    harm: float = 0.0  # what waiting costs, for the order of the list
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """A page a capability offers: its place in the navigation and the URL name that opens it.

    ``count``: how much on it wants a person now, within these communities (None: all); asked on every page, so it is cheap.
    """

    title: str
    icon: str
    url_name: str
    count: Callable[[Collection[int] | None], int] | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Something of a capability's own that a rehearsal may try beside its settings, such as a list that is off.

    ``settings`` are lists of settings to which it adds; ``do_switch`` puts it in force or takes it out, because that person
    decided so.
    """

    name: str
    title: str
    settings: Mapping[str, tuple[str, ...]]
    is_on: bool
    do_switch: Callable[[bool, int, datetime], None]


Brief = Callable[[Sequence[Event], Scene], Any]
Consider = Callable[[Event, Reading, Scene, Any], Opinion | None]
Remember = Callable[[Any, Event, Decision, Scene], Any]
Save = Callable[[Any], None]
Decided = Sequence[tuple[Decision, Act]]
Perform = Callable[[Decided], None]
Told = Sequence[tuple[Event, Reading]]
Explain = Callable[[Told, Scene, Any, datetime], Explanation]


def nothing_known(events: Sequence[Event], scene: Scene) -> None:
    """The brief of a capability that needs to know nothing."""
    return


def unchanged(memory: Any, event: Event, decision: Decision, scene: Scene) -> Any:
    """The fold of a capability that learns nothing from events."""
    return memory


def nothing_passes(memory: Any, at: datetime) -> Any:
    """The memory of a capability that nothing is forgotten from."""
    return memory


def nothing_ahead(memory: Any, said: Sequence[tuple[int, str]]) -> None:
    """Of a capability that works nothing out beforehand."""
    return


def the_same(memory: Any, ahead: Any) -> Any:
    """The memory of such a capability."""
    return memory


def goes_together(settings: Any) -> None:
    """The check of settings that may be combined at will."""
    return


def may_change(before: Any, after: Any) -> None:
    """The check of settings of which any may be changed by typing it."""
    return


def as_written(words: Mapping[str, Any], folder: Path | None) -> Mapping[str, Any]:
    """A rule that is nothing but settings."""
    return words


def nothing_to_save(memory: Any) -> None:
    """The save of a capability without tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One job of the mission.

    ``brief`` reads once per batch what ``consider`` will need, with a bounded number of queries. ``consider`` and
    ``remember`` are pure: the same events, scene and memory always give the same opinions and memory, which is why
    drills and rehearsals are the live code. ``save`` writes the final memory in the batch's transaction. ``let_pass`` is for
    whoever tells the past without saving: the memory as it would be read back at that moment; what ``look_ahead`` makes of texts
    of groups, in any process, ``with_ahead`` puts into the memory for what is told next. ``read_rule`` makes settings of a rule as
    somebody wrote it to be rehearsed, in whose folder, where there is one, other files may lie. ``facts_in``: which facts are brought to it; one about a
    whole community comes to each of its groups where it is among ``facts_in_groups``. ``performs``:
    which inside effects, by the name of their class, it carries out in that same transaction, whoever asked for them; all
    of a batch at once, in order. ``reasons`` are the sentences of its reason codes, ``timers`` say what is done when one
    goes off, by its key up to the first colon, ``tells`` makes a sentence of the words of its own facts, by their names, in the
    reader's language. ``explains`` says of one message (its words, and its pictures once they were read) all that ``consider`` looks
    at, by the same functions, given the memory and the present moment. ``sanctions``: what it lets people see of the steps it
    took against members, and do about them. Drills may look for ``drill_finds`` by their names, and their staff may do
    ``drill_deeds``, which answer False where there is nothing to do it to. ``check`` raises ``BadUse`` for settings that do not go
    together, ``check_change`` (what is in force, what somebody typed) for what nobody may switch on by typing it, without having seen
    whom it would touch. ``rules`` are the names of what it holds people to, ``trials`` what a community has that may be rehearsed beside the
    settings that are ``is_tried``. ``settings`` is a frozen dataclass whose fields carry ``help`` metadata; ``layout`` are the
    sections in which its page asks for them, one after the other where there are none.
    """

    name: str
    title: str
    consider: Consider
    settings: type = NoSettings
    layout: tuple[Section, ...] = ()
    brief: Brief = nothing_known
    remember: Remember = unchanged
    save: Save = nothing_to_save
    let_pass: Callable[[Any, datetime], Any] = nothing_passes
    look_ahead: Callable[[Any, Sequence[tuple[int, str]]], Any] = nothing_ahead
    with_ahead: Callable[[Any, Any], Any] = the_same
    read_rule: Callable[[Mapping[str, Any], Path | None], Mapping[str, Any]] = as_written
    on_error: OnError = OnError.SKIP
    facts_in: frozenset[str] = frozenset()
    facts_in_groups: frozenset[str] = frozenset()
    performs: Mapping[str, Perform] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[Any], None] = goes_together
    check_change: Callable[[Any, Any], None] = may_change
    rules: Mapping[str, str] = field(default_factory=dict)
    trials: Callable[[int], Sequence[Trial]] | None = None
    timers: Mapping[str, str] = field(default_factory=dict)
    tells: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)
    screens: tuple[Screen, ...] = ()
    today: Callable[[Sequence[int], datetime], list[TodayLine]] | None = None
    explains: Explain | None = None
    drill_sections: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    drill_checks: Mapping[str, Callable[..., bool]] = field(default_factory=dict)
    drill_finds: Mapping[str, DrillFind] = field(default_factory=dict)
    drill_deeds: Mapping[str, Callable[[StaffDeed], bool]] = field(default_factory=dict)
    sanctions: Sanctions | None = None


def resolve_settings(kind: type, *layers: Mapping[str, Any]) -> Any:
    """Settings of a group: each layer (community, then group) overrides field by field; tuples add up.

    Raises ``ValueError`` naming the field for a name that the settings do not have, or a list that is none.
    """
    known = {part.name for part in fields(kind)}
    values: dict[str, Any] = {part.name: getattr(kind(), part.name) for part in fields(kind)}
    for layer in layers:
        for name, value in layer.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}; known: {', '.join(sorted(known))}")
            is_list = isinstance(values[name], tuple)
            if is_list and not isinstance(value, list | tuple):
                raise ValueError(f"setting {name!r} is a list, {value!r} is none")
            values[name] = (*values[name], *value) if is_list else value
    return kind(**values)


def asked_fields(kind: type) -> list[Field[Any]]:
    """The settings that a form asks for; those marked ``is_hidden`` are kept by a page of their own."""
    return [part for part in fields(kind) if not part.metadata.get("is_hidden")]


def tried_fields(kind: type) -> list[Field[Any]]:
    """The settings that may be rehearsed before they are put in force."""
    return [part for part in fields(kind) if part.metadata.get("is_tried")]


def kept_apart(kind: type, layer: Mapping[str, Any]) -> dict[str, Any]:
    """What a stored layer says that no form asks for: it stays when a form is saved."""
    asked = {part.name for part in asked_fields(kind)}
    return {name: value for name, value in still_known(kind, layer).items() if name not in asked}


def still_known(kind: type, layer: Mapping[str, Any]) -> dict[str, Any]:
    """A stored layer without the settings that a later version no longer has: an old choice must not stop a group."""
    known = {part.name for part in fields(kind)}
    return {name: value for name, value in layer.items() if name in known}
