"""What the tests of the shell share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from tools import messages

SATURDAY_EVENING = datetime(2026, 11, 21, 12, 14, tzinfo=UTC)  # 20:14 in Shanghai
PASSWORD = "qun-ying-2026"


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    """Django reads the compiled catalogue, which is not kept in the repository."""
    messages.compile_catalogue()
    translation.trans_real._translations.clear()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Failed sign-ins are counted in the cache; each test begins with none, and in Chinese."""
    cache.clear()
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def now() -> datetime:
    return SATURDAY_EVENING


@pytest.fixture
def lin(db: None) -> User:
    return User.objects.create_user("林晚", password=PASSWORD)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "zh-CN"})
