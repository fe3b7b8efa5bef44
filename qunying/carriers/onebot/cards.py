"""Cards: what a mini program, a shared page or a recommended contact says, as words that can be judged."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qunying.carriers.onebot.fields import as_map, as_text

_ACCOUNT = re.compile(r"[?&]uin=(\d{5,12})(?:&|$)")
_ANY_ACCOUNT = re.compile(r"(?:帐号|账号|QQ|群号)\s*[:：]\s*(\S{3,40})")
LINES = 6
LETTERS = 500
CONTACTS = ("contact", "troopshare", "friendshare")
_TITLES = ("title", "nickname", "name")
_WORDS = ("desc", "summary", "contact", "tag", "address")
_LINKS = ("jumpUrl", "qqdocurl", "jump_url", "musicUrl", "url")
_ATTRIBUTE = re.compile(r"\b(brief|url|action_url|i_actionData)=\"([^\"<>]{1,2000})\"", re.IGNORECASE)
_ELEMENT = re.compile(r"<(title|summary)\b[^<>]{0,200}>([^<>]{1,500})</", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Card:
    """A card's kind (``link`` or ``contact``), its title, everything it says, and where it leads: an address, or the account
    that is recommended."""

    kind: str
    title: str
    text: str
    url: str = ""


def read_json_card(data: object) -> Card:
    """What a JSON card says; what cannot be read is a card without words."""
    try:
        card = as_map(json.loads(as_text(data)) if isinstance(data, str) else data)
    except (ValueError, RecursionError):
        return Card("link", "", "")
    parts = [as_map(part) for part in as_map(card.get("meta")).values()][:LINES]
    titles, words, links = (list(_said(parts, fields)) for fields in (_TITLES, _WORDS, _LINKS))
    prompt = as_text(card.get("prompt"))[:LETTERS]
    title = next(iter(titles), prompt)
    said = _lines(prompt, *titles, *words, *links)
    if any(word in as_text(card.get("app")).lower() for word in CONTACTS):
        return Card("contact", title, said, _recommended(words, links))
    return Card("link", title, said, next(iter(links), ""))


def _recommended(words: Sequence[str], links: Sequence[str]) -> str:
    """The account or group that a contact card recommends; where it names none, where it leads."""
    found = (_ACCOUNT.search(link) for link in links), (_ANY_ACCOUNT.search(line) for line in words)
    return next((one[1] for each in found for one in each if one), next(iter(links), ""))


def _said(parts: list[Mapping[str, Any]], fields: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        yield from (text for field in fields if (text := as_text(part.get(field)).strip()[:LETTERS]))


def read_xml_card(data: object) -> Card:
    """What an XML card says. It is searched, not parsed: nothing in it is ever expanded."""
    text = as_text(data)[:20_000]
    attributes = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(text)}
    elements = [html.unescape(value).strip() for _, value in _ELEMENT.findall(text)]
    url = next((attributes[name] for name in ("url", "action_url", "i_actiondata") if name in attributes), "")
    brief = attributes.get("brief", "")
    return Card("link", next(iter(elements), brief), _lines(brief, *elements[:LINES], url), url)


def share_card(data: Mapping[str, Any]) -> Card:
    """A link, a piece of music or a place that was shared as a segment of its own."""
    title = as_text(data.get("title"))[:LETTERS]
    words = as_text(data.get("content"))[:LETTERS]
    url = as_text(data.get("url")) or as_text(data.get("jumpUrl"))
    return Card("link", title, _lines(title, words, url), url)


def _lines(*said: str) -> str:
    return "\n".join(dict.fromkeys(one for one in said if one))
