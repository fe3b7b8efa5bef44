from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qunying.carriers.files.formats import Choices
from qunying.carriers.files.instagram import FORMAT
from qunying.carriers.files.instagram.read import mend
from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PersonRef,
    Record,
    Skipped,
)
from qunying.carriers.files.sources import open_file
from qunying.carriers.files.tests.written import data_folder, write_source

AT = datetime(2020, 1, 17, 20, 49, tzinfo=UTC)
MS = 1579294140000


def broken(text: str) -> str:
    """As the download writes it: every UTF-8 byte as a character."""
    return text.encode().decode("latin-1")


def row(sender: str, content: str = "", **changes: object) -> dict[str, object]:
    base: dict[str, object] = {"sender_name": broken(sender), "timestamp_ms": MS, **changes}
    return {**base, "content": broken(content)} if content else base


def read(tmp_path: Path, rows: list[object], people: int = 3) -> list[Record]:
    document = {
        "participants": [{"name": f"p{number}"} for number in range(people)],
        "messages": rows,
        "title": broken("周末🏔️"),
        "thread_path": "inbox/zm_1",
    }
    source = write_source(tmp_path, json.dumps(document))
    assert FORMAT.detect(source.head().decode()) == 95
    return list(FORMAT.read(source, Choices()))


def test_text_is_mended_when_the_download_broke_it(tmp_path: Path) -> None:
    start, said = read(tmp_path, [row("小雨☔", "明天去吗？👨‍👩‍👧")])
    assert start == ChatStarts(name="周末🏔️", ref="inbox/zm_1", platform="instagram")
    assert said == PastMessage(at=AT, sender=PersonRef("小雨☔"), text="明天去吗？👨‍👩‍👧", place=1)


@pytest.mark.parametrize("text", ["plain", "已经好了", "café", "naïve — “quoted”", "é\x85"])
def test_text_stays_when_it_was_never_broken(text: str) -> None:
    assert mend(text) == text


def test_every_kind_is_told_when_members_write(tmp_path: Path) -> None:
    rows = [
        row("a", photos=[{"uri": "photos/1.jpg"}]),
        row("a", share={"link": "https://a.example"}),
        row("a", call_duration=12),
        row("a", "被收回的话", is_unsent=True),
        row("a"),
        row("a", "b added c and d to the group."),
        row("a", "a added c and d to the group."),
        row("a", "a left the group."),
        row("a", users=[{"name": broken("小雨")}], type="Subscribe"),
        {"sender_name": "a"},
        "x",
    ]
    _, picture, link, call, unsent, other, quoting, added, left, subscribed, *skipped = read(tmp_path, rows)
    assert isinstance(picture, PastMessage)
    assert picture.media == (Media(MessageKind.IMAGE, "photos/1.jpg"),)
    kinds = [each.kind for each in (link, call, other, quoting) if isinstance(each, PastMessage)]
    assert kinds == [MessageKind.LINK, MessageKind.CALL, MessageKind.OTHER, MessageKind.TEXT]
    assert isinstance(unsent, PastMessage)
    assert unsent.is_recalled
    inviter = PersonRef("a")
    assert added == PastJoin(at=AT, people=(PersonRef("c"), PersonRef("d")), place=7, inviter=inviter, via="added")
    assert left == PastLeave(at=AT, people=(inviter,), place=8)
    assert isinstance(subscribed, PastJoin)
    assert subscribed.people == (PersonRef("小雨"),)
    assert [each.reason for each in skipped if isinstance(each, Skipped)] == ["bad_time", "bad_record"]


def test_chat_is_private_when_two_take_part(tmp_path: Path) -> None:
    start, _ = read(tmp_path, [row("a", "在吗")], people=2)
    assert isinstance(start, ChatStarts)
    assert start.is_private


def test_result_equals_chat_miners_when_its_file_is_read() -> None:
    folder = data_folder() / "native_exports/chat_miner/instagram"
    source = open_file(folder / "test_export.json")
    told = list(FORMAT.read(source, Choices()))[1:]
    assert FORMAT.detect(source.head().decode()) == 95
    assert [
        {"timestamp": each.at.replace(tzinfo=None).isoformat(), "author": each.sender.name, "message": each.text}
        for each in told
        if isinstance(each, PastMessage) and each.sender
    ] == json.loads((folder / "target.json").read_text())
