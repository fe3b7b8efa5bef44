"""Where the process that holds the lines is, and how a worker asks it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from qunying.carriers.base import Answer, Delivery, NotReachable, Outcome
from qunying.carriers.wire.line import ACT_WITHIN
from qunying.carriers.wire.models import Switchboard
from qunying.carriers.wire.sealing import CannotOpen, seal, unseal
from qunying.carriers.wire.speech import read_answer, write_delivery
from qunying.kernel.texts import mark

_clients = threading.local()


def do_stand(address: str, secret: str, at: datetime) -> None:
    """The process that holds the lines can be asked there."""
    found = Switchboard.objects.order_by("id").first()
    if found is not None and found.address == address and unseal_quietly(found.sealed) == secret:
        Switchboard.objects.filter(pk=found.pk).update(seen_at=at)
        return
    Switchboard.objects.all().delete()
    Switchboard.objects.create(address=address, sealed=seal({"secret": secret}), seen_at=at)


def find_seen_at() -> datetime | None:
    """When the process that holds the lines was last seen, None where it never was."""
    return Switchboard.objects.order_by("id").values_list("seen_at", flat=True).first()


def find_address() -> str:
    """Where platforms can call us; empty where nobody listens."""
    return Switchboard.objects.order_by("id").values_list("address", flat=True).first() or ""


def sending(carrier: str) -> Callable[[Delivery, datetime], Answer]:
    """How a worker has a carrier's line do something."""

    def send(delivery: Delivery, now: datetime) -> Answer:
        try:
            return read_answer(_ask("/act", write_delivery(carrier, delivery)))
        except NotReachable:
            return Answer(Outcome.LATER, words=mark("连不上"))  # it was not even asked
        except httpx.HTTPError as error:
            return Answer(Outcome.UNKNOWN, words=f"{type(error).__name__}")

    return send


def do_look(line_id: int) -> Mapping[str, Any]:
    """Has a line look around now: ``is_there`` and how many ``groups`` it sees. Raises ``NotReachable``."""
    try:
        return _ask("/look", {"line": line_id})
    except httpx.HTTPError as error:
        raise NotReachable from error


def _ask(path: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises ``NotReachable`` where the question surely did not arrive, ``httpx.HTTPError`` where it may have."""
    stands = Switchboard.objects.order_by("id").first()
    secret = unseal_quietly(stands.sealed) if stands else ""
    if stands is None or not secret:
        raise NotReachable
    try:
        response = _client().post(stands.address + path, json=words, headers={"X-Qunying-Secret": secret})
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise NotReachable from error
    if response.status_code == httpx.codes.FORBIDDEN:  # another process has taken its place this very moment
        raise NotReachable
    response.raise_for_status()
    return dict(response.json())


def _client() -> httpx.Client:
    """One per thread, which keeps its connection."""
    if not hasattr(_clients, "client"):
        _clients.client = httpx.Client(timeout=ACT_WITHIN + 5, trust_env=False)
    client: httpx.Client = _clients.client
    return client


def unseal_quietly(sealed: str) -> str:
    """The secret, empty where it cannot be opened."""
    try:
        return unseal(sealed).get("secret", "")
    except CannotOpen:
        return ""
