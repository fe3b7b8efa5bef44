from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from qunying.carriers.files.formats import Choices
from qunying.carriers.files.generic_csv import FORMAT
from qunying.carriers.files.generic_csv.columns import find_delimiter, propose_columns
from qunying.carriers.files.records import ChatStarts, MessageKind, PastJoin, PastMessage, PersonRef, Skipped
from qunying.carriers.files.tests.reading import only, read_source, read_text, source_of, texts

CHINESE = (
    "时间,发送者,QQ号,内容,群名,类型\n"
    '2019/7/16 18:15,张三,1001,"第一行\n第二行,""好""",一群,文本\n'
    "2019/7/16 18:16,李四,1002,没有引号，有逗号,一群,文本\n"
    "1563272105,王五,,[图片],二群,图片\n"
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_rows_are_read_when_any_character_parts_the_columns(tmp_path: Path, delimiter: str) -> None:
    records = read_text(FORMAT, tmp_path, CHINESE.replace(",", delimiter), "群聊.csv")
    assert texts(records) == [f'第一行\n第二行{delimiter}"好"', "没有引号，有逗号", "[图片]"]
    messages = only(PastMessage, records)
    assert [m.sender for m in messages] == [PersonRef("张三", "1001"), PersonRef("李四", "1002"), PersonRef("王五")]
    assert [m.place for m in messages] == [2, 4, 5]
    assert messages[0].at == datetime(2019, 7, 16, 18, 15)
    assert messages[2].at == datetime(2019, 7, 16, 10, 15, 5, tzinfo=UTC)
    assert (messages[2].kind, messages[2].media[0].kind) == (MessageKind.IMAGE, MessageKind.IMAGE)
    assert [start.name for start in only(ChatStarts, records)] == ["一群", "二群"]
    assert FORMAT.detect(CHINESE.replace(",", delimiter)) == 65


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Time,SenderName,Sender,TalkerName,Talker,Content", ("Time", "SenderName", "Sender", "Content", "TalkerName")),
        ("id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime", ("CreateTime", "talker", None, "msg", "room_name")),
        ("發送時間;暱稱;訊息內容", ("發送時間", "暱稱", None, "訊息內容", None)),
        ("编号,发送时间,说话人,正文,渠道", ("发送时间", "说话人", None, "正文", None)),
        ("Sent At|User Name|Message", ("Sent At", "User Name", None, "Message", None)),
    ],
)  # fmt: skip
def test_columns_are_proposed_when_the_header_uses_other_words(header: str, expected: tuple[str | None, ...]) -> None:
    found = propose_columns(header.split(find_delimiter(header)))
    assert tuple(found.get(field) for field in ("time", "sender", "sender_id", "text", "group")) == expected


def test_choice_of_the_operator_wins_when_the_header_proposes_another(tmp_path: Path) -> None:
    source = source_of(tmp_path, "time,text,comment\n2024-01-01 10:00,a,b\n")
    assert texts(read_source(FORMAT, source)) == ["a"]
    assert texts(read_source(FORMAT, source, Choices(columns={"text": "comment"}))) == ["b"]


@pytest.mark.parametrize(
    ("content", "columns", "named"),
    [
        ("who,text\nA,x\n", {}, "时间"),
        ("time,who\n2024-01-01,A\n", {}, "内容"),
        ("a,b\n1,2\n", {}, "时间、内容"),
        ("time,text\n2024-01-01,x\n", {"text": "Body"}, "Body"),
        ("", {}, "时间、内容"),
    ],
)
def test_missing_column_is_named_when_the_table_cannot_be_read(
    tmp_path: Path, content: str, columns: dict[str, str], named: str
) -> None:
    (skipped,) = read_text(FORMAT, tmp_path, content, choices=Choices(columns=columns))
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.place) == ("unknown_format", 1)
    assert named in skipped.sample


def test_row_survives_when_it_is_ragged(tmp_path: Path) -> None:
    content = (
        "时间,发送者,内容,群名\n"
        "2024-01-01 10:00,A,一,群\n"
        "2024-01-01 10:01,A,有,逗,号,群\n"
        "2024-01-01 10:02,A,没有群名\n"
        "2024-01-01 10:03,A\n"
        ",,,\n\n"
        "昨天,A,没有时间,群\n"
        "2024-01-01 10:04,A,好,群\n"
    )
    records = read_text(FORMAT, tmp_path, content)
    assert texts(records) == ["一", "有,逗,号", "没有群名", "好"]
    assert [start.name for start in only(ChatStarts, records)] == ["群"]
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [
        ("bad_record", 5),
        ("bad_time", 8),
    ]


def test_rest_of_the_file_survives_when_a_quotation_mark_is_never_closed(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-01 10:{minute:02},A,t{minute}\n" for minute in range(60))
    records = read_text(FORMAT, tmp_path, 'time,sender,text\n2024-01-01 09:00,B,"5 寸\n' + rows)
    assert texts(records) == ['"5 寸', *(f"t{minute}" for minute in range(60))]


def test_order_of_day_and_month_is_judged_over_all_rows_when_ambiguous(tmp_path: Path) -> None:
    rows = "".join(f"1/2/2024 10:{minute:02},x\n" for minute in range(60))
    source = source_of(tmp_path, "time,text\n" + rows + "2/13/2024 10:00,y\n")
    assert FORMAT.survey(source).date_order == "mdy"
    assert only(PastMessage, read_source(FORMAT, source))[0].at == datetime(2024, 1, 2, 10)
    unsure = source_of(tmp_path, "time,text\n" + rows, "unsure.csv")
    assert not FORMAT.survey(unsure).is_date_order_certain


def test_date_and_time_are_joined_when_they_stand_in_two_columns(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "sep=;\n日期;时间;昵称;内容\n2024-01-02;下午3:04;A;x\n")
    assert only(PastMessage, records)[0].at == datetime(2024, 1, 2, 15, 4)


def test_reply_and_system_rows_are_read_when_their_columns_exist(tmp_path: Path) -> None:
    content = (
        "消息ID,时间,发送者,类型,内容,回复ID\n"
        "7,2024-01-01 10:00,A,文本,问题,\n"
        "8,2024-01-01 10:01,B,文本,答案,7\n"
        '9,2024-01-01 10:02,,系统消息,"李四"邀请"小红"加入了群聊,\n'
        "10,2024-01-01 10:03,B,怪东西,？,\n"
    )
    records = read_text(FORMAT, tmp_path, content)
    assert [(m.source_id, m.reply_to, m.kind) for m in only(PastMessage, records)] == [
        ("7", None, MessageKind.TEXT), ("8", "7", MessageKind.TEXT), ("10", None, MessageKind.OTHER),
    ]  # fmt: skip
    assert [join.people[0].name for join in only(PastJoin, records)] == ["小红"]


def test_rows_are_the_same_when_excel_wrote_them_in_another_encoding(tmp_path: Path) -> None:
    expected = read_text(FORMAT, tmp_path, CHINESE)
    assert read_text(FORMAT, tmp_path, CHINESE.replace("\n", "\r\n").encode("gb18030"), "gb.csv") == expected
    assert read_text(FORMAT, tmp_path, CHINESE.encode("utf-16"), "u16.csv") == expected


def test_cell_beyond_measure_is_said_when_csv_cannot_hold_it(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "time,text\n2024-01-01," + "长" * 150_000 + "\n2024-01-02,ok\n")
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [("too_long", 2)]
    assert texts(records) == ["ok"]


def test_row_numbers_are_no_ids_when_every_export_counts_anew(tmp_path: Path) -> None:
    january = "序号,时间,昵称,内容\n1,2024-01-01 10:00,安安,一月\n2,2024-01-01 10:01,安安,一月二\n"
    records = read_text(FORMAT, tmp_path, january)
    assert [one.source_id for one in only(PastMessage, records)] == [None, None]
    answered = "序号,时间,昵称,内容,回复\n1,2024-01-01 10:00,安安,在吗,\n2,2024-01-01 10:01,宝妈,在,1\n"
    records = read_text(FORMAT, tmp_path, answered)
    assert [(one.source_id, one.reply_to) for one in only(PastMessage, records)] == [("1", None), ("2", "1")]


def test_the_servers_id_is_taken_when_a_row_has_a_local_one_too(tmp_path: Path) -> None:
    table = (
        "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n"
        "1,7300000000000000001,文本,0,wxid_a,12345@chatroom,大家好,,2024-03-01 08:05:03\n"
        "2,0,文本,1,我,12345@chatroom,没发出去,,2024-03-01 08:05:04\n"
    )
    records = read_text(FORMAT, tmp_path, table)
    assert [one.source_id for one in only(PastMessage, records)] == ["7300000000000000001", None]
