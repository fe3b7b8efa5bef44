"""One account's door: HTTP actions and WebSocket on the same port, events as a stream, pictures, and the controls."""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any

from aiohttp import web

from . import answers
from .control import control
from .faults import MALFORMED, Fault
from .line import Line
from .refusals import NO_SUCH_ACTION, WRONG_TOKEN
from .sockets import Connection
from .wiring import ClientRole

ROLES: dict[str, ClientRole] = {"api": "API", "event": "Event"}
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LARGEST_BODY = 64 * 1024 * 1024


class Door:
    """Answers every path of one account's port."""

    def __init__(self, line: Line, lines: dict[int, Line]) -> None:
        self.line = line
        self.lines = lines

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_get("/_file/{name}", self.file)
        app.router.add_get("/_events", self.events)
        app.router.add_post("/control/{verb}", self.control)
        app.router.add_route("*", "/{path:.*}", self.any)
        return app

    async def any(self, request: web.Request) -> web.StreamResponse:
        """An action, or a WebSocket where that is asked for. NapCat opens a WebSocket before it looks at the token."""
        is_socket = request.headers.get("Upgrade", "").lower() == "websocket"
        if is_socket and self.line.wiring.napcat and not self._is_known(request):
            return await self._turn_away(request)
        self._need_token(request)
        if is_socket:
            return await self._socket(request)
        if request.method not in ("GET", "POST"):
            raise web.HTTPMethodNotAllowed(request.method, ["GET", "POST"])
        return await self._action(request)

    def _need_token(self, request: web.Request) -> None:
        if self.line.is_cut:
            raise web.HTTPServiceUnavailable
        given = token_of(request)
        if self.line.wiring.token and not given:
            raise web.HTTPUnauthorized
        if not self._is_known(request):
            raise web.HTTPForbidden

    def _is_known(self, request: web.Request) -> bool:
        token = self.line.wiring.token
        return not token or hmac.compare_digest(token_of(request).encode(), token.encode())

    async def _turn_away(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(answers.failed(WRONG_TOKEN, "token验证失败"))
        await socket.close()
        return socket

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        role = ROLES.get(request.path.strip("/").lower(), "Universal")
        await Connection(self.line, socket, role).run()
        return socket

    async def _action(self, request: web.Request) -> web.Response:
        action = request.match_info["path"].strip("/")
        if not answers.is_known(action):
            raise web.HTTPNotFound(
                text=json.dumps(answers.failed(NO_SUCH_ACTION, f"不支持的Api {action}")), content_type=JSON
            )
        answered, fault = self.line.do(action, await _params(request))
        return await _delivered(answered, fault, request)

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of a picture that was said somewhere; like QQ's own addresses it asks for no token."""
        content = self.line.world.state.files.get(request.match_info["name"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="application/octet-stream")

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Events as a stream, as LLBot offers them."""
        self._need_token(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        stream = Stream(request)
        self.line.connect(stream, hears=True)
        try:
            while True:
                await response.write(f"data: {await stream.frames.get()}\n\n".encode())
        finally:
            self.line.disconnect(stream)

    async def control(self, request: web.Request) -> web.Response:
        """What a test or a demonstration does from outside; works also while the line is cut."""
        if self.line.wiring.token and not hmac.compare_digest(
            token_of(request).encode(), self.line.wiring.token.encode()
        ):
            raise web.HTTPForbidden
        return await control(self.line, self.lines, request)


class Stream:
    """A reader of the event stream."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.frames: asyncio.Queue[str] = asyncio.Queue()

    def put(self, frame: str) -> None:
        """Sends it after what is already waiting."""
        self.frames.put_nowait(frame)

    def cut(self) -> None:
        """Breaks the connection."""
        _abort(self.request)

    def end(self) -> None:
        """Breaks it too: a stream has no farewell."""
        _abort(self.request)


def token_of(request: web.Request) -> str:
    """The token that came with a request, «» without."""
    given = request.headers.get("Authorization", "")
    return given.removeprefix("Bearer ") if given.startswith("Bearer ") else request.query.get("access_token", "")


async def _params(request: web.Request) -> dict[str, Any]:
    query = {key: value for key, value in request.query.items() if key != "access_token"}
    if request.method == "GET" or not request.can_read_body:
        return query
    if request.content_type == FORM:
        return {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    if request.content_type != JSON:
        raise web.HTTPNotAcceptable
    return _object(await request.read())


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise web.HTTPBadRequest from error
    if not isinstance(read, dict):
        raise web.HTTPBadRequest
    return read


async def _delivered(answered: dict[str, Any], fault: Fault | None, request: web.Request) -> web.Response:
    match fault.kind if fault else "":
        case "never" | "lost":
            await asyncio.sleep(3600)
        case "cut":
            _abort(request)
        case "garbled":
            return web.Response(text=MALFORMED, content_type=JSON)
        case "late":
            await asyncio.sleep(fault.seconds if fault else 0)
    return web.json_response(answered, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def _abort(request: web.Request) -> None:
    if isinstance(request.transport, asyncio.Transport):
        request.transport.abort()
