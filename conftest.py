"""What every test stands on: no network, a home of its own, Chinese unless it asks otherwise, the virtual clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import pytest_socket
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from tests import cast

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Names our own marks."""
    config.addinivalue_line("markers", "server: talks to a server of its own on 127.0.0.1; nothing else is reachable")


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Closes the network: always to the world, and to this machine too where no server is asked for."""
    if item.get_closest_marker("server") or item.get_closest_marker("browser"):
        pytest_socket.enable_socket()
        pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    else:
        pytest_socket.disable_socket(allow_unix_socket=True)


def pytest_runtest_teardown() -> None:
    """Opens what this test closed, and forgets language and time zone of its last reader, for whatever runs next."""
    translation.deactivate()
    timezone.deactivate()
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()


def pytest_unconfigure() -> None:
    """Leaves nothing behind."""
    from tests.settings import HOME_OF_TESTS

    shutil.rmtree(HOME_OF_TESTS, ignore_errors=True)


@pytest.fixture
def tea(db: None) -> Iterator[cast.Tea]:
    """The tea friends' community on Tuesday, 2024-03-05 at 14:00 in Shanghai; the clock stands there."""
    with cast.clock_stands(cast.TUESDAY):
        yield cast.build_tea()
