"""Reads a table of groups as it is written; what a cell means is decided where the groups are known."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qunying.kernel.texts import Sentence

from ..bodies import skip
from ..explanations import COLUMNS_OF_GROUPS, NO_COLUMN
from ..headers import plain_name, propose
from ..records import Skipped
from ..rows import Row, split_row, split_rows
from ..sources import Source

FIELDS: Mapping[str, str] = {
    "ref": "groupid groupref ref roomid chatid chatroomid wxid groupno groupnumber openchatid id 群号 群id 群编号 平台编号 编号 群號",
    "name": "groupname chatname roomname carriername name group 群名 群名称 群聊名称 平台上的名字 群聊 群 群名稱",
    "carrier": "carrier platform channel 平台 渠道",
    "remark": "remark alias 备注 群备注 備註 群備註 备注名",
    "city": "city 城市",
    "industry": "industry trade 行业 类别 行業",
    "company": "company firm employer 公司 企业 单位",
    "noted_on": "date day notedon openedon 日期 建群日期 开班日期 时间 建群时间 開班日期",
    "tags": "tags tag labels label 标签 標籤",
    "importance": "importance level 重要程度 级别 等级 重要性",
    "weight": "weight 权重 權重",
    "capacity": "capacity limit maxmembers 人数上限 上限 容量 人數上限",
    "rule_set": "ruleset rules 群规 群規",
    "note": "note notes memo comment 别的要记的 说明 记录 備忘 备忘",
    "is_folded": "folded fold isfolded 收起来 折叠 收起",
}
KEYS = ("ref", "name")
TALK = frozenset(["text", "content", "message", "msg", "body", "内容", "消息", "消息内容", "聊天内容", "內容"])
HEADER_LETTERS = 20_000
_DELIMITERS = ("\t", ",", ";", "，", "|")


@dataclass(frozen=True, slots=True)
class PastGroup:
    """One row: the line it begins on, and per field of ``FIELDS`` what stands there; empty cells are absent."""

    place: int
    cells: Mapping[str, str]
    sample: str


def is_table_of_groups(source: Source) -> bool:
    """Whether the first line names a group and something noted about it – and no column holds what was said."""
    header, _ = _header(next(source.table_lines(), ""))
    found = propose(FIELDS, header)
    has_talk = any(plain_name(name) in TALK for name in header)
    return not has_talk and _names_groups(header) and len(found.keys() - {*KEYS, "carrier", "noted_on"}) > 0


def _names_groups(header: Sequence[str]) -> bool:
    """A bare «name» or «id» may be anybody's."""
    words = {word for field in KEYS for word in FIELDS[field].split()} - {"name", "id", "ref", "group"}
    return any(plain_name(name) in words for name in header)


def read_groups(lines: Iterable[str]) -> Iterator[PastGroup | Skipped]:
    """The rows in their order; one ``Skipped`` where no column names the group or none says anything about it."""
    walk = iter(lines)
    header, delimiter = _header(next(walk, ""))
    columns = propose(FIELDS, header)
    missing = _missing(columns)
    if missing:
        names = [Sentence(COLUMNS_OF_GROUPS[field]) for field in missing]
        yield skip("unknown_format", 1, str(Sentence(NO_COLUMN, {"names": names, "header": list(header)})))
        return
    index = {field: header.index(name) for field, name in columns.items()}
    for row in split_rows(walk, delimiter, 2):
        if isinstance(row, Skipped):
            yield row
        elif any(cell.strip() for cell in row.cells):
            yield _group(row, index)


def unused_columns(lines: Iterable[str]) -> list[str]:
    """The columns of which nothing is taken."""
    header, _ = _header(next(iter(lines), ""))
    used = set(propose(FIELDS, header).values())
    return [name for name in header if name and name not in used]


def _group(row: Row, index: Mapping[str, int]) -> PastGroup:
    found = {field: row.cells[at].strip() for field, at in index.items() if at < len(row.cells)}
    return PastGroup(row.place, {field: cell for field, cell in found.items() if cell}, ",".join(row.cells))


def _missing(columns: Mapping[str, str]) -> list[str]:
    missing = [] if columns.keys() & set(KEYS) else ["name"]
    return missing + ([] if columns.keys() - {*KEYS, "carrier"} else ["remark"])


def _header(line: str) -> tuple[list[str], str]:
    """The cells of the first line, cut where that gives the most columns we know."""
    if len(line) > HEADER_LETTERS:
        return [], ","
    cuts = {delimiter: _cells(line.lstrip("\ufeff"), delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: (len(propose(FIELDS, cuts[delimiter])), delimiter == ","))
    return cuts[best], best


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in split_row(line, delimiter)]
    except csv.Error:
        return []
