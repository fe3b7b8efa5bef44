"""A workbook is read as the table it shows; what cannot be read is said, and nothing is lost on the way."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from qunying.kernel import workbooks
from qunying.kernel.errors import BadUse
from qunying.kernel.workbooks import is_workbook, read_sheet, text_of_table

ROWS = [
    ["订单号", "会员号", "时间", "金额", "备注"],
    [1001, "u1", datetime(2024, 3, 1, 10, 5), 0.1 + 0.2, True],
    [20240301123456789, "u2", date(2024, 3, 2), 1299.0, '两行\n"引号",逗号'],
    [],
    ["x", None, datetime(2024, 3, 3), 1e-5, "#N/A"],
]


def saved(book: Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    return file


def book(rows: list[list[Any]] | None = None) -> Workbook:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "订单"
    for row in ROWS if rows is None else rows:
        sheet.append(row)
    return made


def why(data: bytes) -> str:
    file = io.BytesIO(data)
    assert is_workbook(file)
    with pytest.raises(BadUse) as caught:
        read_sheet(file)
    return str(caught.value)


def test_a_sheet_is_read_as_it_is_shown_and_row_numbers_stay() -> None:
    made = book()
    made.create_sheet("退款").append(["a"])
    made["订单"].row_dimensions[3].hidden = True
    sheet = read_sheet(saved(made))
    assert sheet.lines == (
        "订单号,会员号,时间,金额,备注",
        "1001,u1,2024-03-01 10:05:00,0.3,TRUE",
        '2.02403011234568E+16,u2,2024-03-02,1299,"两行 ""引号"",逗号"',  # Excel has lost its last digits, and says so
        "",
        "x,,2024-03-03,0.00001,#N/A",
    )
    assert (sheet.name, sheet.others, sheet.hidden, sheet.hidden_count) == ("订单", ("退款",), (3,), 1)
    assert read_sheet(saved(made), "退款").lines == ("a",)
    with pytest.raises(BadUse, match="没有叫「别的」的工作表；有的是：订单、退款"):
        read_sheet(saved(made), "别的")
    made["订单"].sheet_state = "hidden"
    made.active = 1
    assert read_sheet(saved(made)).name == "退款"


def test_text_is_no_workbook_and_neither_is_another_zip() -> None:
    assert text_of_table("订单号,金额\n1,2\n".encode()) is None
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("chat.txt", "x")
    assert text_of_table(other.getvalue()) is None


def test_a_formula_that_nobody_worked_out_is_no_empty_cell() -> None:
    assert "2 个公式没有结果" in why(saved(book([["金额"], ["=1+1"], ["=A2*2"]])).getvalue())
    known = swapped(saved(book([["金额"], ["=1+1"]])), b"<v />", b"<v>2</v>")
    assert read_sheet(io.BytesIO(known)).lines == ("金额", "2")


def swapped(file: io.BytesIO, before: bytes, after: bytes, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """The workbook with other bytes in one of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            assert name != part or before in content
            new.writestr(name, content.replace(before, after) if name == part else content)
    return target.getvalue()


def test_what_is_no_readable_workbook_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = saved(book()).getvalue()
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "老的 .xls" in why(ole)
    assert "有密码" in why(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "坏了或者没有传完" in why(whole[: len(whole) // 2])
    assert "坏了" in why(swapped(io.BytesIO(whole), b"<sheetData>", b"<sheetData><row>"))
    assert "坏了" in why(swapped(io.BytesIO(whole), b'<row r="5"', b'<row r="1999999999"'))
    with_words = swapped(io.BytesIO(whole), b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')
    assert "太大了" in why(with_words)
    binary = io.BytesIO()
    with zipfile.ZipFile(binary, "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
    assert "不是 .xlsx" in why(binary.getvalue())
    for bound in ("MOST_LETTERS", "MOST_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(workbooks, bound, 50)
            assert "太大了" in why(whole)
