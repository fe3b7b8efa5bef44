"""People listed in a file, line by line: by our number, by account, or by name. What fits nobody is said with its line."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark
from qunying.kernel.workbooks import text_of_table
from qunying.people.models import Membership
from qunying.store import rows

MOST_BYTES = 20_000_000
MOST_LINES = 200_000
_NAMES: Mapping[str, tuple[str, ...]] = {
    "person": ("编号", "id", "person"),
    "ref": ("账号", "ref", "account"),
    "carrier": ("平台", "carrier"),
    "name": ("名字", "成员", "昵称", "name"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that fits nobody, and why; the first line is the one under the columns' names, number 2."""

    line: int
    text: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class Listed:
    """The people of a file, in its order, everybody once, and the lines that fit nobody."""

    person_ids: Sequence[int]
    wrong: Sequence[Wrong]


@dataclass(slots=True)
class _Known:
    """Who sits in the communities asked about, by everything a line may name them by."""

    ids: set[int] = field(default_factory=set)
    accounts: dict[tuple[str, str], int] = field(default_factory=dict)
    refs: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def read_people(content: bytes, community_ids: Collection[int]) -> Listed:
    """Who is listed in this table, CSV or a workbook, of those who sit or sat in these communities.

    Raises ``BadUse`` where it is no such file: too large, no text, or without a column that names people.
    """
    told = read_rows(content)
    known = _known([said for _number, said in told], community_ids)
    return _listed(told, known)


def read_rows(content: bytes, more: Mapping[str, tuple[str, ...]] | None = None) -> list[tuple[int, dict[str, str]]]:
    """(line, fields) of every row of a table of people; ``more`` are further fields and what their columns may be called.

    Raises ``BadUse`` as ``read_people``.
    """
    lines = list(csv.reader(StringIO(_decoded(content), newline="")))
    columns = _columns(lines[0] if lines else [], {**_NAMES, **(more or {})})
    body = [(number, cells) for number, cells in enumerate(lines[1:], 2) if any(cell.strip() for cell in cells)]
    if len(body) > MOST_LINES:
        raise BadUse(mark("有 %(n)d 行，最多 %(most)d 行，分几个文件来"), n=len(body), most=MOST_LINES)
    return [(number, _fields(cells, columns)) for number, cells in body]


def match_people(rows: Sequence[Mapping[str, str]], community_ids: Collection[int]) -> list[int | Sentence]:
    """For each row the person it names, of those who sit or sat in these communities, or why there is none."""
    known = _known(rows, community_ids)
    return [_who(said, known) for said in rows]


def _listed(told: Sequence[tuple[int, Mapping[str, str]]], known: _Known) -> Listed:
    found: dict[int, int] = {}
    wrong = []
    for number, said in told:
        who = _who(said, known)
        if isinstance(who, Sentence):
            wrong.append(Wrong(number, " ".join(filter(None, said.values()))[:80], who))
        elif who in found:
            why = Sentence(mark("和第 %(line)d 行是同一个人"), {"line": found[who]})
            wrong.append(Wrong(number, " ".join(filter(None, said.values()))[:80], why))
        else:
            found[who] = number
    return Listed(list(found), wrong)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise BadUse(mark("文件太大了，最多 %(most)d MB"), most=MOST_BYTES // 1_000_000)
    table = text_of_table(content)
    if table is not None:
        return table
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadUse(mark("这不是表格；在表格软件里另存为 .xlsx 或 CSV"))


def _columns(head: Sequence[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Where each field stands. Raises ``BadUse`` where no column names people."""
    plain = [cell.strip().lower() for cell in head]
    found = {name: plain.index(word) for name, words in names.items() for word in words if word in plain}
    if not found.keys() & {"person", "ref", "name"}:
        raise BadUse(
            mark("第 1 行要写明每一列是什么，至少有编号、账号、名字里的一列；现在是：%(head)s"),
            head=" | ".join(head)[:120],
        )
    return found


def _fields(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}


def _known(told: Sequence[Mapping[str, str]], community_ids: Collection[int]) -> _Known:
    """Reads only who is named, in a few queries."""
    seats = Membership.objects.filter(community__in=community_ids, identity__is_bot=False)
    wanted = {name: {said[name] for said in told if said.get(name)} for name in _NAMES}
    numbers = [int(one) for one in wanted["person"] if one.isascii() and one.isdigit() and len(one) < 18]
    found = _Known()
    columns = ("identity__person_id", "identity__carrier", "identity__ref", "identity__name")
    asked = [seats.filter(identity__person__in=rows.among(numbers))] if numbers else []
    asked += [seats.filter(identity__ref__in=some) for some in _some(wanted["ref"])]
    asked += [seats.filter(identity__name__in=some) for some in _some(wanted["name"])]
    for query in asked:
        for person, carrier, ref, name in query.values_list(*columns).distinct():
            found.ids.add(person)
            found.accounts[carrier, ref] = person
            found.refs[ref].add(person)
            found.names[name].add(person)
    return found


def _some(words: Collection[str]) -> list[list[str]]:
    every = sorted(words)
    return [every[first : first + rows.KEYS_AT_ONCE] for first in range(0, len(every), rows.KEYS_AT_ONCE)]


def _who(said: Mapping[str, str], known: _Known) -> int | Sentence:
    """The person a line names, by the surest field it fills in; or why there is none."""
    if number := said.get("person"):
        is_number = number.isascii() and number.isdigit() and len(number) < 18
        if is_number and int(number) in known.ids:
            return int(number)
        return Sentence(mark("没有编号是「%(what)s」的成员"), {"what": number})
    if ref := said.get("ref"):
        carrier = said.get("carrier", "")
        people = {known.accounts[carrier, ref]} if (carrier, ref) in known.accounts else known.refs.get(ref, set())
        return _only(people if not carrier or (carrier, ref) in known.accounts else set(), mark("账号"), ref)
    if name := said.get("name"):
        return _only(known.names.get(name, set()), mark("名字"), name)
    return Sentence(mark("这一行没有写是谁"))


def _only(people: set[int], what: str, said: str) -> int | Sentence:
    if len(people) == 1:
        return next(iter(people))
    values = {"what": Sentence(what), "said": said}
    if people:
        return Sentence(mark("%(what)s「%(said)s」对得上 %(n)d 个人，写编号或账号"), {**values, "n": len(people)})
    return Sentence(mark("没有%(what)s是「%(said)s」的成员"), values)
