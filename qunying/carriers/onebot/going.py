"""Where we may go when a line has an address that we call, and what it means when we are not let in."""

from __future__ import annotations

import ipaddress
import socket
from types import SimpleNamespace
from urllib.parse import urlsplit

from aiohttp import (
    ClientError,
    ClientSession,
    ClientSSLError,
    TCPConnector,
    TraceConfig,
    TraceRequestRedirectParams,
    WSServerHandshakeError,
)
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from qunying.carriers.onebot.calls import CannotDial
from qunying.carriers.onebot.pictures import is_public
from qunying.kernel.texts import mark

UNAUTHORIZED = (401, 403)
NOT_LET_IN = (1401, 1403)  # in an answer
TURNED_AWAY = (1008, 1401, 1403, 3000, 3003, 4401, 4403)  # when a WebSocket is closed
REDIRECTS = (301, 302, 303, 307, 308)
WRONG_TOKEN = mark("口令不对，QQ程序不让进；请把两边的口令改成一样")
BAD_TLS = mark("QQ程序的加密证书不对，没有连")
ASTRAY = mark("QQ程序的地址转到了别处，没有跟去")
INSIDE = mark("QQ程序的地址在内网又没有写端口，或者谁都不该去，没有连")


def wrong_token() -> CannotDial:
    """Our token is none there: only a person can change that."""
    return CannotDial(WRONG_TOKEN, is_refused=True)


class Astray(ClientError):
    """We are sent elsewhere."""


class Inside(ClientError):
    """The name leads where we may not go."""


def may_go(address: str, *, is_named: bool) -> bool:
    """Whether we call this address: one inside our own network only where it is named with its port, as one for pictures is."""
    if is_public(address):
        return True
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(read, "ipv4_mapped", None) or read
    return is_named and not (inner.is_link_local or inner.is_multicast or inner.is_unspecified or inner.is_reserved)


def need_allowed(url: str) -> None:
    """Raises ``CannotDial`` where the address is written down as one to which we do not go."""
    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return  # a name: looked at when it is resolved
    if not may_go(host, is_named=_is_named(url)):
        raise CannotDial(INSIDE)


def _is_named(url: str) -> bool:
    return urlsplit(url).port is not None


class Careful(ThreadedResolver):
    """Names that lead where we may not go lead nowhere."""

    def __init__(self, *, is_named: bool) -> None:
        super().__init__()
        self._is_named = is_named

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises ``Inside``."""
        found = await super().resolve(host, port, family)
        if not all(may_go(each["host"], is_named=self._is_named) for each in found):
            raise Inside(host)
        return found


def new_session(url: str) -> ClientSession:
    """For calls to that address, and to no other to which it might send us."""
    trace = TraceConfig()
    trace.on_request_redirect.append(_stay)
    connector = TCPConnector(resolver=Careful(is_named=_is_named(url)))
    return ClientSession(trust_env=False, trace_configs=[trace], connector=connector)


async def _stay(session: ClientSession, context: SimpleNamespace, params: TraceRequestRedirectParams) -> None:
    raise Astray


def why_not(error: BaseException) -> CannotDial | None:
    """What stands between us and the implementation, None where it is only not there."""
    match error:
        case WSServerHandshakeError(status=status) if status in UNAUTHORIZED:
            return wrong_token()
        case ClientSSLError():
            return CannotDial(BAD_TLS)
        case Astray():
            return CannotDial(ASTRAY)
        case Inside():
            return CannotDial(INSIDE)
        case _:
            return None
