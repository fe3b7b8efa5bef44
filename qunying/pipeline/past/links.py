"""Reads a table that says which accounts are one person: an account, and its union id, verified phone or address of mail."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from qunying.carriers.files.headers import propose
from qunying.carriers.files.records import Skipped
from qunying.carriers.files.rows import split_row, split_rows
from qunying.carriers.files.sources import Source, SourceError, open_file
from qunying.communities.queries import find_community_by_name
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.linking import Unjoined, Vouched, do_link
from qunying.people.merging import SHOP
from qunying.people.queries import list_accounts_by_ref
from qunying.people.traits import plain
from qunying.pipeline.past.deeds import shop_ref

AT_ONCE = 5000
KEPT_EXAMPLES = 200  # letters
HEADER_LETTERS = 20_000
FIELDS: Mapping[str, str] = {
    "account": "account accountref accountid ref userid uid user memberid member customerid customer openid externaluserid qq qq号 账号 账号id"
    " 用户id 用户 会员号 会员id 会员编号 客户编号 客户id 微信号 wxid 帳號 成员id",
    "union": "unionid union 平台统一id 统一id",
    "phone": "phone mobile tel telephone phonenumber 手机号 手机 电话 手机号码 联系电话 手機 電話",
    "email": "email mail emailaddress 邮箱 电子邮箱 邮件 email地址",
    "carrier": "carrier platform channel 平台 载体 渠道",
}
EVIDENCE = ("union", "phone", "email")
REASONS: Mapping[str, str] = {
    "no_account": mark("没写是哪个账号"),
    "no_evidence": mark("没写 union id、手机号或邮箱"),
    "unknown_account": mark("没有这个账号"),
    "several_accounts": mark("几个平台都有这个账号，加一列「平台」"),
    "bad_union": mark("union id 读不懂"),
    "bad_phone": mark("手机号读不懂"),
    "bad_email": mark("邮箱读不懂"),
    "too_long": mark("这一行太长"),
    "two_unions": mark("这个账号已经有另一个 union id，留着先来的"),
    "too_many": mark("太多账号共用，不像一个人的"),
    "contradiction": mark("有人说过他们不是同一个人"),
    "doubtful": mark("他们在同一个群里同一段时间都说过话，要人来认"),
    "taken_back": mark("有人拆开过，不再合回去"),
}


@dataclass(frozen=True, slots=True)
class LinkWish:
    """What to read: ``community`` and ``shop`` where the accounts are a shop's customers, ``columns`` field → column."""

    path: Path
    community: str = ""
    shop: str = ""
    carrier: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""


@dataclass(slots=True)
class LinkTally:
    """What became of every line."""

    rows: int = 0
    accounts: set[int] = field(default_factory=set)
    new: int = 0
    known: int = 0
    joined: int = 0
    left: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def leave(self, one: Unjoined) -> None:
        """Counts what was not done."""
        self.left[one.reason] += 1
        self.examples.setdefault(one.reason, f"{one.place}: {one.example}"[:KEPT_EXAMPLES])

    def words(self) -> dict[str, object]:
        """As the command tells it."""
        return {
            "rows": self.rows,
            "accounts": len(self.accounts),
            "vouched": self.new,
            "known": self.known,
            "joined": self.joined,
            "left": [
                {"reason": reason, "count": count, "example_line": self.examples[reason]}
                for reason, count in sorted(self.left.items())
            ],
        }


@dataclass(frozen=True, slots=True)
class _Line:
    """A row by fields."""

    place: int
    account: str
    carrier: str
    evidence: Mapping[str, str]


def do_link_table(wish: LinkWish, now: datetime, *, is_dry: bool = False) -> LinkTally:
    """Joins accounts as the table says; told again, nothing is doubled. ``is_dry`` reads and looks accounts up, no more.

    Raises ``BadUse`` for a file that cannot be read, a header without what is needed, an unknown community or column.
    """
    tally = LinkTally()
    lines = _lines(wish, tally)
    home = _home(wish)
    told: list[Vouched] = []
    while piece := list(islice(lines, AT_ONCE)):
        told += _look_up(piece, wish, home, tally)
    tally.accounts = {one.account_id for one in told}
    if is_dry:
        return tally
    done = do_link(told, wish.path.name, now)
    tally.new, tally.known, tally.joined = done.new, done.known, done.joined
    for one in done.left:
        tally.leave(one)
    _do_record(home, tally, now)
    return tally


def _home(wish: LinkWish) -> int | None:
    if not wish.shop and not wish.community:
        return None
    found = find_community_by_name(wish.community) if wish.community and wish.shop else None
    if found is None:
        raise BadUse(mark("店铺的客户要写明社群和店铺：--community 社群 --source 店铺"))
    return found


def _lines(wish: LinkWish, tally: LinkTally) -> Iterator[_Line]:
    """The rows that name an account and something to know it by; what makes the whole file unreadable is raised here."""
    source = _open(wish.path, wish.sheet)
    first = next(source.table_lines(), "")
    delimiter = max((",", "\t", ";", "|"), key=lambda sign: len(_cells(first, sign)))
    header = _cells(first, delimiter)
    columns = _columns(header, wish)
    return _read(source, delimiter, {name: header.index(column) for name, column in columns.items()}, tally)


def _columns(header: Sequence[str], wish: LinkWish) -> dict[str, str]:
    proposed = {name: column for name, column in propose(FIELDS, header).items() if column not in wish.columns.values()}
    columns = {name: column for name, column in {**proposed, **wish.columns}.items() if column}
    absent = [column for column in columns.values() if column not in header]
    unknown = [name for name in wish.columns if name not in FIELDS]
    if absent or unknown:
        raise BadUse(
            mark("表头里没有「%(names)s」；有的是：%(header)s"),
            names="、".join(absent or unknown),
            header="、".join(header),
        )
    if "account" not in columns or not any(name in columns for name in EVIDENCE):
        raise BadUse(
            mark("表头要有账号一列，再有 union id、手机号、邮箱里的一列；有的是：%(header)s"), header="、".join(header)
        )
    return columns


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in split_row(line[:HEADER_LETTERS], delimiter)]
    except csv.Error:
        return []


def _open(path: Path, sheet: str) -> Source:
    try:
        return open_file(path, sheet)
    except (SourceError, OSError) as error:
        raise BadUse(mark("读不了 %(path)s：%(why)s"), path=str(path), why=str(error)) from error


def _read(source: Source, delimiter: str, places: Mapping[str, int], tally: LinkTally) -> Iterator[_Line]:
    for row in split_rows(islice(source.table_lines(), 1, None), delimiter, 2):
        tally.rows += 1
        if isinstance(row, Skipped):
            tally.leave(Unjoined("too_long", row.place, row.sample))
            continue
        cells = {name: row.cells[at].strip() for name, at in places.items() if at < len(row.cells)}
        evidence = {kind: cells[kind] for kind in EVIDENCE if cells.get(kind)}
        if not cells.get("account") or not evidence:
            reason = "no_evidence" if cells.get("account") else "no_account"
            tally.leave(Unjoined(reason, row.place, delimiter.join(row.cells)))
            continue
        yield _Line(row.place, cells["account"], cells.get("carrier", "").lower(), evidence)


def _look_up(lines: Sequence[_Line], wish: LinkWish, home: int | None, tally: LinkTally) -> Iterator[Vouched]:
    """What the lines vouch for, each of an account that is there."""
    refs = [_ref(line, wish, home) for line in lines]
    found = list_accounts_by_ref(refs)
    for line, ref in zip(lines, refs, strict=True):
        carrier = SHOP if home is not None else line.carrier or wish.carrier
        account = _the_one(found.get(ref, {}), carrier, line, tally)
        if account is None:
            continue
        for kind, written in line.evidence.items():
            value = plain(kind, written)
            if value:
                yield Vouched(line.place, account, kind, value)
            else:
                tally.leave(Unjoined(f"bad_{kind}", line.place, written))


def _ref(line: _Line, wish: LinkWish, home: int | None) -> str:
    return line.account if home is None else shop_ref(home, wish.shop, line.account)


def _the_one(found: Mapping[str, int], carrier: str, line: _Line, tally: LinkTally) -> int | None:
    """The account that a line is about, on that carrier or on whichever knows it alone."""
    fitting: Collection[int] = [
        pk for place, pk in found.items() if place == carrier or (not carrier and place != SHOP)
    ]
    if len(fitting) == 1:
        return next(iter(fitting))
    reason = "several_accounts" if fitting else "unknown_account"
    tally.leave(Unjoined(reason, line.place, " ".join((line.carrier, line.account)).strip()))
    return None


def _do_record(home: int | None, tally: LinkTally, now: datetime) -> None:
    words = {"rows": tally.rows, "joined": tally.joined, "vouched": tally.new, "left": sum(tally.left.values())}
    key = f"people.linked:{home or ''}:{now.isoformat()}"
    do_record_facts([Fact(name="people.linked", at=now, community_id=home, key=key, words=words)])
