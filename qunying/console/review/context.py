"""What the review's pages receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qunying.console.group.items import Item, Snippet
from qunying.console.review.choices import Choice
from qunying.console.review.recent import Decided


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One case of the queue: whom it is about, what is proposed and where, how suspicious it is."""

    href: str
    name: str
    face_key: str
    where: str
    score: float | None
    note: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """Whose queue this is and where in it they stand. ``done`` of ``total`` were decided since midnight."""

    lines: tuple[QueueLine, ...]
    decided: tuple[Decided, ...]
    left: int
    hidden: int
    place: int
    done: int
    total: int
    is_oldest_first: bool
    sort_href: str
    all_href: str
    previous_href: str
    next_href: str


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One verdict in a plain sentence with the marked words. ``tone`` colours the bar."""

    name: str
    score: float | None
    said: str
    tone: str
    is_so: bool
    marked: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class MemberPanel:
    """Whom it is about, in three lines."""

    name: str
    href: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed: title, the words that would be said, what else happens, by which rule, how alike ones were decided."""

    title: str
    quotes: tuple[str, ...]
    acts: tuple[str, ...]
    rule: str
    alike: str


@dataclass(frozen=True, slots=True)
class AppealPanel:
    """What an appeal is against: what was done, when, by whom, because of which rule; until when it is to be answered."""

    title: str
    lines: tuple[str, ...]
    deadline: str
    is_overdue: bool
    alone: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words a case is about, large, with who says them; among what was said ``before`` and ``after``.

    Of an appeal the large words are the appeal, and ``then`` is what was said when they were sanctioned.
    """

    big: tuple[Snippet, ...] = ()
    name: str = ""
    face_key: str = ""
    note: str = ""
    before: tuple[Item, ...] = ()
    after: tuple[Item, ...] = ()
    then: Item | None = None


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One case, large. ``notes`` are said above what can be done; ``people`` is how many to type where one decides alone."""

    id: int
    kind: str
    title: str
    about: str
    at: datetime
    holder: str
    is_mine: bool
    words: Words
    verdicts: tuple[VerdictLine, ...]
    member: MemberPanel | None
    proposal: Proposal | None
    appeal: AppealPanel | None
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    people: int
    hold_href: str
    decide_href: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The queue, the case that is shown, and what this person decided last."""

    queue: Queue = field(metadata={"help": "what waits, and how far this person has come"})
    case: ShownCase | None = field(metadata={"help": "the case that is looked at; None where nothing waits"})
    recent: tuple[Decided, ...] = field(metadata={"help": "the last ten decisions of this person, with the way back"})
    order: str = field(metadata={"help": "«old» where the oldest come first"})
    error: str = field(metadata={"help": "why a decision was not possible"})
    can_decide: bool = field(metadata={"help": "this person may decide somewhere"})


@dataclass(frozen=True, slots=True)
class HoldPart:
    """Who looks at a case now."""

    holder: str = field(metadata={"help": "who looks at it, empty for this person"})
    hold_href: str = field(metadata={"help": "where to go on saying that it is looked at"})


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a case can be given to."""

    id: int
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class HandOnPage:
    """A case is given to a colleague."""

    title: str = field(metadata={"help": "the question"})
    colleagues: tuple[Colleague, ...] = field(metadata={"help": "who may decide it too"})
    why: str = field(metadata={"help": "the reason as typed"})
    action: str = field(metadata={"help": "where the form goes"})
    back: str = field(metadata={"help": "the case"})
    error: str = field(metadata={"help": "what is wrong"})
    is_dialog: bool = field(metadata={"help": "shown in a dialog over the case"})


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """An appeal is answered."""

    title: str = field(metadata={"help": "the question"})
    effects: tuple[str, ...] = field(metadata={"help": "what will happen"})
    answer: str = field(metadata={"help": "the sentence to the member"})
    button: str = field(metadata={"help": "what the button does"})
    action: str = field(metadata={"help": "where the form goes"})
    back: str = field(metadata={"help": "the case"})
    error: str = field(metadata={"help": "what is wrong"})
    is_dialog: bool = field(metadata={"help": "shown in a dialog over the case"})
