"""Pictures that lie on the homeserver of one of our lines, and nothing elsewhere."""

from __future__ import annotations

import re
from datetime import datetime

import httpx

from qunying.carriers.base import NoPicture, NotReachable
from qunying.carriers.matrix.homeserver import BadAddress, checked_address
from qunying.carriers.wire.line import Kept
from qunying.carriers.wire.lines import list_kept
from qunying.judgement.images.opening import MOST_BYTES

WITHIN = 8.0
_ADDRESS = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]+)/([A-Za-z0-9_-]+)")


def open_picture(url: str, now: datetime) -> bytes:
    """The bytes behind an ``mxc://`` address; raises as ``Carrier.open_picture`` says."""
    found = _ADDRESS.fullmatch(url)
    line = _find_line(found[1]) if found else None
    if found is None or line is None or not line.secrets.get("token"):
        raise NoPicture("missing")
    try:
        address = checked_address(line.options.get("homeserver", ""))
    except BadAddress:
        raise NoPicture("missing") from None
    return _fetch(f"{address}/_matrix/client/v1/media/download/{found[1]}/{found[2]}", line.secrets["token"])


def _find_line(server: str) -> Kept | None:
    lines = (one for one in list_kept() if one.carrier == "matrix")
    return next((one for one in lines if one.account_ref.partition(":")[2] == server), None)


def _fetch(url: str, token: str) -> bytes:
    """Follows no redirect: the token is for this server only."""
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with (
            httpx.Client(timeout=WITHIN, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            if response.status_code >= 500 or response.status_code == 429:
                raise NotReachable
            if response.status_code != 200:
                raise NoPicture("missing")
            return _bounded(response)
    except httpx.HTTPError as error:
        raise NotReachable from error


def _bounded(response: httpx.Response) -> bytes:
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) > MOST_BYTES:
            raise NoPicture("too_large")
    return bytes(data)
