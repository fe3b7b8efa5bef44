"""The content of a Matrix message: read, and made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

from qunying.kernel.events import Attachment

OURS = "net.qunying.text"  # our own words as they were asked for, without the names before them
KINDS = {"m.image": "image", "m.file": "file", "m.audio": "voice", "m.video": "video", "m.sticker": "sticker"}
_PILL = re.compile(r"""href=["']https://matrix\.to/#/([^"'?]+)""")
_MENTIONS_AT_MOST = 100


def kind_of(event_type: object, content: Mapping[str, Any]) -> str:
    """``text`` or what is attached."""
    return KINDS.get(str(content.get("msgtype", "") if event_type == "m.room.message" else event_type), "text")


def said(content: Mapping[str, Any], *, is_own: bool = False) -> str:
    """The words, without the quotation that older clients put before an answer; of what is attached only its caption."""
    own = content.get(OURS)
    if is_own and isinstance(own, str):
        return own
    body = content.get("body", "")
    if not isinstance(body, str):
        raise TypeError("no text")
    if content.get("msgtype") in KINDS or "url" in content:
        name = content.get("filename")
        return body if isinstance(name, str) and name != body else ""
    return _without_quotation(body) if replied_to(content) else body


def _without_quotation(text: str) -> str:
    lines = text.split("\n")
    quoted = next((number for number, line in enumerate(lines) if not line.startswith(">")), len(lines))
    if not lines[0].startswith(("> <@", "> * <@")):
        return text
    return "\n".join(lines[quoted:]).lstrip("\n")


def replied_to(content: Mapping[str, Any]) -> str:
    """The message that is answered; a place in a thread is no answer."""
    relation = _map(content.get("m.relates_to"))
    if relation.get("is_falling_back") is True:
        return ""
    ref = _map(relation.get("m.in_reply_to")).get("event_id", "")
    return ref if isinstance(ref, str) else ""


def edited(content: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """The message whose words are replaced and the new ones, None where nothing is."""
    relation = _map(content.get("m.relates_to"))
    ref = relation.get("event_id")
    if relation.get("rel_type") != "m.replace" or not isinstance(ref, str):
        return None
    return ref, _map(content.get("m.new_content")) or content


def mentioned(content: Mapping[str, Any]) -> list[str]:
    """Everybody who is meant by name, once."""
    listed = _map(content.get("m.mentions")).get("user_ids")
    users = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    html = content.get("formatted_body")
    if isinstance(html, str) and "m.mentions" not in content:
        users += [unquote(unescape(found)) for found in _PILL.findall(html)]
    return list(dict.fromkeys(one for one in users if one.startswith("@")))[:_MENTIONS_AT_MOST]


def attachments(event_type: object, content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """What is attached, one at most."""
    kind = kind_of(event_type, content)
    if kind == "text":
        return ()
    url = content.get("url") or _map(content.get("file")).get("url") or ""
    name, size = content.get("filename") or content.get("body") or "", _map(content.get("info")).get("size")
    is_size = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    return (Attachment(kind, str(name), str(url), size if is_size else None),)


def make_words(text: str, mentions: Sequence[tuple[str, str]] = (), reply_to: str = "") -> dict[str, Any]:
    """The content of a message of ours; whom it mentions stand before the words, each once, by reference and name."""
    names = " ".join(name for _, name in mentions)
    pills = " ".join(
        f'<a href="https://matrix.to/#/{quote(ref, safe="@:")}">{escape(name)}</a>' for ref, name in mentions
    )
    words: dict[str, Any] = {
        "msgtype": "m.text",  # a notice would ring at nobody's
        "body": f"{names} {text}" if names else text,
        "m.mentions": {"user_ids": [ref for ref, _ in mentions]} if mentions else {},
        OURS: text,
    }
    if mentions:
        shown = escape(text).replace("\n", "<br>")
        words |= {"format": "org.matrix.custom.html", "formatted_body": f"{pills} {shown}"}
    if reply_to:
        words["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
    return words


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
