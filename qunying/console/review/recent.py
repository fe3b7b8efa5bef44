"""What somebody decided just now, each with its way back."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from qunying.console.group.labels import tell_correction
from qunying.console.review.words import DOTS, tell_decided
from qunying.desk.queries import list_decided_by
from qunying.kernel.readings import Verdict
from qunying.outbox.queries import list_items_in_cases
from qunying.people.queries import names_of

SHOWN = 10
FINAL = frozenset({"undone", "upheld", "lifted"})


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: what, about whom, what was taught by it. ``undo`` is empty where there is no way back."""

    what: str
    name: str
    taught: str
    dot: str
    undo: str
    href: str


def read_recent(user_id: int) -> tuple[Decided, ...]:
    """The last ten decisions of somebody, the latest first; three queries."""
    cases = list_decided_by(user_id, SHOWN)
    items = list_items_in_cases([case.key for case in cases])
    names = names_of({case.identity_id for case in cases if case.identity_id})
    return tuple(
        Decided(
            what=tell_decided(case.state, items.get(case.key, []), case.kind),
            name=names[case.identity_id].name if case.identity_id in names else "",
            taught=tell_taught([Verdict(name) for name in case.outcome.get("verdicts", [])]),
            dot=DOTS.get(case.state, "hollow"),
            undo="" if case.state in FINAL else reverse("console:review-back", args=[case.pk]),
            href=reverse("console:review-case", args=[case.pk]),
        )
        for case in cases
    )


def tell_taught(verdicts: list[Verdict]) -> str:
    """What the judge learnt from it."""
    return _("、").join(tell_correction(one, is_so=False) for one in verdicts)
