"""Slack's marked-up text as people read it: ``<@U123>`` → ``@name``, ``<url|label>``, ``&amp;``."""

from __future__ import annotations

import re

from ..jsonvalues import as_list, as_map, as_text, first_text
from ..records import PersonRef

_ANGLED = re.compile(r"<([^<>\n]+)>")
_DEEPEST = 5
_INLINE = {
    "text": "",
    "user": "<@%s>",
    "channel": "<#%s>",
    "broadcast": "<!%s>",
    "link": "<%s>",
    "emoji": ":%s:",
}
_MENTION = re.compile(r"<@([UWB][A-Z0-9]+)(?:\|[^<>]*)?>")


def mentioned_refs(text: str) -> tuple[str, ...]:
    """The ids called with @, each once, in order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def block_text(value: object, depth: int = 0) -> str:
    """The words of a message that apps build of blocks, in Slack's own marks; one line a block."""
    if depth > _DEEPEST:
        return ""
    blocks = [as_map(block) for block in as_list(value)]
    between = "" if any(block.get("type") in _INLINE for block in blocks) else "\n"
    return between.join(words for block in blocks if (words := _block_words(block, depth)))


def _block_words(block: dict[str, object], depth: int) -> str:
    reference = _INLINE.get(as_text(block.get("type")), "")
    if reference and (ref := first_text(block, "user_id", "channel_id", "range", "url", "name")):
        label = as_text(block.get("text"))
        return reference % (f"{ref}|{label}" if label and "url" in block else ref)
    text = block.get("text")
    own = as_text(as_map(text).get("text")) if isinstance(text, dict) else as_text(text)
    inner = (block_text(block.get(key), depth + 1) for key in ("fields", "elements"))
    return "\n".join(words for words in (own, *inner) if words)


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
