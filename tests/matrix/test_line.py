"""The whole way: a real homeserver, the gateway, the worker, and back."""

from __future__ import annotations

import importlib.util
import itertools
import logging
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from qunying.carriers.base import Answer, Delivery, NoPicture, Outcome
from qunying.carriers.matrix import line as line_module
from qunying.carriers.matrix.carrier import MATRIX
from qunying.carriers.matrix.line import Line
from qunying.carriers.wire import lines, mishaps
from qunying.carriers.wire.gateway import Wiring
from qunying.carriers.wire.models import Heard, Mishap
from qunying.communities.actions import NewGroup, do_found_community, do_know_account, do_register_group
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import (
    ApproveJoin,
    Ban,
    DeleteMessage,
    Invite,
    Mute,
    Outside,
    Pin,
    RejectJoin,
    RemoveMember,
    Say,
    Unban,
    Unmute,
    Whisper,
)
from qunying.people.models import Membership
from qunying.pipeline import loops
from qunying.talk.models import Message
from qunying.talk.models import Whisper as KeptWhisper
from tests.lines import gateway, until
from tests.matrix.drilled import Way
from tests.matrix.synapse import PASSWORD, Refused, Synapse, User, running_synapse

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.server,
    pytest.mark.skipif(importlib.util.find_spec("synapse") is None, reason="matrix-synapse is not installed"),
]
WIRED = {"matrix": Wiring(Line)}
MINUTE = timedelta(minutes=1)
NOT_TRUSTED = "服务器的加密证书不对，没有连"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    with running_synapse(tmp_path_factory.mktemp("synapse")) as server:
        yield server


@dataclass
class Stage:
    """A group with its owner, a member and our account, and the line that hears it."""

    owner: User
    an: User
    bot: User
    room: str
    line: int
    group: int

    def do(self, effect: Outside, who: User | None = None, key: str = "", group: bool = True) -> Answer:
        delivery = Delivery(
            key or f"k{next(_numbers)}",
            effect,
            self.bot.ref,
            self.room if group else "",
            who.ref if who else "",
            (who.ref,) if isinstance(effect, Say) and who else (),
        )
        return MATRIX.send(delivery, clock.now())


def open_stage(synapse: Synapse, *, power: int = 100, secrets: dict[str, str] | None = None) -> Stage:
    number = next(_numbers)
    owner, an, bot = (
        synapse.register(f"{name}{number}", shown)
        for name, shown in (("li", "小李"), ("an", "安安"), ("bot", "小助手"))
    )
    room = owner.make_room("茶友群")
    an.join(room)
    bot.join(room)
    owner.give_power(room, bot.ref, power)
    now = clock.now()
    community = do_found_community(name=f"茶友会{number}", at=now, timezone="Asia/Shanghai", language="zh-hans")
    account = do_know_account("matrix", bot.ref, "小助手", at=now)
    group = do_register_group(
        community, NewGroup(carrier="matrix", ref=room, carrier_name="茶友群", account_id=account), at=now
    )
    options = {"homeserver": synapse.address, "user": bot.ref, "owner": owner.ref}
    line = lines.do_open_line("matrix", options, secrets or {"token": bot.token}, at=now)
    return Stage(owner, an, bot, room, line, group)


@pytest.fixture
def stage(synapse: Synapse) -> Stage:
    return open_stage(synapse)


def is_online(stage: Stage) -> bool:
    state = lines.find_line(stage.line)
    return state is not None and state.state == "online"


def comes(is_so: Callable[[], object]) -> None:
    """Works until something is so."""

    def look() -> object:
        while loops.step(clock.now()):
            pass
        return is_so()

    until(look, 15)


def texts(stage: Stage) -> list[str]:
    return list(Message.objects.filter(group=stage.group).order_by("id").values_list("text", flat=True))


def test_what_is_said_becomes_talk_when_a_line_signs_in_by_password(
    synapse: Synapse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stage = open_stage(synapse, secrets={"password": PASSWORD})
    with gateway(WIRED):
        until(lambda: is_online(stage))
        first = stage.an.say(stage.room, "早上好")
        reply = {"m.in_reply_to": {"event_id": first}}
        stage.owner.say(
            stage.room,
            f"> <{stage.an.ref}> 早上好\n\n你也好",
            **{"m.relates_to": reply, "m.mentions": {"user_ids": [stage.an.ref]}},
        )
        comes(lambda: len(texts(stage)) == 2)
        kept = lines.list_kept()[0].secrets
        assert set(kept) == {"token"}
        assert is_online(stage)
    assert texts(stage) == ["早上好", "你也好"]
    answer = Message.objects.get(group=stage.group, text="你也好")
    an = Membership.objects.get(group=stage.group, identity__ref=stage.an.ref)
    assert (answer.reply_to, answer.mentions, an.card) == (first, [an.identity_id], "安安")
    assert Membership.objects.get(group=stage.group, identity__ref=stage.owner.ref).role == "owner"
    assert not Membership.objects.filter(group=stage.group, identity__ref=stage.bot.ref).exists()
    assert PASSWORD not in caplog.text
    assert kept["token"] not in caplog.text


def test_an_edit_and_a_withdrawal_are_kept_when_they_come(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        first, second = (stage.an.say(stage.room, text) for text in ("一", "二"))
        change = {
            "m.new_content": {"msgtype": "m.text", "body": "壹"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": first},
        }
        stage.owner.say(
            stage.room, "* 不是我说的", **{**change, "m.new_content": {"msgtype": "m.text", "body": "不是我说的"}}
        )
        stage.an.say(stage.room, "* 壹", **change)
        stage.owner.ask("PUT", "rooms", stage.room, "redact", second, "r1")
        comes(lambda: Message.objects.filter(group=stage.group, recalled_at__isnull=False).exists())
    assert texts(stage) == ["壹", "二"]


def test_the_server_silences_a_member_when_they_are_muted_and_lets_them_speak_when_it_is_over(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        mute = Mute(group_id=stage.group, member=1, duration=10 * MINUTE)
        assert stage.do(mute, stage.an).outcome is Outcome.DONE
        assert stage.do(mute, stage.an).outcome is Outcome.DONE
        with pytest.raises(Refused, match="M_FORBIDDEN"):
            stage.an.say(stage.room, "我还能说吗")
        for _ in range(2):
            assert stage.do(Unmute(group_id=stage.group, member=1), stage.an).outcome is Outcome.DONE
        stage.an.say(stage.room, "能说了")
        assert (
            stage.do(Mute(group_id=stage.group, member=1, duration=timedelta(seconds=1)), stage.an).outcome
            is Outcome.DONE
        )
        until(lambda: stage.owner.state(stage.room, "m.room.power_levels")["users"].get(stage.an.ref) == -1)
        stage.owner.say(stage.room, "有动静")
        until(lambda: stage.an.ref not in stage.owner.state(stage.room, "m.room.power_levels")["users"], 30)


def test_a_mute_that_ended_while_nobody_held_the_line_is_lifted_when_it_is_held_again(
    stage: Stage, synapse: Synapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = synapse.register(f"bo{next(_numbers)}", "阿博")
    bo.join(stage.room)
    with gateway(WIRED):
        until(lambda: is_online(stage))
        for who in (stage.an, bo):
            mute = Mute(group_id=stage.group, member=1, duration=10 * MINUTE)
            assert stage.do(mute, who).outcome is Outcome.DONE
    later = clock.now() + 30 * MINUTE
    stage.owner.give_power(stage.room, bo.ref, 10)  # somebody gave it back by hand, and more than there was
    monkeypatch.setattr(clock, "now", lambda: later)
    with gateway(WIRED):
        until(lambda: stage.an.ref not in stage.owner.state(stage.room, "m.room.power_levels")["users"])
        assert stage.owner.state(stage.room, "m.room.power_levels")["users"][bo.ref] == 10
        stage.an.say(stage.room, "能说了")


def test_a_member_is_taken_out_kept_out_and_let_in_again_when_asked_twice_each(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        comes(lambda: Membership.objects.filter(group=stage.group, identity__ref=stage.an.ref, is_present=True))
        for effect, stands in (
            (RemoveMember(group_id=stage.group, member=1), "leave"),
            (Ban(group_id=stage.group, member=1), "ban"),
            (Unban(group_id=stage.group, member=1), "leave"),
            (Invite(group_id=stage.group, member=1), "invite"),
        ):
            for _ in range(2):
                assert stage.do(effect, stage.an).outcome is Outcome.DONE
            assert stage.owner.state(stage.room, "m.room.member", stage.an.ref)["membership"] == stands
        comes(lambda: Membership.objects.filter(group=stage.group, identity__ref=stage.an.ref, is_present=False))
        refused = stage.do(RemoveMember(group_id=stage.group, member=1), stage.owner)
        assert refused.outcome is Outcome.REFUSED
        assert refused.words


def test_who_knocks_is_let_in_or_turned_down_when_somebody_decides(stage: Stage) -> None:
    stage.owner.set_state(stage.room, "m.room.join_rules", join_rule="knock")
    effects = [kind(group_id=stage.group, request_ref=f"{stage.an.ref} $x") for kind in (ApproveJoin, RejectJoin)]
    with gateway(WIRED):
        until(lambda: is_online(stage))
        for effect in effects:
            stage.owner.ask("POST", "rooms", stage.room, "kick", user_id=stage.an.ref)
            stage.an.ask("POST", "knock", stage.room, reason="朋友介绍")
            for _ in range(2):
                assert stage.do(effect).outcome is Outcome.DONE
            if effect is effects[0]:
                stage.an.join(stage.room)
                assert stage.do(effects[1]).outcome is Outcome.REFUSED
        comes(lambda: Fact.objects.filter(name="member.asked", group_id=stage.group).count() == 2)
    assert stage.owner.state(stage.room, "m.room.member", stage.an.ref)["membership"] == "leave"


def test_words_are_said_once_when_asked_twice_and_their_echo_is_the_same_message(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        first = stage.an.say(stage.room, "<b>在吗</b>")
        say = Say(group_id=stage.group, text="在的 <3", reply_to=first)
        one, two = (stage.do(say, stage.an, key="same") for _ in range(2))
        assert one == two
        comes(lambda: len(texts(stage)) == 2)
        for _ in range(2):
            assert stage.do(Pin(group_id=stage.group, message_key=first)).outcome is Outcome.DONE
        assert stage.owner.state(stage.room, "m.room.pinned_events")["pinned"] == [first]
        assert stage.do(DeleteMessage(group_id=stage.group, message_key=first)).outcome is Outcome.DONE
    echo = Message.objects.get(group=stage.group, is_own=True)
    assert (echo.text, echo.source_key, echo.reply_to) == ("在的 <3", one.ref, first)
    assert stage.owner.words_in(stage.room)[0] == "安安 在的 <3"


def test_private_words_go_both_ways_when_two_speak(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        comes(lambda: Membership.objects.filter(group=stage.group, identity__ref=stage.an.ref))
        whispers = [
            stage.do(Whisper(group_id=None, member=1, text=text), stage.an, group=False) for text in ("你好", "再见")
        ]
        assert [one.outcome for one in whispers] == [Outcome.DONE] * 2
        (room,) = stage.bot.ask("GET", "user", stage.bot.ref, "account_data", "m.direct")[stage.an.ref]
        stage.an.join(room)
        stage.an.say(room, "为什么警告我")
        comes(lambda: KeptWhisper.objects.filter(text="为什么警告我"))
        assert stage.an.words_in(room)[:3] == ["为什么警告我", "再见", "你好"]


def test_a_chat_that_was_made_without_an_answer_is_used_when_it_is_tried_again(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        made = stage.bot.ask("POST", "createRoom", preset="trusted_private_chat", invite=[stage.an.ref])["room_id"]
        stage.owner.say(stage.room, "有动静")
        comes(lambda: texts(stage) == ["有动静"])  # so the line heard of the chat, too
        assert stage.do(Whisper(group_id=None, member=1, text="在吗"), stage.an, group=False).outcome is Outcome.DONE
        assert stage.bot.words_in(made) == ["在吗"]
        assert stage.bot.ask("GET", "user", stage.bot.ref, "account_data", "m.direct") == {stage.an.ref: [made]}


def test_nothing_is_lost_and_nothing_twice_when_the_line_was_away_for_300_messages(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        stage.an.say(stage.room, "之前")
        comes(lambda: texts(stage) == ["之前"])
    for number in range(300):
        stage.an.say(stage.room, f"第{number}句")
    for _ in range(2):
        with gateway(WIRED):
            comes(lambda: is_online(stage) and not Heard.objects.exists() and len(texts(stage)) >= 301)
    assert texts(stage) == ["之前", *(f"第{number}句" for number in range(300))]
    assert not Mishap.objects.filter(what="gap").exists()


def test_a_gap_is_counted_when_more_was_said_than_is_fetched(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "PAGES_AT_MOST", 2)
    monkeypatch.setattr(line_module, "PAGE", 10)
    with gateway(WIRED):
        until(lambda: is_online(stage))
    for number in range(50):
        stage.an.say(stage.room, str(number))
    with gateway(WIRED):
        comes(lambda: texts(stage)[-1:] == ["49"])
        heard = [int(text) for text in texts(stage)]
        assert heard == list(range(heard[0], 50))
        assert 20 <= len(heard) <= 31
        assert Mishap.objects.get(line_id=stage.line, what="gap").times == 1


def test_nothing_is_lost_when_the_server_goes_away_and_comes_back(
    stage: Stage, synapse: Synapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "FIRST_REST", 0.1)
    monkeypatch.setattr(line_module, "LONGEST_REST", 0.1)
    way = Way(int(synapse.address.rpartition(":")[2]))
    lines.do_change_line(
        stage.line, options={"homeserver": f"http://127.0.0.1:{way.port}", "user": stage.bot.ref}, at=clock.now()
    )
    with gateway(WIRED):
        until(lambda: is_online(stage))
        stage.an.say(stage.room, "一")
        comes(lambda: texts(stage) == ["一"])
        for text in ("二", "三"):
            way.close()
            until(lambda: not is_online(stage))
            assert stage.do(Say(group_id=stage.group, text="在")).outcome is Outcome.LATER
            stage.an.say(stage.room, text)
            way.open()
            until(lambda: is_online(stage))
        comes(lambda: texts(stage) == ["一", "二", "三"])
    way.end()


def test_a_line_waits_for_a_person_when_its_token_is_wrong(synapse: Synapse, caplog: pytest.LogCaptureFixture) -> None:
    stage = open_stage(synapse, secrets={"token": "syt_wrong_31415"})
    with gateway(WIRED):
        until(lambda: (state := lines.find_line(stage.line)) and state.state == "refused")
    state = lines.find_line(stage.line)
    assert state is not None
    assert state.why
    assert "syt_wrong_31415" not in caplog.text + repr(state)


def test_a_line_waits_for_a_person_when_its_token_ends_while_it_listens(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        stage.bot.ask("POST", "logout")
        until(lambda: (state := lines.find_line(stage.line)) and state.state == "refused" and state.why)
        assert stage.do(Say(group_id=stage.group, text="在吗")).outcome is Outcome.LATER


def test_a_line_says_so_and_goes_on_trying_when_nobody_answers(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "FIRST_REST", 0.2)
    options = {"homeserver": "http://127.0.0.1:9", "user": stage.bot.ref}
    lines.do_change_line(stage.line, options=options, at=clock.now())
    with gateway(WIRED):
        until(lambda: (state := lines.find_line(stage.line)) and state.state == "offline" and state.why)
        assert stage.do(Say(group_id=stage.group, text="在吗")).outcome is Outcome.LATER


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[int]:
    """The port of somebody who encrypts with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - MINUTE).not_valid_after(now + 60 * MINUTE)
    pem = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    file = tmp_path / "server.pem"
    file.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_no_token_is_shown_to_who_cannot_prove_to_be_the_server(
    stage: Stage, untrusted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "FIRST_REST", 0.2)
    options = {"homeserver": f"https://localhost:{untrusted}", "user": stage.bot.ref}
    lines.do_change_line(stage.line, options=options, at=clock.now())
    with gateway(WIRED):
        until(lambda: Mishap.objects.filter(line_id=stage.line, what="cannot_dial").exists())
        until(lambda: (state := lines.find_line(stage.line)) and (state.state, state.why) == ("offline", NOT_TRUSTED))
        assert stage.do(Say(group_id=stage.group, text="在吗")).outcome is Outcome.LATER


def test_what_cannot_be_read_is_counted_and_shown_once_when_a_room_is_encrypted(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        stage.owner.set_state(stage.room, "m.room.encryption", algorithm="m.megolm.v1.aes-sha2")
        secret = {
            "algorithm": "m.megolm.v1.aes-sha2",
            "ciphertext": "x",
            "session_id": "s",
            "sender_key": "k",
            "device_id": "d",
        }
        for _ in range(2):
            stage.an.send(stage.room, "m.room.encrypted", **secret)
        comes(lambda: len(texts(stage)) == 1)
        until(lambda: [one.times for one in mishaps.list_mishaps(stage.line, clock.now())] == [2])
        refused = stage.do(Say(group_id=stage.group, text="你好"))
        assert refused.outcome is Outcome.REFUSED
        until(lambda: lines.find_line(stage.line).can[stage.room]["lacks"].get("Say") == "encrypted")
    assert Message.objects.get(group=stage.group).kind == "system"


def test_what_we_may_do_is_known_when_our_power_changes(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        until(lambda: "Mute" in lines.find_line(stage.line).can[stage.room]["can"])
        stage.bot.give_power(stage.room, stage.bot.ref, 0)
        until(lambda: lines.find_line(stage.line).can[stage.room]["lacks"].get("Mute") == "power_100")
        refused = stage.do(Mute(group_id=stage.group, member=1, duration=MINUTE), stage.an)
        assert refused.outcome is Outcome.REFUSED


def test_only_the_owners_invitation_is_followed_when_others_invite_too(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
        for user in (stage.an, stage.owner):
            user.make_room(f"新群 {user.ref}", stage.bot.ref)
        until(lambda: len(lines.find_line(stage.line).can) == 2)
        until(lambda: [one.what for one in mishaps.list_mishaps(stage.line, clock.now())] == ["not_accepted"])
    assert sorted(one["name"] for one in lines.find_line(stage.line).can.values()) == [
        f"新群 {stage.owner.ref}",
        "茶友群",
    ]


def test_who_was_removed_may_open_a_chat_and_a_stranger_may_not(stage: Stage, synapse: Synapse) -> None:
    stranger = synapse.register(f"xi{next(_numbers)}", "路人")
    with gateway(WIRED):
        until(lambda: is_online(stage))
        comes(lambda: Membership.objects.filter(group=stage.group, identity__ref=stage.an.ref, is_present=True))
        assert stage.do(Ban(group_id=stage.group, member=1), stage.an).outcome is Outcome.DONE
        asked = {
            who.ref: who.ask(
                "POST", "createRoom", preset="trusted_private_chat", is_direct=True, invite=[stage.bot.ref]
            )
            for who in (stranger, stage.an)
        }
        room = asked[stage.an.ref]["room_id"]
        until(lambda: stage.an.state(room, "m.room.member", stage.bot.ref)["membership"] == "join")
        stage.an.say(room, "我要申诉")
        comes(lambda: KeptWhisper.objects.filter(text="我要申诉", is_own=False).exists())
        answer = stage.do(Whisper(group_id=None, member=1, text="收到"), stage.an, group=False)
        assert answer.outcome is Outcome.DONE
        assert stage.an.words_in(room)[:2] == ["收到", "我要申诉"]  # in that chat, not in another
        state = stranger.state(asked[stranger.ref]["room_id"], "m.room.member", stage.bot.ref)
        assert state["membership"] == "invite"


def test_a_picture_is_opened_when_it_lies_on_our_homeserver_and_nowhere_else(stage: Stage) -> None:
    with gateway(WIRED):
        until(lambda: is_online(stage))
    headers = {"Authorization": f"Bearer {stage.an.token}", "Content-Type": "image/png"}
    url = stage.an.client.post("/_matrix/media/v3/upload", content=b"picture", headers=headers).json()["content_uri"]
    assert MATRIX.open_picture is not None
    assert MATRIX.open_picture(url, clock.now()) == b"picture"
    for wrong in ("mxc://elsewhere/abc", "mxc://test/missing", "https://127.0.0.1/x", "mxc://test/../x"):
        with pytest.raises(NoPicture):
            MATRIX.open_picture(wrong, clock.now())
