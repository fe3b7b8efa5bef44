"""A report on paper and in a workbook says what its page says, goes_together people call themselves."""

from __future__ import annotations

import io
import re
from datetime import datetime

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from pypdf import PdfReader

from qunying.insights import words
from qunying.insights.rendering.as_pdf import render_pdf
from qunying.insights.rendering.as_xlsx import render_xlsx, workbook_of
from qunying.insights.rendering.blocks import Column, Head, Table
from qunying.insights.rendering.canvas import Canvas
from qunying.insights.rendering.fonts import PLAIN, find_fonts
from qunying.insights.rendering.sheet import NO_LINE_START
from qunying.insights.report import Report
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home
from qunying.insights.tests.told import ODD_NAMES, report_of, tea

pytestmark = pytest.mark.django_db


def _paper(report: Report, language: str = "zh-hans") -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(report, language)))


def _words(paper: PdfReader) -> str:
    """Without spaces: where a line or a font ends is no part of what is said."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages))


def _book(report: Report) -> Workbook:
    return load_workbook(io.BytesIO(render_xlsx(report)))


def test_paper_can_be_read_and_searched_when_another_program_opens_it() -> None:
    report = report_of(tea())
    paper = _paper(report)
    said = _words(paper)
    assert paper.metadata is not None
    assert paper.metadata.title == words.title(report)
    for sentence in (
        words.headline(report),
        *(words.suggestion(one) for one in report.suggestions),
        words.note(report),
    ):
        assert re.sub(r"\s", "", sentence) in said
    assert {one.name for one in report.pillars} <= {name for name in ("老周", "阿茗", "陆小满") if name in said}
    width, height = paper.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)


def test_paper_speaks_english_when_asked() -> None:
    report = report_of(tea())
    assert "Next steps" in _paper(report, "en").pages[-1].extract_text()


def test_paper_has_only_the_letters_it_needs() -> None:
    assert len(render_pdf(report_of(tea()))) < 150_000


def test_pages_are_turned_and_numbered_when_one_is_not_enough() -> None:
    home = tea()
    for n in range(5):
        home.join(f"新人{n}", NOON + rows.hours(n))
        home.say(f"新人{n}", NOON + rows.hours(n + 1), "刚来，想请教大家一个问题。" * 20)
    paper = _paper(report_of(home))
    assert len(paper.pages) == 2
    assert "1/2" in re.sub(r"\s", "", paper.pages[0].extract_text())


@pytest.mark.parametrize(("names", "told"), [(ODD_NAMES[:5], "陳曉峯－臺北"), (ODD_NAMES[5:], "零宽名")])
def test_paper_is_printed_whatever_people_call_themselves(names: tuple[str, ...], told: str) -> None:
    home = Home()
    for n, name in enumerate(names):
        home.join(name, NOON + rows.hours(n))
        home.say(name, NOON + rows.hours(n + 1), f"{name}：\u2066 (a) \\ ) <</S /JavaScript>>")
    assert told in _words(_paper(report_of(home)))


def test_an_empty_group_has_paper_and_a_workbook_when_nobody_ever_spoke() -> None:
    report = report_of(Home())
    assert "没有人说话" in _words(_paper(report))
    assert _book(report)["每天"].max_row == 8


def test_a_workbook_holds_figures_that_can_be_counted_on() -> None:
    report = report_of(tea())
    book = _book(report)
    days = list(book["每天"].iter_rows(min_row=2, values_only=True))
    first = datetime.combine(report.days[0].day, datetime.min.time())
    assert (days[0][0], len(days)) == (first, len(report.days))
    assert sum(int(row[1]) for row in days) == report.now.messages
    assert [row[0] for row in book["谁说得多"].iter_rows(min_row=2, max_row=4, values_only=True)] == [
        "老周",
        "阿茗",
        "陆小满",
    ]
    assert book["谁说得多"]["D2"].number_format == "0%"


def test_nothing_becomes_a_formula_when_somebody_is_called_like_one() -> None:
    names = ("=1+1", '=HYPERLINK("http://x")', "+86", "-2", "@SUM(A1)", "\x07铃")
    table = Table("名字", "", (Column("成员"),), [(name,) for name in names])
    book = load_workbook(io.BytesIO(workbook_of([Head("报告", "=2", "'"), table])))
    cells = [row[0] for row in book["名字"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(names)
    assert [cell.value for cell in cells] == [*names[:-1], "铃"]


def test_no_letter_is_lost_and_no_row_begins_with_a_closing_sign_when_text_is_wrapped() -> None:
    sheet = Canvas(find_fonts())
    text = "三位成员占了 61% 的发言，「老周」、「阿茗」说得最多），来了 4 位新成员。" * 3
    for room in range(200, 900, 37):
        lines = sheet.wrap(text, 46, PLAIN, room, 99)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not [line for line in lines if line[0] in NO_LINE_START]
        assert max(sheet.width_of(line, 46, PLAIN) for line in lines) <= room
