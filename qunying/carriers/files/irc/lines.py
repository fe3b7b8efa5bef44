"""One line of an IRC log in the words of its client: who said, did, came, left, was kicked, changed the name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ..records import PersonRef

_ROLES = {"~": "owner", "&": "admin", "@": "admin", "%": "member", "+": "member"}
_HOST = r"(?:[\[(][^\])\s]*[\])])?"

SAID = re.compile(r"(?:\[?(\d\d):(\d\d)(?::(\d\d))?\]?\s)<([^>]{1,64})> ?(.*)", re.DOTALL)
TIMED = re.compile(r"\[?(\d\d):(\d\d)(?::(\d\d))?\]?\s(.*)", re.DOTALL)
TABBED = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\t([^\t]*)\t(.*)", re.DOTALL)
_ACTION = re.compile(r" ?\* (\S+)(?: (.*))?", re.DOTALL)
_STARS = re.compile(r"(?:-!-|\*\*\*|===|-->|<--|--) ?(.*)", re.DOTALL)

_JOINED = re.compile(
    rf"(?P<who>\S+?) ?{_HOST} +(?:has )?joined(?: (?P<where>\S+))?|Joins: (?P<who2>\S+)(?: \(.*\))?", re.IGNORECASE
)
_KICKED = (
    re.compile(r"(?P<who>\S+) was kicked(?: from (?P<where>\S+))? by (?P<by>\S+)(?: [\[(].*)?", re.DOTALL),
    re.compile(r"(?P<by>\S+) has kicked (?P<who>\S+)(?: [\[(].*)?", re.DOTALL),
    re.compile(r"(?P<who>\S+) (?:has been |was )?kicked by (?P<by>\S+?)(?::? .*)?", re.DOTALL),
)
_LEFT = re.compile(
    rf"(?P<who>\S+?) ?{_HOST} +(?:has )?(?:left|quit)(?: .*)?|(?:Parts|Quits): (?P<who2>\S+)(?: .*)?", re.DOTALL
)
_RENAMED = re.compile(r"(?P<who>\S+) is now known as (?P<new>\S+)")
_SERVER_WORDS = re.compile(r"(?:Topic|topic|mode|ServerMode|Mode|Users|Channel|Irssi|You|The)\b|.*#|.*:$")


@dataclass(frozen=True, slots=True)
class Event:
    """``kind``: "join", "leave", "renamed", "action" or "notice"; ``by`` who kicked; ``text`` the line's own words."""

    kind: str
    who: str = ""
    by: str = ""
    text: str = ""


def read_event(words: str) -> Event:
    """What a line that nobody said tells. Everything unknown is a notice."""
    starred = _STARS.match(words)
    if starred is None:
        action = _ACTION.fullmatch(words)
        return Event("action", action[1], text=action[2] or "") if action else Event("notice", text=words)
    text = starred[1].strip()
    return read_starred(text, has_untimed_actions=words.startswith("==="))


def read_starred(text: str, *, has_untimed_actions: bool = False) -> Event:
    """The same after the client's own arrow, stars or dashes; old Ubuntu logs write actions like events."""
    for pattern in _KICKED:
        if match := pattern.fullmatch(text):
            return Event("leave", match["who"], match["by"], text)
    if match := _RENAMED.fullmatch(text):
        return Event("renamed", match["who"], text=text)
    if match := _JOINED.fullmatch(text):
        return Event("join", match["who"] or match["who2"], text=text)
    if match := _LEFT.fullmatch(text):
        return Event("leave", match["who"] or match["who2"], text=text)
    nick, _, rest = text.partition(" ")
    if has_untimed_actions and rest and not _SERVER_WORDS.match(nick):
        return Event("action", nick, text=rest)
    return Event("notice", text=text)


@lru_cache(maxsize=8192)
def person(nick: str) -> PersonRef:
    """A nick without the sign of its rank: @ and & lead the channel, ~ owns it."""
    bare = nick.strip()
    role = _ROLES.get(bare[:1])
    return PersonRef(bare[1:], role=role) if role and len(bare) > 1 else PersonRef(bare)
