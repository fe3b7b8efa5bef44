"""What people are called, so that no theme is named after anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import rjieba
from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from qunying.judgement.answers.background import words_share
from qunying.judgement.folding import fold
from qunying.judgement.themes.usual import USUAL

_PIECE = re.compile("[\u3400-\u9fff]+|[^\\W_\u3400-\u9fff]{3,}")
_SHORTEST, _LONGEST = 2, 4  # letters of a Chinese name


@dataclass(frozen=True, slots=True)
class Names:
    """Names as they are looked for: Latin words, and Chinese runs, where they are no ordinary words («咖啡» is no name here)."""

    words: frozenset[str] = frozenset()
    finder: CharwiseDoubleArrayAhoCorasick | None = None

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """Of full names; of a Chinese one of three letters the last two are a name, too."""
        pieces = {piece for name in names for piece in _PIECE.findall(fold(name[:40]).text)}
        chinese = {one for piece in pieces if piece[0] >= "\u3400" for one in _chinese(piece)}
        finder = CharwiseDoubleArrayAhoCorasick(sorted(chinese), MATCH_KIND_LEFTMOST_LONGEST) if chinese else None
        return cls(frozenset(piece for piece in pieces if piece[0] < "\u3400") - USUAL, finder)

    def parts(self, run: str) -> Iterator[tuple[str, int]]:
        """What is left of a Chinese run without names in it, with where each part begins."""
        done = 0
        for start, end, _ in self.finder.find(run) if self.finder else ():
            if start > done:
                yield run[done:start], done
            done = end
        if done < len(run):
            yield run[done:], done


def _chinese(run: str) -> Iterator[str]:
    if _SHORTEST <= len(run) <= _LONGEST and not _is_ordinary(run):
        yield run
        if len(run) == 3 and not _is_ordinary(run[1:]):
            yield run[1:]


def _is_ordinary(run: str) -> bool:
    """Whether it is one word, which ordinary messages have too, and no name by its kind."""
    cut = rjieba.tag(run)
    return run in USUAL or (len(cut) == 1 and not cut[0][1].startswith("nr") and words_share(run) > 0)


NOBODY = Names()
