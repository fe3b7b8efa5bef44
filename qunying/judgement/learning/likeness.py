"""How like a text is to each of many: by the pairs of neighbouring sounds that both have.

Pairs are taken of letters and digits only, so what is put between them, other characters of the same sound and another order of
the clauses change little. Likeness is the number of shared pairs over the root of the product of both numbers: 1 for texts
that sound the same, hardly anything for texts that only share a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.grams import Dressed, dress
from qunying.judgement.sounds import sound_of

READ = 400  # letters; of a longer text the first half and the last half of so many
_STEP = np.uint32(0x9E3779B1)
_START, _END = "\x02", "\x03"

Floats = NDArray[np.float64]
Pairs = NDArray[np.uint32]


def pairs_of(text: str | Dressed) -> Pairs:
    """The pairs of a text as numbers, each once, in order. Never empty, never raises.

    A text without any letter is taken as it is written.
    """
    dressed = dress(text) if isinstance(text, str) else text
    heard = sound_of(dressed.tight).text or dressed.written
    if len(heard) > READ:
        heard = heard[: READ // 2] + heard[-READ // 2 :]
    signs = np.frombuffer(f"{_START}{heard}{_END}".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    pairs = signs[:-1] * _STEP + signs[1:]
    pairs.sort()
    is_first = np.ones(len(pairs), dtype=bool)
    np.not_equal(pairs[1:], pairs[:-1], out=is_first[1:])
    return pairs[is_first]


class Shelf:
    """Texts by their pairs: for each pair the texts that have it."""

    def __init__(self, texts: Sequence[Pairs]) -> None:
        self.texts = texts
        sizes = np.array([len(pairs) for pairs in texts], dtype=np.int64)
        self._roots = np.sqrt(sizes)
        pairs = np.concatenate([*texts, np.zeros(0, dtype=np.uint32)])
        order = np.argsort(pairs, kind="stable")
        self._who = np.repeat(np.arange(len(texts)), sizes)[order].astype(np.int32)
        known, firsts = np.unique(pairs[order], return_index=True)
        # behind the last pair nobody stands
        self._known = np.append(known, np.uint32(0xFFFFFFFF))
        self._firsts = np.append(firsts, [len(pairs), len(pairs)])

    def likeness(self, pairs: Pairs) -> Floats:
        """How like the text with these pairs is to each; of length nought if it shares no pair with any."""
        at = self._known.searchsorted(pairs)
        at = at[self._known[at] == pairs]
        if not len(at):
            return np.zeros(0)
        parts = zip(self._firsts[at].tolist(), self._firsts[at + 1].tolist(), strict=True)
        who = np.concatenate([self._who[first:last] for first, last in parts])
        shared: Floats = np.bincount(who, minlength=len(self.texts)) / self._roots
        shared /= sqrt(len(pairs))
        return shared
