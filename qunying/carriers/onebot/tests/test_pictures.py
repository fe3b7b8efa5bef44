"""Pictures come from public addresses only, and from hosts that are allowed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qunying.carriers.base import NoPicture, NotReachable
from qunying.carriers.onebot import pictures
from qunying.carriers.wire.lines import do_open_line

NOW = datetime(2024, 3, 5, 6, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.server]  # numbers are resolved, names never are


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://[::1]/a.png",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://user:secret@1.1.1.1/",
        "http://1.1.1.1:99999/",
        "ftp://1.1.1.1/a.png",
        "file:///etc/passwd",
        "//1.1.1.1/",
        "http://",
        "",
    ],
)
def test_an_address_that_is_not_public_is_never_gone_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[object] = []
    monkeypatch.setattr(pictures, "_get", lambda *words: gone.append(words) or b"x")
    with pytest.raises((NoPicture, NotReachable)):
        pictures.open_picture("qq", url, NOW)
    assert gone == []


def test_a_name_is_believed_only_when_all_its_addresses_are_public(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, 1, 6, "", (each, 80)) for each in ("93.184.216.34", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(NoPicture):
        pictures.open_picture("qq", "http://pictures.example/a.png", NOW)


def test_pictures_come_only_from_hosts_that_a_line_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "public_address", lambda host, port: "93.184.216.34")
    monkeypatch.setattr(pictures, "_get", lambda *words: b"bytes")
    do_open_line("qq", {"picture_hosts": "qpic.cn qq.com"}, {}, at=NOW)
    assert pictures.open_picture("qq", "https://gchat.qpic.cn/a", NOW) == b"bytes"
    for url in ("https://evil.example/a", "https://evilqpic.cn/a"):
        with pytest.raises(NoPicture):
            pictures.open_picture("qq", url, NOW)


@pytest.mark.parametrize(
    ("url", "is_so"),
    [
        ("http://127.0.0.1:3000/files/a.png", True),
        ("http://127.0.0.1:3000/set_group_kick?group_id=1", False),
        ("http://127.0.0.1:3000/files/../set_group_kick", False),
        ("http://127.0.0.1:3000/files/%2e%2e/set_group_kick", False),
        ("http://127.0.0.1:3000/files/..%5cset_group_kick", False),
        ("http://127.0.0.1:3001/files/a.png", False),
        ("http://127.0.0.1/files/a.png", False),
        ("http://localhost:3000/files/a.png", False),
        ("http://10.0.0.1:3000/files/a.png", False),
    ],
)
def test_an_inside_address_is_gone_to_only_below_what_an_option_names(
    url: str, is_so: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_get", lambda *words: b"bytes")
    do_open_line("qq", {"picture_hosts": "127.0.0.1:3000/files/"}, {}, at=NOW)
    if is_so:
        assert pictures.open_picture("qq", url, NOW) == b"bytes"
    else:
        with pytest.raises((NoPicture, NotReachable)):
            pictures.open_picture("qq", url, NOW)


class Host(BaseHTTPRequestHandler):
    """A host with pictures, one of which is too large, and with redirects, also to where nobody may go."""

    hosts: list[str] = []

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        moved = {"/moved": "/a.png", "/inside": "http://10.0.0.1/", "/round": "/round"}.get(self.path)
        if moved:
            self.send_response(302)
            self.send_header("Location", moved)
            self.end_headers()
            return
        self.send_response({"/a.png": 200, "/large": 200, "/broken": 500}.get(self.path, 404))
        self.end_headers()
        self.wfile.write(b"x" * (2000 if self.path == "/large" else 10))

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(pictures, "is_public", lambda address: address == "127.0.0.1")
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_picture_is_fetched_within_bounds_and_no_redirect_is_followed_unseen(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 1000)
    assert pictures.open_picture("qq", f"{host}/a.png", NOW) == b"x" * 10
    assert pictures.open_picture("qq", f"{host}/moved", NOW) == b"x" * 10
    assert Host.hosts[0].startswith("localhost:")
    for path, why in (("/large", "too_large"), ("/none", "missing"), ("/inside", "missing"), ("/round", "missing")):
        with pytest.raises(NoPicture) as found:
            pictures.open_picture("qq", host + path, NOW)
        assert found.value.why == why
    with pytest.raises(NotReachable):
        pictures.open_picture("qq", f"{host}/broken", NOW)
    with pytest.raises(NotReachable):
        pictures.open_picture("qq", "http://localhost:9/", NOW)
