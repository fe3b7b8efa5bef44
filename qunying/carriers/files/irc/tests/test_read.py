from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from qunying.carriers.files.irc import FORMAT
from qunying.carriers.files.records import PastJoin, PastLeave, PastMessage, PastNotice, Record, Skipped
from qunying.carriers.files.sources import open_file
from qunying.carriers.files.tests.reading import chat, data_folder, only, read_source, read_text, texts

IRSSI = """--- Log opened Sun Dec 31 22:00:00 2023
22:00 -!- 小明 [ming@example.org] has joined #qunying
22:01 <@op> 大家好 hello
22:01 < ming> hi
22:02  * ming waves
22:03 -!- ming is now known as ming|afk
22:04 -!- bob was kicked from #qunying by op [no spam: http://x]
22:05 -!- mode/#qunying [+o ming] by op
23:59 <ming|afk> 最后一句
--- Day changed Mon Jan 01 2024
00:00 <@op> 新年快乐 🎆
00:01 -!- eve [e@x] has quit [Ping timeout: 240 seconds]
00:02 -!- sue [s@x] has left #qunying [bye]
--- Log closed Mon Jan 01 00:03:00 2024
"""
WEECHAT = (
    "2024-01-01 10:00:00\t-->\tming (m@x) has joined #qunying\n"
    "2024-01-01 10:00:01\t@op\t你好\ttab\n"
    "2024-01-01 10:00:02\t *\tming waves\n"
    "2024-01-01 10:00:03\t--\tming is now known as ming2\n"
    "2024-01-01 10:00:04\t<--\top has kicked bob (spam)\n"
    "2024-01-01 10:00:05\t<--\tsue (s@x) has quit (bye)\n"
    "2024-13-01 10:00:05\top\tlost\n"
)
ZNC = (
    "[10:00:00] *** Joins: ming (m@x)\n"
    "[10:00:01] <op> 你好\n"
    "[10:00:02] * ming waves\n"
    "[10:00:03] *** ming is now known as ming2\n"
    "[10:00:04] *** bob was kicked by op (spam)\n"
    "[10:00:05] *** Quits: sue (s@x) (bye)\n"
    "[10:00:06] *** Parts: eve (e@x) (bye)\n"
    "[10:00:07] *** op sets mode: +o ming2\n"
)


def who_left(records: list[Record]) -> list[tuple[str, str | None]]:
    return [
        (leave.people[0].name, leave.operator.name if leave.operator else None) for leave in only(PastLeave, records)
    ]


def test_everything_is_read_when_irssi_wrote_the_log(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, IRSSI, "#qunying.log")
    assert chat(records).name == "#qunying"
    messages = only(PastMessage, records)
    assert [(m.sender.name, m.sender.role, m.text) for m in messages if m.sender] == [
        ("op", "admin", "大家好 hello"),
        ("ming", None, "hi"),
        ("ming", None, "waves"),
        ("ming|afk", None, "最后一句"),
        ("op", "admin", "新年快乐 🎆"),
    ]
    assert (messages[0].at, messages[-1].at) == (datetime(2023, 12, 31, 22, 1), datetime(2024, 1, 1, 0, 0))
    assert [join.people[0].name for join in only(PastJoin, records)] == ["小明"]
    assert who_left(records) == [("bob", "op"), ("eve", None), ("sue", None)]
    assert [notice.text for notice in only(PastNotice, records)] == [
        "ming is now known as ming|afk",
        "mode/#qunying [+o ming] by op",
    ]
    assert not only(Skipped, records)
    assert FORMAT.detect(IRSSI) == 90


def test_everything_is_read_when_weechat_wrote_the_log(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, WEECHAT)
    assert chat(records).name == "#qunying"
    assert texts(records) == ["你好\ttab", "waves"]
    assert who_left(records) == [("bob", "op"), ("sue", None)]
    assert [notice.text for notice in only(PastNotice, records)] == ["ming is now known as ming2"]
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [("bad_time", 7)]
    assert FORMAT.detect(WEECHAT) == 90


def test_date_comes_from_the_name_when_znc_writes_one_file_a_day(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path / "#qunying", ZNC, "2024-02-29.log")
    assert texts(records) == ["你好", "waves"]
    assert only(PastMessage, records)[0].at == datetime(2024, 2, 29, 10, 0, 1)
    assert chat(records).name == "#qunying"
    assert who_left(records) == [("bob", "op"), ("sue", None), ("eve", None)]
    assert [join.people[0].name for join in only(PastJoin, records)] == ["ming"]
    assert FORMAT.detect(ZNC) == 90


@pytest.mark.parametrize("name", ["2004-11-15_03.txt", "#c_20041115.log", "2004_11_15.txt", "x.2004.11.15.log"])
def test_next_day_begins_when_the_log_passes_midnight(tmp_path: Path, name: str) -> None:
    content = "[21:00] <a> x\n[23:59] <a> y\n=== b [~b@x] has joined #c\n[00:01] <a> z\n[00:00] <a> set back\n[20:00] <a> w\n[08:00] <a> v\n"
    records = read_text(FORMAT, tmp_path, content, name)
    assert [(m.at.month, m.at.day, m.at.hour) for m in only(PastMessage, records)] == [
        (11, 15, 21), (11, 15, 23), (11, 16, 0), (11, 16, 0), (11, 16, 20), (11, 17, 8),
    ]  # fmt: skip
    assert only(PastJoin, records)[0].at == datetime(2004, 11, 15, 23, 59)


def test_day_has_two_rounds_when_the_clock_never_shows_an_hour_above_twelve(tmp_path: Path) -> None:
    content = "[12:18] <a> x\n[12:59] <a> y\n[01:00] <a> z\n[11:59] <a> w\n[12:01] <a> v\n"
    records = read_text(FORMAT, tmp_path, content, "2004-11-15.txt")
    assert [(m.at.day, m.at.hour) for m in only(PastMessage, records)] == [
        (15, 0),
        (15, 0),
        (15, 1),
        (15, 11),
        (15, 12),
    ]


def test_every_line_is_skipped_when_no_date_is_known(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "[10:00] <a> x\n=== b has joined #c\n[10:01] <a> y\n", "log.txt")
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [
        ("bad_time", 1), ("bad_time", 2), ("bad_time", 3),
    ]  # fmt: skip


def test_line_is_skipped_with_its_place_when_it_is_no_irc(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "[10:00] <a> x\nnonsense\n[99:00] <a> y\n", "2024-01-01.log")
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [
        ("bad_record", 2),
        ("bad_time", 3),
    ]


@pytest.mark.parametrize("content", ["", "hello\n", "[2016-11-20 07:02:10] <a> x\n", "25/01/19, 15:04 - Anna: x\n"])
def test_format_is_not_claimed_when_the_text_is_something_else(content: str) -> None:
    assert FORMAT.detect(content) == 0


def test_counts_equal_plain_counting_when_the_log_is_real() -> None:
    folder = data_folder("irc_disentangle/dev")
    files = sorted(folder.glob("*.ascii.txt"))
    assert len(files) == 9
    for path in files:
        lines = path.read_text().splitlines()
        said = [line for line in lines if re.match(r"\[\d\d:\d\d\] <", line)]
        acted = [line for line in lines if re.match(r"\[\d\d:\d\d\]  \* ", line)]
        joined = [line for line in lines if re.match(r"=== \S+ \[\S*\]  has joined #", line)]
        left = [line for line in lines if re.match(r"=== \S+ \[\S*\]  has left #", line)]
        records = read_source(FORMAT, open_file(path))
        counted = Counter(type(record).__name__ for record in records)
        untimed_actions = len(lines) - len(said) - len(acted) - len(joined) - len(left) - counted["PastNotice"]
        assert counted["PastMessage"] == len(said) + len(acted) + untimed_actions, path.name
        assert untimed_actions >= 0, path.name
        assert (counted["PastJoin"], counted["PastLeave"], counted["Skipped"]) == (len(joined), len(left), 0), path.name
        spoken = [re.sub(r"^\[\d\d:\d\d\] <[^>]*> ?", "", line) for line in said]
        places = {number for number, line in enumerate(lines, 1) if re.match(r"\[\d\d:\d\d\] <", line)}
        assert [m.text for m in only(PastMessage, records) if m.place in places] == spoken, path.name
        times = [record.at for record in records if not isinstance(record, Skipped) and hasattr(record, "at")]
        assert times == sorted(times), path.name
        assert times[0].date().isoformat() == path.name[:10]
