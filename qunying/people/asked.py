"""What somebody types to find people, as the index is asked and as found cards are compared: words with their other names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase

from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz

from qunying.judgement.cards.same import is_listed, same_job, usual_place
from qunying.judgement.folding import folded
from qunying.store.search import Way
from qunying.store.tokens import initials, query_phrases

WORDS_AT_MOST = 8
LETTERS_AT_MOST = 100
WORDS_OF_A_JOB = 3  # «vice president»
NAME_LETTERS = (2, 4)  # of a Chinese name that may have been mistyped
LATIN_LETTERS = (4, 20)
LETTERS_TRIED = 8  # of a Latin name, from the first on, each replaced by every other
_SEPARATORS = re.compile("[-–—－_|｜丨/／\\\\·•、，,；;]+")
_SCRIPTS = re.compile(r"[a-zA-Z]+|[^\W\da-zA-Z_]+|\d+")
SOUNDS_ALIKE, ONE_WRONG, LIKE_ENOUGH = 0.95, 0.8, 0.75


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for: as it was typed, and the forms of it (folded) that mean the same."""

    typed: str
    forms: tuple[str, ...]

    @property
    def ways(self) -> tuple[Way, ...]:
        """How the index is asked for it: what was typed may be a beginning, its other names are whole."""
        return (Way(self.typed), *(Way(form, is_whole=True) for form in self.forms if form != self.typed.lower()))

    @property
    def may_be_mistyped(self) -> bool:
        """Whether it can be a name with a mistake in it."""
        least, most = LATIN_LETTERS if self.forms[0].isascii() else NAME_LETTERS
        return self.forms[0].isalpha() and least <= len(self.forms[0]) <= most and not is_listed(self.forms[0])

    @property
    def ways_mistyped(self) -> tuple[Way, ...]:
        """How the index is asked for names that are like it: by their sound, by what is right in them."""
        word = self.forms[0]
        if word.isascii():
            cut = [word[:at] + word[at + 1 :] for at in range(len(word))]
            turned = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
            others = (*cut, *turned, *_with_another_letter(word))
            return (Way(word[: max(2, len(word) - 2)]), *(Way(one, is_whole=True) for one in others))
        pairs = [Way(word[at : at + 2]) for at in range(len(word) - 1)] if len(word) > 2 else []
        ends = [Way(f"{word[0]} {word[-1]}")] if len(word) > 2 else []
        return (Way(initials(word)), *pairs, *ends)


def _with_another_letter(word: str) -> list[str]:
    """The word with one letter replaced, the first too, or one put before it; its last letters may be anything anyway."""
    early = range(min(len(word) - 2, LETTERS_TRIED)) if len(word) > 1 else ()
    replaced = [word[:at] + letter + word[at + 1 :] for at in early for letter in ascii_lowercase if letter != word[at]]
    return replaced + [letter + word for letter in ascii_lowercase]


def read_terms(text: str) -> tuple[Term, ...]:
    """The terms of what was typed, goes_together it was; a job of several words is one of them."""
    words = [part for word in text[:LETTERS_AT_MOST].split() for part in _cut(word)][:WORDS_AT_MOST]
    terms: list[Term] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(WORDS_OF_A_JOB, 1, -1) if same_job(" ".join(words[at : at + n]))), 1)
        typed = " ".join(words[at : at + size])
        if query_phrases(typed) and folded(typed).strip():
            terms.append(_term(typed))
        at += size
    return tuple(dict.fromkeys(terms))


def _cut(word: str) -> list[str]:
    """«上海-CTO» and «上海CTO» are two words, «co-founder» and «阿May» one."""
    if is_listed(word):
        return [word]
    found = [part for part in _SEPARATORS.split(word) if part]
    return [one for part in found for one in _cut_scripts(part)]


def _cut_scripts(word: str) -> list[str]:
    parts = _SCRIPTS.findall(word)
    is_safe = "".join(parts) == word and len(parts) == 2 and any(map(is_listed, parts))
    return parts if is_safe else [word]


def _term(typed: str) -> Term:
    plain = folded(typed).strip()
    others = (usual_place(plain) or plain, *same_job(plain))
    return Term(typed, tuple(dict.fromkeys((plain, *others))))


def likeness(word: str, name: str) -> float:
    """How alike a word and a part of a name (both folded) are, 0 to 1; below ``LIKE_ENOUGH`` it is another name."""
    return max((_alike(word, part) for part in _parts(name)), default=0.0)


def _parts(name: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in name).split()


def _alike(word: str, part: str) -> float:
    if word.isascii() or part.isascii():
        ratio = fuzz.ratio(word, part) / 100 if word.isascii() and part.isascii() else 0.0
        return ratio if ratio >= LIKE_ENOUGH else 0.0
    if len(word) != len(part):
        return 0.0
    wrong = sum(one != other for one, other in zip(word, part, strict=True))
    if wrong == 0:
        return 1.0
    if _sound(word) == _sound(part):
        return SOUNDS_ALIKE
    return ONE_WRONG if wrong == 1 and len(word) > 2 else 0.0


@lru_cache(maxsize=20_000)
def _sound(name: str) -> tuple[str, ...]:
    """How it is said; what many say alike («l» and «n» aside) counts as one: ang and an, zh and z."""
    return tuple(_blurred(sound) for sound in lazy_pinyin(name, style=Style.NORMAL))


def _blurred(sound: str) -> str:
    if sound[1:2] == "h" and sound[:1] in {"z", "c", "s"}:
        sound = sound[0] + sound[2:]
    return sound.removesuffix("g") if sound.endswith("ng") else sound
