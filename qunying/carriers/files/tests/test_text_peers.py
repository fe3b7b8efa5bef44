"""Our readers beside two known ones, on the same files. Every difference is stated; docs/decisions/0005 says who is right."""

from __future__ import annotations

import unicodedata
import warnings
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import pytest

from qunying.carriers.files.qq_txt import FORMAT as QQ
from qunying.carriers.files.qq_txt.tests.test_read import GROUP, TITLE, chat_head
from qunying.carriers.files.records import ChatStarts, PastJoin, PastMessage, PastNotice, Record, Skipped
from qunying.carriers.files.sources import open_file
from qunying.carriers.files.tests.reading import data_folder, only, read_source, read_text, source_of
from qunying.carriers.files.whatsapp import FORMAT as WHATSAPP

Row: TypeAlias = tuple[datetime, str, str]


def our_rows(records: list[Record]) -> list[Row]:
    return [(m.at, m.sender.name if m.sender else "", m.text) for m in only(PastMessage, records)]


def whatstk_rows(path: Path) -> list[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whatstk = pytest.importorskip("whatstk")
        table = whatstk.df_from_whatsapp(str(path))
    return [(row.date.to_pydatetime(), row.username, row.message) for row in table.itertuples()]


def stripped(rows: list[Row]) -> list[Row]:
    return [(at, name, text.rstrip()) for at, name, text in rows]


VARIANTS = ("[mmddyy]_24hrs", "ddmmyy_24hrs", "mmddyy_24hrs", "yyyymmdd_24hrs")


@pytest.mark.parametrize("variant", VARIANTS)
def test_only_a_line_end_differs_from_whatstk_when_the_file_is_in_24_hours(variant: str) -> None:
    path = data_folder("native_exports/chat_miner/whatsapp") / f"test_{variant}.txt"
    ours, theirs = our_rows(read_source(WHATSAPP, open_file(path))), whatstk_rows(path)
    assert stripped(theirs) == ours
    followed_by_system_lines = [row for row in theirs if row[2].endswith("\n")]
    assert [row[2] for row in followed_by_system_lines] == [
        "Lorem ipsum dolor sit amet.\n",
        "Lorem ipsum : dolor sit amet.\n",
    ]


def test_whatstk_loses_four_of_six_messages_when_the_clock_says_a_m_with_a_space() -> None:
    path = data_folder("native_exports/chat_miner/whatsapp") / "test_mmddyyyy_12hrs.txt"
    ours, theirs = our_rows(read_source(WHATSAPP, open_file(path))), whatstk_rows(path)
    assert (len(ours), len(theirs)) == (6, 2)
    assert stripped(theirs)[0] == ours[0]
    assert theirs[1][:2] == ours[3][:2]
    assert "12/20/2021, 12:10 p. m. - 🤓: Lorem ipsum 🤓" in theirs[1][2]


def test_only_spaces_and_compatible_signs_differ_from_whatstk_when_the_chat_has_2000_messages() -> None:
    path = data_folder("native_exports/whatsapp_whatstk") / "lorem-2000.txt"
    ours, theirs = our_rows(read_source(WHATSAPP, open_file(path))), whatstk_rows(path)
    assert len(ours) == len(theirs) == 2000
    assert [(at, name, unicodedata.normalize("NFKC", text).rstrip()) for at, name, text in ours] == theirs
    rewritten = [(our[2], their[2]) for our, their in zip(stripped(ours), theirs, strict=True) if our != their]
    assert (len(rewritten), sum(our != their for our, their in zip(ours, theirs, strict=True))) == (6, 1020)
    assert (rewritten[0][0][-1], rewritten[0][1][-1]) == ("🈶", "有")
    lines = path.read_text().split("\n")
    assert [text for _, _, text in ours] == [line.split(": ", 1)[1] for line in lines if line.strip()]


def test_note_on_encryption_is_nobodys_message_when_whatstk_makes_it_the_groups() -> None:
    path = data_folder("native_exports/whatsapp_whatstk") / "pokemon.txt"
    records = read_source(WHATSAPP, open_file(path))
    theirs = whatstk_rows(path)
    assert (theirs[0][0], theirs[0][1]) == (datetime(2016, 4, 15, 15, 4), "Pokemon Chat")
    assert stripped(theirs[1:]) == our_rows(records)
    notices = only(PastNotice, records)
    assert [notice.place for notice in notices] == [1, 2]
    assert notices[0].text == theirs[0][2].rstrip()


def test_header_of_the_other_family_splits_a_message_when_whatstk_keeps_it_whole(tmp_path: Path) -> None:
    content = "13/01/20, 10:00 - A: one\n14/01/20, 10:00 - B: two\n[14/01/20, 09:00:00] X: pasted\n15/01/20, 10:00 - A: three\n"
    source = source_of(tmp_path, content)
    assert [text for _, _, text in our_rows(read_source(WHATSAPP, source))] == ["one", "two", "pasted", "three"]
    assert [text for _, _, text in whatstk_rows(source.path)] == ["one", "two\n[14/01/20, 09:00:00] X: pasted", "three"]


def qq_rows(text: str) -> list[tuple[str, str, str, str]]:
    qq_chat_history = pytest.importorskip("qq_chat_history")
    return [(m.date, m.id, m.name, m.content) for m in qq_chat_history.parse(text.splitlines())]


def test_levels_blank_lines_and_system_lines_differ_from_qq_chat_history(tmp_path: Path) -> None:
    records = read_text(QQ, tmp_path, GROUP)
    theirs = qq_rows(GROUP)
    messages = only(PastMessage, records)
    assert [(m.sender.ref, m.text) for m in messages if m.sender][1:] == [
        (ref, text) for _, ref, _, text in theirs[1:4]
    ]
    assert messages[0].text == "内容，可多行\n\n第二段"
    assert theirs[0][3] == "内容，可多行\n第二段"
    assert [name for _, _, name, _ in theirs[:4]] == [
        "【管理员】地瓜", "土豆", "【群主】【话唠】张三(北京)", "【吐槽】𠮷野家🍚ａｂ",
    ]  # fmt: skip
    assert [m.sender.name for m in messages if m.sender] == ["地瓜", "土豆", "张三(北京)", "𠮷野家🍚ａｂ"]
    assert [(ref, name) for _, ref, name, _ in theirs[4:]] == [("10000", "系统消息")] * 5
    assert len(records) == 1 + 4 + 5
    assert len(only(PastJoin, records)) == 2


def test_quotes_chats_and_bad_times_differ_from_qq_chat_history(tmp_path: Path) -> None:
    content = (
        TITLE
        + chat_head("群")
        + "2019-07-16 18:15:05 地瓜(23333233)\n他说：\n2019-07-16 18:00:00 土豆(10010)\n不去\n\n"
    )
    content += chat_head("李四", "我的好友") + "2019-07-17 18:15:05 李四\n在吗\n\n2019-13-17 18:15:05 王五(12345)\nx\n"
    records, theirs = read_text(QQ, tmp_path, content), qq_rows(content)
    assert [m.text for m in only(PastMessage, records)] == ["他说：\n2019-07-16 18:00:00 土豆(10010)\n不去", "在吗"]
    assert theirs[0][3] == "他说："
    assert theirs[1][3].startswith("不去\n====")
    assert theirs[1][3].count("消息对象:李四") == 1
    assert [(start.name, start.is_private) for start in only(ChatStarts, records)] == [("群", False), ("李四", True)]
    assert (theirs[2][1], theirs[3][0]) == ("李四", "2019-13-17 18:15:05")
    assert [skipped.reason for skipped in only(Skipped, records)] == ["bad_time", "bad_record"]


def test_gb18030_is_read_when_qq_chat_history_raises(tmp_path: Path) -> None:
    qq_chat_history = pytest.importorskip("qq_chat_history")
    source = source_of(tmp_path, GROUP.encode("gb18030"))
    assert len(only(PastMessage, read_source(QQ, source))) == 4
    with pytest.raises(UnicodeDecodeError):
        qq_chat_history.parse(source.path)


def test_qq_chat_history_reads_more_when_somebody_took_the_empty_lines_out(tmp_path: Path) -> None:
    dense = "2019-07-16 18:15:05 地瓜(23333233)\n一\n2019-07-16 18:15:06 土豆(10010)\n二\n"
    assert [text for *_, text in qq_rows(dense)] == ["一", "二"]
    assert [m.text for m in only(PastMessage, read_text(QQ, tmp_path, dense))] == [
        "一\n2019-07-16 18:15:06 土豆(10010)\n二"
    ]
