"""The language of commands: Chinese, unless the locale of the terminal is an English one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from django.utils import translation

from qunying.kernel.texts import Sentence

LANGUAGES = ("zh-hans", "en")


def language_of(environment: Mapping[str, str]) -> str:
    """``en`` where the first of LC_ALL, LC_MESSAGES and LANG that says anything begins with it, else ``zh-hans``."""
    said = next(filter(None, (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if said.lower().startswith("en") else "zh-hans"


def terminal_language() -> str:
    """The language of whoever typed this command."""
    return language_of(os.environ)


def told(sentence: Sentence) -> str:
    """The sentence for whoever typed this command."""
    with translation.override(terminal_language()):
        return sentence.said(translation.gettext)


def told_text(template: str, **values: Any) -> str:
    """A marked text, filled, for whoever typed this command."""
    return told(Sentence(template, values))
