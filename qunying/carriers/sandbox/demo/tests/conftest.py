"""The default world, built once for all tests."""

from __future__ import annotations

import pytest

from qunying.carriers.sandbox.demo.world import World, make_world


@pytest.fixture(scope="package")
def world() -> World:
    return make_world(7)
