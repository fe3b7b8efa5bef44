"""Implementations that call us: a WebSocket with a token, or events posted with a signature."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from aiohttp import web

from qunying.carriers.onebot.connection import LARGEST_LIST, PING_EVERY, Connection
from qunying.carriers.onebot.line import Line
from qunying.carriers.wire.gateway import COUNT_MISHAP
from qunying.carriers.wire.line import Speaking

ROLES = {"universal": "Universal", "api": "API", "event": "Event"}
SOCKETS = {"v11/ws": "", "v11/ws/api": "API", "v11/ws/event": "Event"}
POSTS = "v11/http"


async def door(request: web.Request, lines: Mapping[int, Speaking]) -> web.StreamResponse:
    """Lets in who shows the token of a line, or a signature made with its secret."""
    path = request.match_info.get("rest", "").strip("/").lower()
    ours = [line for line in lines.values() if isinstance(line, Line)]
    if path == POSTS and request.method == "POST":
        return await _take_post(request, ours)
    if path in SOCKETS and request.headers.get("Upgrade", "").lower() == "websocket":
        return await _take_socket(request, ours, SOCKETS[path])
    raise web.HTTPNotFound


async def _take_socket(request: web.Request, lines: list[Line], role: str) -> web.StreamResponse:
    account = request.headers.get("X-Self-ID", "").strip()[:64]
    token = _token_of(request)
    if not token:
        await _refuse(request, lines, account, "no_token", 401)
    if not account:
        await _refuse(request, lines, account, "malformed", 400)
    known = [line for line in lines if _is_same(token, line.kept.secrets.get("token", ""))]
    line = _whose(known, account)
    if len(known) != 1:
        await _refuse(request, lines, account, "shared_token" if known else "wrong_token", 403)
    if line is None:
        await known[0].ear.mishap("wrong_account", account)
        raise web.HTTPForbidden
    socket = web.WebSocketResponse(max_msg_size=LARGEST_LIST, heartbeat=PING_EVERY)
    await socket.prepare(request)
    said = ROLES.get(request.headers.get("X-Client-Role", "").lower(), "Universal")
    await line.sockets.serve(Connection(socket, role or said), account)
    return socket


async def _take_post(request: web.Request, lines: list[Line]) -> web.StreamResponse:
    account = request.headers.get("X-Self-ID", "").strip()[:64]
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        await _count(request, lines, account, "too_large")
        raise
    given = request.headers.get("X-Signature", "")
    if not given:
        await _refuse(request, lines, account, "no_token", 401)
    known = [line for line in lines if _is_signed(body, given, line.kept.secrets.get("signature", ""))]
    line = _whose(known, account)
    if len(known) != 1:
        await _refuse(request, lines, account, "shared_token" if known else "bad_signature", 403)
    if line is None or not (line.account or await line.become(account)):
        await known[0].ear.mishap("wrong_account", account)
        raise web.HTTPForbidden
    return web.Response(status=await line.listening.hear_body(body))


def _whose(known: list[Line], account: str) -> Line | None:
    """The line that this secret opens, where it is the account's own or has no account yet; none where it opens two."""
    return (
        next((line for line in known if account and line.account in ("", account)), None) if len(known) == 1 else None
    )


async def _refuse(request: web.Request, lines: list[Line], account: str, what: str, status: int) -> None:
    await _count(request, lines, account, what)
    raise {400: web.HTTPBadRequest, 401: web.HTTPUnauthorized, 403: web.HTTPForbidden}[status]


async def _count(request: web.Request, lines: list[Line], account: str, what: str) -> None:
    """On the line of whom they claimed to be, else on none."""
    claimed = next((line for line in lines if account and line.account == account), None)
    if claimed is not None:
        await claimed.ear.mishap(what, account)
    else:
        await request[COUNT_MISHAP](what, account)


def _token_of(request: web.Request) -> str:
    given = request.headers.get("Authorization", "")
    scheme, _, token = given.partition(" ")
    if scheme.lower() in ("bearer", "token"):
        return token.strip()
    return request.query.get("access_token", "")


def _is_same(given: str, ours: str) -> bool:
    """Compared in the same time whatever is right about it; what is empty opens nothing."""
    return hmac.compare_digest(given.encode(), ours.encode()) and bool(ours)


def _is_signed(body: bytes, given: str, secret: str) -> bool:
    expected = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return hmac.compare_digest(given.encode(), expected.encode()) and bool(secret)
