from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from qunying.carriers.files.formats import Choices
from qunying.carriers.files.qqchatexporter import FORMAT
from qunying.carriers.files.records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastRecall,
    PersonRef,
    Record,
    Skipped,
)
from qunying.carriers.files.sources import open_tree
from qunying.carriers.files.tests.written import write_source, write_tree

AT = datetime(2022, 10, 29, 6, 42, 53, tzinfo=UTC)
MS = 1667025773000
INFO = {"name": "周末徒步群", "type": "group", "selfUin": "10001", "selfName": "领队", "peerUin": "88880001"}
START = ChatStarts(name="周末徒步群", ref="88880001", platform="qq")
MEI = PersonRef("小美🌸", "20002", "摄影-小美")


def row(number: int, text: str, **changes: object) -> dict[str, object]:
    """A message as versions 5 and 6 write it."""
    content = {
        "text": text,
        "html": "",
        "elements": [],
        "resources": [],
        "mentions": [],
        **as_dict(changes.pop("content", {})),
    }
    return {
        "id": f"73{number}",
        "seq": str(number),
        "timestamp": MS,
        "time": "2022-10-29 14:42:53",
        "sender": {"uid": "u_mei", "uin": "20002", "name": "摄影-小美", "nickname": "小美🌸", "groupCard": "摄影-小美"},
        "type": "text",
        "content": content,
        "recalled": False,
        "system": False,
        **changes,
    }


def as_dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def read(tmp_path: Path, rows: list[object], **changes: object) -> list[Record]:
    document = {"metadata": {"name": "QQChatExporter V5", "version": "5.0.0"}, "chatInfo": INFO, "messages": rows}
    return list(FORMAT.read(write_source(tmp_path, document | changes), Choices()))


def test_words_and_names_are_kept_when_a_member_writes(tmp_path: Path) -> None:
    assert read(tmp_path, [row(1, "周六去爬山吗？")]) == [
        START,
        PastMessage(at=AT, sender=MEI, text="周六去爬山吗？", place=1, source_id="731"),
    ]


def test_answer_and_mentions_are_kept_when_a_member_replies(tmp_path: Path) -> None:
    element = {
        "type": "reply",
        "data": {"referencedMessageId": "731", "senderName": "小美", "content": "周六去爬山吗？"},
    }
    mentions = [{"uid": "u_mei", "name": "小美🌸", "type": "user"}, {"uid": "all", "name": "全体成员", "type": "all"}]
    answer = row(
        2,
        "[回复 小美: 周六去爬山吗？]\n去！ @小美🌸",
        content={"elements": [element], "mentions": mentions},
        type="reply",
    )
    _, _, said = read(tmp_path, [row(1, "周六去爬山吗？"), answer])
    assert isinstance(said, PastMessage)
    assert (said.text, said.reply_to, said.quote) == ("去！ @小美🌸", "731", "周六去爬山吗？")
    assert said.mentions == (PersonRef("小美🌸", "20002"), PersonRef("全体成员", "all"))


def test_kind_is_the_attachment_when_the_words_are_only_a_mark(tmp_path: Path) -> None:
    resource = {
        "type": "image",
        "filename": "A.jpg",
        "size": 2048,
        "url": "https://q.example/A",
        "localPath": "images/A.jpg",
    }
    rows = [
        row(1, "[图片: A.jpg]", content={"resources": [resource]}),
        row(2, "山顶 [图片: A.jpg]", content={"resources": [resource]}),
        row(3, "", type="market_face"),
        row(4, "", type="type_10"),
        row(5, "", type="type_4711"),
    ]
    media = (Media(MessageKind.IMAGE, "images/A.jpg", 2048, "https://q.example/A"),)
    told = [each for each in read(tmp_path, rows) if isinstance(each, PastMessage)]
    kinds = [MessageKind.IMAGE, MessageKind.TEXT, MessageKind.STICKER, MessageKind.RED_PACKET, MessageKind.OTHER]
    assert [each.kind for each in told] == kinds
    assert told[0].media == told[1].media == media
    assert told[4].text.startswith("{")


def test_system_lines_are_understood_when_gray_tips_tell_them(tmp_path: Path) -> None:
    rows = [
        row(1, "小美邀请老王加入了本群", type="system", system=True),
        row(2, "老王被管理员移出本群", type="system", system=True),
        row(3, "你 撤回了一条消息", type="system", system=True),
        row(4, "悄悄话", recalled=True),
    ]
    _, join, leave, recall, recalled = read(tmp_path, rows)
    wang = (PersonRef("老王"),)
    assert join == PastJoin(at=AT, people=wang, place=1, inviter=PersonRef("小美"), via="invite", source_id="731")
    operator = PersonRef("管理员", role="admin")
    assert leave == PastLeave(at=AT, people=wang, place=2, operator=operator, source_id="732")
    assert recall == PastRecall(at=AT, place=3, by=PersonRef("领队", "10001"))
    assert isinstance(recalled, PastMessage)
    assert recalled.is_recalled


def test_version_four_tells_the_same_when_its_fields_are_named_otherwise(tmp_path: Path) -> None:
    old = {
        "messageId": "731",
        "timestamp": "2022-10-29T06:42:53.000Z",
        "sender": {"uid": "u_mei", "name": "小美🌸"},
        "messageType": 9,
        "isSystemMessage": False,
        "isRecalled": False,
        "content": {
            "text": "[回复消息]好",
            "resources": [],
            "emojis": [],
            "reply": {"messageId": "7", "referencedMessageId": "730", "content": "走？"},
        },
        "rawMessage": {"senderUin": "20002", "sendNickName": "小美🌸", "sendMemberName": "摄影-小美"},
    }
    [_, told] = read(tmp_path, [old])
    assert told == PastMessage(at=AT, sender=MEI, text="好", place=1, source_id="731", reply_to="730", quote="走？")


def test_broken_rows_are_told_when_they_cannot_be_read(tmp_path: Path) -> None:
    _, *told = read(tmp_path, [row(1, "没有时间", timestamp=0, time=""), "?", None, row(2, "好")])
    assert [(each.reason, each.place) for each in told if isinstance(each, Skipped)] == [
        ("bad_time", 1),
        ("bad_record", 2),
        ("bad_record", 3),
    ]
    assert isinstance(told[3], PastMessage)


def test_private_chat_is_announced_when_the_file_holds_one(tmp_path: Path) -> None:
    [start] = read(tmp_path, [], chatInfo={"name": "小美", "type": "private", "peerUid": "u_mei"})
    assert start == ChatStarts(name="小美", ref="u_mei", platform="qq", is_private=True)


def chunked_files() -> dict[str, object]:
    chunks = [{"index": number, "fileName": f"chunk_000{number}.jsonl"} for number in (1, 2, 3)]
    manifest = {
        "metadata": {"name": "QQChatExporter V6"},
        "chatInfo": INFO,
        "statistics": {},
        "chunked": {"format": "jsonl", "chunksDir": "chunks", "chunkFileExt": ".jsonl", "chunks": chunks},
    }
    lines = [json.dumps(row(number, f"第{number}条"), ensure_ascii=False) for number in (1, 2, 3)]
    return {
        "out/manifest.json": manifest,
        "out/chunks/chunk_0001.jsonl": "\n".join(lines[:2]),
        "out/chunks/chunk_0002.jsonl": lines[2] + "\n{broken",
        "out/images/a.jpg": b"\xff\xd8",
        "readme.txt": "hello",
    }


def told_by_chunks(records: list[Record]) -> list[object]:
    return [
        each.text if isinstance(each, PastMessage) else each.reason if isinstance(each, Skipped) else each
        for each in records
    ]


def test_chunks_are_read_in_order_when_the_export_is_a_folder_or_a_zip(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    tree = write_tree(folder, chunked_files())
    assert FORMAT.claims is not None
    assert FORMAT.read_tree is not None
    assert [source.name for source in FORMAT.claims(tree)] == [
        "out/manifest.json",
        "out/chunks/chunk_0001.jsonl",
        "out/chunks/chunk_0002.jsonl",
    ]
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        for source in tree.sources:
            archive.write(source.path, source.name)
    expected = [START, "not_readable", "第1条", "第2条", "第3条", "cut_off"]
    for each in (tree, open_tree(tmp_path / "a.zip")):
        assert told_by_chunks(list(FORMAT.read_tree(each, Choices()))) == expected


def test_chunk_is_read_when_it_comes_without_its_manifest(tmp_path: Path) -> None:
    source = write_source(tmp_path, json.dumps(row(1, "单独一块"), ensure_ascii=False) + "\n", "chunk_0001.jsonl")
    assert FORMAT.detect(source.head().decode()) == 70
    assert told_by_chunks(list(FORMAT.read(source, Choices(chat_name="群")))) == [
        ChatStarts(name="群", platform="qq"),
        "单独一块",
    ]


def test_a_mention_is_found_when_only_the_parts_of_the_text_tell_it(tmp_path: Path) -> None:
    parts = [{"type": "at", "data": {"uid": "u_x", "uin": "30003", "name": "阿强"}}, {"type": "text", "data": {}}]
    (_, message) = read(tmp_path, [row(1, "@阿强 在吗", content={"text": "@阿强 在吗", "elements": parts})])
    assert isinstance(message, PastMessage)
    assert message.mentions == (PersonRef("阿强", "30003"),)


def test_the_chunks_are_missed_when_the_manifest_comes_without_its_folder(tmp_path: Path) -> None:
    chunks = [{"fileName": "chunk_0001.jsonl", "count": 1}, {"fileName": "chunk_0002.jsonl", "count": 1}]
    manifest = {"metadata": {}, "chatInfo": INFO, "chunked": {"chunksDir": "chunks", "chunks": chunks}}
    records = list(FORMAT.read(write_source(tmp_path, manifest), Choices()))
    missed = [Skipped(reason="not_readable", place=0, sample=f"chunk_000{number}.jsonl") for number in (1, 2)]
    assert records == [START, *missed]
