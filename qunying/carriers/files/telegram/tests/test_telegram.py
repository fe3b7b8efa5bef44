from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PersonRef,
    Record,
    Skipped,
)
from qunying.carriers.files.sources import open_file
from qunying.carriers.files.telegram import FORMAT
from qunying.carriers.files.tests.written import data_folder, write_source

AT = datetime(2025, 1, 15, 2, 30, tzinfo=UTC)
LOCAL = datetime(2025, 1, 15, 10, 30)
MING = PersonRef("小明🦊", "user123")
HEADER = {"name": "徒步群", "type": "private_supergroup", "id": 77}


def row(number: int, **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "message",
        "date": "2025-01-15T10:30:00",
        "date_unixtime": "1736908200",
        "from": "小明🦊",
        "from_id": "user123",
        "text": "",
        "text_entities": [],
        **changes,
    }


def service(number: int, action: str, **changes: object) -> dict[str, object]:
    base = row(number, actor="小明🦊", actor_id="user123", action=action)
    return {**{key: value for key, value in base.items() if not key.startswith("from")}, "type": "service", **changes}


def read(tmp_path: Path, rows: list[object]) -> list[Record]:
    source = write_source(tmp_path, {**HEADER, "messages": rows})
    return list(FORMAT.read(source, Choices()))


def test_message_is_whole_when_it_has_everything(tmp_path: Path) -> None:
    text = ["看这里 ", {"type": "link", "text": "https://a.example"}, {"type": "bold", "text": "！"}]
    entities = [{"type": "mention", "text": "@ming"}, {"type": "mention_name", "text": "老王", "user_id": 9}]
    rows = [
        row(
            2,
            text=text,
            text_entities=entities,
            reply_to_message_id=1,
            edited="2025-01-15T10:31:00",
            edited_unixtime="1736908260",
            forwarded_from="频道",
        )
    ]
    start, said = read(tmp_path, rows)
    assert start == ChatStarts(name="徒步群", ref="77", platform="telegram")
    assert said == PastMessage(
        at=AT,
        sender=MING,
        text="看这里 https://a.example！",
        place=1,
        source_id="2",
        reply_to="1",
        mentions=(PersonRef("ming"), PersonRef("老王", "user9")),
        edited_at=datetime(2025, 1, 15, 2, 31, tzinfo=UTC),
        forwarded_from="频道",
    )


def test_time_is_naive_when_the_export_is_old(tmp_path: Path) -> None:
    old = row(1, text="旧")
    del old["date_unixtime"]
    _, said = read(tmp_path, [old])
    assert isinstance(said, PastMessage)
    assert said.at == LOCAL


def test_media_is_kept_when_the_file_itself_was_left_out(tmp_path: Path) -> None:
    rows = [
        row(1, photo="photos/1.jpg", photo_file_size=10),
        row(2, file="(File not included.)", file_name="a.pdf", file_size=20),
        row(3, file="v.ogg", media_type="voice_message"),
        row(4, file="s.webp", media_type="sticker", sticker_emoji="🙂"),
        row(5, poll={"question": "去哪？", "answers": [{"text": "山"}, {"text": "海"}]}),
        row(6, location_information={"latitude": 1.5, "longitude": 2}, place_name="山顶"),
    ]
    told = [each for each in read(tmp_path, rows) if isinstance(each, PastMessage)]
    assert [each.media for each in told[:4]] == [
        (Media(MessageKind.IMAGE, "photos/1.jpg", 10),),
        (Media(MessageKind.FILE, "a.pdf", 20),),
        (Media(MessageKind.VOICE, "v.ogg"),),
        (Media(MessageKind.STICKER, "s.webp"),),
    ]
    assert [each.text for each in told[3:]] == ["🙂", "去哪？\n山\n海", "山顶 1.5,2"]
    assert [each.kind for each in told[4:]] == [MessageKind.POLL, MessageKind.LOCATION]


def test_coming_and_going_is_told_when_service_rows_say_it(tmp_path: Path) -> None:
    wang = PersonRef("老王")
    rows = [
        service(1, "invite_members", members=["老王", None]),
        service(2, "invite_members", members=["小明🦊"]),
        service(3, "join_group_by_link", inviter="老王"),
        service(4, "join_group_by_request"),
        service(5, "remove_members", members=["老王"]),
        service(6, "remove_members", members=["小明🦊"]),
        service(7, "create_group", members=["老王"], title="徒步群"),
        service(8, "pin_message", message_id=1),
        service(9, "remove_members", members=[None]),
    ]
    _, *told = read(tmp_path, rows)
    assert told == [
        PastJoin(at=AT, people=(wang,), place=1, inviter=MING, via="added", source_id="1"),
        PastJoin(at=AT, people=(MING,), place=2, source_id="2"),
        PastJoin(at=AT, people=(MING,), place=3, inviter=wang, via="link", source_id="3"),
        PastJoin(at=AT, people=(MING,), place=4, via="request", source_id="4"),
        PastLeave(at=AT, people=(wang,), place=5, operator=MING, source_id="5"),
        PastLeave(at=AT, people=(MING,), place=6, source_id="6"),
        PastJoin(at=AT, people=(MING, wang), place=7, inviter=MING, via="created", source_id="7"),
        PastNotice(at=AT, text="pin_message", place=8, by=MING, source_id="8"),
        PastNotice(at=AT, text="remove_members", place=9, by=MING, source_id="9"),
    ]


def test_deleted_accounts_and_odd_rows_are_told_when_met(tmp_path: Path) -> None:
    rows = [
        row(1, **{"from": None}, text="在"),
        {"id": 2, "type": "unsupported"},
        row(3, date="", date_unixtime="x"),
        4,
    ]
    _, said, *skipped = read(tmp_path, rows)
    assert isinstance(said, PastMessage)
    assert said.sender == PersonRef("user123", "user123")
    assert [each.reason for each in skipped if isinstance(each, Skipped)] == ["bad_record", "bad_time", "bad_record"]


ACCOUNT = {
    "about": "…",
    "personal_information": {"user_id": 1},
    "chats": {
        "about": "…",
        "list": [
            {"name": "徒步群", "type": "private_group", "id": 1, "messages": [row(1, text="甲"), row(2, text="乙")]},
            {"name": "空群", "type": "private_group", "id": 2, "messages": []},
            {"type": "saved_messages", "id": 3, "messages": [row(1, text="私")]},
            {"messages": [row(1, text="丙")], "id": 4, "type": "public_supergroup", "name": "名字在后"},
        ],
    },
    "left_chats": {
        "about": "…",
        "list": [{"name": "旧群", "type": "private_group", "id": 5, "messages": [row(1, text="丁")]}],
    },
}


def told_by_account(tmp_path: Path, content: object) -> list[object]:
    told: list[object] = []
    for each in FORMAT.read(write_source(tmp_path, content), Choices(chat_name="不用")):
        if isinstance(each, ChatStarts):
            assert each.is_one_of_many
            told.append((each.name, each.ref, each.is_private))
        elif isinstance(each, PastMessage):
            told.append(each.text)
        else:
            assert isinstance(each, Skipped)
            told.append(each.reason)
    return told


WHOLE = [
    ("徒步群", "1", False), "甲", "乙", ("空群", "2", False), ("", "3", True), "私",
    ("名字在后", "4", False), "丙", ("旧群", "5", False), "丁",
]  # fmt: skip


def test_every_chat_is_told_apart_when_the_export_is_an_account(tmp_path: Path) -> None:
    assert told_by_account(tmp_path, ACCOUNT) == WHOLE


@pytest.mark.parametrize(("mark", "count"), [("乙", 2), ("私", 5), ("丙", 7), ("丁", 9)])
@pytest.mark.parametrize("behind", ["", '"" @@ '])
def test_nothing_lands_in_the_wrong_chat_when_an_account_is_broken(
    tmp_path: Path, mark: str, count: int, behind: str
) -> None:
    text = json.dumps(ACCOUNT, ensure_ascii=False)
    place = text.index(f'"{mark}"')
    *told, last = told_by_account(tmp_path, text[:place] + (behind and behind + text[place:]))
    names = [("", "4", False) if mark == "丙" and each == WHOLE[6] else each for each in WHOLE[:count]]
    assert last == "cut_off"
    assert [each for each in told if isinstance(each, str)] == [each for each in names if isinstance(each, str)]
    assert told[:count] == [("", "", True) if each == ("", "4", False) else each for each in names]


def expected(folder: Path) -> list[dict[str, str]]:
    loaded = json.loads((folder / "target.json").read_text())
    assert isinstance(loaded, list)
    return loaded


@pytest.mark.parametrize("name", ["test_single_export.json", "test_batch_export.json"])
def test_result_equals_chat_miners_when_its_files_are_read(name: str) -> None:
    folder = data_folder() / "native_exports/chat_miner/telegram"
    source = open_file(folder / name)
    told = [each for each in FORMAT.read(source, Choices()) if not isinstance(each, ChatStarts)]
    assert FORMAT.detect(source.head().decode()) == 95
    assert [
        {"timestamp": each.at.replace(tzinfo=None).isoformat(), "author": each.sender.name, "message": each.text}
        for each in told
        if isinstance(each, PastMessage) and each.sender
    ] == expected(folder)
    assert len(told) == 2


@pytest.mark.parametrize("name", ["result_group.json", "result_personal.json"])
def test_every_row_is_told_once_when_desktop_exports_are_read(name: str) -> None:
    """Counted with plain json: message rows are messages, ``unsupported`` ones are skipped, the rest are events."""
    path = data_folder() / "native_exports/telegram_desktop" / name
    rows = json.loads(path.read_text())["messages"]
    counts = Counter(item["type"] for item in rows)
    joins = {"create_group", "invite_members", "join_group_by_link", "join_group_by_request"}
    start, *told = FORMAT.read(open_file(path), Choices())
    kinds = Counter(type(each) for each in told)
    assert isinstance(start, ChatStarts)
    assert start.is_private == (name == "result_personal.json")
    assert len(told) == len(rows)
    assert kinds[PastMessage] == counts["message"]
    assert kinds[Skipped] == counts["unsupported"]
    assert kinds[PastJoin] == sum(1 for item in rows if item.get("action") in joins)
    assert kinds[PastLeave] == sum(1 for item in rows if item.get("action") == "remove_members")
    assert {each.source_id for each in told if isinstance(each, PastMessage)} == {
        str(item["id"]) for item in rows if item["type"] == "message"
    }


def test_every_line_is_told_when_telegram_cli_wrote_them() -> None:
    """Counted with plain json: 63 lines, of which two are joins or leaves by their action, the rest by their event."""
    path = data_folder() / "native_exports/telegram_cli/example_supergroup.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    source = open_file(path)
    start, *told = FORMAT.read(source, Choices())
    assert FORMAT.detect(source.head().decode()) == 95
    assert start == ChatStarts(name="example supergroup", ref="1137794233", platform="telegram")
    assert [each.text for each in told if isinstance(each, PastMessage)] == [
        item["text"] for item in rows if item["event"] == "message"
    ]
    hamlet, ophelia = PersonRef("Hamlet", "user80861041"), PersonRef("Ophelia", "user177724113")
    [gone] = [each for each in told if isinstance(each, PastLeave)]
    assert (gone.people, gone.operator) == ((ophelia,), hamlet)
    assert len(told) == len(rows)


def test_joins_are_told_when_telegram_cli_wrote_service_lines(tmp_path: Path) -> None:
    ming = {"peer_type": "user", "peer_id": 123, "first_name": "小明", "last_name": "🦊"}
    base = {"event": "service", "service": True, "date": 1736908200, "from": ming, "to": {"title": "群", "peer_id": 1}}
    wang = {"peer_type": "user", "peer_id": 9, "print_name": "老王"}
    lines = [
        {**base, "id": "a", "action": {"type": "chat_add_user", "user": wang}},
        {**base, "id": "b", "action": {"type": "chat_add_user_link", "link_issuer": wang}},
        {**base, "id": "c", "action": {"type": "chat_rename", "title": "新名"}},
    ]
    source = write_source(tmp_path, "\n".join(json.dumps(line) for line in lines))
    person, other = PersonRef("小明 🦊", "user123"), PersonRef("老王", "user9")
    assert list(FORMAT.read(source, Choices()))[1:] == [
        PastJoin(at=AT, people=(other,), place=1, inviter=person, via="added", source_id="a"),
        PastJoin(at=AT, people=(person,), place=2, inviter=other, via="link", source_id="b"),
        PastNotice(at=AT, text="chat_rename: 新名", place=3, by=person, source_id="c"),
    ]


def test_nothing_has_the_id_of_another_when_a_supergroup_counts_anew(tmp_path: Path) -> None:
    before = [row(5, text="旧"), row(6, text="旧答", reply_to_message_id=5), service(7, "migrate_to_supergroup")]
    after = [
        service(1, "migrate_from_group", title="徒步群"),
        row(5, text="新"),
        row(6, text="新答", reply_to_message_id=5),
    ]
    messages = [one for one in read(tmp_path, [*before, *after]) if isinstance(one, PastMessage)]
    assert [(one.text, one.source_id, one.reply_to) for one in messages] == [
        ("旧", "old-5", None),
        ("旧答", "old-6", "old-5"),
        ("新", "5", None),
        ("新答", "6", "5"),
    ]


def test_ids_stay_when_a_migrated_group_goes_on_counting(tmp_path: Path) -> None:
    rows = [row(-999_999_994, text="旧"), service(8, "migrate_from_group", title="徒步群"), row(9, text="新")]
    messages = [one for one in read(tmp_path, list(rows)) if isinstance(one, PastMessage)]
    assert [one.source_id for one in messages] == ["-999999994", "9"]
