"""The other ways in and out: events posted with a signature, actions by HTTP, a WebSocket that we dial."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from qunying.carriers.base import Outcome
from qunying.carriers.onebot import dialling, going, watching
from qunying.carriers.onebot.carrier import NAME
from qunying.carriers.onebot.simulator.faults import Fault
from qunying.carriers.onebot.simulator.posting import sign
from qunying.carriers.onebot.simulator.running import running
from qunying.carriers.onebot.simulator.wiring import Post, Wiring
from qunying.carriers.onebot.wiring import wire_up
from qunying.carriers.wire.lines import do_change_line, find_line, list_kept
from qunying.carriers.wire.models import Heard
from qunying.kernel import clock
from qunying.kernel.effects import Say
from qunying.kernel.texts import Sentence
from tests.lines import gateway, until
from tests.onebot.stage import (
    ANN,
    BOT,
    GROUP,
    OTHER,
    SECOND,
    SIGNATURE,
    TOKEN,
    Live,
    build_community,
    build_world,
    mishaps_of,
    open_line,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks whether somebody is there asks more often."""
    monkeypatch.setattr(dialling, "ASK_EVERY", 0.1)
    monkeypatch.setattr(dialling, "AGAIN_AFTER", 0.1)
    monkeypatch.setattr(watching, "WATCH_EVERY", 0.05)
    monkeypatch.setattr(watching, "GRACE", 0.5)


def message(text: str, number: int = 7, **fields: Any) -> bytes:
    words = {
        "time": 1709618400,
        "self_id": BOT,
        "post_type": "message",
        "message_type": "group",
        "message_id": number,
        "group_id": GROUP,
        "user_id": ANN,
        "message": [{"type": "text", "data": {"text": text}}],
    }
    return json.dumps({**words, **fields}).encode()


def post(address: str, body: bytes, *, account: int = BOT, secret: str = SIGNATURE) -> int:
    headers = {"X-Self-ID": str(account)} | ({"X-Signature": f"sha1={sign(secret, body)}"} if secret else {})
    return httpx.post(f"{address}/onebot/v11/http", content=body, headers=headers, trust_env=False).status_code


def test_events_are_posted_and_acts_are_asked_for_by_http() -> None:
    world = build_world()
    groups = build_community(GROUP, OTHER)
    with gateway(MappingProxyType({NAME: wire_up()})) as address:
        end = Wiring(BOT, token=TOKEN, posts=(Post(f"{address}/onebot/v11/http", SIGNATURE),))
        with running(world, end) as simulator:
            line_id = open_line(transport="http", url=simulator.url(BOT))
            play = Live(world, simulator, address, groups, {BOT: line_id})
            until(lambda: play.state() == "online")
            world.say(GROUP, ANN, "一")
            play.until_said("一")
            answer = play.do(Say(group_id=1, text="在"))
            assert (answer.outcome, answer.ref) == (Outcome.DONE, f"s{world.list_said(GROUP)[-1].seq}")
            simulator.fault(BOT, Fault("cut", "send_group_msg"))
            assert play.do(Say(group_id=1, text="在")).outcome is Outcome.UNKNOWN
            simulator.cut(BOT)
            until(lambda: play.state() == "offline")
            world.say(GROUP, ANN, "二")
            simulator.mend(BOT)
            play.until_said("一", "在", "在", "二")  # what the account said itself is part of the history
            assert play.state() == "online"
    assert "gap" not in mishaps_of(line_id)


def test_nothing_is_done_when_nobody_is_at_the_address() -> None:
    groups = build_community(GROUP, OTHER)
    with gateway(MappingProxyType({NAME: wire_up()})) as address:
        line_id = open_line(transport="http", url="http://127.0.0.1:9")
        until(lambda: post(address, message("一")) == 204)
        until(lambda: find_line(line_id).account_ref == str(BOT))  # type: ignore[union-attr]
        play = Live(build_world(), None, address, groups, {BOT: line_id})  # type: ignore[arg-type]
        assert play.do(Say(group_id=1, text="在")).outcome is Outcome.LATER


def test_a_posted_event_is_kept_before_it_is_confirmed_and_told_once() -> None:
    groups = build_community(GROUP, OTHER)
    with gateway(MappingProxyType({NAME: wire_up()})) as address:
        line_id = open_line(transport="http")
        until(lambda: post(address, message("一")) == 204)
        assert Heard.objects.count() == 1
        play = Live(build_world(), None, address, groups, {BOT: line_id})  # type: ignore[arg-type]
        play.until_said("一")
        assert post(address, message("一")) == 204
        assert post(address, message("二", 8)) == 204
        play.until_said("一", "二")
        assert mishaps_of(line_id) == {"replayed": 1}


def test_a_post_is_refused_when_signature_account_size_or_words_are_wrong(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    build_community(GROUP, OTHER)
    with gateway(MappingProxyType({NAME: wire_up()})) as address:
        line_id = open_line(transport="http")
        until(lambda: post(address, message("一")) == 204)
        assert post(address, message("二"), secret="") == 401
        assert post(address, message("二"), secret="other") == 403
        assert post(address, message("二"), account=SECOND) == 403
        assert post(address, message("二", self_id=SECOND)) == 403
        assert post(address, b"{") == 400
        assert post(address, message("x" * 1_100_000)) == 413
        assert post(address, message("二", post_type="dream")) == 204
        expected = {
            "no_token": 1,
            "bad_signature": 1,
            "wrong_account": 2,
            "malformed": 1,
            "too_large": 1,
            "unknown_kind": 1,
        }
        assert mishaps_of(line_id) == expected
        assert Heard.objects.count() == 1
        before = mishaps_of(0).get("bad_signature", 0)  # while the line was not held yet
        assert post(address, message("二"), account=99999, secret="other") == 403
        assert mishaps_of(0) == {"bad_signature": before + 1}
    assert SIGNATURE not in caplog.text


def test_a_signature_counts_over_the_bytes_as_they_came() -> None:
    build_community(GROUP, OTHER)
    with gateway(MappingProxyType({NAME: wire_up()})) as address:
        open_line(transport="http")
        until(lambda: post(address, message("一")) == 204)
        body = message("二", 8)
        headers = {"X-Self-ID": str(BOT), "X-Signature": f"sha1={sign(SIGNATURE, body)}"}
        changed = httpx.post(f"{address}/onebot/v11/http", content=body + b" ", headers=headers, trust_env=False)
        assert changed.status_code == 403


def test_we_dial_a_websocket_where_the_options_say_so() -> None:
    world = build_world()
    groups = build_community(GROUP, OTHER)
    with gateway(MappingProxyType({NAME: wire_up()})) as address, running(world, Wiring(BOT, token=TOKEN)) as simulator:
        line_id = open_line(transport="forward", url=simulator.ws_url(BOT))
        play = Live(world, simulator, address, groups, {BOT: line_id})
        until(lambda: play.state() == "online")
        world.say(GROUP, ANN, "一")
        play.until_said("一")
        assert play.do(Say(group_id=1, text="在")).outcome is Outcome.DONE
        simulator.cut(BOT)
        until(lambda: play.state() == "offline")
        world.say(GROUP, ANN, "二")
        simulator.mend(BOT)
        play.until_said("一", "在", "二")
        assert mishaps_of(line_id) == {}


@contextmanager
def dialled(transport: str, url: str) -> Iterator[Live]:
    """A line that calls that address."""
    groups = build_community(GROUP, OTHER)
    with gateway(MappingProxyType({NAME: wire_up()})) as address:
        yield Live(build_world(), None, address, groups, {BOT: open_line(transport=transport, url=url)})  # type: ignore[arg-type]


@pytest.mark.parametrize("transport", ["forward", "http"])
@pytest.mark.parametrize("napcat", [False, True])
def test_a_line_waits_for_a_person_when_its_token_is_refused(
    transport: str, napcat: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with running(build_world(), Wiring(BOT, token="another", napcat=napcat)) as simulator:
        url = simulator.ws_url(BOT) if transport == "forward" else simulator.url(BOT)
        with dialled(transport, url) as play:
            until(lambda: play.state() == "refused")
            assert why(play) == going.WRONG_TOKEN
            assert list_kept() == []
            do_change_line(play.lines[BOT], secrets={"token": "another"}, at=clock.now())
            until(lambda: play.state() == "online")
    assert TOKEN not in caplog.text


def why(play: Live) -> str:
    line = find_line(play.lines[BOT])
    assert line is not None
    return Sentence.of_text(line.why).template


@pytest.mark.parametrize("transport", ["forward", "http"])
def test_we_do_not_follow_when_an_address_leads_elsewhere(transport: str) -> None:
    scheme = "ws" if transport == "forward" else "http"
    with (
        running(build_world(), Wiring(BOT, token=TOKEN)) as simulator,
        sending_to(simulator.url(BOT)) as port,
        dialled(transport, f"{scheme}://127.0.0.1:{port}") as play,
    ):
        until(lambda: play.mishaps().get("cannot_dial", 0) >= 2)
        assert (play.state(), why(play)) == ("offline", going.ASTRAY)
        assert not simulator.is_heard(BOT)


@contextmanager
def sending_to(target: str) -> Iterator[int]:
    """The port of somebody who sends everybody there."""

    class Sending(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", target + self.path)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sending)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("transport", ["forward", "http"])
def test_it_is_said_when_encryption_fails(transport: str) -> None:
    with running(build_world(), Wiring(BOT, token=TOKEN)) as simulator:
        scheme = "wss" if transport == "forward" else "https"
        with dialled(transport, f"{scheme}://127.0.0.1:{simulator.ports[BOT]}/") as play:
            until(lambda: play.mishaps().get("cannot_dial", 0) >= 1)
            until(lambda: (play.state(), why(play)) == ("offline", going.BAD_TLS))


@pytest.mark.parametrize(
    "url", ["ws://127.0.0.1/", "ws://localhost/", "ws://169.254.169.254:80/", "ws://[fe80::1]:3001/"]
)
def test_we_do_not_go_where_nobody_named_a_port_inside_our_own_network(url: str) -> None:
    with dialled("forward", url) as play:
        until(lambda: play.mishaps().get("cannot_dial", 0) >= 1)
        until(lambda: (play.state(), why(play)) == ("offline", going.INSIDE))
