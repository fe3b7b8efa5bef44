"""Slow thinking, beside the story: looks at the pictures that somebody asked about, and tells as an envelope what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from qunying.carriers.base import Carrier, NoPicture, NotReachable
from qunying.carriers.live import find_carrier
from qunying.communities.queries import infos_of_groups
from qunying.intake.actions import Incoming
from qunying.intake.questions import Asked, do_answer, do_ask_again, do_claim_question
from qunying.judgement.images import BadPicture, Code, Look, installed_reader, look_at
from qunying.people.queries import names_of
from qunying.pipeline.batch import PICTURES
from qunying.talk.lines import Line, find_line
from qunying.talk.queries import list_message_ids

MOST_PICTURES = 9  # of one message
WAITS = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 240))
ADDRESSES = frozenset({"contact", "group", "account"})  # such a code is a contact by itself, not words
NO_WORDS = frozenset({"number", "wifi"})
WORDS_AT_MOST = 2_000


@dataclass(slots=True)
class _Seen:
    """What the pictures of a message show together."""

    codes: list[Code] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    looks: list[tuple[int, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, look: Look) -> None:
        """One more picture."""
        self.codes += look.codes
        self.words += look.words
        if look.likeness:
            self.looks.append((look.likeness.dhash, look.likeness.phash))


def step(now: datetime) -> int:
    """Looks at what one message shows; answers 0 where nobody asks. It takes a while, and others wait: no more than one.

    A message that is gone or withdrawn is not looked at.
    """
    question = do_claim_question(now)
    if question is None:
        return 0
    _do_look(question, now)
    return 1


def _do_look(question: Asked, now: datetime) -> None:
    line = _find_shown(question)
    if line is None:
        do_answer(question, None, now)
        return
    try:
        seen = _look(question, line, now)
    except NotReachable:
        if question.tries <= len(WAITS):
            do_ask_again(question, now + WAITS[question.tries - 1])
            return
        seen = _Seen(wrong=["unreachable"])
    do_answer(question, _answer(question, line, seen, now), now)


def _find_shown(question: Asked) -> Line | None:
    place = (question.lane.group_id or 0, question.message_key)
    message_id = list_message_ids([place]).get(place)
    line = find_line(place[0], message_id) if message_id else None
    return line if line and line.sender_id and line.recalled_at is None else None


def _look(question: Asked, line: Line, now: datetime) -> _Seen:
    """What there is to see. A picture over which a worker died again and again is left alone."""
    seen = _Seen()
    carrier = _carrier_of(question)
    if question.tries > len(WAITS) + 1 or carrier is None or carrier.open_picture is None:
        seen.wrong.append("not_offered" if carrier is None or carrier.open_picture is None else "gave_up")
        return seen
    reader = installed_reader()
    for url in list(_urls(line))[:MOST_PICTURES]:
        try:
            seen.add(look_at(_open(carrier.open_picture, url, now), reader))
        except (NoPicture, BadPicture) as error:
            seen.wrong.append(error.why)
    return seen


def _open(open_picture: Callable[[str, datetime], bytes], url: str, now: datetime) -> bytes:
    """One call to the platform. Whatever else it raises means that there was no answer."""
    try:
        return open_picture(url, now)
    except (NoPicture, NotReachable):
        raise
    except Exception as error:  # a carrier's bug must not stop everybody's deliveries
        raise NotReachable from error


def _carrier_of(question: Asked) -> Carrier | None:
    group_id = question.lane.group_id or 0
    info = infos_of_groups([group_id]).get(group_id)
    return find_carrier(info.carrier) if info else None


def _urls(line: Line) -> Iterator[str]:
    for part in line.media:
        if part.get("kind") == "image" and part.get("url"):
            yield str(part["url"])


def _answer(question: Asked, line: Line, seen: _Seen, now: datetime) -> Incoming | None:
    """The envelope; None for an ordinary picture without a word, of which there is nothing to tell."""
    if not (seen.codes or seen.words or seen.wrong or line.text.strip()):
        return None
    sender = names_of([line.sender_id or 0])[line.sender_id or 0]
    payload: Mapping[str, Any] = {
        "message": question.message_key,
        "sender": {"ref": sender.ref, "name": sender.name},
        "text": "\n".join(filter(None, [line.text, *seen.words, *_words_of(seen.codes)]))[:WORDS_AT_MOST],
        "codes": [[code.text, code.purpose] for code in seen.codes],
        "looks": [list(look) for look in seen.looks],
        "wrong": list(dict.fromkeys(seen.wrong)),
    }
    return Incoming(question.lane, f"picture:{question.message_key}", PICTURES, now, payload)


def _words_of(codes: Sequence[Code]) -> list[str]:
    return [code.text for code in codes if code.purpose not in ADDRESSES | NO_WORDS]
