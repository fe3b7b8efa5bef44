"""How a text is put, beside the runs of its signs: words that ask and where, how it begins and ends, how long it is.

In a chat line a sign is as loud as a handful of runs, so that the few words that ask are not lost among what the line is about; in a
longer text it has to fade like the runs, where many sentences may ask something that is nobody's question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LOUDEST = 0.15
_OF_RUNS = 2.6  # a sign is at most as loud as so many runs; in a line of twenty letters both are the same

_AFTER = " .,!?;:~…。、"  # what may follow the last letter, of a folded text
_ENDINGS = ("吗嘛么", "呢", "吧", "啊呀哦呗啦", "的", "了")
_BEGINNINGS = ("有", ("怎", "如何", "为什么", "请问", "求"), "我")
_ASKING = (
    ("怎", "咋", "如何"),
    ("为什么", "为何", "为啥"),
    ("哪",),
    ("几", "多少", "多久", "多大"),
    ("什么", "啥"),
    ("谁",),
)
_WORDS = (
    *_ASKING,
    ("请问", "求问", "请教", "求教", "想问", "问一下", "问下", "问个"),
    ("求",),
    ("有没有", "有木有", "有无"),
    ("能不能", "可不可", "会不会", "要不要", "好不好", "行不行"),
    ("是否", "还是"),
    ("大家", "各位", "群主", "大佬", "大神", "老师", "兄弟们", "谁有", "有人"),
    ("推荐", "求助", "帮忙", "求救", "救命", "急"),
    ("疑问", "疑惑", "不懂", "不明白", "不知", "不清楚"),
    ("不", "没", "无法"),
    ("错", "失败", "问题"),
    ("关于",),
    ("一个", "一下"),
    ("谢",),
    ("?",),
    ("!",),
    (",",),
    (".", "。"),
)
_EITHER_OR = re.compile(r"(.)[不没]\1")
_LATIN = re.compile("[a-z]")
_LENGTHS = (5, 8, 12, 16, 24, 40, 80, 160)
_SHARES = (0.0, 0.2, 0.4)  # of Latin letters
_PLACED = tuple((word, place) for place, words in enumerate(_WORDS) for word in words)
_ASKS = tuple(word for words in _ASKING for word in words)

Form = NDArray[np.bool_]


def form_of(folded: str) -> Form:
    """Which signs of form a folded text has."""
    return np.frombuffer(_told(folded), dtype=np.bool_)


def forms_of(texts: Sequence[str]) -> Form:
    """The same of many, a row each."""
    return np.frombuffer(b"".join([_told(text) for text in texts]), dtype=np.bool_).reshape(len(texts), SIGNS)


def loudness(runs: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """What a sign counts in a text with so many runs, of which each counts 1 / √(how many)."""
    told: NDArray[np.float64] = np.minimum(_LOUDEST, _OF_RUNS / np.sqrt(runs))
    return told


def _told(folded: str) -> bytes:
    """A byte for each sign."""
    words = bytearray(len(_WORDS))
    for word, place in _PLACED:
        if word in folded:
            words[place] = True
    end = folded.rstrip(_AFTER)[-1:]
    others = (
        *[end in ending if end else False for ending in _ENDINGS],
        *[folded.startswith(beginning) for beginning in _BEGINNINGS],
        ("不" in folded or "没" in folded) and _EITHER_OR.search(folded) is not None,
        *(_where_it_asks(folded) if any(words[: len(_ASKING)]) else (False, False, False)),
        *[len(folded) >= length for length in _LENGTHS],
        *_latin(folded),
    )
    return bytes(words) + bytes(others)


def _where_it_asks(folded: str) -> tuple[bool, bool, bool]:
    """Whether the first word that asks stands at the beginning, before the middle, after it."""
    first = min([place for word in _ASKS if (place := folded.find(word)) >= 0])
    return first == 0, 0 < first < len(folded) / 2, first > 0 and first >= len(folded) / 2


def _latin(folded: str) -> list[bool]:
    letters = len(_LATIN.findall(folded))
    return [letters > share * len(folded) for share in _SHARES]


SIGNS = len(_told(""))
