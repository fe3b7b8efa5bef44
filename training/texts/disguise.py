"""Writing as people write who do not want to be found: to learn from (``HABITS``), and other ways to measure with (``TRICKS``).

None of the tricks is among the habits; they share an idea at most (something between letters, another character of that sound).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from opencc import OpenCC
from pypinyin import lazy_pinyin

from qunying.judgement.sounds import sound

Disguise = Callable[[str, random.Random], str]

_COMMON, _RARE = (0xB0, 0xD8), (0xD8, 0xF8)  # first bytes of the two levels of GB 2312
_traditional = OpenCC("s2t").convert
_ALIKE = dict(zip("人大己未土日口力了下不王木古一天", "入太已末士曰囗刀孒卞丕玉朩吉ㄧ夭", strict=True))


@cache
def _by_sound(level: tuple[int, int]) -> Mapping[str, str]:
    """The characters of a level by how they sound."""
    table: dict[str, str] = {}
    for high in range(*level):
        for low in range(0xA1, 0xFF):
            letter = bytes((high, low)).decode("gb2312", "ignore")
            if letter:
                table[sound(letter)] = table.get(sound(letter), "") + letter
    return MappingProxyType(table)


def _is_chinese(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def _parted(text: str, chance: random.Random, signs: str, share: float) -> str:
    return "".join(
        letter + (chance.choice(signs) if _is_chinese(letter) and chance.random() < share else "") for letter in text
    )


def _each(text: str, chance: random.Random, share: float, change: Callable[[str], str]) -> str:
    return "".join(change(letter) if _is_chinese(letter) and chance.random() < share else letter for letter in text)


def _sounding(text: str, chance: random.Random, level: tuple[int, int], share: float) -> str:
    table = _by_sound(level)
    return _each(text, chance, share, lambda letter: chance.choice(table.get(sound(letter), letter)))


def _spelt(text: str, chance: random.Random, share: float) -> str:
    return _each(text, chance, share, lambda letter: str(lazy_pinyin(letter)[0]))


HABITS: Mapping[str, Disguise] = MappingProxyType(
    {
        "parted": lambda text, chance: _parted(text, chance, " .-", chance.choice((0.3, 1.0))),
        "sounding": lambda text, chance: _sounding(text, chance, _COMMON, chance.choice((0.15, 0.4))),
        "spelt": lambda text, chance: _spelt(text, chance, chance.choice((0.15, 0.4))),
    }
)
TRICKS: Mapping[str, Disguise] = MappingProxyType(
    {
        "pictures between": lambda text, chance: _parted(text, chance, "*🌸|_　", 0.5),
        "nothing between": lambda text, chance: _parted(text, chance, "\u200b\u200d\u2060", 0.7),
        "rare characters": lambda text, chance: _sounding(text, chance, _RARE, 0.3),
        "spelt in capitals": lambda text, chance: _each(
            text, chance, 0.25, lambda letter: str(lazy_pinyin(letter)[0]).upper()
        ),
        "first letters": lambda text, chance: _each(text, chance, 0.15, lambda letter: str(lazy_pinyin(letter)[0][:1])),
        "traditional": lambda text, _: str(_traditional(text)),
        "looking alike": lambda text, _: "".join(_ALIKE.get(letter, letter) for letter in text),
        "mixed": lambda text, chance: _parted(
            _sounding(_spelt(text, chance, 0.1), chance, _RARE, 0.15), chance, "/~", 0.3
        ),
    }
)


def disguised(text: str, chance: random.Random) -> str:
    """The text after one of the habits."""
    return HABITS[chance.choice(sorted(HABITS))](text, chance)
