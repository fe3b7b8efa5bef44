"""Writing that differs in looks only becomes the same: width, case, script, look-alikes, invisible and combining marks.

``fold`` keeps words apart as they were; ``tighten`` also takes out what is put between letters so that no list finds them,
and repetitions. Both keep the way back to the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from qunying.judgement.lookalikes import GLYPHS, LOOK_LIKE_LATIN
from qunying.judgement.views import View, as_written, rewritten

# what has no looks of its own: marks above and around letters, selectors of emoji style, the box around 1️⃣, tags
_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0000, 0xE01EF),
)
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")  # letters that are drawn as nothing
_FLAG_A = 0x1F1E6
_RUN = re.compile(r"[^\W\d_]+")
_NOT_PLAIN = re.compile(r"[^\x20-\x40\x5b-\x7e\u4e00-\u9fff，。？！、：；“”‘’（）《》…—～【】]")
_LATIN = re.compile("[a-z]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FEW = 3  # a few Greek or Cyrillic letters among Chinese are a disguise, more are Greek or Russian
REPEATS = 2  # «哈哈哈哈» and «sooooo» keep so many
_simplify = OpenCC("t2s").convert


class _Letters(dict[str, str]):
    """How each letter is written when folded; worked out when a letter is met for the first time."""

    def __missing__(self, letter: str) -> str:
        folded = _fold_letter(letter)
        if len(self) < 50_000:
            self[letter] = folded
        return folded


def _fold_letter(letter: str) -> str:
    code = ord(letter)
    if letter in GLYPHS:
        return GLYPHS[letter]
    if letter in _BLANK or any(low <= code <= high for low, high in _MARKS):
        return ""
    if _FLAG_A <= code < _FLAG_A + 26:
        return chr(ord("a") + code - _FLAG_A)
    kind = unicodedata.category(letter)
    if kind in {"Cf", "Cs", "Cn", "Co"}:
        return ""
    if kind == "Cc":
        return " " if letter in "\t\n\r\v\f\x85" else ""
    wide = unicodedata.normalize("NFKD", letter) if code > 0x7F else letter
    return "".join(_plain(part) for part in wide)


def _plain(letter: str) -> str:
    if any(low <= ord(letter) <= high for low, high in _MARKS):
        return ""
    if letter.isspace():
        return " "
    lower = letter.lower()[:1]
    return _simplify(lower) if _HAN.match(lower) else GLYPHS.get(lower, lower)


_letters = _Letters()


def fold(text: str) -> View:
    """The text in lower case, half width, simplified characters, look-alikes as what they look like, nothing invisible.

    The common case, plain Chinese and ASCII, costs one look at the whole.
    """
    if not _NOT_PLAIN.search(text):
        simple = "".join([_letters[letter] for letter in text])
        if len(simple) == len(text):
            return View(simple, range(len(text)), range(1, len(text) + 1))
    view = rewritten(text, [_letters[letter] for letter in text])
    return _without_disguise(view) if LOOK_LIKE_LATIN.keys() & set(view.text) else view


def _without_disguise(view: View) -> View:
    """Greek and Cyrillic letters written as the Latin ones they look like, where they stand among Latin or Chinese."""
    text = list(view.text)
    is_chinese = _HAN.search(view.text) is not None
    for run in _RUN.finditer(view.text):
        foreign = [place for place in range(*run.span()) if view.text[place] in LOOK_LIKE_LATIN]
        if not foreign:
            continue
        if _LATIN.search(run[0]) or (is_chinese and len(foreign) <= _FEW):
            for place in foreign:
                text[place] = LOOK_LIKE_LATIN[view.text[place]]
    return View("".join(text), view.starts, view.ends)


@lru_cache(maxsize=4096)
def _is_word_letter(letter: str) -> bool:
    return letter.isalnum() or letter in "+@"


def tighten(view: View) -> View:
    """Only letters and digits (and ``+ @``), nothing between them, and of a repeated one two at the most."""
    places: list[int] = []
    last, times = "", 0
    for place, letter in enumerate(view.text):
        if not _is_word_letter(letter):
            continue
        times = times + 1 if letter == last else 1
        last = letter
        if times <= REPEATS or letter.isdigit():
            places.append(place)
    return view if len(places) == len(view) else view.keep(places)


def folded(text: str) -> str:
    """Only the words of ``fold``."""
    return fold(text).text


__all__ = ["View", "as_written", "fold", "folded", "tighten"]
