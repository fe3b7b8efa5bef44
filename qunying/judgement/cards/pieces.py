"""A card cut where its writer put something between fields; words that belong together are put together again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from qunying.judgement.cards.gazetteer import words
from qunying.judgement.views import View

_MOST = 60  # pieces of a card that are looked at; a longer text is no card
_WORDS_TOGETHER = 4  # «senior machine learning engineer»
_LETTERS = r"(?:[^\W_]|['’°](?=[a-z])|(?<=[a-z0-9])\.(?=[a-z0-9]))+"
_SIGNED = r"c\+\+[\u3400-\u9fff]+|c\+\+(?=$|\W)|c#[\u3400-\u9fff]*|\.net[\u3400-\u9fff]*"
_FIRM = r"[\u3400-\u9fff]{2,12}\([\u3400-\u9fff]{2,6}\)[\u3400-\u9fff]{0,8}公司"
_PHONE = re.compile(r"1[3-9]\d{9}(?!\d)")
_PIECE = re.compile(f"{_FIRM}|{_SIGNED}|{_LETTERS}")
_PIECE_OR_PHONE = re.compile(rf"{_PHONE.pattern}|{_SIGNED}|(?:(?!{_PHONE.pattern})[^\W_])+")
_DOTS = frozenset("·・•∙･․‧")


class Piece(NamedTuple):
    """A run of letters ``[start, end)`` of the folded card, and what stands before it."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def follows_space(self) -> bool:
        """Only spaces part it from the piece before: in Latin writing these may be one word."""
        return bool(self.gap) and not self.gap.strip()


def cut(view: View, card: str) -> list[Piece]:
    """The pieces of a folded card, in order; signs and emoji part them."""
    pieces: list[Piece] = []
    end = 0
    text = _with_dots_apart(view, card)
    for found in (_PIECE_OR_PHONE if _PHONE.search(text) else _PIECE).finditer(text):
        pieces.append(Piece(found[0], found.start(), found.end(), view.text[end : found.start()]))
        end = found.end()
        if len(pieces) == _MOST:
            break
    return pieces


def _with_dots_apart(view: View, card: str) -> str:
    """«上海·教育» is folded to a full stop; here the dot that parts is told from the one inside «node.js»."""
    text = view.text.replace("丨", " ")
    if "." not in text or not _DOTS & set(card):
        return text
    return "".join(
        " " if letter == "." and card[view.starts[place]] in _DOTS else letter for place, letter in enumerate(text)
    )


def together(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """Pieces that make one known word put together: «new york», «product manager», «ui/ux», «t3-1»."""
    out: list[Piece] = []
    place = 0
    while place < len(pieces):
        size = _words_at(pieces, place, text)
        first, last = pieces[place], pieces[place + size - 1]
        if size == 1:
            out.append(first)
        else:
            key = _known(pieces[place : place + size], text)
            out.append(Piece(key, first.start, last.end, first.gap))
        place += size
    return out


def _words_at(pieces: Sequence[Piece], place: int, text: str) -> int:
    if not pieces[place].text[:1].isascii():
        return 1
    for size in range(min(_WORDS_TOGETHER, len(pieces) - place), 1, -1):
        if _known(pieces[place : place + size], text):
            return size
    return 1


_LEVEL = re.compile(r"[a-z]{1,3}\d{1,2}[-.]\d")


def _known(run: Sequence[Piece], text: str) -> str:
    """How these pieces are written in the lists as one word; empty where they are not."""
    raw = text[run[0].start : run[-1].end]
    if raw in words() or _LEVEL.fullmatch(raw):
        return raw
    if all(piece.follows_space for piece in run[1:]):
        for joint in ("_", ""):
            word = joint.join(piece.text for piece in run)
            if word in words() and (joint or word.isascii()) and len(word) > 3:
                return word
    return ""


def is_sign_only(card: str) -> bool:
    """Nothing but emoji, punctuation and space."""
    return not any(unicodedata.category(letter)[0] in "LN" for letter in card)
