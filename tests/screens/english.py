"""An eye for Chinese on pages, and a walk along their links."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.test import Client

CHINESE = re.compile(r"[\u2e80-\u303f\u3100-\u312f\u31a0-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]")
PRODUCT = "群营"
SILENT = {"script", "style", "template"}
SHOWN = {"title", "alt", "placeholder", "value", "label", "content", "aria-label", "aria-description", "aria-valuetext"}
VOID = {"input", "img", "br", "hr", "meta", "link", "source", "col", "wbr", "area"}
ALIKE_AT_MOST = 2
LANGUAGE_ITSELF = "中文"


class _Eye(HTMLParser):
    """What a reader sees or hears of a page, and where its links lead. Words that say they are Chinese (``lang``) may be."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes the attributes that are shown or read out, and how deep we are in what is not."""
        said = {name: value or "" for name, value in attrs}
        hidden = tag in SILENT or (tag != "html" and said.get("lang", "").startswith("zh"))
        if not (hidden or self._is_hidden()):
            self.words += [value for name, value in said.items() if name in SHOWN or name.startswith("data-")]
        self.links += [said[name] for name in ("href", "hx-get") if said.get(name)]
        if tag not in VOID:
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        """Closes the tag and whatever was left open in it."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Notes words that are shown."""
        if not self._is_hidden():
            self.words.append(data)

    def _is_hidden(self) -> bool:
        return any(hidden for _, hidden in self._open)


def look(html: str) -> _Eye:
    """What is on a page."""
    eye = _Eye()
    eye.feed(html)
    return eye


def chinese_in(html: str) -> list[str]:
    """Every piece of the page with Chinese letters or punctuation in it that is not the product's name."""
    pieces = (" ".join(words.split()) for words in look(html).words)
    return [piece for piece in pieces if piece != LANGUAGE_ITSELF and CHINESE.search(piece.replace(PRODUCT, ""))]


def crawl(client: Client, *begin: str, within: str = "/") -> dict[str, str]:
    """Address → page, of everything that links lead to from there; of many alike addresses the first few."""
    waiting, alike, pages = list(begin), Counter[str](), dict[str, str]()
    while waiting:
        address = urldefrag(waiting.pop(0)).url
        several = len(parse_qsl(urlsplit(address).query)) > 1  # what each of them does was seen one by one
        if address in pages or alike[_shape(address)] >= (1 if several else ALIKE_AT_MOST):
            continue
        alike[_shape(address)] += 1
        response = client.get(address)
        assert response.status_code < 500, address
        if response.has_header("Location"):
            waiting.append(urljoin(address, response["Location"]))
        elif response["Content-Type"].startswith("text/html"):
            pages[address] = response.content.decode()
            links = (urljoin(address, link) for link in look(pages[address]).links)
            waiting += [link for link in links if link.startswith(within) and not link.startswith("/static/")]
    return pages


def _shape(address: str) -> str:
    """Addresses are alike that differ in numbers, tokens and what the query says."""
    parts = urlsplit(address)
    path = re.sub(r"/(\d+|[\w-]{16,})(?=/)", "/*", parts.path)
    names = sorted(name for name, _ in parse_qsl(parts.query))
    return f"{re.sub('^/insights/.+', '/insights/*', path) if names else path}?{names}"


def leaks(pages: dict[str, str]) -> dict[str, list[str]]:
    """Address → Chinese on it, where there is any."""
    return {address: found for address, html in pages.items() if (found := chinese_in(html))}
