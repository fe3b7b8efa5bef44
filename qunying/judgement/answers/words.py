"""What of a question is compared: its letters, its words, and what the words mean, each as weighted small pieces.

``letters`` forgive typing errors, ``words`` are what was written, ``meaning`` is the same with words that ask for the same
thing made equal (``synonyms.txt``). Chinese has no spaces: there, meaning is a text in which every known word is one sign, cut
into pairs of signs. Some words lead to a matter that they do not name («闷» to «空调»): whoever says them may ask for it.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import rjieba
from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from qunying.judgement.folding import fold

_FIRST_SIGN = 0xF0000  # the signs of meanings lie where no letters are
MOST_LETTERS = 1000  # of a longer text only its beginning is asked about
_RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\\W_\u3400-\u9fff\U00020000-\U0003ffff]+")
_IS_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_NOT = re.compile(r"n['’]t\b|\bcannot\b|\bcant\b|\bdont\b|\bdoesnt\b|\bdidnt\b|\bisnt\b|\bwont\b|\bhavent\b|\bhasnt\b")
# asked around the question, not the question itself
_FILLERS = re.compile(
    "请问一下|请问|想问一下|想问下|想问|问一下|问下|求助|求问|麻烦|大家好|你好|您好|老师好|在吗|谢谢|有没有人知道|有谁知道|谁知道|我想知道|想知道|一下"
)
_DENIES = re.compile("[不没未]|无法|失败|错|坏|丢")
_ASKS_WHETHER = re.compile(r"(.)[不没]\1|[不没][呀啊呢]?$|不错|对不起|要不")  # looks like a denial and is none
_HOLLOW = frozenset(
    "的了吗呢啊吧呀哦嘛哈么啦呐哎唉诶嗯这那我你您他她它们就也都还又很把被给跟和与及在是有个会要想能可以去来到"
)
_STOP = frozenset(
    [
        "a", "an", "the", "is", "are", "am", "was", "were", "be", "been", "being", "i", "me", "my", "mine", "we",
        "us", "our", "you", "your", "he", "she", "it", "its", "they", "them", "their", "this", "that", "these",
        "those", "to", "of", "in", "on", "at", "for", "from", "by", "with", "as", "and", "or", "so", "if", "then",
        "than", "too", "very", "just", "do", "does", "did", "doing", "done", "have", "has", "had", "having", "will",
        "would", "shall", "should", "can", "could", "may", "might", "must", "please", "pls", "plz", "u", "ur", "im",
        "ive", "hi", "hello", "hey", "there", "here", "some", "any", "about", "into", "out", "up", "s", "t", "m",
        "re", "ve", "ll", "d", "want", "need", "know", "tell", "let", "help", "get", "got", "like", "also", "okay",
        "ok", "sir", "mam", "madam", "dear",
    ]
)  # fmt: skip


_ENDS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""))


@dataclass(frozen=True, slots=True)
class Pieces:
    """The different small pieces of one text."""

    letters: tuple[str, ...]
    words: tuple[str, ...]
    meaning: tuple[str, ...]
    denies: bool = False
    led: tuple[str, ...] = ()  # meanings that the words lead to

    @property
    def is_chinese(self) -> bool:
        """Whether there is any Chinese in it."""
        return any(word[0] >= "\u3400" for word in self.letters)

    def is_empty(self) -> bool:
        """Whether there is nothing in it that could be compared."""
        return not self.letters


@dataclass(frozen=True, slots=True)
class _Meanings:
    chinese: CharwiseDoubleArrayAhoCorasick
    chinese_signs: list[str]
    leads: list[str]  # for each Chinese form the signs of what it leads to
    english: dict[tuple[str, ...], str]
    starts: dict[str, int]  # the first word of a phrase, and how long the longest one is
    asking: tuple[str, ...]


@cache
def _meanings() -> _Meanings:
    """The groups of ``synonyms.txt``; a form of several groups belongs to the first."""
    chinese: dict[str, str] = {}
    leads: defaultdict[str, str] = defaultdict(str)
    english: dict[tuple[str, ...], str] = {}
    asking: list[str] = []
    signs = map(chr, itertools.count(_FIRST_SIGN))
    lines = files(__package__).joinpath("synonyms.txt").read_text("utf-8").splitlines()
    for line in (line for line in lines if line and not line.startswith("#")):
        sign = next(signs)
        forms = line.removeprefix("? ")
        if forms != line:
            asking.append(sign)
        if line.startswith("> "):
            _lead(line[2:].split(), chinese, leads, signs)
        elif _IS_HAN.search(forms):
            for form in forms.split():
                chinese.setdefault(form, sign)
        else:
            for form in forms.split(";"):
                english.setdefault(tuple(stem(word) for word in form.split()), sign)
    finder = CharwiseDoubleArrayAhoCorasick(list(chinese), MATCH_KIND_LEFTMOST_LONGEST)
    led = [leads.get(form, "") for form in chinese]
    return _Meanings(finder, list(chinese.values()), led, english, _starts(english), tuple(asking))


def _lead(forms: list[str], chinese: dict[str, str], leads: dict[str, str], signs: Iterator[str]) -> None:
    """The forms after the first lead to the first; one that is in no group means only itself."""
    matter, *cues = forms
    for cue in cues:
        chinese.setdefault(cue, next(signs))
        leads[cue] += chinese.setdefault(matter, next(signs))


def _starts(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    starts: dict[str, int] = {}
    for phrase in phrases:
        starts[phrase[0]] = max(len(phrase), starts.get(phrase[0], 1))
    return starts


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without the commonest endings, so that «deliveries», «delivery» and «delivered», «deliver» meet."""
    for end, instead in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= 3 and not word.endswith(("ss", "us")):
            word = word[: len(word) - len(end)] + instead
            if end in {"ing", "ed"} and len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def pieces_of(text: str) -> Pieces:
    """The text in small pieces; all empty for a text without letters and digits."""
    runs = _runs(text)
    return Pieces(
        _different(_letters(runs)), _different(_words(runs)), _meaning(runs), _denies("".join(runs)), _led(runs)
    )


def pieces_of_answer(text: str) -> Pieces:
    """The same without words, which answers are not compared by; equal pieces of long answers are kept once."""
    runs = _runs(text)
    return Pieces(tuple(map(sys.intern, _different(_letters(runs)))), (), tuple(map(sys.intern, _meaning(runs))))


def is_single(piece: str) -> bool:
    """Whether a meaning is one sign or word, not a pair of them."""
    return " " not in piece and (piece.isascii() or len(piece) == 1)


def _denies(text: str) -> bool:
    """Whether a Chinese text says that something is not so, or went wrong."""
    return bool(_DENIES.search(_ASKS_WHETHER.sub("", text)))


def _runs(text: str) -> list[str]:
    """The runs of Chinese and of other letters, without what is said around a question where anything else is said."""
    whole = fold(text[:MOST_LETTERS].lower()).text
    return _RUN.findall(_NOT.sub(" not", _FILLERS.sub(" ", whole))) or _RUN.findall(whole)


def _meaning(runs: list[str]) -> tuple[str, ...]:
    chinese = [run for run in runs if _IS_HAN.match(run)]
    english = [run for run in runs if not _IS_HAN.match(run)]
    return _different([*_chinese_meaning(chinese), *_english_meaning(english)])


def asked_for(meaning: Iterable[str]) -> int:
    """Which kinds of answer are asked for (a time, a place, a reason …), as bits."""
    asking = _meanings().asking
    return sum(1 << asking.index(sign) for sign in set(meaning).intersection(asking))


def _different(pieces: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pieces))


def _letters(runs: list[str]) -> Iterator[str]:
    """Two and three neighbours of Chinese, three and four letters of other words with their borders."""
    for run in runs:
        if _IS_HAN.match(run):
            yield from (letter for letter in run if letter not in _HOLLOW)
            yield from _neighbours(run, 2)
            yield from _neighbours(run, 3)
        else:
            yield from _letters_of_word(run)


@lru_cache(maxsize=20_000)
def _letters_of_word(word: str) -> tuple[str, ...]:
    edged = f"<{word}>"
    return tuple(piece for size in (3, 4) for piece in _neighbours(edged, size))


def _neighbours(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(len(text) - size + 1)]


def _words(runs: list[str]) -> Iterator[str]:
    """Chinese words, other words by their stem, and pairs of these."""
    last = ""
    for run in runs:
        if _IS_HAN.match(run):
            yield from (word for word in rjieba.cut(run) if word not in _HOLLOW)
            last = ""
            continue
        word = stem(run)
        if run not in _STOP:
            yield word
        if last:
            yield f"{last} {word}"
        last = word


def _chinese_meaning(runs: list[str]) -> Iterator[str]:
    """The signs of the text one by one and in pairs, where a known word is one sign."""
    for run in runs:
        solid = "".join([sign for sign in _with_signs(run) if sign not in _HOLLOW])
        yield from solid
        yield from _neighbours(solid, 2)


def _with_signs(text: str) -> str:
    known = _meanings()
    out: list[str] = []
    done = 0
    for start, end, form in known.chinese.find(text):
        out += text[done:start], known.chinese_signs[form]
        done = end
    return "".join([*out, text[done:]])


def _led(runs: list[str]) -> tuple[str, ...]:
    known = _meanings()
    forms = (form for run in runs for _, _, form in known.chinese.find(run))
    return _different(sign for form in forms for sign in known.leads[form])


def _english_meaning(words: list[str]) -> Iterator[str]:
    """The meanings of the words and phrases, or their stems, one by one and in pairs."""
    signs = [sign for sign in _signs_of_english([stem(word) for word in words]) if sign not in _STOP]
    yield from signs
    yield from (f"{first} {second}" for first, second in itertools.pairwise(signs))


def _signs_of_english(stems: list[str]) -> Iterator[str]:
    known = _meanings()
    place = 0
    while place < len(stems):
        longest = min(known.starts.get(stems[place], 0), len(stems) - place)
        for size in range(longest, 0, -1):
            sign = known.english.get(tuple(stems[place : place + size]))
            if sign is not None:
                yield sign
                place += size
                break
        else:
            yield stems[place]
            place += 1
