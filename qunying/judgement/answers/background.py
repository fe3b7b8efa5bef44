"""How usual small pieces of text are in ordinary talk, so that a bank of three rows knows that «怎么» says little."""

from __future__ import annotations

from functools import lru_cache, partial
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.answers.model import load_model

BUCKETS = 1 << 17
STEP = 0.25  # shares are kept as whole steps of their natural logarithm, 0 for never met


def bucket_of(kind: str, piece: str) -> int:
    """The place of a piece in the table; different pieces may share one."""
    return crc32(f"{kind}{piece}".encode("utf-8", "surrogatepass")) % BUCKETS


def packed(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Shares 0 to 1 as bytes, the rarest lost."""
    steps = 255 + np.round(np.log(shares.clip(1e-30)) / STEP)
    return np.asarray(steps.clip(0, 255), dtype=np.uint8)


@lru_cache(maxsize=1)
def _shares() -> list[float]:
    table = load_model().background.astype(np.float64)
    return np.where(table > 0, np.exp((table - 255) * STEP), 0.0).tolist()  # type: ignore[no-any-return]


@lru_cache(maxsize=10_000)  # of one question the same piece is asked for several times
def _share(kind: str, piece: str) -> float:
    return _shares()[bucket_of(kind, piece)]


# the share of ordinary messages that have these letters, this word or pair of words, this meaning
letters_share = partial(_share, "l")
words_share = partial(_share, "w")
meaning_share = partial(_share, "m")
