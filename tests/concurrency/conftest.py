"""Threads see each other's commits only where tests commit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import cast


@pytest.fixture
def shared_tea(transactional_db: None) -> Iterator[cast.Tea]:
    """The tea friends with six groups, committed; the clock stands on Tuesday at 14:00 in Shanghai."""
    with cast.clock_stands(cast.TUESDAY):
        yield cast.build_tea(groups=tuple(f"g{number}" for number in range(1, 7)))
