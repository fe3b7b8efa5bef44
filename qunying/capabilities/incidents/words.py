"""Incidents in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.capabilities.incidents.kinds import SEVERITIES, Severity, kind_named
from qunying.ui.figures import number

TONES = {Severity.HIGH: "act", Severity.MIDDLE: "look"}


def tell_incident(kind: str) -> str:
    """What happened, by the kind of the incident."""
    return _(kind_named(kind).title)


def tell_severity(severity: str) -> str:
    """How much it presses."""
    return _(SEVERITIES.get(severity, severity))


def tone_of(severity: str) -> str:
    """The tone of its chip."""
    return TONES.get(Severity(severity), "") if severity in SEVERITIES else ""


def tell_owner(name: str) -> str:
    """Who leads through it, also where nobody does."""
    return name or _("没人负责")


def tell_fact(words: Mapping[str, Any]) -> str:
    """The sentence of a fact about an incident."""
    title, left = tell_incident(str(words.get("kind", ""))), words.get("left")
    if not isinstance(left, int) or not left:
        return title
    said = ngettext("%(title)s，还有 %(n)s 件待办开着", "%(title)s，还有 %(n)s 件待办开着", left)
    return said % {"title": title, "n": number(left)}
