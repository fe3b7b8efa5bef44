"""What floods a group when one account sends it: the same again and again, pictures without end, calling everybody. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from qunying.capabilities.order.knowing import Said, Seen

WITHIN = timedelta(seconds=60)
SAME = 5  # the same words by one account
LONG = 12  # letters: of longer words fewer are a flood
SAME_LONG = 4
NEARLY = 3  # so many more where they differ in digits and signs: «第1题», «第2题» are questions
MANY = 30  # messages of one account in so short a time, whatever they say
BURST = timedelta(seconds=20)
EVERYDAY = 4  # letters: «收到», «1», «哈哈» are said by many, often, and mean no harm
PICTURES, TOO_MANY_PICTURES = 15, 25  # within a minute: nine are sent at once, and of a trip twice as many
CALLED, TOO_MANY_CALLED = 15, 30  # people in one message
_LETTERS = re.compile(r"[\W\d_]+")


def letters_of(plain: str) -> str:
    """Folded words without digits, signs and spaces: of «砍一刀1» and «砍 一 刀!!2» the same."""
    letters = _LETTERS.sub("", plain)
    return letters if len(letters) >= EVERYDAY else plain


def flood_of(seen: Seen, all_of_them: Sequence[Said], at: datetime) -> float:
    """How likely it is, 0 to 1, that a message with such words floods the group, when ``all_of_them`` were said earlier by the same account."""
    lately = [one for one in all_of_them if at - one.at <= WITHIN]
    again = 1 + sum(one.mark == seen.mark for one in lately)
    nearly = 1 + sum(one.letters == seen.letters for one in lately)
    needed = SAME_LONG if len(seen.plain) >= LONG else SAME
    if len(seen.plain) > EVERYDAY and (again >= needed or nearly >= needed + NEARLY):
        return 0.9
    return 0.6 if _is_burst(all_of_them, at) else 0.0


def is_wordless(text: str, kind: str) -> bool:
    """Whether it is a picture, a sticker, or whatever else has no words."""
    return kind != "text" and not text.strip()


def said_of(key: str, at: datetime, seen: Seen, *, is_wordless: bool) -> Said:
    """What is remembered of a message for a minute."""
    return Said(key, at, seen.mark, seen.letters, is_wordless)


def pictures_of(all_of_them: Sequence[Said], at: datetime) -> float:
    """The same of a picture, sticker or whatever else has no words."""
    shown = 1 + sum(at - one.at <= WITHIN for one in all_of_them if one.is_wordless)
    if shown >= TOO_MANY_PICTURES:
        return 0.9
    return 0.6 if shown >= PICTURES or _is_burst(all_of_them, at) else 0.0


def calls_of(people: int) -> float:
    """The same of a message that calls so many people by name."""
    return 0.85 if people >= TOO_MANY_CALLED else 0.6 if people >= CALLED else 0.0


def _is_burst(all_of_them: Sequence[Said], at: datetime) -> bool:
    return 1 + sum(at - one.at <= BURST for one in all_of_them) >= MANY
