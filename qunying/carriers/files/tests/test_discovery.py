from __future__ import annotations

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from qunying.carriers.files.discovery import FORMATS, plan_import, plan_jobs, read_job, survey_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import ChatStarts, PastMessage, Skipped

from .written import write_source

TELEGRAM = {
    "name": "群",
    "type": "private_group",
    "id": 1,
    "messages": [
        {"id": 1, "type": "message", "date_unixtime": "1736908200", "from": "a", "from_id": "user1", "text": "嗨"}
    ],
}
CHATLAB = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "群", "platform": "qq", "type": "group"}, "messages": []}
QQ_TXT = (
    "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
    "================================================================\n消息分组:我的QQ群\n"
    "================================================================\n消息对象:群\n"
    "================================================================\n\n"
    "2019-07-16 18:15:05 地瓜(23333233)\n你好\n\n"
)
SLACK_ROW = {"type": "message", "user": "U1", "text": "hi", "ts": "1452837318.000002"}


def fill(folder: Path) -> Path:
    """A folder as people keep them: two exports, a workspace, pictures, and things nobody reads."""
    for inner in ("slack/general", "pics"):
        (folder / inner).mkdir(parents=True)
    write_source(folder, TELEGRAM, "result.json")
    write_source(folder, QQ_TXT.encode("gb18030"), "群.txt")
    write_source(folder, [{"id": "U1", "name": "ming"}], "slack/users.json")
    write_source(folder, [SLACK_ROW], "slack/general/2016-01-15.json")
    write_source(folder, b"\xff\xd8\xff", "pics/1.JPG")
    write_source(folder, b"\x00\x01", "pics/2.mp4")
    write_source(folder, "<html><p>hello</p></html>", "renamed.json")
    write_source(folder, b"PK", "inner.zip")
    write_source(folder, b"", "empty.txt")
    return folder


def test_every_file_is_accounted_for_when_a_folder_is_planned(tmp_path: Path) -> None:
    plan = plan_import([fill(tmp_path / "chats")])
    assert [(job.format.name, job.name) for job in plan.jobs] == [
        ("slack", "chats/slack"),
        ("telegram", "result.json"),
        ("qq_txt", "群.txt"),
    ]
    assert [(name, skipped.reason) for name, skipped in plan.skipped] == [
        ("empty.txt", "unknown_format"),
        ("inner.zip", "not_readable"),
        ("renamed.json", "unknown_format"),
    ]
    assert plan.media_count == 2


def test_records_are_the_same_when_the_folder_is_a_zip(tmp_path: Path) -> None:
    folder = fill(tmp_path / "chats")
    with ZipFile(tmp_path / "chats.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder).as_posix())
    told = []
    for path in (folder, tmp_path / "chats.zip"):
        jobs, _ = plan_jobs([path])
        told.append([[record for record in read_job(job, survey_job(job))] for job in jobs])  # noqa: C416
    assert told[0] == told[1]
    assert [[type(record) for record in records] for records in told[0]] == [[ChatStarts, PastMessage]] * 3


def test_several_exports_are_found_when_a_tree_holds_more_than_one(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "many" / name / "general").mkdir(parents=True)
        write_source(tmp_path / "many", [{"id": "U1", "name": "ming"}], f"{name}/users.json")
        write_source(tmp_path / "many", [SLACK_ROW], f"{name}/general/2016-01-15.json")
    jobs, skipped = plan_jobs([tmp_path / "many"])
    assert [(job.format.name, job.name) for job in jobs] == [("slack", "many/a"), ("slack", "many/b")]
    assert skipped == []


def test_reason_is_told_when_a_path_cannot_be_opened(tmp_path: Path) -> None:
    write_source(tmp_path, b"PK\x05\x06" + b"\x00" * 18 + b"x" * 40, "broken.zip")
    write_source(tmp_path, CHATLAB, "chatlab.json")
    with ZipFile(tmp_path / "bomb.zip", "w", compression=8) as archive:
        archive.writestr("a.json", b" " * 300_000_000)
    paths = [tmp_path / name for name in ("missing.json", "bomb.zip", "broken.zip", "chatlab.json")]
    jobs, skipped = plan_jobs(paths)
    assert [job.format.name for job in jobs] == ["chatlab"]
    assert [(name, each.reason) for name, each in skipped[:2]] == [
        ("missing.json", "not_readable"),
        ("bomb.zip", "not_readable"),
    ]
    assert all(each.sample for _, each in skipped[:2])


def test_format_is_taken_as_told_when_forced(tmp_path: Path) -> None:
    source = write_source(tmp_path, {"messages": []}, "odd.json")
    jobs, _ = plan_jobs([source.path], "telegram")
    assert [job.format.name for job in jobs] == ["telegram"]
    with pytest.raises(ValueError, match="known: qqchatexporter, qq_txt"):
        plan_jobs([source.path], "fax")


def test_names_are_unique_and_folders_are_listed_when_formats_are_counted() -> None:
    names = [known.name for known in FORMATS]
    there = {path.parent.name for path in Path(__file__).parents[1].glob("*/__init__.py")}
    folders = there - {"tests", "deeds", "registry"}  # tables of deeds and of groups are no chats
    assert len(names) == len(set(names))
    assert set(names) == folders


def test_nobody_claims_a_file_when_it_is_something_else(tmp_path: Path) -> None:
    others: dict[str, object] = {
        "package.json": {"name": "x", "version": "1.0.0", "dependencies": {}},
        "config.json": [{"type": "a", "id": 1}],
        "page.html": "<!doctype html><title>聊天</title>",
        "poem.txt": "床前明月光\n疑是地上霜\n",
        "binary.bin": bytes(range(256)) * 4,
    }
    paths = [write_source(tmp_path, content, name).path for name, content in others.items()]
    jobs, skipped = plan_jobs(paths)
    assert jobs == []
    assert [each.reason for _, each in skipped] == ["unknown_format"] * len(others)


def test_detection_is_not_fooled_when_a_message_quotes_another_format(tmp_path: Path) -> None:
    quoting = {**TELEGRAM, "messages": [{**TELEGRAM["messages"][0], "text": json.dumps(CHATLAB)}]}  # type: ignore[index]
    jobs, _ = plan_jobs([write_source(tmp_path, quoting, "result.json").path])
    assert [job.format.name for job in jobs] == ["telegram"]
    assert [type(each) for each in read_job(jobs[0], Choices())] == [ChatStarts, PastMessage]


def test_names_are_readable_when_a_chinese_windows_packed_the_zip(tmp_path: Path) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("XXXX.txt", "15/01/2024, 10:00 - Ann: hi\n")
    (tmp_path / "chat.zip").write_bytes(made.getvalue().replace(b"XXXX", "群聊".encode("gbk")))
    (job,) = plan_import([tmp_path / "chat.zip"]).jobs
    assert job.name == "群聊.txt"
    assert len(list(read_job(job, survey_job(job)))) == 2


def test_a_cut_zip_is_told_as_one_when_its_directory_is_missing(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.writestr("chat.txt", "15/01/2024, 10:00 - Ann: hi\n" * 50)
    whole = (tmp_path / "whole.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    ((name, skipped),) = plan_import([tmp_path / "cut.zip"]).skipped
    assert (name, skipped.reason) == ("cut.zip", "not_readable")
    assert "不完整" in skipped.sample


def test_a_group_without_a_message_is_recognised_when_telegram_wrote_it(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"name": "空群", "type": "private_group", "id": 1, "messages": []}')
    (job,) = plan_import([tmp_path / "result.json"]).jobs
    assert job.format.name == "telegram"


def test_a_member_is_read_under_a_plain_name_when_its_own_leads_out_of_the_zip(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("../../etc/chat.txt", QQ_TXT)
        archive.writestr("/abs/chat.txt", QQ_TXT)
        archive.writestr("../.hidden/chat.txt", QQ_TXT)
    assert sorted(job.name for job in plan_import([tmp_path / "out.zip"]).jobs) == ["abs/chat.txt", "etc/chat.txt"]


@pytest.mark.parametrize("name", ["chat.json", "chat.txt", "chat.csv"])
def test_a_text_is_told_to_be_cut_once_when_it_is_too_long_whatever_wrote_it(tmp_path: Path, name: str) -> None:
    long = "长" * 100_001
    row = {"sender": "1", "accountName": "a", "timestamp": 1700000000, "type": 0, "content": long}
    contents: dict[str, object] = {
        "chat.json": {**CHATLAB, "messages": [row]},
        "chat.txt": QQ_TXT.replace("你好", long).encode(),
        "chat.csv": f"时间,发送者,内容\n2024-01-01 10:00,小明,{long}\n".encode(),
    }
    (job,) = plan_import([write_source(tmp_path, contents[name], name).path]).jobs
    records = list(read_job(job, Choices().filled_by(survey_job(job))))
    assert [record.reason for record in records if isinstance(record, Skipped)] == ["too_long"]
    assert [record.text[:99_999] for record in records if isinstance(record, PastMessage)] == [long[:99_999]]
