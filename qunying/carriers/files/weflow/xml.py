"""The XML WeChat keeps for some messages, read by pattern: it is often cut short, and never worth a parser's risks."""

from __future__ import annotations

import html
import re

READ_CHARACTERS = 100_000

_CDATA = re.compile(r"\s*<!\[CDATA\[(.*?)\]\]>\s*", re.DOTALL)
_MEMBERS = re.compile(r'<link\s+name="(?P<name>[^"]+)".*?</link>', re.DOTALL)
_VARIABLE = re.compile(r"\$(\w+)\$")


def is_app_message(text: str) -> bool:
    """Whether the text is the XML of a link, file, quotation or the like."""
    return "<appmsg" in text[:2000] and text.lstrip().startswith("<")


def app_title(text: str) -> str:
    """The title: for a quotation the words written, for a link or file its name."""
    return _element(text, "title")


def app_type(content: str) -> int | None:
    """The subtype inside of an app message's XML, None elsewhere."""
    found = re.search(r"<appmsg.*?<type>(\d{1,5})</type>", content[:READ_CHARACTERS], re.DOTALL)
    return int(found[1]) if found else None


def quoted_words(text: str) -> str:
    """The words a quotation answers, empty where it answers something without words."""
    refer = _element(text, "refermsg", is_markup=True)
    content = html.unescape(_element(refer, "content"))
    return _element(content, "title") if content.lstrip().startswith("<") else content


def mentioned_refs(source: str) -> tuple[str, ...]:
    """The WeChat ids a message calls with @, from its ``source`` XML."""
    return tuple(ref.strip() for ref in _element(source, "atuserlist").split(",") if ref.strip())


def recalled_id(text: str) -> str | None:
    """The server's id of the message that was withdrawn."""
    return _element(text, "newmsgid") or None


def system_words(text: str) -> str:
    """The sentence of a system message: plain already, or the template of its XML with the names filled in."""
    if not text.lstrip().startswith("<"):
        return text
    template = _element(text, "template") or _element(text, "replacemsg") or _element(text, "plain")
    names = {
        link["name"]: "、".join(_all(link[0], "nickname")) or _element(link[0], "plain")
        for link in _MEMBERS.finditer(text)
    }
    return _VARIABLE.sub(lambda variable: names.get(variable[1], ""), template) or text


def _element(text: str, name: str, *, is_markup: bool = False) -> str:
    return next(iter(_all(text, name, is_markup=is_markup)), "")


def _all(text: str, name: str, *, is_markup: bool = False) -> list[str]:
    found = re.findall(rf"<{name}(?:\s[^>]*)?>(.*?)</{name}>", text[:READ_CHARACTERS], re.DOTALL)
    return found if is_markup else [_words(part) for part in found]


def _words(part: str) -> str:
    cdata = _CDATA.fullmatch(part)
    return cdata[1] if cdata else html.unescape(part).strip()
