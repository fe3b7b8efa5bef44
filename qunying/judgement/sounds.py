"""How Chinese is read: one sign per syllable, so that lists find words however they are spelt.

Each syllable without its tone is one letter of a private area of Unicode. «薇信», «威❤信» (folded), «weixin» and «微信» have
the same sound. A character with several readings has its most frequent one.
"""

from __future__ import annotations

import re
from functools import cache

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

from qunying.judgement.views import View

_FIRST = 0xE000
_SPELT = re.compile("[a-z]{2,24}")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LONGEST = 6


@cache
def _syllables() -> dict[str, str]:
    """Every syllable, with the sign it has here."""
    known = sorted({_toneless(reading.split(",")[0]) for reading in PINYIN_DICT.values()} - {""})
    return {syllable: chr(_FIRST + number) for number, syllable in enumerate(s for s in known if s.isascii())}


def _toneless(reading: str) -> str:
    found = pinyin(reading, style=Style.NORMAL) if reading.isascii() else None
    return found[0][0] if found else _without_marks(reading)


_MARKED = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê", "aaaaeeeeiiiioooouuuuvvvvvnnnme")


def _without_marks(reading: str) -> str:
    return reading.translate(_MARKED).replace("\u0304", "").replace("\u030c", "").replace("\u0300", "")


@cache
def sound(letter: str) -> str:
    """The sign of a character's syllable; the letter itself where it has none."""
    if not _HAN.match(letter):
        return letter
    reading = PINYIN_DICT.get(ord(letter), "").split(",")[0]
    return _syllables().get(_without_marks(reading), letter)


def sound_of(view: View) -> View:
    """The view with every character as its sound; Latin letters that spell syllables become these syllables."""
    text = "".join(map(sound, view.text))
    if not _SPELT.search(text):
        return View(text, view.starts, view.ends)
    return _with_spelt(View(text, view.starts, view.ends))


def _with_spelt(view: View) -> View:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def take(text: str, start: int, end: int) -> None:
        out.append(text)
        starts.append(view.starts[start])
        ends.append(view.ends[end - 1])

    place = 0
    for run in _SPELT.finditer(view.text):
        for before in range(place, run.start()):
            take(view.text[before], before, before + 1)
        spelt = spell(run[0])
        if spelt:
            at = run.start()
            for syllable in spelt:
                take(_syllables()[syllable], at, at + len(syllable))
                at += len(syllable)
        else:
            for here in range(run.start(), run.end()):
                take(view.text[here], here, here + 1)
        place = run.end()
    for after in range(place, len(view)):
        take(view.text[after], after, after + 1)
    return View("".join(out), starts, ends)


@cache
def spell(letters: str) -> tuple[str, ...]:
    """``weixin`` → (wei, xin): the fewest syllables that make up all of it; nothing where they do not."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for size in range(1, min(_LONGEST, end) + 1):
            before, syllable = best[end - size], letters[end - size : end]
            if before is None or syllable not in _syllables():
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = (*before, syllable)
    return best[-1] or ()
