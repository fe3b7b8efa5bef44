"""Reads a table of what is noted about groups: every row accounted for, all that can be used in one step, with a way back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction

from qunying.carriers.files.records import REASONS, Skipped
from qunying.carriers.files.registry import PastGroup, is_table_of_groups, read_groups, unused_columns
from qunying.carriers.files.sources import ZIP_START, SourceError, is_binary, open_file
from qunying.communities.bulk import Plan, do_note_groups, plan_notes
from qunying.communities.noting import BadNote, GroupNotes, Importance, check_notes, read_tags
from qunying.communities.queries import GroupLine, find_community_by_name, list_group_lines, list_staying_communities
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import Sentence, mark
from qunying.people.queries import count_present_by_group

ROWS_AT_MOST = 20_000
SAMPLE = 120
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*[日月]?")
_WHOLE = re.compile(r"\d{1,9}")
_YES = frozenset(["yes", "y", "true", "1", "是", "收起来", "收起", "折叠", "✓"])
_NO = frozenset(["no", "n", "false", "0", "否", "不", "平时看的", "放出来"])
_IMPORTANCE = {
    **dict.fromkeys(["0", "平常", "普通", "一般", "normal", "plain"], Importance.PLAIN),
    **dict.fromkeys(["1", "重点", "重要", "key", "important"], Importance.KEY),
    **dict.fromkeys(["2", "核心", "core"], Importance.CORE),
}
_NOT_A_FIELD = {"ref", "name", "carrier"}


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that is not used: its line in the file, what stands there, and why."""

    place: int
    sample: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class Registry:
    """What a table would change now: the notes each group shall have, and every row that is left out."""

    wanted: Mapping[int, GroupNotes]
    plan: Plan
    left: tuple[LeftRow, ...]
    rows: int
    unused: tuple[str, ...]


def is_registry(path: Path) -> bool:
    """Whether that file is a table of groups and no chat export."""
    try:
        return path.is_file() and is_table_of_groups(open_file(path))
    except (SourceError, OSError, ValueError):
        return False


def read_lines(path: Path, sheet: str = "") -> list[str]:
    """The lines of a table, of a workbook the ``sheet`` of that name or its first. Raises ``BadUse`` where it cannot be read."""
    try:
        source = open_file(path, sheet)
        if source.find_sheet() is None and (is_binary(source.head()) or source.head(4) == ZIP_START):
            raise BadUse(mark("这不是表格；在 Excel 里另存为 .xlsx 或 CSV 再传"))
        return list(source.table_lines())
    except (SourceError, OSError) as error:
        raise BadUse(mark("读不了 %(path)s：%(why)s"), path=path.name, why=str(error)) from error


def list_homes_named(name: str) -> list[int]:
    """The community of that name («»: all of them). Raises ``BadUse`` where there is none."""
    if not name:
        return list_staying_communities()
    found = find_community_by_name(name)
    if found is None:
        raise BadUse(mark("没有叫「%(name)s」的社群"), name=name)
    return [found]


def plan_registry(lines: Sequence[str], community_ids: Iterable[int]) -> Registry:
    """What the table would change in the groups of these communities. Raises ``BadUse`` where it is no such table."""
    rows = list(read_groups(lines))
    if not lines or not any(line.strip() for line in lines):
        raise BadUse(mark("表格是空的"))
    if rows and isinstance(rows[0], Skipped) and rows[0].reason == "unknown_format":
        raise BadUse(mark("认不出这张表：%(why)s"), why=rows[0].sample)
    if len(rows) > ROWS_AT_MOST:
        raise BadUse(mark("一次最多 %(n)s 行，先分开"), n=ROWS_AT_MOST)
    reader = _Reader(list_group_lines(list(community_ids)))
    for row in rows:
        reader.see(row)
    plan = plan_notes(reader.wanted)
    return Registry(reader.wanted, plan, tuple(reader.left), len(rows), tuple(unused_columns(lines)))


def do_import_registry(registry: Registry, *, agreed: str, at: datetime, user_id: int | None) -> int:
    """Writes down what the table says, all rows that can be used or none; answers the edit that can be undone (0: nothing new).

    Raises ``BadUse`` where the groups are no longer as they were when somebody agreed to the plan of that digest.
    """
    with transaction.atomic():
        edit_id, plan = do_note_groups(registry.wanted, agreed=agreed, at=at, user_id=user_id)
        if edit_id:
            words = {"bulk": edit_id, "changed": len(plan.group_ids), "left": len(registry.left)}
            actor = "system" if user_id is None else f"user:{user_id}"
            key = f"registry.imported:{edit_id}"
            do_record_facts(
                [Fact(name="registry.imported", at=at, community_id=None, key=key, actor=actor, words=words)]
            )
    return edit_id


class _Reader:
    """Finds the group of every row and reads its cells; what cannot be used is left with its reason."""

    def __init__(self, lines: Sequence[GroupLine]) -> None:
        self._lines = {line.id: line for line in lines}
        self._refs = _by(lines, lambda line: [line.ref])
        self._names = _by(lines, lambda line: [line.carrier_name, line.remark])
        self._places: dict[int, int] = {}
        self.wanted: dict[int, GroupNotes] = {}
        self.left: list[LeftRow] = []

    @cached_property
    def _present(self) -> dict[int, int]:
        """How many sit where: asked once, and only where a row says how many may."""
        return count_present_by_group()

    def see(self, row: PastGroup | Skipped) -> None:
        """Takes one row in, or leaves it with the reason."""
        if isinstance(row, Skipped):
            self._leave(row.place, row.sample, Sentence(REASONS.get(row.reason, row.reason)))
            return
        try:
            line = self._find(row)
            notes = _noted(line, row.cells)
            check_notes(notes, self._present.get(line.id, 0) if "capacity" in row.cells else 0)
        except BadNote as error:
            self._leave(
                row.place, row.sample, Sentence(_AT, {"field": Sentence(_TITLES[error.field]), "why": error.sentence})
            )
        except BadUse as error:
            self._leave(row.place, row.sample, error.sentence)
        else:
            self._places[line.id] = row.place
            self.wanted[line.id] = notes

    def _leave(self, place: int, sample: str, why: Sentence) -> None:
        self.left.append(LeftRow(place, sample[:SAMPLE], why))

    def _find(self, row: PastGroup) -> GroupLine:
        ref, name, carrier = (row.cells.get(field, "") for field in ("ref", "name", "carrier"))
        if not ref and not name:
            raise BadUse(mark("这一行没有写是哪个群"))
        found = list(self._refs.get(ref, ()) if ref else self._names.get(name, ()))
        if ref and not found and name:
            found = list(self._names.get(name, ()))
        if carrier:
            found = [pk for pk in found if self._lines[pk].carrier == carrier.lower()]
        if not found:
            raise BadUse(mark("没有叫「%(name)s」的群"), name=ref or name)
        if len(found) > 1:
            what = (
                mark("有 %(n)s 个群的编号是「%(name)s」，加一列「平台」说是哪个")
                if ref
                else mark("有 %(n)s 个群叫「%(name)s」，改写群号")
            )
            raise BadUse(what, n=len(found), name=ref or name)
        if found[0] in self._places:
            raise BadUse(mark("第 %(n)s 行已经写过这个群"), n=self._places[found[0]])
        return self._lines[found[0]]


def _by(lines: Sequence[GroupLine], words: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        for word in dict.fromkeys(words(line)):
            if word:
                found[word].append(line.id)
    return found


_AT = mark("%(field)s：%(why)s")
_TITLES = {
    "remark": mark("群备注"),
    "city": mark("城市"),
    "industry": mark("行业"),
    "company": mark("公司"),
    "noted_on": mark("日期"),
    "tags": mark("标签"),
    "importance": mark("重要程度"),
    "weight": mark("权重"),
    "capacity": mark("人数上限"),
    "rule_set": mark("群规"),
    "note": mark("别的要记的"),
    "is_folded": mark("收起来"),
}


def _noted(line: GroupLine, cells: Mapping[str, str]) -> GroupNotes:
    """The notes of the group with what the row says; an empty cell leaves what is."""
    said = {field: _value(field, cell) for field, cell in cells.items() if field not in _NOT_A_FIELD}
    return replace(notes_of_line(line), **said)


def notes_of_line(line: GroupLine) -> GroupNotes:
    """What is noted about a group of a list."""
    values = {name: getattr(line, name) for name in GroupNotes.__dataclass_fields__}
    return GroupNotes(**{**values, "tags": tuple(line.tag_list)})


def _value(field: str, cell: str) -> Any:
    """What a cell means. Raises ``BadNote`` where it means nothing."""
    if field in {"weight", "capacity"}:
        return _number(field, cell)
    if field == "noted_on":
        return _date(cell)
    if field == "tags":
        return read_tags(cell)
    if field == "importance":
        return _importance(cell)
    return _is_yes(cell) if field == "is_folded" else cell


def _number(field: str, cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise BadNote(field, mark("「%(cell)s」不是整数"), cell=cell[:SAMPLE])
    return int(cell)


def _date(cell: str) -> date:
    found = _DATE.match(cell)
    try:
        assert found is not None
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except (AssertionError, ValueError) as error:
        raise BadNote(
            "noted_on", mark("看不懂日期「%(cell)s」，写成 2024-03-05 或 2024-03"), cell=cell[:SAMPLE]
        ) from error


def _importance(cell: str) -> int:
    found = _IMPORTANCE.get(cell.lower())
    if found is None:
        raise BadNote("importance", mark("重要程度只有平常、重点、核心三种"))
    return int(found)


def _is_yes(cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise BadNote("is_folded", mark("写「是」或「否」"))
    return cell.lower() in _YES
