"""What can be done about a case, as four buttons that say exactly what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.console.review.words import tell_yes
from qunying.desk.reviewing import TakenCase
from qunying.outbox.queries import Item
from qunying.pipeline.review.softening import soften

KEYS = {"approve": "a", "soften": "s", "dismiss": "d", "hand_on": "e", "lift": "a", "uphold": "d"}
SEEN = gettext_noop("看过了")


@dataclass(frozen=True, slots=True)
class Choice:
    """One button. With an ``href`` it asks for more first, else it posts ``name``."""

    name: str
    label: str
    href: str = ""
    is_main: bool = False

    @property
    def key(self) -> str:
        """The key that presses it."""
        return KEYS[self.name]


def list_choices(case: TakenCase, items: Sequence[Item], others: Sequence[str], *, knows_words: bool) -> list[Choice]:
    """The buttons of a case that waits. ``others`` are the names of those it could be given to."""
    if case.kind == "appeal":
        choices = _answers(case)
    elif case.kind == "approval" and items:
        choices = _decisions(items, knows_words=knows_words)
    else:
        choices = [Choice("dismiss", _(SEEN), is_main=True)]
    return [*choices, *_hand_on(case, others)]


def _answers(case: TakenCase) -> list[Choice]:
    def href(outcome: str) -> str:
        return reverse("console:review-answer", args=[case.pk, outcome])

    return [
        Choice("lift", _("申诉有理，撤销处理…"), href("lift"), is_main=True),
        Choice("uphold", _("维持原来的处理…"), href("uphold")),
    ]


def _decisions(items: Sequence[Item], *, knows_words: bool) -> list[Choice]:
    softer = soften(items) if knows_words else None
    is_against = any(one.payload.get("is_warning") or one.kind not in ("Say", "Announce", "Whisper") for one in items)
    choices = [Choice("approve", tell_yes(items), is_main=True)]
    if softer:
        choices.append(
            Choice("soften", _softer(has_delete=len(softer.goes) > len(softer.warns), is_said=softer.whispers))
        )
    return [*choices, Choice("dismiss", _("没问题，放过") if is_against else _("不发"))]


def _softer(*, has_delete: bool, is_said: bool) -> str:
    if is_said:
        return _("放轻：撤回，私下说") if has_delete else _("放轻：私下说")
    return _("放轻：撤回，只提醒") if has_delete else _("放轻：只提醒")


def _hand_on(case: TakenCase, others: Sequence[str]) -> list[Choice]:
    if not others:
        return []
    label = _("交给%(name)s…") % {"name": others[0]} if len(others) == 1 else _("交给同事…")
    return [Choice("hand_on", label, reverse("console:review-hand-on", args=[case.pk]))]
