"""Which column of a table holds which of our fields: proposed from the header's words, Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qunying.kernel.texts import Sentence

from ..explanations import COLUMNS, NO_COLUMN, UNKNOWN_COLUMN
from ..headers import plain_name, propose
from ..rows import split_row

FIELDS: Mapping[str, str] = {
    "time": "time datetime timestamp createtime createdtime createdat sendtime sentat sentdate msgtime messagetime strtime ts when"
    " 时间 发送时间 消息时间 聊天时间 时间戳 日期时间 创建时间 發送時間 時間 訊息時間 時間戳",
    "date": "date day 日期 发送日期 發送日期",
    "sender": "sendername fromname nickname nick username displayname author authorname name sender from user speaker member"
    " 发送者 发送人 发言人 发言者 说话人 发件人 昵称 群昵称 群名片 姓名 名字 用户名 用户 成员 發送者 發送人 暱稱 用戶 使用者 成員 talker",
    "sender_id": "senderid userid fromid authorid accountid account uid uin wxid qq qq号 qq号码 qq號 微信号 账号 帐号 用户id 发送者id"
    " 发送人id 成员id 帳號 sender from user",
    "text": "text content message msg body strcontent messagetext 内容 消息内容 消息 聊天内容 文本 正文 内容文本 內容 訊息 訊息內容",
    "group": "group groupname room roomname channel channelname chat chatname talkername conversation"
    " 群 群名 群名称 群聊 群组 群聊名称 会话 会话名称 频道 聊天室 群組 群名稱 聊天對象 聊天对象",
    "reply_to": "replyto replytoid inreplyto replyid parentid quoteid quotedid 回复 回复id 回复消息id 引用 引用id 引用消息id 回覆",
    "kind": "kind type msgtype messagetype typename 类型 消息类型 類型 訊息類型",
    "id": "messageid msgsvrid msgid mid 消息id 訊息id id",
}
ROW_NUMBERS = ("localid", "编号", "序号")  # begin anew in the next export: ids only where answers refer to them
NEEDED = dict(zip(("time", "text"), COLUMNS, strict=True))

_MOST_CANDIDATES = 16
_USUAL = ",;\t|"


def propose_columns(header: Sequence[str]) -> dict[str, str]:
    """Our field → the header's column, for every field whose words are found. Each column serves one field."""
    found = propose(FIELDS, header)
    plain = {plain_name(name): name for name in reversed(header) if name.strip()}
    number = next((plain[word] for word in ROW_NUMBERS if word in plain), None)
    if number is not None and "reply_to" in found:
        found.setdefault("id", number)
    if "time" not in found and "date" in found:
        found["time"] = found.pop("date")
    return found


def find_delimiter(header: str) -> str:
    """The character that cuts the header into the most columns we know; a comma where none does."""
    seen = [
        *_USUAL,
        *sorted({character for character in header if not character.isalnum() and character not in "\"' _()（）"}),
    ]
    candidates = [character for character in dict.fromkeys(seen) if character in header][:_MOST_CANDIDATES]
    return max(candidates, key=lambda mark: _worth(header, mark), default=",")


def _worth(header: str, delimiter: str) -> tuple[int, int]:
    names = split_row(header, delimiter)
    return len(propose_columns(names)), len(names) if delimiter in _USUAL else 0


def explain_missing(header: Sequence[str], columns: Mapping[str, str]) -> Sentence | None:
    """Why a table cannot be read with these columns; None where it can."""
    absent = [f"“{name}”" for name in columns.values() if name and name not in header]
    if absent:
        return Sentence(UNKNOWN_COLUMN, {"names": absent, "header": list(header)})
    needed = [Sentence(title) for field, title in NEEDED.items() if not columns.get(field)]
    return Sentence(NO_COLUMN, {"names": needed, "header": list(header)}) if needed else None
