"""A table of deeds is read goes_together its words, and each row that cannot be one says why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from qunying.carriers.files.deeds import ORDER, REFUND, PastDeed, is_table_of_deeds, read_deeds
from qunying.carriers.files.records import Skipped
from qunying.carriers.files.sources import open_file


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(text, encoding=encoding)
    return path


def read(path: Path, kind: str = "", **columns: str) -> list[PastDeed | Skipped]:
    return list(read_deeds(open_file(path), columns, kind))


def reasons(path: Path, **columns: str) -> list[tuple[str, int]]:
    return [(one.reason, one.place) for one in read(path, **columns) if isinstance(one, Skipped)]


def only(path: Path) -> PastDeed:
    (found,) = read(path)
    assert isinstance(found, PastDeed)
    return found


def test_an_order_is_read_when_columns_stand_apart_by_spaces(tmp_path: Path) -> None:
    path = table(tmp_path, " customer_id  date number_of_cds  dollar_value\n 00001 19970101  1   11.77\n")
    assert is_table_of_deeds(open_file(path))
    expected = PastDeed(2, datetime(1997, 1, 1), "00001", "", ORDER, "", 117_700, "", 1)
    assert only(path) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_an_order_of_a_chinese_shop_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = "订单编号,买家会员名,买家实际支付金额,宝贝总数量,订单付款时间,订单状态\n20240301001,茶友小陈,￥1299.50,2,2024/3/1 20:05,交易成功\n"
    path = table(tmp_path, text, encoding)
    found = only(path)
    assert (found.order, found.person, found.amount, found.currency) == ("20240301001", "茶友小陈", 12_995_000, "CNY")
    assert (found.quantity, found.kind, found.at) == (2, ORDER, datetime(2024, 3, 1, 20, 5))


def test_activity_of_a_platform_is_read_when_no_amount_is_there(tmp_path: Path) -> None:
    path = table(tmp_path, "user_id\tevent\ttimestamp\n7\tView\t1709294400\n7\tcart\t1709294460\n")
    assert is_table_of_deeds(open_file(path))
    assert [(one.kind, one.amount) for one in read(path) if isinstance(one, PastDeed)] == [
        ("view", None),
        ("cart", None),
    ]


def test_a_chat_export_is_no_table_of_deeds(tmp_path: Path) -> None:
    path = table(tmp_path, "时间,用户,类型,内容\n2024-03-01 20:00,安安,文本,押金什么时候退\n")
    assert not is_table_of_deeds(open_file(path))
    assert not is_table_of_deeds(open_file(table(tmp_path, "{}")))
    assert not is_table_of_deeds(open_file(table(tmp_path, "")))
    assert not is_table_of_deeds(open_file(table(tmp_path, "\x00" * 200_000)))


def test_money_back_is_a_refund_however_it_is_written(tmp_path: Path) -> None:
    rows = ["1,a,2024-03-01,-5.00,", "2,a,2024-03-02,5,退款", "3,a,2024-03-03,(5.00),refund", "4,a,2024-03-03,−5,"]
    path = table(tmp_path, "\n".join(["order_no,user,time,amount,type", *rows]))
    found = [one for one in read(path) if isinstance(one, PastDeed)]
    assert [(one.kind, one.amount, one.is_turned) for one in found] == [
        (REFUND, 50_000, True),
        (REFUND, 50_000, False),
        (REFUND, 50_000, True),
        (REFUND, 50_000, True),
    ]


def test_a_refunded_order_is_both_and_an_unpaid_one_is_left_out(tmp_path: Path) -> None:
    path = table(
        tmp_path, "订单号,会员号,付款时间,实付金额,订单状态\n1,a,2024-03-01,5,已退款\n2,a,2024-03-01,5,待付款\n"
    )
    assert [one.kind if isinstance(one, PastDeed) else one.reason for one in read(path)] == [ORDER, REFUND, "not_paid"]


def test_every_row_that_cannot_be_one_says_why(tmp_path: Path) -> None:
    rows = {
        ",2024-03-01,5,CNY,1": "no_person",
        "a,gestern,5,CNY,1": "bad_time",
        "a,2024-03-01,fünf,CNY,1": "bad_amount",
        "a,2024-03-01,1.23456,CNY,1": "bad_amount",
        "a,2024-03-01,999999999999,CNY,1": "bad_amount",
        "a,2024-03-01,$5,CNY,1": "bad_currency",
        "a,2024-03-01,5,Gold,1": "bad_currency",
        "a,2024-03-01,5,CNY,half": "bad_quantity",
        "a,2024-03-01,5,CNY,-1": "bad_quantity",
        "a": "bad_time",
    }
    path = table(tmp_path, "\n".join(["user,time,amount,currency,quantity", *rows]))
    assert reasons(path) == [(reason, place) for place, reason in enumerate(rows.values(), 2)]


def test_an_order_without_an_amount_is_said_when_a_column_calls_it_one(tmp_path: Path) -> None:
    path = table(tmp_path, "user,time,amount,type\na,2024-03-01,,order\na,2024-03-01,,visit\na,2024-03-01,-3,visit\n")
    assert [one.kind if isinstance(one, PastDeed) else one.reason for one in read(path)] == [
        "no_amount",
        "visit",
        "bad_amount",
    ]


def test_nothing_is_read_and_the_column_named_when_one_is_missing(tmp_path: Path) -> None:
    (found,) = read(table(tmp_path, "user,amount\na,5\n"))
    assert isinstance(found, Skipped)
    assert (found.reason, "没有时间列" in found.sample) == ("unknown_format", True)
    (found,) = read(table(tmp_path, "user,time,amount\na,2024-03-01,5\n"), person="who")
    assert isinstance(found, Skipped)
    assert "who" in found.sample


def test_columns_and_kind_are_as_told_when_the_header_says_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, "wer;wann\na;2024-03-01 10:00\n")
    (found,) = read(path, "visit", person="wer", time="wann")
    assert isinstance(found, PastDeed)
    assert (found.person, found.kind) == ("a", "visit")


def test_a_cell_of_several_lines_and_a_stray_quotation_mark_eat_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, 'user,time,amount,name\na,2024-03-01,5,"小\n陈"\nb,2024-03-01,5,"无\nc,2024-03-01,5,丁\n')
    assert [one.person for one in read(path) if isinstance(one, PastDeed)] == ["a", "b", "c"]
