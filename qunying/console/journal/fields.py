"""What a setting is called where it is set, so that the journal names it the same way."""

from __future__ import annotations

import re
from dataclasses import fields

from django.utils.translation import gettext as _

from qunying.console.group.notes import NotesForm
from qunying.console.settings.forms import CommunityForm
from qunying.pipeline.roster import find_capability

FIRST_CLAUSE = re.compile(r"[。；;]|\. ")


def tell_fields(names: object, capability: str = "") -> str:
    """The settings of these field names in words: of that capability, else of a community or a group."""
    return _("、").join(_told(str(name), capability) for name in names) if isinstance(names, list | tuple) else ""


def _told(name: str, capability: str) -> str:
    title = _help_of(name, capability) if capability else _label_of(name)
    return _("「%(name)s」") % {"name": title or name}


def _help_of(name: str, capability: str) -> str:
    """Settings of capabilities have no shorter name than the sentence beside them: its first clause."""
    known = find_capability(capability)
    found = next((part for part in fields(known.settings) if part.name == name), None) if known else None
    words: str = found.metadata["help"] if found else ""
    return FIRST_CLAUSE.split(_(words))[0] if words else ""


def _label_of(name: str) -> str:
    known = NotesForm.base_fields | CommunityForm.base_fields
    return str(known[name].label) if name in known else ""
