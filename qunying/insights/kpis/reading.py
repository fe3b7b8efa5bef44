"""Reads a table of numbers from outside: one row, one day's number of a link, a score, or a cost; nothing is guessed.

Columns: the day; what it is (a link's name, 满意度, NPS, 花费 …); how many; for satisfaction and NPS also which score so
many people gave. What cannot be taken is told with its line and reason.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import translation

from qunying.carriers.files.dates import read_any_time
from qunying.carriers.files.encodings import detect_encoding
from qunying.carriers.files.headers import plain_name, propose
from qunying.communities.actions_numbers import MOST, NewTally
from qunying.communities.chains import FROM_OUTSIDE, KIND_NAMES, NUMBERS, Link
from qunying.kernel.errors import BadUse
from qunying.kernel.money import read_amount
from qunying.kernel.texts import Sentence, mark
from qunying.kernel.workbooks import text_of_table

MOST_ROWS, MOST_BYTES = 20_000, 2 * 2**20
SAMPLE_LETTERS = 80
DELIMITERS = (",", "\t", ";", "，")
COLUMNS: Mapping[str, str] = {
    "day": "date day time 日期 时间 哪天 天 日",
    "what": "link what item metric kpi name 环节 项目 指标 什么 名字 名称",
    "count": "count number n value people amount 数量 数 人数 次数 多少 金额 數量 人數",
    "score": "score rating 分数 分 评分 得分 分數",
}
COLUMN_NAMES: Mapping[str, str] = {
    "day": mark("日期"),
    "what": mark("环节"),
    "count": mark("数量"),
    "score": mark("分数"),
}
SCORES: Mapping[str, range] = {"satisfaction": range(1, 6), "nps": range(11)}
WORDS: Mapping[str, str] = {
    **dict.fromkeys(("满意度", "satisfaction", "滿意度"), "satisfaction"),
    **dict.fromkeys(("nps", "净推荐值", "净推荐值nps"), "nps"),
    **dict.fromkeys(("满意度问了", "满意度发出", "satisfactionasked"), "asked:satisfaction"),
    **dict.fromkeys(("nps问了", "nps发出", "npsasked"), "asked:nps"),
    **dict.fromkeys(("花费", "成本", "广告费", "cost", "spend", "花費"), "cost"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that was left out: its line (the header is 1), what stands there, and why."""

    line: int
    sample: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class ReadNumbers:
    """What a file tells: each place once, how often the very same was said again, and the rows left out."""

    numbers: tuple[NewTally, ...]
    repeated: int
    wrong: tuple[Wrong, ...]


class _NoNumber(Exception):
    """Why a row is none."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.why = Sentence(template, values)


def read_numbers(data: bytes, links: Sequence[Link], today: date) -> ReadNumbers:
    """The numbers of a file for a community with these links. Raises ``BadUse`` for a file that is no such table."""
    if len(data) > MOST_BYTES:
        raise BadUse(mark("文件太大，最多 %(n)s MB；按月分开再导入"), n=MOST_BYTES // 2**20)
    rows = _rows(data)
    header = [cell.strip() for cell in next(rows, (0, []))[1]]
    columns = propose(COLUMNS, header)
    missing = [Sentence(COLUMN_NAMES[name]) for name in ("day", "what", "count") if name not in columns]
    if missing:
        raise BadUse(mark("第一行要有这几列：%(names)s。现在写的是：%(header)s"), names=missing, header=_short(header))
    places = {name: header.index(column) for name, column in columns.items()}
    return _read(rows, places, _Meant(links), today)


def _read(rows: Iterator[tuple[int, list[str]]], places: Mapping[str, int], meant: _Meant, today: date) -> ReadNumbers:
    found: dict[tuple[str, date], tuple[NewTally, int]] = {}
    wrong, repeated = list[Wrong](), 0
    for line, cells in rows:
        said = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        try:
            tally = _tally(said, meant, today)
            before = found.get(tally.place)
            if before is not None and before[0] != tally:
                raise _NoNumber(mark("和第 %(line)s 行说的是同一天同一项，数却不一样"), line=before[1])
            repeated += before is not None
            found.setdefault(tally.place, (tally, line))
        except _NoNumber as error:
            wrong.append(Wrong(line, _short(cells), error.why))
    return ReadNumbers(tuple(tally for tally, _ in found.values()), repeated, tuple(wrong))


class _Meant:
    """What the words of a row may mean in this community."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._links: dict[str, list[Link]] = {}
        for link in links:
            for name in names_of_link(link):
                self._links.setdefault(plain_name(name), []).append(link)

    def series(self, what: str, score: str) -> str:
        """The series, ``cost`` for money. Raises ``_NoNumber``."""
        plain = plain_name(unicodedata.normalize("NFKC", what))
        known = WORDS.get(plain, "")
        if known in SCORES:
            return f"score:{known}:{_score(score, known)}"
        if score:
            raise _NoNumber(mark("只有满意度和 NPS 才写分数"))
        return known or self._link(what, plain).series

    def _link(self, what: str, plain: str) -> Link:
        found = self._links.get(plain, [])
        if not found:
            raise _NoNumber(
                mark("运营链上没有「%(what)s」这个环节，也不是满意度、NPS 或花费"), what=what[:SAMPLE_LETTERS]
            )
        outside = [link for link in found if link.count_by == NUMBERS]
        if not outside:
            raise _NoNumber(mark("「%(what)s」这个环节不是按导入的数字数的；先在运营链上改成「导入的数字」"), what=what)
        if len(outside) > 1:
            raise _NoNumber(mark("有几个环节都叫「%(what)s」，先给它们起不同的名字"), what=what)
        return outside[0]


def names_of_link(link: Link) -> set[str]:
    """What a link may be called: its own name, or where it has none its kind's, in both languages."""
    name = link.name or KIND_NAMES[link.kind]
    with translation.override("en"):
        found = {name, translation.gettext(name)}
    return found if link.name else {*found, str(link.kind)}


def find_link_told(links: Sequence[Link], what: str) -> Link | None:
    """The one link of that name whose numbers come from outside; None where there is none, or several."""
    named = [link for link in links if plain_name(what) in set(map(plain_name, names_of_link(link)))]
    outside = [link for link in named if link.count_by in FROM_OUTSIDE]
    return outside[0] if len(outside) == 1 else None


def _tally(said: Mapping[str, str], meant: _Meant, today: date) -> NewTally:
    moment = read_any_time(said["day"]) if said["day"] else None
    if moment is None:
        raise _NoNumber(mark("日期读不懂；写成 2024-03-01 这样"))
    if moment.date() > today:
        raise _NoNumber(mark("日期还没到"))
    series = meant.series(said["what"], said.get("score", ""))
    if series == "cost":
        parts, currency = _amount(said["count"])
        return NewTally(f"cost:{currency}", moment.date(), parts)
    return NewTally(series, moment.date(), _count(said["count"]))


def _count(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not plain.isdecimal() or int(plain) > MOST:
        raise _NoNumber(mark("数量要是 0 或更大的整数"))
    return int(plain)


def _amount(text: str) -> tuple[int, str]:
    found = read_amount(text)
    if found is None or found[0] < 0:
        raise _NoNumber(mark("金额读不懂；写成 1299.00 或 USD 30 这样，不能是负数"))
    return found


def _score(text: str, what: str) -> int:
    allowed = SCORES[what]
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain.isdecimal() or int(plain) not in allowed:
        raise _NoNumber(mark("分数要是 %(low)s 到 %(high)s 的整数"), low=allowed[0], high=allowed[-1])
    return int(plain)


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every line with something in it. Raises ``BadUse`` for too many, or what is no table."""
    text = text_of_table(data)
    if text is None:
        text = data.decode(detect_encoding(lambda: io.BytesIO(data)), "replace").lstrip("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader):
            if number > MOST_ROWS:
                raise BadUse(mark("一次最多 %(n)s 行；分开再导入"), n=MOST_ROWS)
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise BadUse(mark("第 %(line)s 行读不成表格"), line=reader.line_num) from error


def _short(cells: Sequence[str]) -> str:
    return ", ".join(cell.strip() for cell in cells)[:SAMPLE_LETTERS]
