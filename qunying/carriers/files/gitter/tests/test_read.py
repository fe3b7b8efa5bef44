from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from qunying.carriers.files.gitter import FORMAT
from qunying.carriers.files.records import PastMessage, Skipped
from qunying.carriers.files.sources import open_file
from qunying.carriers.files.tests.reading import data_folder, only, read_source, read_text, texts


def test_messages_are_read_when_they_run_over_lines(tmp_path: Path) -> None:
    content = (
        "[2016-11-20 07:02:10] <abhisekp> 你好 @lc-soft\nsecond line\n"
        "[2016-11-21 06:00:46] <ghost~5826a72ed73408ce4f354d4f> a@b.org\n"
        + "-" * 60
        + "\n[2016-11-23T13:59:53] <x> y\n"
    )
    records = read_text(FORMAT, tmp_path, content)
    messages = only(PastMessage, records)
    assert texts(records) == ["你好 @lc-soft\nsecond line", "a@b.org", "y"]
    assert [m.place for m in messages] == [1, 3, 5]
    assert [person.name for person in messages[0].mentions] == ["lc-soft"]
    assert not messages[1].mentions
    assert [m.sender.ref for m in messages if m.sender] == ["abhisekp", "5826a72ed73408ce4f354d4f", "x"]
    assert messages[2].at == datetime(2016, 11, 23, 13, 59, 53)
    assert FORMAT.detect(content) == 90


def test_line_is_skipped_when_its_date_is_impossible(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "[2016-02-30 07:02:10] <a> x\n[2016-02-28 07:02:10] <a> y\n")
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [("bad_time", 1)]
    assert texts(records) == ["y"]


def test_counts_equal_plain_counting_when_the_log_is_real() -> None:
    folder = data_folder("gitter_livechat")
    header = re.compile(r"(?:\d+ )?\[\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\] <[^<>\s]+>")
    for path in sorted(folder.glob("*/*.txt")):
        lines = path.read_text(errors="replace").splitlines()
        records = read_source(FORMAT, open_file(path))
        assert FORMAT.detect("\n".join(lines[:100])) == 90, path.name
        assert len(only(PastMessage, records)) == sum(1 for line in lines if header.match(line)), path.name
        assert not only(Skipped, records), path.name
