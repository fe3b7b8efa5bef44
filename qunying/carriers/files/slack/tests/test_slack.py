from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from qunying.carriers.files.formats import Choices
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
from qunying.carriers.files.slack import FORMAT
from qunying.carriers.files.sources import Tree, open_tree
from qunying.carriers.files.tests.written import data_folder, write_source, write_tree

AT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
TS = f"{int(AT.timestamp())}.000000"
MING = PersonRef("小明", "U01", role="admin")
LAN = PersonRef("Lan Wang", "U02")
USERS = [
    {"id": "U01", "name": "ming", "is_admin": True, "profile": {"display_name": "小明", "real_name": "Ming Li"}},
    {"id": "U02", "name": "lan", "profile": {"display_name": "", "real_name": "Lan Wang"}},
]
ROWS: list[object] = [
    {"type": "message", "user": "U01", "text": "<@U02> 看 <https://a.example|这里> &amp; <#C1|general> &lt;3", "ts": TS},
    {"type": "message", "user": "U02", "text": "好", "ts": f"{TS[:-1]}1", "thread_ts": TS, "edited": {"ts": TS}},
    {"type": "message", "subtype": "channel_join", "user": "U02", "inviter": "U01", "text": "<@U02> has joined", "ts": TS},
    {"type": "message", "subtype": "channel_leave", "user": "U02", "text": "<@U02> has left", "ts": TS},
    {"type": "message", "subtype": "channel_topic", "user": "U01", "text": "topic: 周会", "ts": TS},
    {"type": "message", "subtype": "bot_message", "bot_id": "B9", "username": "ci", "text": "", "ts": TS,
     "attachments": [{"pretext": "1 new commit", "text": "abc: 修复"}]},
    {"type": "message", "user": "U77", "user_profile": {"real_name": "Guest"}, "text": "", "ts": TS,
     "files": [{"name": "图.png", "mimetype": "image/png", "size": 5, "url_private": "https://f.example/1"}]},
    {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": TS},
    {"type": "message", "subtype": "never_seen", "user": "U01", "text": "?", "ts": TS},
    {"type": "message", "user": "U01", "text": "没有时间", "ts": "soon"},
    "nonsense",
]  # fmt: skip


def files() -> dict[str, object]:
    return {
        "ws/users.json": USERS,
        "ws/channels.json": [{"id": "C1", "name": "general"}, {"id": "C2", "name": "random"}],
        "ws/dms.json": [{"id": "D1", "members": ["U01", "U02"]}],
        "ws/general/2024-01-02.json": ROWS,
        "ws/general/2024-01-03.json": [{"type": "message", "user": "U01", "text": "次日", "ts": TS}],
        "ws/D1/2024-01-02.json": [{"type": "message", "user": "U01", "text": "私下", "ts": TS}],
        "other/notes.txt": "hello",
    }


def read_workspace(tree: Tree) -> list[Record]:
    assert FORMAT.claims is not None
    assert FORMAT.read_tree is not None
    claimed = FORMAT.claims(tree)
    assert not any(source.name.endswith(".txt") for source in claimed)
    return list(FORMAT.read_tree(Tree(tree.name, claimed), Choices()))


def test_workspace_is_told_when_it_is_a_folder(tmp_path: Path) -> None:
    private, dm, start, said, reply, join, leave, topic, bot, file, gone, other, *rest = read_workspace(
        write_tree(tmp_path, files())
    )
    assert private == ChatStarts(name="D1", ref="D1", platform="slack", is_private=True, is_one_of_many=True)
    assert isinstance(dm, PastMessage)
    assert start == ChatStarts(name="general", ref="C1", platform="slack", is_one_of_many=True)
    text = "@Lan Wang 看 这里 (https://a.example) & #general <3"
    assert said == PastMessage(at=AT, sender=MING, text=text, place=1, source_id=TS, mentions=(LAN,))
    assert isinstance(reply, PastMessage)
    assert (reply.sender, reply.reply_to, reply.edited_at) == (LAN, TS, AT)
    assert join == PastJoin(at=AT, people=(LAN,), place=3, inviter=MING, via="invite", source_id=TS)
    assert leave == PastLeave(at=AT, people=(LAN,), place=4, source_id=TS)
    assert topic == PastNotice(at=AT, text="topic: 周会", place=5, by=MING, source_id=TS)
    assert isinstance(bot, PastMessage)
    assert (bot.sender, bot.text) == (PersonRef("ci", "B9", is_bot=True), "1 new commit\nabc: 修复")
    assert isinstance(file, PastMessage)
    assert (file.sender, file.kind) == (PersonRef("Guest", "U77"), MessageKind.IMAGE)
    assert file.media == (Media(MessageKind.IMAGE, "图.png", 5, "https://f.example/1"),)
    assert gone == PastRecall(at=AT, place=8, source_id=TS)
    assert isinstance(other, PastMessage)
    assert other.kind is MessageKind.OTHER
    bad_time, bad_record, next_day = rest
    assert isinstance(bad_time, Skipped)
    assert (bad_time.reason, bad_time.place) == ("bad_time", 10)
    assert bad_time.sample.startswith("ws/general/2024-01-02.json: ")
    assert isinstance(bad_record, Skipped)
    assert bad_record.reason == "bad_record"
    assert isinstance(next_day, PastMessage)
    assert (next_day.text, next_day.place) == ("次日", 1)


def test_workspace_is_told_alike_when_it_is_a_zip(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "folder", files())
    with ZipFile(tmp_path / "ws.zip", "w") as archive:
        for source in tree.sources:
            archive.write(source.path, source.name)
    assert read_workspace(open_tree(tmp_path / "ws.zip")) == read_workspace(tree)


def test_day_is_read_when_it_comes_without_its_workspace(tmp_path: Path) -> None:
    source = write_source(tmp_path, ROWS, "2024-01-02.json")
    assert FORMAT.detect(source.head().decode()) == 75
    start, said, *_ = FORMAT.read(source, Choices(chat_name="general"))
    assert start == ChatStarts(name="general", platform="slack")
    assert isinstance(said, PastMessage)
    assert said.sender == PersonRef("U01", "U01")


def test_nothing_is_claimed_when_a_folder_is_no_workspace(tmp_path: Path) -> None:
    assert FORMAT.claims is not None
    assert FORMAT.claims(write_tree(tmp_path, {"users.json": USERS, "a/notes.json": []})) == ()


def test_counts_are_those_of_plain_json_when_the_real_workspace_is_read() -> None:
    """Rules, per channel folder and over all its days: a row whose subtype is channel_join is a join; one whose subtype
    is bot_add is a notice; every other row is a message; replies are rows whose thread_ts is not their ts."""
    folder = data_folder() / "native_exports/slack_export"
    expected: dict[str, Counter[str]] = {}
    for path in sorted(folder.glob("*/*.json")):
        counter = expected.setdefault(path.parent.name, Counter())
        for item in json.loads(path.read_text()):
            subtype = item.get("subtype", "")
            counter["join" if subtype == "channel_join" else "notice" if subtype == "bot_add" else "message"] += 1
            counter["invited"] += "inviter" in item
            counter["edited"] += "edited" in item
    told: dict[str, Counter[str]] = {}
    names = {PastMessage: "message", PastJoin: "join", PastNotice: "notice"}
    for record in read_workspace(open_tree(folder)):
        if isinstance(record, ChatStarts):
            counter = told.setdefault(record.name, Counter())
            continue
        counter[names.get(type(record), type(record).__name__)] += 1
        counter["invited"] += isinstance(record, PastJoin) and record.inviter is not None
        counter["edited"] += isinstance(record, PastMessage) and record.edited_at is not None
    assert told == expected
    assert expected["enrique"] == Counter(message=96, join=4, notice=2, invited=3, edited=expected["enrique"]["edited"])


def test_every_bot_message_has_words_when_the_real_workspace_is_read() -> None:
    records = read_workspace(open_tree(data_folder() / "native_exports/slack_export"))
    bots = [each for each in records if isinstance(each, PastMessage) and each.sender and each.sender.is_bot]
    assert len(bots) == 94
    assert all(each.text for each in bots)


def test_words_are_read_when_an_app_wrote_them_into_blocks(tmp_path: Path) -> None:
    line = [{"type": "text", "text": "1 < 2, "}, {"type": "user", "user_id": "U01"}, {"type": "emoji", "name": "ok"},
            {"type": "link", "url": "https://a.example", "text": "这里"}]  # fmt: skip
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "部署 *完成* &amp; 上线"}},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": line}]},
        {"type": "divider"},
    ]
    source = write_source(tmp_path, [{"type": "message", "user": "U02", "text": "", "ts": TS, "blocks": blocks}])
    (said,) = [record for record in FORMAT.read(source, Choices()) if isinstance(record, PastMessage)]
    assert said.text == "部署 *完成* & 上线\n1 < 2, @U01:ok:这里 (https://a.example)"
    assert said.mentions == (PersonRef("U01", "U01"),)
