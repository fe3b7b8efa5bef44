"""Pictures that members showed, from the addresses QQ gave them. Members can write such addresses: none is trusted."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from qunying.carriers.base import NoPicture, NotReachable
from qunying.carriers.wire.lines import list_lines
from qunying.judgement.images.opening import MOST_BYTES

WITHIN = 8.0
REDIRECTS = 2
PORTS = {"http": 80, "https": 443}


def open_picture(carrier: str, url: str, now: datetime) -> bytes:
    """The bytes behind an address that is public, on a host that the lines' options allow; all hosts where they name none.

    An address inside our own network is gone to only where an option names it with its port and the beginning of its path,
    as ``127.0.0.1:3000/files/``: anything else there may be more than pictures.
    """
    named = [host for line in list_lines(carrier) for host in str(line.options.get("picture_hosts", "")).split()]
    inside = tuple(one for one in named if "/" in one)
    allowed = frozenset(named) - frozenset(inside)
    ends_at = time.monotonic() + WITHIN
    for _ in range(REDIRECTS + 1):
        found = _fetch(url, allowed, inside, ends_at)
        if isinstance(found, bytes):
            return found
        url = found
    raise NoPicture("missing")


def _fetch(url: str, allowed: frozenset[str], inside: Sequence[str], ends_at: float) -> bytes | str:
    """The picture, or where it is said to be instead."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in PORTS or not host or parts.username:
        raise NoPicture("missing")
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise NoPicture("missing") from error
    if is_inside(host, port, parts.path, inside):
        return _get(url, host, host, port, ends_at)
    if not is_allowed(host, allowed):
        raise NoPicture("missing")
    return _get(url, public_address(host, port), host, port, ends_at)


def is_inside(host: str, port: int, path: str, inside: Sequence[str]) -> bool:
    """Whether an option names that address of our own network; a path that climbs is never meant."""
    climbs = any(part in ("..", ".") for part in unquote(path).replace("\\", "/").split("/"))
    return not climbs and any(f"{host}:{port}{path}".startswith(one) for one in inside)


def is_allowed(host: str, allowed: frozenset[str]) -> bool:
    """Whether pictures are taken from this host or from one below it."""
    return not allowed or any(host == each or host.endswith(f".{each}") for each in allowed)


def public_address(host: str, port: int) -> str:
    """An address of the host, when all of them are public. Raises ``NoPicture``; ``NotReachable`` where it has none now."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotReachable from error
    if not found or not all(is_public(each) for each in found):
        raise NoPicture("missing")
    return found[0]


def is_public(address: str) -> bool:
    """Whether everybody on the internet could go there."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(read, "ipv4_mapped", None) or getattr(read, "sixtofour", None)
    return read.is_global and not read.is_multicast and (mapped is None or bool(mapped.is_global))


def _get(url: str, address: str, host: str, port: int, ends_at: float) -> bytes | str:
    """Goes to that very address, whatever the name may mean by now."""
    shown = f"[{address}]" if ":" in address else address
    target = httpx.URL(url).copy_with(host=shown.strip("[]"), port=port)
    client = httpx.Client(timeout=WITHIN / 2, trust_env=False, follow_redirects=False)
    try:
        with (
            client,
            client.stream(
                "GET", target, headers={"Host": urlsplit(url).netloc}, extensions={"sni_hostname": host}
            ) as response,
        ):
            if response.is_redirect:
                return urljoin(url, str(response.headers.get("Location", "")))
            if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise NotReachable
            if response.status_code != httpx.codes.OK:
                raise NoPicture("missing")
            return b"".join(_bounded(response, ends_at))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotReachable from error


def _bounded(response: httpx.Response, ends_at: float) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_bytes(64 * 1024):
        size += len(chunk)
        if size > MOST_BYTES:
            raise NoPicture("too_large")
        if time.monotonic() > ends_at:
            raise NotReachable
        yield chunk
