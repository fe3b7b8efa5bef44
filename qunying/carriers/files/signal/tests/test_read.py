from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from qunying.carriers.files.records import PastMessage, PastNotice, Skipped
from qunying.carriers.files.signal import FORMAT
from qunying.carriers.files.sources import open_file
from qunying.carriers.files.tests.reading import data_folder, only, read_source, read_text, texts


def test_messages_equal_the_published_target_when_the_file_is_theirs() -> None:
    folder = data_folder("native_exports/chat_miner/signal")
    target = json.loads((folder / "target.json").read_text())
    found = [
        {"timestamp": m.at.isoformat(), "author": m.sender and m.sender.name, "message": m.text.replace("\n", " ")}
        for m in only(PastMessage, read_source(FORMAT, open_file(folder / "test_export.txt")))
    ]
    assert found == target[::-1]


def test_text_is_kept_whole_when_it_has_several_lines(tmp_path: Path) -> None:
    content = "[2024-01-01, 10:00] 小明 🐟: 你好：\n\n第二段\n[2024-01-01, 10:01] B:\n附件\n[2024-01-01, 10:02] left the group\n"
    records = read_text(FORMAT, tmp_path, content)
    assert texts(records) == ["你好：\n\n第二段", "\n附件"]
    assert only(PastMessage, records)[0].at == datetime(2024, 1, 1, 10, 0)
    assert [notice.text for notice in only(PastNotice, records)] == ["left the group"]


def test_line_is_skipped_with_its_place_when_its_time_is_impossible(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "before\n[2024-02-30, 10:00] A: x\nbelow\n[2024-02-28, 10:00] A: y\n")
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [
        ("bad_record", 1), ("bad_time", 2), ("bad_record", 3),
    ]  # fmt: skip
    assert texts(records) == ["y"]
