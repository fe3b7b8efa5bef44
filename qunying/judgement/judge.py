"""The judges: what a text is, by nine named verdicts, each with its probability, the words that made it so, and why.

``read`` answers in the short form that is kept with every message, ``judge`` with the evidence, for whoever asks why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s

from qunying.judgement import texts
from qunying.judgement.grams import Dressed, dress
from qunying.judgement.linear import MODELS
from qunying.judgement.patterns import reading as patterns
from qunying.judgement.patterns.reading import Contacts, read_contacts
from qunying.judgement.views import Span
from qunying.kernel.readings import VERDICTS, Reading, Verdict

CODE = 1  # to be raised where the same models answer otherwise
WORDS = "words"
SHOWN_FROM = 1 / 3  # of its threshold: below, there is nothing to explain
TOGETHER_FROM = 8  # texts; fewer are read faster one by one


@dataclass(frozen=True, slots=True)
class Evidence:
    """A part of the text, and why it speaks for a verdict: ``words`` (they weigh most), or the kind of contact found."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict on one text. A verdict that does not hold has evidence too where much spoke for it (``SHOWN_FROM``)."""

    verdict: Verdict
    probability: float
    threshold: float
    evidence: tuple[Evidence, ...]

    @property
    def is_so(self) -> bool:
        """Whether it holds."""
        return self.probability >= self.threshold


def judge(text: str) -> tuple[Judged, ...]:
    """All nine verdicts, in the order of ``VERDICTS``. Never raises."""
    dressed = dress(text)
    contacts = read_contacts(text, dressed)
    found, thresholds = _with_contact(texts.read_texts(text, dressed), contacts), thresholds_for(text)
    shown = [each for each in VERDICTS if found[each] >= thresholds[each] * SHOWN_FROM]
    evidence = _evidence(text, shown, dressed, contacts)
    return tuple(Judged(each, found[each], thresholds[each], evidence.get(each, ())) for each in VERDICTS)


def read(text: str) -> Reading:
    """The same in the form that is kept. Never raises."""
    dressed = dress(text)
    return _reading(text, dressed, texts.read_texts(text, dressed))


def read_all(several: Sequence[str]) -> list[Reading]:
    """Every one of them read, as if alone; what is said twice is read once, and many several times as fast as one by one."""
    once = list(dict.fromkeys(several))
    if len(once) < TOGETHER_FROM:
        known = {text: read(text) for text in once}
    else:
        dressed = [dress(text) for text in once]
        heads = texts.read_many(once, dressed)
        known = {text: _reading(text, one, said) for text, one, said in zip(once, dressed, heads, strict=True)}
    return [known[text] for text in several]


def _reading(text: str, dressed: Dressed, said: Mapping[str, float]) -> Reading:
    found = _with_contact(said, read_contacts(text, dressed))
    return Reading.of(found, thresholds_for(text), version())


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


def _with_contact(said: Mapping[str, float], contacts: Contacts) -> Mapping[Verdict, float]:
    return {verdict: contacts.probability if verdict is Verdict.CONTACT else said[verdict] for verdict in VERDICTS}


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
