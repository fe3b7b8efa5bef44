"""Who asks for pages: an owner, somebody who may only read, somebody who may see nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from qunying.communities.actions import do_grant
from qunying.insights.keeping import catch_up
from qunying.insights.parts import lake_folder
from qunying.kernel import clock
from qunying.pipeline.lab import labs


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Numbers that pages keep for a minute, and labs that lie beside the database, must not reach the next test."""
    cache.clear()
    for path in labs.labs_folder().glob("*/lab.json"):
        labs.do_drop_lab(path.parent.name)
    yield
    cache.clear()


def signed_in_as(name: str, role: str = "", community_id: int | None = None) -> Client:
    """A browser in which that person is signed in; without a role they may see nothing."""
    user = User.objects.create_user(name, last_name=f"{name}同学")
    if role:
        do_grant(user.pk, role, community_id=community_id)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner(db: None) -> Client:
    """The owner's browser."""
    return signed_in_as("lin", "owner")


@pytest.fixture
def analyst(db: None) -> Client:
    """The browser of somebody who may only read."""
    return signed_in_as("ana", "analyst")


@pytest.fixture
def stranger(db: None) -> Client:
    """The browser of somebody with a sign-in and no role."""
    return signed_in_as("stranger")


def counted() -> None:
    """Brings everything told so far into the lake and counts its days, as the keeper does every few minutes."""
    catch_up(clock.now(), lake_folder())
