from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from qunying.carriers.files.formats import Choices
from qunying.carriers.files.matrix import FORMAT
from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PastRecall,
    PersonRef,
    Record,
    Skipped,
)
from qunying.carriers.files.tests.written import write_source

AT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = datetime(2024, 1, 2, 3, 5, 5, tzinfo=UTC)
MS = int(AT.timestamp()) * 1000
ANN, BOB = PersonRef("安妮🌷", "@ann:x.org"), PersonRef("bob", "@bob:x.org")


def event(
    number: int, kind: str, content: dict[str, object], sender: str = "@bob:x.org", **changes: object
) -> dict[str, object]:
    return {
        "type": kind,
        "event_id": f"$e{number}",
        "room_id": "!r:x.org",
        "sender": sender,
        "origin_server_ts": MS,
        "content": content,
        **changes,
    }


def said(number: int, body: str, **content: object) -> dict[str, object]:
    return event(number, "m.room.message", {"msgtype": "m.text", "body": body, **content})


def member(number: int, target: str, membership: str, sender: str, before: str = "") -> dict[str, object]:
    content: dict[str, object] = {"membership": membership}
    if target == "@ann:x.org":
        content["displayname"] = "安妮🌷"
    unsigned = {"prev_content": {"membership": before}} if before else {}
    return event(number, "m.room.member", content, sender, state_key=target, unsigned=unsigned)


def read(tmp_path: Path, events: list[object]) -> list[Record]:
    header = {"room_name": "茶馆", "room_creator": "@bob:x.org", "topic": "", "export_date": "", "exported_by": ""}
    source = write_source(tmp_path, {**header, "messages": events})
    assert FORMAT.detect(source.head().decode()) == 95
    return list(FORMAT.read(source, Choices()))


def test_message_is_whole_when_it_has_everything(tmp_path: Path) -> None:
    reply = {"m.in_reply_to": {"event_id": "$e1"}}
    thread = {"rel_type": "m.thread", "event_id": "$e1", "is_falling_back": True, "m.in_reply_to": {"event_id": "$e2"}}
    image = {"msgtype": "m.image", "body": "茶.jpg", "url": "mxc://x.org/a", "info": {"size": 7}}
    mentions = {"user_ids": ["@ann:x.org"]}
    events = [
        said(1, "早"),
        said(2, "> <@ann:x.org> 早\n\n早安", **{"m.relates_to": reply, "m.mentions": mentions}),
        said(3, "在串里", **{"m.relates_to": thread}),
        event(4, "m.room.message", image),
        event(5, "m.sticker", {"body": "猫", "url": "mxc://x.org/b"}),
        said(6, "?", msgtype="org.never.seen"),
        event(7, "m.poll.start", {"m.poll": {"question": {"m.text": "喝什么"}, "answers": [{"m.text": "茶"}]}}),
    ]
    start, first, answer, threaded, picture, sticker, other, poll = read(tmp_path, events)
    assert start == ChatStarts(name="茶馆", ref="!r:x.org", platform="matrix")
    assert first == PastMessage(at=AT, sender=BOB, text="早", place=1, source_id="$e1")
    ann = PersonRef("ann", "@ann:x.org")
    assert answer == PastMessage(
        at=AT, sender=BOB, text="早安", place=2, source_id="$e2", reply_to="$e1", mentions=(ann,)
    )
    assert isinstance(threaded, PastMessage)
    assert threaded.reply_to == "$e1"
    assert isinstance(picture, PastMessage)
    assert picture.media == (Media(MessageKind.IMAGE, "茶.jpg", 7, "mxc://x.org/a"),)
    assert isinstance(sticker, PastMessage)
    assert sticker.kind is MessageKind.STICKER
    assert isinstance(other, PastMessage)
    assert other.kind is MessageKind.OTHER
    assert isinstance(poll, PastMessage)
    assert poll.text == "喝什么\n茶"


def edit(number: int, target: str, body: str, sender: str = "@bob:x.org") -> dict[str, object]:
    content: dict[str, object] = {
        "msgtype": "m.text",
        "body": f"* {body}",
        "m.new_content": {"msgtype": "m.text", "body": body},
        "m.relates_to": {"rel_type": "m.replace", "event_id": target},
    }
    return event(number, "m.room.message", content, sender, origin_server_ts=MS + 60_000)


def test_message_says_the_last_words_when_it_was_edited(tmp_path: Path) -> None:
    events = [said(1, "错字"), edit(2, "$e1", "错子"), edit(3, "$e1", "没有错字"), edit(4, "$e1", "冒充", "@eve:x.org")]
    _, *told = read(tmp_path, events[:3])
    assert told == [
        PastMessage(at=AT, sender=BOB, text="没有错字", place=1, source_id="$e1", edited_at=LATER),
    ]
    _, *told = read(tmp_path, [events[0], events[3]])
    assert told == [PastMessage(at=AT, sender=BOB, text="错字", place=1, source_id="$e1")]


def test_edit_is_told_by_itself_when_what_it_edits_is_not_in_the_file(tmp_path: Path) -> None:
    _, *told = read(tmp_path, [edit(2, "$elsewhere", "后来的话")])
    assert told == [
        PastMessage(at=LATER, sender=BOB, text="后来的话", place=1, source_id="$elsewhere", edited_at=LATER),
    ]


def test_withdrawal_and_secrets_are_told_when_met(tmp_path: Path) -> None:
    events = [
        event(1, "m.room.message", {}, unsigned={"redacted_because": {"type": "m.room.redaction"}}),
        event(2, "m.room.redaction", {"reason": "x"}, "@mod:x.org", redacts="$e1"),
        event(3, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA"}),
        event(4, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$e1", "key": "👍"}}),
        event(5, "m.room.topic", {"topic": "新话题"}, state_key=""),
        {"type": "m.room.message", "sender": "@bob:x.org", "content": {"body": "没有时间"}},
        None,
    ]
    _, gone, recall, secret, reaction, topic, bad_time, bad_record = read(tmp_path, events)
    assert gone == PastMessage(at=AT, sender=BOB, text="", place=1, source_id="$e1", is_recalled=True)
    assert recall == PastRecall(at=AT, place=2, by=PersonRef("mod", "@mod:x.org"), source_id="$e1")
    assert isinstance(secret, Skipped)
    assert (secret.reason, secret.place, "AwgA" in secret.sample) == ("encrypted", 3, False)
    assert isinstance(reaction, PastNotice)
    assert reaction.text == "m.reaction: 👍"
    assert isinstance(topic, PastNotice)
    assert topic.text == "m.room.topic: 新话题"
    assert [each.reason for each in (bad_time, bad_record) if isinstance(each, Skipped)] == ["bad_time", "bad_record"]


def test_coming_and_going_is_told_when_member_events_say_it(tmp_path: Path) -> None:
    ann, bob = "@ann:x.org", "@bob:x.org"
    events = [
        member(1, bob, "join", bob),
        member(2, ann, "invite", bob),
        member(3, ann, "join", ann, "invite"),
        member(4, ann, "join", ann, "join"),
        member(5, ann, "leave", bob, "join"),
        member(6, ann, "join", ann, "leave"),
        member(7, ann, "leave", ann, "join"),
        member(8, ann, "ban", bob, "leave"),
        member(9, ann, "leave", bob, "ban"),
        member(10, ann, "join", ann, "knock"),
        member(11, ann, "ban", bob, "join"),
    ]
    _, *told = read(tmp_path, events)
    assert [each for each in told if not isinstance(each, PastNotice)] == [
        PastJoin(at=AT, people=(BOB,), place=1, source_id="$e1"),
        PastJoin(at=AT, people=(ANN,), place=3, inviter=BOB, via="invite", source_id="$e3"),
        PastLeave(at=AT, people=(ANN,), place=5, operator=BOB, source_id="$e5"),
        PastJoin(at=AT, people=(ANN,), place=6, source_id="$e6"),
        PastLeave(at=AT, people=(ANN,), place=7, source_id="$e7"),
        PastJoin(at=AT, people=(ANN,), place=10, via="request", source_id="$e10"),
        PastLeave(at=AT, people=(ANN,), place=11, operator=BOB, source_id="$e11"),
    ]
    assert [each.place for each in told if isinstance(each, PastNotice)] == [2, 4, 8, 9]


def test_events_are_read_when_a_server_gave_them(tmp_path: Path) -> None:
    source = write_source(tmp_path, {"start": "t1", "chunk": [said(1, "早")], "end": "t2"})
    assert FORMAT.detect(source.head().decode()) == 80
    assert [type(each) for each in FORMAT.read(source, Choices(chat_name="茶馆"))] == [ChatStarts, PastMessage]
