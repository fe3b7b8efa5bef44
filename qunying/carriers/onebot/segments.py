"""What a message says: its segments, or a string with CQ codes, as text, mentions, pictures and cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qunying.carriers.onebot.cards import Card, read_json_card, read_xml_card, share_card
from qunying.carriers.onebot.fields import as_list, as_map, as_name, as_ref, as_size, as_text
from qunying.kernel.events import Attachment, Who

MOST_SEGMENTS = 500
MOST_LETTERS = 20_000
EVERYBODY = "@全体成员"
CODE = re.compile(r"\[CQ:([A-Za-z_][\w.-]{0,40})((?:,[^,\[\]]*)*)\]")
MEDIA = {
    "image": "image",
    "record": "voice",
    "video": "video",
    "file": "file",
    "onlinefile": "file",
    "flashtransfer": "file",
}
SHOWN = {
    "face": "[表情]",
    "dice": "[骰子]",
    "rps": "[猜拳]",
    "shake": "[窗口抖动]",
    "poke": "[戳一戳]",
    "anonymous": "",
    "new_dice": "[骰子]",
    "new_rps": "[猜拳]",
    "bface": "[表情]",
}
CARDS = ("json", "xml", "share", "music", "location", "contact", "forward", "node", "miniapp", "ark", "markdown")
KNOWN = frozenset(["text", "at", "reply", "mface", *MEDIA, *SHOWN, *CARDS])

Segment = tuple[str, Mapping[str, Any]]


@dataclass(slots=True)
class Spoken:
    """What was said; ``reply`` is the id there of the message it answers, ``strange`` are kinds of segments nobody knows."""

    text: str = ""
    kind: str = "text"
    reply: str = ""
    mentions: tuple[Who, ...] = ()
    media: tuple[Attachment, ...] = ()
    strange: tuple[str, ...] = ()
    says: list[str] = field(default_factory=list)


def read_segments(message: object) -> list[Segment]:
    """The segments of a message in any of the forms in which it may come."""
    if isinstance(message, str):
        return list(_codes(message))[:MOST_SEGMENTS]
    listed = [message] if isinstance(message, Mapping) else as_list(message)
    found = []
    for part in listed[:MOST_SEGMENTS]:
        if isinstance(part, str):
            found.append(("text", as_map({"text": part})))
        elif as_text(as_map(part).get("type")):
            found.append((as_text(part["type"])[:40], as_map(part.get("data"))))
    return found


def _codes(message: str) -> Iterator[Segment]:
    position = 0
    for code in CODE.finditer(message):
        if code.start() > position:
            yield "text", {"text": unescape(message[position : code.start()])}
        pairs = (pair.partition("=") for pair in code[2].split(",")[1:])
        yield code[1], {key: unescape(value) for key, _, value in pairs}
        position = code.end()
    if position < len(message):
        yield "text", {"text": unescape(message[position:])}


def unescape(words: str) -> str:
    """Back to what was meant; the ampersand last, so that nothing is read twice."""
    for code, sign in (("&#44;", ","), ("&#91;", "["), ("&#93;", "]"), ("&amp;", "&")):
        words = words.replace(code, sign)
    return words


def read_message(message: object) -> Spoken:
    """What a message says."""
    spoken = Spoken()
    for kind, data in read_segments(message):
        _add(spoken, kind, data)
    spoken.text = "".join(spoken.says).strip()[:MOST_LETTERS]
    return spoken


def _add(spoken: Spoken, kind: str, data: Mapping[str, Any]) -> None:
    if kind == "text":
        spoken.says.append(as_text(data.get("text")))
    elif kind == "at":
        _mention(spoken, data)
    elif kind == "reply":
        spoken.reply = as_ref(data.get("id"))
    elif kind in MEDIA:
        _show(spoken, MEDIA[kind], data)
    elif kind == "mface":
        spoken.says.append(as_name(data.get("summary")) or "[表情]")
        _be(spoken, "sticker")
    elif kind in SHOWN:
        spoken.says.append(SHOWN[kind])
    elif kind in CARDS:
        _card(spoken, kind, data)
    else:
        spoken.says.append(f"[{kind}]")
        spoken.strange = (*spoken.strange, kind)
        _be(spoken, "other")


def _mention(spoken: Spoken, data: Mapping[str, Any]) -> None:
    ref = as_ref(data.get("qq"))
    if ref == "all":
        spoken.says.append(EVERYBODY)
    elif ref:
        name = as_name(data.get("name")).removeprefix("@")
        spoken.says.append(f"@{name or ref}")
        spoken.mentions = (
            (*spoken.mentions, Who(ref, name)) if ref not in {who.ref for who in spoken.mentions} else spoken.mentions
        )


def _show(spoken: Spoken, kind: str, data: Mapping[str, Any]) -> None:
    name = as_text(data.get("name")) or as_text(data.get("file"))
    size = as_size(data.get("file_size")) or as_size(data.get("size"))
    url = as_text(data.get("url"))
    spoken.media = (*spoken.media, Attachment(kind, name[-NAME_AT_MOST:], url[:URL_AT_MOST], size))
    _be(spoken, kind)


NAME_AT_MOST = 200
URL_AT_MOST = 2000


def _card(spoken: Spoken, kind: str, data: Mapping[str, Any]) -> None:
    match kind:
        case "markdown":
            spoken.says.append(as_text(data.get("content")))
        case "forward" | "node":
            spoken.says.append("[合并转发]")
            _be(spoken, "forward")
        case "location":
            spoken.says.append(share_card(data).text or "[位置]")
            _be(spoken, "location")
        case "contact":
            ref = as_ref(data.get("id"))
            spoken.says.append(f"[推荐{'群' if data.get('type') == 'group' else '好友'}]{ref}")
            spoken.media = (*spoken.media, Attachment("contact", "", ref))
            _be(spoken, "contact")
        case "xml":
            _lead(spoken, read_xml_card(data.get("data")))
        case "json" | "ark" | "miniapp":
            _lead(spoken, read_json_card(data.get("data")))
        case _:
            _lead(spoken, share_card(data))


def _lead(spoken: Spoken, card: Card) -> None:
    """A card's words are part of what is said, its link is also found among what hangs on the message."""
    spoken.says.append(card.text or "[卡片]")
    if card.url or card.title:
        spoken.media = (*spoken.media, Attachment(card.kind, card.title[:NAME_AT_MOST], card.url[:URL_AT_MOST]))
    _be(spoken, card.kind)


def _be(spoken: Spoken, kind: str) -> None:
    """A message is mainly what its first part besides words is."""
    if spoken.kind == "text":
        spoken.kind = kind
