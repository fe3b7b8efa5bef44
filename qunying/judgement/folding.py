"""Writing that differs in looks only becomes the same: width, case, script, look-alikes, invisible and combining marks.

``fold`` keeps words apart as they were; ``tighten`` also takes out what is put between letters so that no list finds them,
and repetitions. Both keep the way back to the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from opencc import OpenCC

from qunying.judgement.lookalikes import GLYPHS, LOOK_LIKE_LATIN
from qunying.judgement.views import Span, Table, View, as_written

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
_DISGUISE = re.compile(f"[{''.join(LOOK_LIKE_LATIN)}]")
_WORDS = re.compile(r"[^\W_]+|[+@]+")
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_LATIN = re.compile("[a-z]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FEW = 3  # a few Greek or Cyrillic letters among Chinese are a disguise, more are Greek or Russian
REPEATS = 2  # «哈哈哈哈» and «sooooo» keep so many
_simplify = OpenCC("t2s").convert


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


_letters = Table(_fold_letter)


def fold(text: str) -> View:
    """The text in lower case, half width, simplified characters, look-alikes as what they look like, nothing invisible."""
    view = _letters.rewrite(text)
    return _without_disguise(view) if _DISGUISE.search(view.text) else view


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
    return view.respelt("".join(text))


def tighten(view: View) -> View:
    """Only letters and digits (and ``+ @``), nothing between them, and of a repeated one two at the most."""
    tight = view.found(_WORDS)
    return tight.only(list(_without_repeats(tight.text))) if _REPEATED.search(tight.text) else tight


def _without_repeats(text: str) -> Iterator[Span]:
    """The parts that stay; digits may be repeated."""
    place = 0
    for run in _REPEATED.finditer(text):
        if not run[1].isdigit():
            yield place, run.start() + REPEATS
            place = run.end()
    yield place, len(text)


def folded(text: str) -> str:
    """Only the words of ``fold``."""
    return fold(text).text


__all__ = ["View", "as_written", "fold", "folded", "tighten"]
