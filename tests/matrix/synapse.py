"""A real homeserver on this machine, for as long as somebody needs it, and people who use it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import yaml

HERE = Path(__file__).resolve().parent
STARTS_WITHIN = 40.0
SECRET = "only-for-tests"
PASSWORD = "tea-and-cake"
_FAST = {"per_second": 10_000, "burst_count": 10_000}


class Refused(Exception):
    """The server said no."""


@dataclass
class User:
    """Somebody with a client of their own."""

    ref: str
    token: str = field(repr=False)
    client: httpx.Client = field(repr=False)
    count: int = 0

    def ask(self, method: str, *path: str, **body: Any) -> dict[str, Any]:
        """One request; raises ``Refused`` with the server's code."""
        url = "/_matrix/client/v3/" + "/".join(quote(part, safe="") for part in path)
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.client.request(method, url, headers=headers, json=None if method == "GET" else body)
        if answer.status_code != 200:
            raise Refused(answer.json().get("errcode"))
        return answer.json()

    def make_room(self, name: str, *invited: str, **more: Any) -> str:
        """A group that everybody may enter."""
        return self.ask("POST", "createRoom", name=name, preset="public_chat", invite=list(invited), **more)["room_id"]

    def join(self, room: str, **more: Any) -> None:
        self.ask("POST", "join", room, **more)

    def send(self, room: str, kind: str = "m.room.message", **content: Any) -> str:
        """One event; answers its id."""
        self.count += 1
        return self.ask("PUT", "rooms", room, "send", kind, f"{self.ref}{self.count}", **content)["event_id"]

    def say(self, room: str, text: str, **more: Any) -> str:
        return self.send(room, msgtype="m.text", body=text, **more)

    def state(self, room: str, kind: str, key: str = "") -> dict[str, Any]:
        return self.ask("GET", "rooms", room, "state", kind, key)

    def set_state(self, room: str, kind: str, key: str = "", **content: Any) -> None:
        self.ask("PUT", "rooms", room, "state", kind, key, **content)

    def give_power(self, room: str, ref: str, level: int) -> None:
        levels = self.state(room, "m.room.power_levels")
        self.set_state(room, "m.room.power_levels", **{**levels, "users": {**levels["users"], ref: level}})

    def words_in(self, room: str) -> list[str]:
        """What was said lately, newest first."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"/_matrix/client/v3/rooms/{quote(room, safe='')}/messages"
        chunk = self.client.get(url, headers=headers, params={"dir": "b", "limit": 50}).json()["chunk"]
        return [one["content"]["body"] for one in chunk if "body" in one["content"]]


@dataclass(frozen=True)
class Synapse:
    """The server at its address."""

    address: str
    client: httpx.Client

    def register(self, name: str, shown: str = "") -> User:
        """Somebody new, registered by the shared secret."""
        path = "/_synapse/admin/v1/register"
        nonce = self.client.get(path).json()["nonce"]
        words = "\x00".join((nonce, name, PASSWORD, "notadmin")).encode()
        mac = hmac.new(SECRET.encode(), words, hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": PASSWORD, "mac": mac, "admin": False}
        made = self.client.post(path, json=body).json()
        user = User(made["user_id"], made["access_token"], self.client)
        user.ask("PUT", "profile", user.ref, "displayname", displayname=shown or name)
        return user


@contextmanager
def running_synapse(folder: Path, clock: Path | None = None) -> Iterator[Synapse]:
    """Starts a homeserver in that folder and surely stops it; its time is what stands in the file ``clock``, where one is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "homeserver.yaml"
    config.write_text(yaml.safe_dump(_config(folder, port)), "utf-8")
    with (folder / "out.txt").open("wb") as out:
        program = ["-P", str(HERE / "clocked.py"), str(clock)] if clock else ["-m", "synapse.app.homeserver"]
        command = [sys.executable, *program, "-c", str(config)]
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as client:
            _wait(client, process, folder)
            yield Synapse(f"http://127.0.0.1:{port}", client)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], folder: Path) -> None:
    ends_at = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            if client.get("/_matrix/client/versions").status_code == 200:
                return
        except httpx.TransportError:
            pass
        is_over = process.poll() is not None or time.monotonic() > ends_at
        assert not is_over, (folder / "out.txt").read_text("utf-8")[-2000:]
        time.sleep(0.1)


def _config(folder: Path, port: int) -> dict[str, Any]:
    listener = {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]}
    seed = base64.b64encode(os.urandom(32)).decode().rstrip("=")
    (folder / "signing.key").write_text(f"ed25519 a_test {seed}\n", "utf-8")
    log = folder / "log.yaml"
    log.write_text("version: 1\nroot: {level: ERROR}\n", "utf-8")
    limits = ("message", "registration", "joins_per_room", "admin_redaction", "room_creation")
    return {
        "server_name": "test",
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "report_stats": False,
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "pid_file": str(folder / "pid"),
        "log_config": str(log),
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "registration_shared_secret": SECRET,
        "macaroon_secret_key": SECRET,
        "form_secret": SECRET,
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        **{f"rc_{name}": _FAST for name in limits},
        "rc_login": {"address": _FAST, "account": _FAST, "failed_attempts": _FAST},
        "rc_joins": {"local": _FAST, "remote": _FAST},
        "rc_invites": {"per_room": _FAST, "per_user": _FAST, "per_issuer": _FAST},
    }
