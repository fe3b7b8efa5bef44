"""The operator's own words, made ready to be looked for: those of the settings, and whole lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from qunying.capabilities.order.mistakes import why_of
from qunying.judgement.patterns.wordlists import BadPattern, Hit, Word, Words, check
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

WATCH, ASK, DELETE, STEP, REMOVE = DOS = ("watch", "ask", "delete", "step", "remove")  # the harder, the later
OWN = ""  # the name of the words that stand in the settings
LETTERS = 5_000  # of a message, which are looked at
MOST_WORDS = 200_000  # of one list, or in the settings
_WAYS = MappingProxyType(
    {
        "exact": "exact", "完全": "exact", "substring": "substring", "包含": "substring",
        "pattern": "pattern", "正则": "pattern", "pinyin": "pinyin", "拼音": "pinyin",
    }
)  # fmt: skip
_ALLOWED = frozenset({"allow", "允许"})


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """All lists of a group made ready to be looked for together, so that what one allows no other finds.

    ``does`` is what is to be done about a hit, ``titles`` how a list is called, both by the name of the list.
    """

    words: Words
    does: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def find(self, text: str) -> tuple[Hit, ...]:
        """The words that a message holds and that nothing allows, in the order of the text."""
        return self.words.find(text[:LETTERS])

    def hardest(self, hits: Sequence[Hit]) -> Hit:
        """The hit about which most is to be done; of equal ones the first."""
        return max(hits, key=lambda hit: DOS.index(self.does[hit.listed]))


@dataclass(frozen=True, slots=True)
class Listed:
    """One list: by which name it is known, how it is called, what is to be done about a hit, its words."""

    name: str
    title: str
    does: str
    words: Sequence[Word]


def make_lists(own: Sequence[str], own_does: str, listed: Sequence[Listed] = ()) -> Lists:
    """The words of the settings and these lists together."""
    words = [*own_words(own), *(word for one in listed for word in one.words)]
    does = {OWN: own_does, **{one.name: one.does for one in listed}}
    return Lists(Words(words), does, {one.name: one.title for one in listed})


def read_line(line: str, listed: str = OWN) -> Word:
    """A word as somebody wrote it: ``代购``, ``拼音：代购``, ``正则：日结\\d+``, ``完全：1``, ``允许：代购咖啡豆``.

    Raises ``BadUse`` saying what is wrong with it.
    """
    told, sep, rest = line.strip().replace("：", ":", 1).partition(":")
    name = told.strip().lower()
    try:
        if sep and name in _ALLOWED:
            return _checked(Word(rest.strip(), listed, allows=True))
        if sep and name in _WAYS:
            return _checked(Word(rest.strip(), listed, _WAYS[name]))
        return _checked(Word(line.strip(), listed))
    except BadPattern as error:
        raise BadUse(mark("「%(word)s」没法找：%(why)s"), word=error.word[:60], why=why_of(error.reason)) from None


def line_of(word: Word) -> str:
    """The word as ``read_line`` reads it."""
    way = "allow" if word.allows else word.way
    return f"{way}:{word.text}"


def _checked(word: Word) -> Word:
    check(word)
    return word


def check_lines(lines: Sequence[str]) -> None:
    """Raises ``BadUse`` for words in the settings that cannot be looked for, or that are too many."""
    if len(lines) > MOST_WORDS:
        raise BadUse(mark("最多 %(n)s 个词"), n=MOST_WORDS)
    for line in lines:
        read_line(line)


def own_words(lines: Iterable[str]) -> list[Word]:
    """The words of the settings. What cannot be read any more (forms and drills refuse it) must not stop a group."""
    words = []
    for line in lines:
        try:
            words.append(read_line(line))
        except BadUse:
            continue
    return words
