"""Handles by which people are drawn out of the group, in every disguise; invitations to write privately are softer evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from qunying.judgement.folding import fold
from qunying.judgement.grams import READ_LETTERS
from qunying.judgement.patterns import handles
from qunying.judgement.patterns.keys import KEY
from qunying.judgement.patterns.links import Link, find_links
from qunying.judgement.patterns.spelling import NUMERAL
from qunying.judgement.views import Span, View

_MAYBE = re.compile(  # a name or a number, however spaced; or a word with which one invites
    rf"(?:[a-z_{NUMERAL}][^\w]{{0,4}}){{4}}|@|私|滴|戳我|敲我|撩我|扣我|抠我|找我|加我|"
    r"[+]我|伽我|佳我|好友|下我|小窗|联系|看我?[名头签主简昵]|懂|c\W{0,3}[名茗]|[+]名|名字?\W?[+]|d我|[a-z] (?:me|us)"
)
_WORD = re.compile("[a-z]+")
_ENGLISH = frozenset(
    [
        "group",
        "groups",
        "android",
        "iphone",
        "apple",
        "login",
        "official",
        "windows",
        "music",
        "work",
        "team",
        "business",
        "users",
        "user",
        "pay",
        "chat",
        "mini",
        "web",
    ]
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Something to be reached by at ``span`` of the original: which, how it is written plainly, how certain, and why."""

    kind: str  # wechat qq phone telegram other email code invitation
    span: Span
    handle: str
    certainty: float
    reason: str
    disguises: int = 0  # letters written as others, and signs put between


def find_contacts(text: str, folded: View | None = None) -> tuple[Contact, ...]:
    """All of them in order, none inside another. ``folded`` spares folding. Never raises.

    Of a very long text the beginning and the end are read, where whoever leads people away has to say how.
    """
    if len(text) <= READ_LETTERS:
        return _find(text, folded or fold(text))
    half = READ_LETTERS // 2
    behind = len(text) - half
    moved = (
        replace(hit, span=(hit.span[0] + behind, hit.span[1] + behind))
        for hit in _find(text[-half:], fold(text[-half:]))
    )
    return (*_find(text[:half], fold(text[:half])), *moved)


def _find(text: str, view: View) -> tuple[Contact, ...]:
    if not _MAYBE.search(view.text):
        return ()
    found = _Found(text, view)
    for link in find_links(text, view):
        found.take_link(link)
    for search in (_keyed, _before, _numbers, _names, _fancy_for(text, view), _invitations):
        for hit in search(view.text):
            found.take(*hit)
    return tuple(sorted(found.hits, key=lambda hit: hit.span))


Raw = tuple[str, int, int, str, float, str]  # kind, from, to, handle, certainty, reason


class _Found:
    """What was found; the first at a place keeps it."""

    def __init__(self, text: str, view: View) -> None:
        self._text, self._view = text, view
        self._taken = bytearray(len(text))
        self.hits: list[Contact] = []

    def take(self, kind: str, start: int, end: int, handle: str, certainty: float, reason: str) -> None:
        """Keeps it, unless another is there."""
        first, last = self._view.span(start, end)
        if not any(self._taken[first:last]):
            disguises = 0 if kind == "invitation" else self._disguises((first, last), handle)
            self._keep(Contact(kind, (first, last), handle, certainty, reason, disguises))

    def _keep(self, hit: Contact) -> None:
        self._taken[slice(*hit.span)] = b"\1" * (hit.span[1] - hit.span[0])
        self.hits.append(hit)

    def take_link(self, link: Link) -> None:
        """A link that leads to a person or a group is a contact."""
        if link.kind == "email":
            self._keep(Contact("email", link.span, link.address, 0.4, "address of mail"))
        elif handles.T_ME.match(link.host):
            name = link.address.partition(".me/")[2]
            certainty = 0.9 if name else 0.5
            self._keep(Contact("telegram", link.span, name, certainty, "link to Telegram", int(link.is_disguised)))

    def _disguises(self, span: Span, handle: str) -> int:
        """Letters of the original that folding had to write anew, and gaps within the handle."""
        written = self._text[span[0] : span[1]]
        odd = sum(not (letter.isascii() or "\u4e00" <= letter <= "\u9fff" or letter in "：，") for letter in written)
        return min(9, odd + (handle.isdigit() and handle not in written))


def _keyed(text: str) -> Iterator[Raw]:
    """A key, and right behind it a name or a number."""
    for key in KEY.finditer(text):
        kind = key.lastgroup or "other"
        between = handles.BETWEEN.match(text, key.end())
        at = between.end() if between else key.end()
        yield from _values(text, kind, key, at)


def _values(text: str, kind: str, key: re.Match[str], at: int) -> Iterator[Raw]:
    said = text[key.end() : at]
    number = handles.NUMBER.match(text, at)
    if number and kind != "code":
        plain = _digits(number["name"])
        if _is_number(kind, plain, text[max(0, key.start() - 8) : key.start()]):
            certainty = 0.5 if re.match("[48]00|0", plain) else 0.8 if kind in {"other", "person"} else 0.95
            kind = "other" if kind == "person" else kind
            yield kind, key.start(), number.end(), plain, certainty, f"{kind} key and number"
            return
    expressions = {"code": (handles.CODE_VALUE,), "phone": ()}
    for expression in expressions.get(kind, (handles.NAME, handles.SPELT_NAME)):
        name = expression.match(text, at)
        if name and (certainty := _name_certainty(kind, key[0], said, _plain(name["name"]))):
            kind = "other" if kind == "person" else kind
            yield kind, key.start(), name.end(), _plain(name["name"]), certainty, f"{kind} key and name"
            return


def _name_certainty(kind: str, key: str, said: str, name: str) -> float:
    """How sure it is that a word behind a key is a name to be added: «微信: abc123» is, «微信 android» is not."""
    has_digit, has_letter = any(map(str.isdigit, name)), any(map(str.isalpha, name))
    invited = (
        bool(re.search(r"[:;=]|是|搜|加|号|id", said + key)) or key[0] in "加+伽佳家嘉增添联" or key[0] in "薇徽嶶溦崴"
    )
    if kind == "code":
        return 0.75 if has_digit or ":" in said or "是" in said else 0.0
    if name in _ENGLISH or len(name) < 5:
        return 0.0
    if kind == "qq":
        return 0.6 if has_letter and sum(map(str.isdigit, name)) >= 3 else 0.0
    if kind == "person":
        return 0.75 if has_letter and (has_digit or "_" in name) else 0.0
    if (has_digit and has_letter) or "_" in name or "-" in name:
        return 0.95 if invited else 0.7
    if has_letter:
        return 0.75 if invited else 0.0
    return 0.0


def _is_number(kind: str, digits: str, before: str) -> bool:
    if handles.NOT_A_NUMBER.search(before):
        return False
    if kind == "phone":
        return 7 <= len(digits) <= 13
    return (5 if kind == "qq" else 6) <= len(digits) <= 13


def _before(text: str) -> Iterator[Raw]:
    """A number, and what it is for behind it."""
    for match in handles.BEFORE.finditer(text):
        digits = _digits(match["name"])
        if 7 <= len(digits) <= 11 and not handles.NOT_A_NUMBER.search(text[max(0, match.start() - 8) : match.start()]):
            kind = "wechat" if match["wechat"] else "qq"
            yield kind, match.start(), match.end(), digits, 0.85, f"number before {kind} key"


def _numbers(text: str) -> Iterator[Raw]:
    """Numbers that only phones have."""
    for match in handles.ABROAD.finditer(text) if "+" in text else ():
        digits = re.sub(r"\D", "", match["name"])
        if 9 <= len(digits) <= 15:
            yield "phone", match.start(), match.end(), f"+{digits}", 0.7, "international number"
    for match in handles.MOBILE.finditer(text):
        digits = _digits(match["name"])
        if _is_mobile(digits, match["name"]) and not handles.NOT_A_NUMBER.search(
            text[max(0, match.start() - 8) : match.start()]
        ):
            yield "phone", match.start(), match.end(), digits, 0.8, "mobile number of China"


def _is_mobile(digits: str, written: str) -> bool:
    """Eleven digits in one piece, in three as one reads them out, or each apart."""
    sizes = [len(part) for part in re.split(r"[\s*·._-]+", written)]
    return len(digits) == 11 and digits[1] in "3456789" and ((len(sizes) < 4 and sizes[0] > 1) or max(sizes) < 3)


def _fancy_for(written: str, view: View) -> Callable[[str], Iterator[Raw]]:
    """Short codes of letters and figures that are written so that no list finds them."""

    def search(text: str) -> Iterator[Raw]:
        if written.isascii():
            return
        for match in handles.FANCY.finditer(text):
            start, end = view.span(match.start("name"), match.end("name"))
            if match["rune"] or sum(ord(letter) > 0x7F for letter in written[start:end]) >= 3:
                name = match["name"].replace(" ", "")
                yield "other", match.start(), match.end(), name, 0.6, "code in fancy letters"

    return search


def _names(text: str) -> Iterator[Raw]:
    """``@name``; at the very beginning of a text somebody is spoken to."""
    for match in handles.ON.finditer(text) if " on " in text or " at " in text else ():
        yield (
            "telegram" if match["where"] in {"tg", "telegram"} else "other",
            match.start(),
            match.end(),
            match["name"],
            0.8,
            "name on another service",
        )
    for match in handles.AT.finditer(text) if "@" in text else ():
        name = match["name"] or match["glued"]
        before = text[max(0, match.start() - 8) : match.start()]
        if not before.strip():
            spoken_to = bool(text[match.end() :].strip())
            if spoken_to or name.endswith("bot"):
                continue
        is_asked = re.search(r"联系|对接|飞机|电报|tg|咨询|客服|频道|找|认准|方式|:|合作|洽谈|私", before) is not None
        certainty = 0.9 if is_asked else 0.7 if any(map(str.isdigit, name)) else 0.55
        yield (
            "telegram",
            match.start(),
            match.end(),
            name,
            certainty,
            "name with @ behind an offer" if is_asked else "name with @",
        )


def _invitations(text: str) -> Iterator[Raw]:
    """«加我», «私聊我»: soft, and not when somebody says that others did or should not."""
    for match in handles.INVITE.finditer(text):
        if not handles.NOT_INVITED.search(text[max(0, match.start() - 6) : match.start()]):
            yield "invitation", match.start(), match.end(), "", 0.3, "asked to write privately"


def _digits(written: str) -> str:
    return re.sub(r"[^0-9x]", "", written.translate(handles.DIGITS))


def _plain(written: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "", written) if len(_WORD.sub("", written)) < len(written) else _digits(written)
