"""The judges: what a text is, by nine named verdicts, each with its probability, the words that made it so, and why.

``read`` answers in the short form that is kept with every message, ``judge`` with the evidence, for whoever asks why. Both
heed what was learnt from a community's corrections, where somebody hands it over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s

from qunying.judgement import texts
from qunying.judgement.grams import Dressed, dress
from qunying.judgement.learning import Learnt
from qunying.judgement.learning.learnt import Moved
from qunying.judgement.linear import MODELS
from qunying.judgement.patterns import reading as patterns
from qunying.judgement.patterns.reading import Contacts, read_contacts
from qunying.judgement.views import Span
from qunying.kernel.readings import VERDICTS, Reading, Verdict

CODE = 3  # to be raised where the same models answer otherwise
WORDS = "words"
SHOWN_FROM = 1 / 3  # of its threshold: below, there is nothing to explain
TOGETHER_FROM = 8  # texts; fewer are read faster one by one
LESSONS = "+"  # in the name of who read, between judges and lessons


@dataclass(frozen=True, slots=True)
class Evidence:
    """A part of the text, and why it speaks for a verdict: ``words`` (they weigh most), or the kind of contact found."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict on one text. A verdict that does not hold has evidence too where much spoke for it (``SHOWN_FROM``).

    ``learnt`` says how far corrections moved it, and which; None where none did.
    """

    verdict: Verdict
    probability: float
    threshold: float
    evidence: tuple[Evidence, ...]
    learnt: Moved | None = None

    @property
    def is_so(self) -> bool:
        """Whether it holds."""
        return self.probability >= self.threshold


def judge(text: str, learnt: Learnt | None = None) -> tuple[Judged, ...]:
    """All nine verdicts, in the order of ``VERDICTS``. Never raises."""
    dressed = dress(text)
    contacts = read_contacts(text, dressed)
    found, thresholds = _heeded(texts.read_texts(text, dressed), dressed, contacts, learnt), thresholds_for(text)
    shown = [each for each in VERDICTS if found[each] >= thresholds[each] * SHOWN_FROM]
    evidence, moved = _evidence(text, shown, dressed, contacts), learnt.why(dressed) if learnt else {}
    return tuple(
        Judged(each, found[each], thresholds[each], evidence.get(each, ()), moved.get(each)) for each in VERDICTS
    )


def read(text: str, learnt: Learnt | None = None) -> Reading:
    """The same in the form that is kept. Never raises."""
    dressed = dress(text)
    return _reading(text, dressed, texts.read_texts(text, dressed), learnt)


def read_all(several: Sequence[str], learnt: Learnt | None = None) -> list[Reading]:
    """Every one of them read, as if alone; what is said twice is read once, and many several times as fast as one by one."""
    once = list(dict.fromkeys(several))
    if len(once) < TOGETHER_FROM:
        known = {text: read(text, learnt) for text in once}
    else:
        dressed = [dress(text) for text in once]
        heads = texts.read_many(once, dressed)
        known = {text: _reading(text, one, said, learnt) for text, one, said in zip(once, dressed, heads, strict=True)}
    return [known[text] for text in several]


def _reading(text: str, dressed: Dressed, said: Mapping[str, float], learnt: Learnt | None) -> Reading:
    found = _heeded(said, dressed, read_contacts(text, dressed), learnt)
    return Reading.of(found, thresholds_for(text), name_of(learnt))


def name_of(learnt: Learnt | None) -> str:
    """What a reading keeps of who read it: the version of the judges, and of the lessons where there are any."""
    return f"{version()}{LESSONS}{learnt.version[:7]}" if learnt and learnt.lessons else version()


def is_same_judge(name: str, other: str) -> bool:
    """Whether these judges differ at most by what they were taught."""
    return name.partition(LESSONS)[0] == other.partition(LESSONS)[0]


@cache
def version() -> str:
    """Eight letters that change with the models, and where the same models are asked in another way."""
    told = blake2s(str(CODE).encode(), digest_size=4)
    for model in (texts.MODEL, patterns.MODEL):
        told.update((MODELS / f"{model}.json").read_bytes())
    return told.hexdigest()


def thresholds_for(text: str) -> Mapping[Verdict, float]:
    """The probability from which each verdict holds for a text like this."""
    return _thresholds(is_chinese=texts.reads_chinese(text))


@cache
def _thresholds(*, is_chinese: bool) -> Mapping[Verdict, float]:
    heads = texts.shipped(is_chinese=is_chinese).thresholds
    return {verdict: patterns.threshold() if verdict is Verdict.CONTACT else heads[verdict] for verdict in VERDICTS}


def _heeded(
    said: Mapping[str, float], dressed: Dressed, contacts: Contacts, learnt: Learnt | None
) -> Mapping[Verdict, float]:
    found: dict[str, float] = {**said, Verdict.CONTACT: contacts.probability}
    if learnt:
        found = learnt.adjust(dressed, found)
    return {verdict: found[verdict] for verdict in VERDICTS}


def _evidence(
    text: str, shown: Sequence[Verdict], dressed: Dressed, contacts: Contacts
) -> dict[Verdict, tuple[Evidence, ...]]:
    of_heads = [verdict for verdict in shown if verdict is not Verdict.CONTACT]
    words = texts.find_words_for(text, of_heads, dressed)
    found: dict[Verdict, tuple[Evidence, ...]] = {
        verdict: tuple(Evidence(span, WORDS) for span in words[verdict]) for verdict in of_heads
    }
    found[Verdict.CONTACT] = tuple(Evidence(hit.span, hit.kind) for hit in contacts.hits)
    return found
