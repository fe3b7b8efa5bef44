"""What a group is talking about, as cards, and what nobody has answered, as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo
from qunying.console.group.counting import COUNTED_FOR, groups_counted
from qunying.insights.talks import US, Saying, Talk, Talks, read_talks

LOOK_BACK = timedelta(days=14)
MANY = 200  # conversations
FACES = 3


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody as a round initial; ``is_us`` is our own account."""

    name: str
    key: str
    is_us: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A conversation, and where it begins in the talk."""

    words: str
    href: str
    faces: tuple[Face, ...]
    opener: str
    people: int
    messages: int
    last_at: datetime
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question nobody has answered, and where it stands in the talk."""

    asker: Face
    words: str
    href: str
    at: datetime
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Talking:
    """Conversations, whichever went on last first; open questions, newest first: those can still be answered.

    ``is_cut``: there are older conversations of these two weeks, which are not told. ``lines``, ``unread`` and
    ``unplaced`` as ``Talks`` has them.
    """

    cards: tuple[Card, ...]
    questions: tuple[OpenQuestion, ...]
    is_cut: bool
    lines: int
    unread: int
    unplaced: int | None


def read_talking(group: GroupInfo, now: datetime, *, with_past: bool = False) -> Talking:
    """The newest ``MANY`` conversations of a group, of the last two weeks at most; at most a minute old.

    With those of the groups whose history it goes on with, where asked.
    """
    talks = _talks(group, now, with_past=with_past)
    live = sorted(talks.talks, key=lambda talk: talk.last_at, reverse=True)
    return Talking(
        cards=tuple(_card(talk) for talk in live),
        questions=tuple(_question(saying, now) for saying in talks.waiting[::-1]),
        is_cut=talks.is_cut,
        lines=talks.lines,
        unread=talks.unread,
        unplaced=talks.unplaced,
    )


def _talks(group: GroupInfo, now: datetime, *, with_past: bool) -> Talks:
    key = f"console.group.talks.{group.id}.{with_past}"
    known: Talks | None = cache.get(key)
    if known is None:
        known = read_talks(groups_counted(group.id, with_past=with_past), now - LOOK_BACK, now, now, most=MANY)
        cache.set(key, known, COUNTED_FOR)
    return known


def _card(talk: Talk) -> Card:
    return Card(
        words=_words(talk.opener),
        href=href_of(talk.opener),
        faces=tuple(face_of(*one) for one in talk.people[:FACES]),
        opener=face_of(talk.opener.person_id, talk.opener.name).name,
        people=len(talk.people),
        messages=talk.messages,
        last_at=talk.last_at,
        is_waiting=bool(talk.waiting),
    )


def _question(saying: Saying, now: datetime) -> OpenQuestion:
    asker = face_of(saying.person_id, saying.name)
    return OpenQuestion(asker, _words(saying), href_of(saying), saying.at, now - saying.at)


def face_of(person_id: int, name: str) -> Face:
    """Somebody, or our own account."""
    if person_id == US:
        return Face(_("群营小助手"), "us", is_us=True)
    return Face(name, str(person_id), is_us=False)


def _words(saying: Saying) -> str:
    return saying.words or _("（图片、表情或文件）")


def href_of(saying: Saying) -> str:
    """Where it stands in the talk of its group."""
    day = f"{timezone.localtime(saying.at):%Y-%m-%d}"
    return f"{reverse('console:group-messages', args=[saying.group_id])}?day={day}&message={saying.message_id}#i-message{saying.message_id}"
