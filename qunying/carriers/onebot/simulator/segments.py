"""Messages as OneBot writes them: arrays of segments, or strings with CQ codes. Both are read, both can be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .parts import Segment
from .refusals import Refusal

CODE = re.compile(r"\[CQ:([A-Za-z_][\w.-]*)((?:,[^,=\]]+=[^,\]]*)*)\]")
ESCAPES = (("&", "&amp;"), ("[", "&#91;"), ("]", "&#93;"))
KNOWN = frozenset(
    [
        "text",
        "at",
        "reply",
        "image",
        "face",
        "record",
        "video",
        "file",
        "json",
        "xml",
        "forward",
        "node",
        "poke",
        "share",
        "location",
        "contact",
        "music",
        "mface",
        "markdown",
        "dice",
        "rps",
        "anonymous",
        "shake",
        "miniapp",
        "onlinefile",
        "flashtransfer",
    ]
)


def text(words: str) -> Segment:
    """Plain words."""
    return Segment("text", {"text": words})


def at(user_id: int | str) -> Segment:
    """Somebody is mentioned; «all» is everybody."""
    return Segment("at", {"qq": str(user_id)})


def reply(message_id: int) -> Segment:
    """An answer to a message."""
    return Segment("reply", {"id": str(message_id)})


def image(file: str) -> Segment:
    """A picture: ``base64://…`` or an address."""
    return Segment("image", {"file": file})


def read_message(value: Any, *, auto_escape: bool = False) -> tuple[Segment, ...]:
    """Any of the forms an application may send. Refuses what is empty, malformed or of an unknown type."""
    segments = tuple(_read(value, auto_escape=auto_escape))
    if not segments:
        raise _unreadable()
    return segments


def _read(value: Any, *, auto_escape: bool) -> Iterator[Segment]:
    match value:
        case Segment():
            yield _known(value)
        case str() if auto_escape:
            yield from [text(value)] if value else []
        case str():
            yield from (_known(each) for each in parse_codes(value))
        case {"type": str(kind), **rest}:
            yield _known(Segment(kind, _data(rest.get("data"))))
        case list() | tuple():
            for each in value:
                yield from _read(each, auto_escape=True)
        case int() | float() if not isinstance(value, bool):
            yield text(str(value))
        case _:
            raise _unreadable()


def _known(segment: Segment) -> Segment:
    if segment.type not in KNOWN:
        raise _unreadable()
    return segment


def _data(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _unreadable()
    return {str(key): each for key, each in value.items() if each is not None}


def _unreadable() -> Refusal:
    return Refusal("message is empty or not readable", "消息体是空的，或者有不支持的消息类型")


def parse_codes(string: str) -> Iterator[Segment]:
    """A string with CQ codes, piece by piece; what only looks like a code stays text."""
    position = 0
    for found in CODE.finditer(string):
        if found.start() > position:
            yield text(unescape(string[position : found.start()]))
        yield Segment(found[1], dict(_parameters(found[2])))
        position = found.end()
    if position < len(string):
        yield text(unescape(string[position:]))


def _parameters(listed: str) -> Iterator[tuple[str, str]]:
    for pair in listed.split(",")[1:]:
        key, _, value = pair.partition("=")
        yield key, unescape(value)


def write_codes(segments: Sequence[Segment]) -> str:
    """The string that ``parse_codes`` reads back to the same segments."""
    return "".join(map(_write, segments))


def _write(segment: Segment) -> str:
    if segment.type == "text":
        return escape(str(segment.data.get("text", "")))
    pairs = (f",{key}={escape_parameter(str(value))}" for key, value in segment.data.items())
    return f"[CQ:{segment.type}{''.join(pairs)}]"


def escape(words: str) -> str:
    """Text outside of codes."""
    for sign, code in ESCAPES:
        words = words.replace(sign, code)
    return words


def escape_parameter(words: str) -> str:
    """The value of a parameter: a comma would end it."""
    return escape(words).replace(",", "&#44;")


def unescape(words: str) -> str:
    """Back to what was meant; the ampersand last, so that nothing is unescaped twice."""
    for sign, code in ((",", "&#44;"), *reversed(ESCAPES)):
        words = words.replace(code, sign)
    return words
