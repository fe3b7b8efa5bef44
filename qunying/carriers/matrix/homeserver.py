"""One Matrix homeserver over HTTP: asked at its own address only, its token in a header and nowhere else."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from yarl import URL

from qunying.kernel.texts import mark

ANSWERS_WITHIN = 8.0  # seconds, less than a line has to act
LARGEST_ANSWER = 64 * 1024 * 1024


class NoAnswer(Exception):
    """It could not be reached or did not answer in time: what was asked may have been done."""


class NotTrusted(NoAnswer):
    """Whoever is there cannot prove to be the server."""


class BadAddress(Exception):
    """Not an address at which a token may be shown; ``words`` is a marked text."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Said(Exception):
    """The homeserver said no, in its words."""

    def __init__(self, status: int, code: str, words: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.words, self.retry_after = status, code, words, retry_after

    @property
    def is_unknown_token(self) -> bool:
        """Our token is not, or no longer, one of theirs."""
        return self.code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED")

    @property
    def is_too_fast(self) -> bool:
        """Later it would do it."""
        return self.status == 429 or self.code == "M_LIMIT_EXCEEDED"


class Homeserver:
    """Asks, and reads the answers."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str = "") -> None:
        self._session, self._address, self.token = session, checked_address(address), token

    async def ask(
        self,
        method: str,
        *path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        within: float = ANSWERS_WITHIN,
    ) -> dict[str, Any]:
        """The answer to one question below ``/_matrix/client/v3``. Raises ``Said`` or ``NoAnswer``."""
        url = "/".join((f"{self._address}/_matrix/client/v3", *(quote(part, safe="") for part in path)))
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True).with_query(query or {}),
                json=body if body is not None or method == "GET" else {},
                headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=within),
            ) as response:
                return _read(response.status, await response.content.read(LARGEST_ANSWER), response.headers)
        except aiohttp.ClientSSLError as error:
            raise NotTrusted(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from None


def _read(status: int, data: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    try:
        words = json.loads(data)
    except ValueError:
        words = None
    if status == 200 and isinstance(words, dict):
        return words
    if status >= 500 or status == 200:
        raise NoAnswer(f"HTTP {status}")
    words = words if isinstance(words, dict) else {}
    raise Said(status, str(words.get("errcode", "")), str(words.get("error", ""))[:200], _retry_after(words, headers))


def _retry_after(words: Mapping[str, Any], headers: Mapping[str, str]) -> timedelta | None:
    if isinstance(milliseconds := words.get("retry_after_ms"), int):
        return timedelta(milliseconds=milliseconds)
    seconds = headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdigit() else None


def checked_address(address: str) -> str:
    """``https://…``, on this machine also ``http://…``, without anything behind the host. Raises ``BadAddress``."""
    parts = urlsplit(address.strip().rstrip("/"))
    is_plain_host = bool(parts.hostname) and not (parts.username or parts.path or parts.query or parts.fragment)
    if is_plain_host and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))):
        return f"{parts.scheme}://{parts.netloc}"
    raise BadAddress(mark("服务器地址要以 https:// 开头，后面只写域名和端口"))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
