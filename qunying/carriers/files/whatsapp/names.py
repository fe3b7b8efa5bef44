"""What the file's name and its first lines tell: the chat's name, senders with a colon in theirs, private or not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ..sources import Source
from .headers import MARKS, match_header
from .system import SystemEvent, is_wordy, read_system

HEAD_LINES = 5_000
_MOST_LIKELY_NAME = 40

_FILE_NAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"whatsapp.chat (?:with|mit|con|com|avec|met|med|z|con il gruppo) (?P<name>.+)",
        r"whatsapp.chat - (?P<name>.+)",
        r"(?:chat|conversación|conversa|discussion|chat di)(?: (?:de|do|di))? whatsapp (?:con|com|avec|mit|with) (?P<name>.+)",
        r"[与與和](?P<name>.+?)\s?的\s?whatsapp\s?(?:聊天|对话|對話).*",
        r"(?P<name>.+?)님과(?:의)? whatsapp 대화.*",
    )
)
_COPY_NUMBER = re.compile(r"\s?\(\d+\)$")
_DATED = re.compile(r"\.(?:txt|zip)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Overview:
    """``title`` is the name in the file's own words; ``doubled`` the senders whose names contain ": "."""

    title: str = ""
    doubled: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()
    is_group: bool = False

    def is_private(self, name: str) -> bool:
        """Whether a chat of that name is with one person, who is called so and speaks in it."""
        return name in self.senders and not self.is_group and len(self.senders) <= 2


def name_from_path(source: Source) -> str:
    """The chat's name as the export's file, zip or folder was called; "" where it says nothing."""
    inner = source.name.split("/")
    for part in (inner[-1], *([source.path.name] if source.member else []), *inner[-2:-1], source.path.parent.name):
        bare = _COPY_NUMBER.sub("", _DATED.sub("", part.strip(MARKS))).strip()
        for pattern in _FILE_NAMES:
            match = pattern.fullmatch(bare)
            if match is not None:
                return match["name"].strip()
    return ""


def look_over(source: Source) -> Overview:
    """Reads the first ``HEAD_LINES`` lines for what cannot be told from one line alone."""
    title, is_group = "", False
    rests: list[str] = []
    for rest in _rests(islice(source.lines(), HEAD_LINES)):
        event = _system_event(rest)
        if event is None:
            rests.append(rest)
            continue
        title = title or event.chat
        is_group = is_group or event.kind != "notice"
    senders = frozenset(rest.partition(": ")[0].strip(MARKS) for rest in rests if ": " in rest)
    return Overview(title, _doubled_names(rests), senders, is_group)


def _rests(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        match = match_header(line)
        if match is not None:
            yield match.group(match.lastindex or 0).lstrip(MARKS)


def _system_event(rest: str) -> SystemEvent | None:
    """A line of WhatsApp's own: without sender, or a marked one that names the chat as its sender."""
    name, colon, text = rest.partition(": ")
    if not colon or is_wordy(name):
        return read_system(rest)
    return read_system(text) if text[:1] in MARKS else None


def _doubled_names(rests: list[str]) -> frozenset[str]:
    """Somebody called "Work: Anna" never writes as "Work" alone, and always as the same "Anna"."""
    second: defaultdict[str, Counter[str]] = defaultdict(Counter)
    alone: set[str] = set()
    for rest in rests:
        name, _, text = rest.partition(": ")
        inner, colon, _ = text.partition(": ")
        if colon and len(inner) <= _MOST_LIKELY_NAME and not inner.startswith("http"):
            second[name][inner] += 1
        else:
            alone.add(name)
    return frozenset(
        f"{name}: {next(iter(inner))}"
        for name, inner in second.items()
        if len(inner) == 1 and name not in alone and inner.total() > 1
    )
