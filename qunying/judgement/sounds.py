"""How Chinese is read: one sign per syllable, so that lists find words however they are spelt.

Each syllable without its tone is one letter of a private area of Unicode. «薇信», «威❤信» (folded), «weixin» and «微信» have
the same sound. A character with several readings has its most frequent one.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from qunying.judgement.views import Table, View, Ways

_FIRST = 0xE000
_SPELT = re.compile("[a-z]{2,24}")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LONGEST = 6


@cache
def _readings() -> Mapping[int, str]:
    """For each character how it is read, the most frequent reading first.

    The table of pypinyin and nothing else of it: the package also loads its phrases, which take fifty megabytes.
    """
    package = importlib.util.find_spec("pypinyin")
    assert package
    assert package.origin
    table = importlib.util.spec_from_file_location("pinyin_dict", Path(package.origin).with_name("pinyin_dict.py"))
    assert table
    assert table.loader
    module = importlib.util.module_from_spec(table)
    table.loader.exec_module(module)
    readings: Mapping[int, str] = module.pinyin_dict
    return readings


@cache
def _syllables() -> dict[str, str]:
    """Every syllable, with the sign it has here."""
    known = sorted({_without_marks(reading.split(",")[0]) for reading in _readings().values()} - {""})
    return {syllable: chr(_FIRST + number) for number, syllable in enumerate(s for s in known if s.isascii())}


_MARKED = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê", "aaaaeeeeiiiioooouuuuvvvvvnnnme")


def _without_marks(reading: str) -> str:
    return reading.translate(_MARKED).replace("\u0304", "").replace("\u030c", "").replace("\u0300", "")


def sound(letter: str) -> str:
    """The sign of a character's syllable; the letter itself where it has none."""
    return _sounds[ord(letter)]


def _sound_of_letter(letter: str) -> str:
    if not _HAN.match(letter):
        return letter
    reading = _readings().get(ord(letter), "").split(",")[0]
    return _syllables().get(_without_marks(reading), letter)


_sounds = Table(_sound_of_letter)


def sound_of(view: View) -> View:
    """The view with every character as its sound; Latin letters that spell syllables become these syllables."""
    heard = view.respelt(_sounds.written(view.text))
    if not _SPELT.search(heard.text):
        return heard
    return View(_SPELT.sub(_spelt, heard.text), lambda: _ways_of_spelt(heard))


def _spelt(run: re.Match[str]) -> str:
    """The signs of the syllables that the run spells, or the run."""
    return "".join([_syllables()[syllable] for syllable in spell(run[0])]) or run[0]


def _ways_of_spelt(heard: View) -> Ways:
    """A syllable leads back to all its letters."""
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    for run in _SPELT.finditer(heard.text):
        for size in (
            *[1] * (run.start() - place),
            *([len(syllable) for syllable in spell(run[0])] or [1] * len(run[0])),
        ):
            starts.append(heard.starts[place])
            place += size
            ends.append(heard.ends[place - 1])
    return [*starts, *heard.starts[place:]], [*ends, *heard.ends[place:]]


@lru_cache(maxsize=65_536)
def spell(letters: str) -> tuple[str, ...]:
    """``weixin`` → (wei, xin): the fewest syllables that make up all of it; nothing where they do not."""
    known = _syllables()
    best: dict[int, tuple[str, ...]] = {0: ()}
    for start in range(len(letters)):
        if start not in best:
            continue
        for end in range(start + 1, min(start + _LONGEST, len(letters)) + 1):
            # of as many syllables those with the shorter end
            if letters[start:end] in known and (end not in best or len(best[start]) < len(best[end])):
                best[end] = (*best[start], letters[start:end])
    return best.get(len(letters), ())
