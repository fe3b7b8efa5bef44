"""Reads a table of messages: one row, one record; what a row lacks or has too much is mended or said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import islice

from ..bodies import MAX_TEXT, skip
from ..dates import OrderTally, read_any_time
from ..formats import Choices
from ..jsonvalues import as_ref
from ..records import ChatStarts, Media, MessageKind, PastMessage, PersonRef, Record, Skipped
from ..rows import Row, split_rows
from ..sources import Source
from ..system_lines import tell_system_line
from .columns import explain_missing, find_delimiter, propose_columns

_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
_FIRST_ROWS = 50
_KINDS = {
    MessageKind.TEXT: "text txt 文本 文本消息 文字 1",
    MessageKind.IMAGE: "image img picture photo gif 图片 图片消息 圖片 照片 3",
    MessageKind.VOICE: "voice audio 语音 语音消息 語音 34",
    MessageKind.VIDEO: "video 视频 视频消息 影片 43",
    MessageKind.FILE: "file document 文件 文件消息 檔案",
    MessageKind.STICKER: "sticker emoji emotion 表情 动画表情 表情消息 貼圖 47",
    MessageKind.LINK: "link share 链接 卡片消息 分享 連結 49",
    MessageKind.LOCATION: "location 位置 位置消息 48",
    MessageKind.CONTACT: "contact card 名片 名片消息 42",
    MessageKind.RED_PACKET: "red_packet redpacket 红包 紅包",
    MessageKind.TRANSFER: "transfer 转账 轉帳",
    MessageKind.FORWARD: "forward 转发 聊天记录 合并转发",
    MessageKind.CALL: "call 通话 50",
    MessageKind.POLL: "poll vote 投票",
    MessageKind.NOTICE: "notice system 系统 系统消息 系统通知 系統 系統訊息 10000",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_ATTACHED = frozenset((MessageKind.IMAGE, MessageKind.STICKER, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE))


def detect(head: str) -> int:
    """60 where the first line names a time and a text column, a little more with a sender; else 0."""
    lines = head.lstrip("\ufeff").splitlines()
    header, delimiter, _ = _header_of(lines)
    found = propose_columns(header)
    if len(header) < 2 or "time" not in found or "text" not in found or not delimiter:
        return 0
    return 65 if "sender" in found or "sender_id" in found else 60


def survey(source: Source) -> Choices:
    """The columns the header's words propose, and the order of day and month where the times leave it open."""
    header, delimiter, skipped = _header_of(islice(source.lines(), 2))
    columns = propose_columns(header)
    field = "date" if "date" in columns else "time"
    if field not in columns:
        return Choices(columns=columns)
    order, is_certain = _date_order(source, delimiter, skipped, header.index(columns[field]))
    return Choices(date_order=order, is_date_order_certain=is_certain, columns=columns)


def _header_of(lines: Iterator[str] | list[str]) -> tuple[list[str], str, int]:
    """The header's cells, the delimiter, and how many lines both take (two with Excel's ``sep=;``)."""
    first, second = (*islice(lines, 2), "", "")[:2]
    stated = _SEPARATOR_LINE.fullmatch(first.strip())
    line = second if stated else first
    delimiter = stated[1] if stated else find_delimiter(line)
    row = next(split_rows([line], delimiter), None)
    cells = row.cells if isinstance(row, Row) else []
    return [cell.strip() for cell in cells], delimiter, 2 if stated else 1


def _date_order(source: Source, delimiter: str, skipped: int, index: int) -> tuple[str, bool]:
    tally = OrderTally()
    has_numbers = False
    for number, row in enumerate(_rows(source, delimiter, skipped)):
        if number == _FIRST_ROWS and not has_numbers:
            break
        if isinstance(row, Row) and len(row.cells) > index:
            match = _NUMBERS.match(row.cells[index].strip())
            if match is not None:
                has_numbers = True
                tally.see((match[1], match[2], match[3]))
    return tally.verdict()


def _rows(source: Source, delimiter: str, skipped: int) -> Iterator[Row | Skipped]:
    return split_rows(islice(source.lines(), skipped, None), delimiter, skipped + 1)


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """The records of one table. Times with a zone and unix times are aware, others naive.

    The operator's ``columns`` win over what the header's words propose. Without a time or a text column nothing is read,
    and one ``Skipped`` says which is missing.
    """
    header, delimiter, skipped = _header_of(islice(source.lines(), 2))
    chosen = replace(choices, columns={**_proposed_beside(header, choices.columns), **choices.columns})
    missing = explain_missing(header, chosen.columns)
    if missing is not None:
        yield skip("unknown_format", 1, str(missing))
        return
    table = _Table(header, delimiter, chosen)
    for row in _rows(source, delimiter, skipped):
        if isinstance(row, Skipped):
            yield row
        else:
            yield from table.records(row)


def _proposed_beside(header: list[str], chosen: dict[str, str]) -> dict[str, str]:
    """What the header proposes for fields and columns the operator did not speak of."""
    taken = set(chosen.values())
    return {field: name for field, name in propose_columns(header).items() if name not in taken}


class _Table:
    """The columns by place, and the chat the last row belonged to."""

    def __init__(self, header: list[str], delimiter: str, choices: Choices) -> None:
        self._width = len(header)
        self._delimiter = delimiter
        self._order = choices.date_order or "dmy"
        self._index = {field: header.index(name) for field, name in choices.columns.items() if name}
        self._default_chat = choices.chat_name
        self._chat: str | None = None

    def records(self, row: Row) -> Iterator[Record]:
        """What one row tells."""
        if not any(cell.strip() for cell in row.cells):
            return
        cells = self._mended(row.cells)
        if len(cells) <= self._index["text"]:
            yield skip("bad_record", row.place, self._delimiter.join(row.cells))
            return
        at = self._time(cells)
        if at is None:
            yield skip("bad_time", row.place, self._delimiter.join(row.cells))
            return
        yield from self._announce(cells)
        yield from self._told(row.place, at, cells)

    def _announce(self, cells: list[str]) -> Iterator[Record]:
        """A row too short to name its chat belongs to the one before."""
        if self._chat is not None and len(cells) <= self._index.get("group", len(cells)):
            return
        chat = self._cell(cells, "group") or self._default_chat
        if chat != self._chat:
            self._chat = chat
            yield ChatStarts(name=chat)

    def _mended(self, cells: list[str]) -> list[str]:
        """A row with too many cells had the delimiter in its text, without quotation marks."""
        surplus = len(cells) - self._width
        if surplus <= 0:
            return cells
        start = self._index["text"]
        text = self._delimiter.join(cells[start : start + surplus + 1])
        return [*cells[:start], text, *cells[start + surplus + 1 :]]

    def _cell(self, cells: list[str], field: str) -> str:
        index = self._index.get(field, -1)
        return cells[index].strip() if 0 <= index < len(cells) else ""

    def _time(self, cells: list[str]) -> datetime | None:
        time, date = self._cell(cells, "time"), self._cell(cells, "date")
        if date:
            return read_any_time(f"{date} {time}", self._order) or read_any_time(time, self._order)
        return read_any_time(time, self._order)

    def _told(self, place: int, at: datetime, cells: list[str]) -> Iterator[Record]:
        text = cells[self._index["text"]]
        kind = _kind(self._cell(cells, "kind"))
        source_id = as_ref(self._cell(cells, "id"))
        if kind is MessageKind.NOTICE:
            yield tell_system_line(text[:MAX_TEXT], at=at, place=place, source_id=source_id)
        else:
            yield PastMessage(
                at=at,
                sender=_person(self._cell(cells, "sender"), self._cell(cells, "sender_id")),
                text=text[:MAX_TEXT],
                place=place,
                kind=kind,
                source_id=source_id,
                reply_to=as_ref(self._cell(cells, "reply_to")),
                media=(Media(kind),) if kind in _ATTACHED else (),
            )
        if len(text) > MAX_TEXT or "\ufffd" in text:
            yield skip("too_long" if len(text) > MAX_TEXT else "bad_text", place, text)


def _kind(word: str) -> MessageKind:
    return _KIND_OF.get(word.lower(), MessageKind.OTHER) if word else MessageKind.TEXT


@lru_cache(maxsize=8192)
def _person(name: str, ref: str) -> PersonRef | None:
    return PersonRef(name or ref, ref or None) if name or ref else None
