"""Slack's marked-up text as people read it: ``<@U123>`` → ``@name``, ``<url|label>``, ``&amp;``."""

from __future__ import annotations

import re

from ..records import PersonRef

_ANGLED = re.compile(r"<([^<>\n]+)>")
_MENTION = re.compile(r"<@([UWB][A-Z0-9]+)(?:\|[^<>]*)?>")


def mentioned_refs(text: str) -> tuple[str, ...]:
    """The ids called with @, each once, in order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def plain_text(text: str, people: dict[str, PersonRef], channels: dict[str, str]) -> str:
    """The text with its references spelled out. Whatever looks like one and is none stays as written."""

    def spell(reference: re.Match[str]) -> str:
        target, _, label = reference[1].partition("|")
        if target.startswith("@"):
            person = people.get(target[1:])
            return "@" + (person.name if person else label.lstrip("@") or target[1:])
        if target.startswith("#"):
            return "#" + (channels.get(target[1:]) or label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        if ":" not in target:
            return reference[0]
        return _link(target, label)

    return _ANGLED.sub(spell, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _link(target: str, label: str) -> str:
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in {target, address} or target.startswith("tel:"):
        return label or address
    return f"{label} ({address})"
