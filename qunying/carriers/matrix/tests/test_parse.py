"""Payloads as Synapse wrote them, and what becomes of them when they are broken."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.carriers.base import Arrival, EventPlace
from qunying.carriers.matrix.homeserver import BadAddress, checked_address
from qunying.carriers.matrix.message import make_words, mentioned, said
from qunying.carriers.matrix.parse import BESIDE, parse
from qunying.carriers.matrix.room import Room
from qunying.carriers.matrix.telling import Mishap, our_coming_in, tell
from qunying.kernel.events import (
    CardChanged,
    Event,
    GroupSeen,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    MuteChanged,
)

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "recorded.json").read_text("utf-8"))
OWN = "@bot:test"
LI, AN, BO = "@li:test", "@an:test", "@bo:test"
PLACE = EventPlace("k", 1, 1, 1, 1, "matrix")


def play(events: Sequence[Mapping[str, Any]]) -> list[Arrival | Mishap]:
    room, told = Room("!r"), list[Arrival | Mishap]()
    for event in events:
        told += tell(event, room, OWN)
        if "state_key" in event:
            room.heed(event)
    return told


def events() -> list[Event]:
    parsed = [parse(one.payload, PLACE) for one in play(RECORDED) if isinstance(one, Arrival)]
    return [one for one in parsed if one is not None]


def of(kind: type[Event]) -> list[Any]:
    return [one for one in events() if isinstance(one, kind)]


def test_every_event_is_read_when_synapse_wrote_it() -> None:
    told = play(RECORDED)
    assert [one for one in told if isinstance(one, Mishap)] == [Mishap("encrypted", "!r")]
    keys = [one.key for one in told if isinstance(one, Arrival)]
    assert len(set(keys)) == len(keys)


def test_messages_are_read_with_their_kinds_answers_and_mentions() -> None:
    words = [(one.text, one.kind, [who.ref for who in one.mentions]) for one in of(MessageReceived)]
    assert words == [
        ("你也好", "text", [AN]),
        ("安安 看这里", "text", [AN]),
        ("通知", "text", []),
        ("挥手", "text", []),
        ("", "image", []),
        ("", "file", []),
        ("", "voice", []),
        ("", "video", []),
        ("看图", "image", []),
        ("", "sticker", []),
        ("（这个群开了端到端加密，之后的消息读不到）", "system", []),
    ]
    answer, picture = of(MessageReceived)[0], of(MessageReceived)[8]
    assert (answer.sender.name, bool(answer.reply_to), answer.mentions[0].name) == ("小李", True, "安安")
    assert (picture.media[0].name, picture.media[0].url) == ("a.png", "mxc://test/abc")


def test_edits_and_withdrawals_name_their_message() -> None:
    (edit,), (recall,) = of(MessageEdited), of(MessageRecalled)
    assert (edit.text, edit.sender.ref, recall.by.ref) == ("壹", AN, LI)
    assert edit.source_key == recall.source_key


def test_coming_and_going_say_who_asked_and_who_put_out() -> None:
    joined = [(one.member.ref, one.inviter.ref if one.inviter else "", one.via) for one in of(MemberJoined)]
    assert joined == [(LI, "", ""), (AN, "", ""), (BO, LI, "invite"), (AN, LI, "invite")]
    assert of(MemberJoined)[2].member.name == "<b>阿博</b>\u202e"
    left = [(one.member.ref, one.operator.ref if one.operator else "") for one in of(MemberLeft)]
    assert left == [(AN, ""), (BO, LI), (AN, LI)]
    (asked,) = of(JoinRequested)
    assert (asked.member.ref, asked.words, asked.request_ref.partition(" ")[0]) == (AN, "朋友介绍", AN)


def test_names_roles_and_voices_are_one_event_each() -> None:
    cards = [(one.member.ref, one.member.card, one.member.role) for one in of(CardChanged)]
    assert cards == [(AN, "安安", "admin"), (AN, "安安-上海", "")]
    mutes = [(one.member.ref, one.until is None, one.operator.ref) for one in of(MuteChanged)]
    assert mutes == [(BO, False, LI), (BO, True, LI)]
    assert [one.name for one in of(GroupSeen)] == ["茶友群", "新茶友群"]


def test_each_has_an_event_of_their_own_when_the_power_of_several_changes() -> None:
    room = Room("!r")
    levels = next(one for one in RECORDED if one["type"] == "m.room.power_levels")
    room.heed(levels)
    change = copy.deepcopy(levels)
    change["unsigned"] = {"prev_content": levels["content"]}
    change["content"]["users"] = {AN: 50, BO: "-1", LI: 100}
    told = [one for one in tell(change, room, OWN) if isinstance(one, Arrival)]
    assert [(one.key, type(parse(one.payload, PLACE))) for one in told] == [
        (f"{change['event_id']}:{AN}", CardChanged),
        (f"{change['event_id']}:voice:{BO}", MuteChanged),
        (f"{change['event_id']}:{LI}", CardChanged),
    ]


def test_what_was_before_we_came_is_not_ours() -> None:
    ours = {"type": "m.room.member", "state_key": OWN, "content": {"membership": "join"}}
    renamed = {**ours, "unsigned": {"prev_content": {"membership": "join"}}}
    assert our_coming_in([{}, ours, {}, renamed], OWN) == 1
    assert our_coming_in([{}, renamed], OWN) == 0


def test_our_words_say_whom_they_mean_and_carry_no_markup_of_others() -> None:
    words = make_words("1 < 2\n好", [(AN, "<i>安</i>")], "$a")
    assert words["formatted_body"] == (
        '<a href="https://matrix.to/#/@an:test">&lt;i&gt;安&lt;/i&gt;</a> 1 &lt; 2<br>好'
    )
    assert (mentioned(words), said(words, is_own=True), said({**words, "m.relates_to": {}})) == (
        [AN],
        "1 < 2\n好",
        "<i>安</i> 1 < 2\n好",
    )


@pytest.mark.parametrize(
    "address", ["http://example.org", "https://a@b.c", "https://a.b/x", "ftp://127.0.0.1", "", "https://"]
)
def test_no_token_goes_to_an_address_that_is_not_plain(address: str) -> None:
    with pytest.raises(BadAddress):
        checked_address(address)
    assert checked_address("https://example.org:8448/") == "https://example.org:8448"


_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=300),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=3),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in parts for place in _places(part, (*path, key)))]


@settings(max_examples=300)
@given(st.data())
def test_nothing_falls_over_when_a_payload_is_broken(data: st.DataObject) -> None:
    event = copy.deepcopy(data.draw(st.sampled_from(RECORDED)))
    place = data.draw(st.sampled_from(_places(event)[1:]))
    inner: Any = event
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = data.draw(_ODD)
    room = Room("!r")
    for known in RECORDED[:9]:
        room.heed(known)
    told = list(tell(event, room, OWN))
    if "state_key" in event:
        room.heed(event)
    room.look(OWN, frozenset({"Mute", "Say"}))
    for one in told:
        assert isinstance(one, Mishap) or (BESIDE in one.payload and parse(one.payload, PLACE) is not None)
