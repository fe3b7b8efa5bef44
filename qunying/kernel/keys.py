"""Keys that fit their column and are still unique."""

from __future__ import annotations

import hashlib

DIGEST_LETTERS = 32


def fitted(key: str, limit: int) -> str:
    """The key itself, or, where it is longer than ``limit``, its beginning with a digest of the whole.

    Cutting a key off would make one thing of two that begin alike, and the second would be lost.
    """
    if len(key) <= limit:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LETTERS]
    return f"{key[: limit - DIGEST_LETTERS - 1]}~{digest}"
