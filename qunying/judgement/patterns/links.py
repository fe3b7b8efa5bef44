"""Links in a text, also such as no program would recognise: «baidu。com», «d9623点com», «b a i d u . c o m», «hxxp://…».

A host is believed by its top-level domain. Those that are English words or endings of file names as well («it.is», «main.py»)
need a second sign: a scheme, ``www``, a path or a port.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qunying.judgement.folding import fold
from qunying.judgement.views import Span, View

LONGEST = 2_000  # letters of one link
READ_LETTERS = 32_000  # of a longer text the beginning is read
_MAYBE = re.compile(r"[.。点]|dot|://|//")
_GAP = r"[\s\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]{0,3}"
_DOT = rf"(?:{_GAP}[\[(【<{{]?{_GAP}(?:[.。点]|\bdot\b){_GAP}[\])】>}}]?{_GAP})"
_LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_SCHEME = r"(?P<scheme>h[tx]{2}ps?|ftp)\s{0,2}:\s{0,2}/{1,2}\s{0,2}|//"
_TAIL = r"(?P<port>:\d{2,5}(?!\d))?(?P<path>[/?#][!-~]*)?"
_HOST = re.compile(
    rf"(?=[a-z0-9./_+-])(?:{_SCHEME})?(?:(?P<user>(?<![\w.+-])[a-z0-9._+-]{{1,64}}@)|(?<![a-z0-9_@]))(?P<host>{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}){_TAIL}"
)
_SPELT = re.compile(
    r"(?=[a-z0-9])(?<![a-z0-9])(?P<host>(?:[a-z0-9][\s*|~_]+){3,40}?[.。点][\s*|~_]*(?:c\s*o\s*m|c\s*n|n\s*e\s*t|c\s*c|x\s*y\s*z))(?![a-z0-9])"
)
_HAN_HOST = re.compile(
    r"(?P<scheme>https?://)?(?<![\u4e00-\u9fff])(?P<host>(?:www\.)?[\u4e00-\u9fff a-z0-9-]{2,20}\.(?:中国|公司|网络|网址|中文网|集团|香港|台湾|商城))"
    rf"(?![\u4e00-\u9fffa-z0-9]){_TAIL}"
)
_SPELT_HINT = re.compile(r"[a-z0-9][\s*|~_]+[a-z0-9][\s*|~_]+[a-z0-9]")
_HAN_HINT = re.compile(r"\.[中公网集香台商]")
_SPLIT_DOT = re.compile(_DOT)
_TRAILING = ".,;:!?'\"`~>]}*|\\"
_PRODUCTS = frozenset(("asp.net", "ado.net", "vb.net", "ml.net", "socket.io"))
_STRONG = frozenset(
    [
        "com",
        "cn",
        "net",
        "org",
        "cc",
        "top",
        "xyz",
        "vip",
        "info",
        "icu",
        "club",
        "site",
        "online",
        "shop",
        "fun",
        "live",
        "ltd",
        "biz",
        "co",
        "io",
        "tv",
        "ru",
        "de",
        "jp",
        "uk",
        "hk",
        "tw",
        "sg",
        "gg",
        "ly",
        "cm",
        "tk",
        "ws",
        "kr",
        "fr",
        "pw",
        "wang",
        "ren",
        "mobi",
        "asia",
        "edu",
        "gov",
        "app",
        "link",
        "pro",
        "store",
        "tech",
        "eu",
        "ai",
        "ca",
        "nl",
        "ch",
        "se",
        "es",
        "lv",
        "wiki",
        "bet",
        "dev",
    ]
)
_SPLIT = frozenset(
    ["com", "cn", "net", "org", "cc", "xyz", "vip", "top", "info", "io"]
)  # also believed where the dot is written in another way
_FILES = frozenset(
    [
        "py",
        "sh",
        "rs",
        "pl",
        "md",
        "ps",
        "zip",
        "mov",
        "ml",
        "so",
        "mo",
        "cc",
        "ai",
        "app",
        "dev",
        "java",
        "pm",
        "bz",
        "ac",
        "mp",
        "aac",
        "in",
        "as",
    ]
)
_ALWAYS = frozenset(
    [
        "t.me",
        "telegram.me",
        "telegram.dog",
        "telegra.ph",
        "wa.me",
        "line.me",
        "youtu.be",
        "b23.tv",
        "qm.qq.com",
        "u.jd.com",
    ]
)
SHORT = frozenset(
    [
        "bit.ly",
        "t.cn",
        "dwz.cn",
        "dwz.mk",
        "suo.im",
        "suo.nz",
        "url.cn",
        "w.url.cn",
        "tinyurl.com",
        "goo.gl",
        "is.gd",
        "t.co",
        "ow.ly",
        "rb.gy",
        "cutt.ly",
        "u.nu",
        "mrw.so",
        "sourl.cn",
        "985.so",
        "m.tb.cn",
        "tb.cn",
        "c.tb.cn",
        "v.douyin.com",
        "b23.tv",
        "xhslink.com",
        "u.jd.com",
        "3.cn",
        "shorturl.at",
        "reurl.cc",
        "lihi.cc",
        "s.id",
        "t.ly",
        "v.gd",
        "buff.ly",
        "rebrand.ly",
        "tiny.cc",
        "ppt.cc",
        "v.kuaishou.com",
        "dwz.win",
        "dwz.date",
        "sina.lt",
        "kurl.cc",
        "urlify.cn",
        "lnkd.in",
    ]
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or an address of mail where ``kind`` says so, at ``span`` of the original."""

    span: Span
    address: str
    host: str
    kind: str = "link"
    is_short: bool = False
    is_disguised: bool = False


def find_links(text: str, folded: View | None = None) -> tuple[Link, ...]:
    """All links in order, none inside another, of the first 32,000 letters. ``folded`` spares folding. Never raises."""
    view = folded or fold(text)
    if not _MAYBE.search(view.text):
        return ()
    found: list[Link] = []
    taken = bytearray(len(text))
    for expression, hint in ((_HOST, _MAYBE), (_SPELT, _SPELT_HINT), (_HAN_HOST, _HAN_HINT)):
        for match in expression.finditer(view.text, 0, READ_LETTERS) if hint.search(view.text) else ():
            link = _link(text, view, match)
            if link and not any(taken[slice(*link.span)]):
                taken[slice(*link.span)] = b"\1" * (link.span[1] - link.span[0])
                found.append(link)
    return tuple(sorted(found, key=lambda link: link.span))


@cache
def top_levels() -> frozenset[str]:
    """Every top-level domain there is."""
    listed = (Path(__file__).parent / "words" / "top_levels.txt").read_text(encoding="utf-8")
    return frozenset(word for line in listed.splitlines() if not line.startswith("#") for word in line.split())


def _link(text: str, view: View, match: re.Match[str]) -> Link | None:
    parts = match.groupdict()
    host, end = _host_of(match)
    if not host:
        return None
    whole = end == match.end("host")
    path = (parts.get("path") or "").rstrip(_TRAILING)[:LONGEST] if whole else ""
    path = path[:-1] if path.endswith(")") and "(" not in path else path
    port = (parts.get("port") or "") if whole else ""
    scheme = (parts.get("scheme") or "").strip(":/").replace("x", "t")
    if not _is_believed(view.text, match, host, has_sign=bool(scheme or port or path or host.startswith("www."))):
        return None
    span = view.span(match.start(), end + len(port) + len(path))
    if parts.get("user"):
        return Link(span, f"{parts['user']}{host}", host, "email")
    written = text[slice(*view.span(end + len(port), end + len(port) + len(path)))] if path else ""
    plain = "".join(c for c in unicodedata.normalize("NFKC", written) if c.isprintable() and c.isascii())
    is_disguised = match["host"] != host or text[slice(*view.span(match.start("host"), end))].lower() != host
    return Link(
        span, f"{scheme or 'http'}://{_ascii(host)}{port}{plain}", _ascii(host), "link", host in SHORT, is_disguised
    )


def _host_of(match: re.Match[str]) -> tuple[str, int]:
    """The host with plain dots, as far as its last label is a domain; and where it ends in the text."""
    written, at = match["host"], match.start("host")
    if match.re is _SPELT:
        return re.sub(r"[\s*|~_]", "", written).replace("。", ".").replace("点", "."), match.end("host")
    dots = list(_SPLIT_DOT.finditer(written))
    ends = [dot.start() for dot in dots[1:]] + [len(written)]
    for dot, end in zip(reversed(dots), reversed(ends), strict=True):
        label = written[dot.end() : end]
        if label in top_levels() and (dot[0] == "." or label in _SPLIT or written[: dot.start()] == "t"):
            host = _SPLIT_DOT.sub(".", written[:end])
            return ("", 0) if _is_prose(dot[0], label, host) else (host, at + end)
    if match["scheme"] and re.fullmatch(r"(?:\d{1,3}\.){3}\d{1,3}", written):
        return written, match.end("host")
    return "", 0


def _is_prose(dot: str, label: str, host: str) -> bool:
    """A full stop and a space behind it are the end of a sentence, unless the next word can only be a domain."""
    return dot == ". " and label not in {"com", "cn", "xyz", "cc"} and host != "t.me"


def _is_believed(text: str, match: re.Match[str], host: str, *, has_sign: bool) -> bool:
    if match.re is not _HOST or host in _ALWAYS or match["scheme"]:
        return True
    labels = host.split(".")
    top, before = labels[-1], text[match.start() - 1 : match.start()]
    if match["user"]:
        return True
    if host in _PRODUCTS and not has_sign:
        return False
    if before in {"/", "\\", "~", "@", "_", "-", "."} or (before == "`" and top in _FILES):
        return False  # a part of a path or of something else
    if top in _FILES and not (has_sign or len(labels) > 2):
        return top in {"cc", "ai", "app", "dev"} and any(c.isdigit() for c in labels[0])
    if labels[-2].isdigit() and len(labels[-2]) < 3 and not has_sign and match["host"] != host:
        return False  # «3点 top»
    return top in _STRONG or (has_sign and len(labels[-2]) > 1)


def _ascii(host: str) -> str:
    """The name as computers write it: ``例子.中国`` is ``xn--fsqu00a.xn--fiqs8s``."""
    if host.isascii():
        return host
    return ".".join(
        p if p.isascii() else "xn--" + p.encode("punycode").decode() for p in host.replace(" ", "").split(".")
    )
