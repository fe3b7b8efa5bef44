"""Small exports of every tool, as that tool writes them, with what people really type."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

SAID = (
    "早上好呀",
    "今晚七点上课，链接稍后发😀",
    "收到收到",
    "１２３ 全角ＡＢＣ",
    "繁體也要看得見",
    "مرحبا بالجميع",
    "零​宽​字",
    "👨‍👩‍👧‍👦",
)
PEOPLE = (("wxid_mei", "小美🌸"), ("wxid_qiang", "阿强"), ("wxid_noor", "نور"), ("wxid_long", "名字特别特别长" * 9))


def write(folder: Path, name: str, content: object) -> Path:
    """A file with this text, these bytes, or this value as JSON."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
    return path


def chatlab(rows: Sequence[Mapping[str, object]], name: str = "千人茶友群", kind: str = "group") -> str:
    """ChatLab lines: the header, then these messages, with or without ids."""
    meta = {"name": name, "platform": "wechat", "type": kind, "groupId": "g1"}
    header = {"_type": "header", "chatlab": {"version": "0.0.2", "exportedAt": 1}, "meta": meta}
    return "\n".join(
        json.dumps(row, ensure_ascii=False) for row in [header, *({"_type": "message", **row} for row in rows)]
    )


def said(number: int, text: str | None = None, *, has_id: bool = True, **changes: object) -> dict[str, object]:
    """One message of ``chatlab``; one a minute, everybody in turn."""
    who, name = PEOPLE[number % len(PEOPLE)]
    row: dict[str, object] = {"sender": who, "accountName": name, "timestamp": 1_709_600_000 + 60 * number, "type": 0}
    if has_id:
        row["platformMessageId"] = f"m{number}"
    return {**row, "content": SAID[number % len(SAID)] if text is None else text, **changes}


def came(number: int, name: str) -> dict[str, object]:
    """A system line of ``chatlab``: brought by 阿强."""
    return said(number, f'"阿强"邀请"{name}"加入了群聊', type=80)


def went(number: int, name: str) -> dict[str, object]:
    """A system line of ``chatlab``: removed."""
    return said(number, f'你将"{name}"移出了群聊', type=80)


def whatsapp(count: int, first: int = 0) -> str:
    """Lines without ids, four a minute, with equal ones among them and people who come and go."""
    lines = []
    for number in range(first, first + count):
        at = f"{1 + number // 5760 % 28:02}/03/2024, {number // 240 % 24:02}:{number // 4 % 60:02}"
        name = PEOPLE[number % 3][1]
        lines.append(f"{at} - {name}: {'哈哈' if number % 4 < 2 else SAID[number % len(SAID)]}")
        if number % 50 == 49:
            lines.append(f"{at} - 阿强 added 新人{number}")
        if number % 70 == 69:
            lines.append(f"{at} - 新人{number - 20} left")
    return "\n".join(["13/03/2024, 00:00 - Messages and calls are end-to-end encrypted.", *lines]) + "\n"


def qq_txt(*chats: tuple[str, str], start: int = 1) -> str:
    """(folder, chat) pairs of QQ's own text export, three messages each."""
    ruler = "=" * 64
    parts = ["消息记录（此消息记录为文本格式，不支持重新导入）\n"]
    for folder, name in chats:
        parts.append(f"{ruler}\n消息分组:{folder}\n{ruler}\n消息对象:{name}\n{ruler}\n")
        parts += [
            f"2024-03-05 8:15:0{start + n} {who}(1000{n + 1})\n{SAID[n]}\n" for n, (_, who) in enumerate(PEOPLE[:3])
        ]
    return "\n".join(parts)


def chatlog(talkers: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    """A JSON list of chatlog with these (reference, name) talking in turn."""
    return [
        {
            "seq": 1709600523000 + number,
            "time": f"2024-03-05T09:02:0{number}+08:00",
            "talker": talker,
            "talkerName": name,
            "isChatRoom": talker.endswith("@chatroom"),
            "sender": PEOPLE[number % 2][0],
            "senderName": PEOPLE[number % 2][1],
            "isSelf": False,
            "type": 1,
            "subType": 0,
            "content": SAID[number % len(SAID)],
        }
        for number, (talker, name) in enumerate(talkers)
    ]


def one_of_each(folder: Path) -> dict[str, Path]:
    """Format → a small export of it, for the formats of which no real export is at hand."""
    contents: dict[str, tuple[str, object]] = {
        "chatlab": ("茶友.jsonl", chatlab([said(n) for n in range(8)])),
        "chatlog": ("读书会.json", chatlog([("1@chatroom", "读书会")] * 4)),
        "qq_txt": ("徒步群.txt", qq_txt(("我的QQ群", "徒步群"))),
        "qqchatexporter": ("徒步群.json", _qqchatexporter()),
        "weflow": ("吃货群.json", _weflow()),
        "wecom": ("客户群.jsonl", _wecom()),
        "discord": ("闲聊.json", _discord()),
        "matrix": ("茶馆.json", _matrix()),
        "generic_csv": (
            "群聊.csv",
            '时间,发送者,内容\n2024/3/5 9:02,小美🌸,早上好呀\n2024/3/5 9:03,阿强,"第一行\n第二行"\n',
        ),
    }
    return {name: write(folder, f"{name}/{file}", content) for name, (file, content) in contents.items()}


def _qqchatexporter() -> object:
    rows = [
        {
            "id": f"73{number}",
            "seq": str(number),
            "timestamp": 1667025773000 + number,
            "time": "2022-10-29 14:42:53",
            "sender": {
                "uid": "u_mei",
                "uin": "20002",
                "name": "摄影-小美",
                "nickname": "小美🌸",
                "groupCard": "摄影-小美",
            },
            "type": "text",
            "content": {"text": text, "html": "", "elements": [], "resources": [], "mentions": []},
            "recalled": False,
            "system": False,
        }
        for number, text in enumerate(SAID)
    ]
    chat = {"name": "周末徒步群", "type": "group", "selfUin": "10001", "selfName": "领队", "peerUin": "88880001"}
    return {"metadata": {"name": "QQChatExporter V5", "version": "5.0.0"}, "chatInfo": chat, "messages": rows}


def _wecom() -> str:
    rows = [
        {
            "msgid": f"{number}_external",
            "action": "send",
            "from": "zhang" if number % 2 else "wmErxtDgAA9AW32YyyuYRimKr7D1KWlw",
            "tolist": ["zhang", "wmErxtDgAA9AW32YyyuYRimKr7D1KWlw"],
            "roomid": "wrjc7bDwAASxc8tZvBErFE02BtPWyAAA",
            "msgtime": 1_709_600_000_000 + 1000 * number,
            "msgtype": "text",
            "text": {"content": text},
        }
        for number, text in enumerate(SAID)
    ]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def _weflow() -> object:
    rows = [
        {
            "localId": number,
            "createTime": 1_709_600_000 + number,
            "formattedTime": "2024-01-02 11:04:05",
            "type": "文本消息",
            "localType": 1,
            "content": text,
            "isSend": 0,
            "senderUsername": PEOPLE[number % 2][0],
            "senderDisplayName": PEOPLE[number % 2][1],
            "senderAvatarKey": "",
            "source": "",
        }
        for number, text in enumerate(SAID)
    ]
    session = {"wxid": "12345@chatroom", "nickname": "吃货群", "remark": "", "displayName": "吃货群", "type": "群聊"}
    return {"weflow": {"version": "1.0.3", "exportedAt": 1}, "session": session, "messages": rows, "avatars": {}}


def _discord() -> object:
    author = {"id": "11", "name": "lin", "discriminator": "0000", "nickname": "林🌲", "isBot": False, "roles": []}
    rows: list[object] = [
        {
            "id": f"12{number}",
            "type": "Default",
            "timestamp": f"2024-05-01T12:00:0{number}.123+08:00",
            "timestampEdited": None,
            "content": text,
            "author": author,
            "attachments": [],
            "embeds": [],
            "stickers": [],
            "reactions": [],
            "mentions": [],
        }
        for number, text in enumerate(SAID)
    ]
    channel = {"id": "5", "type": "GuildTextChat", "category": "大厅", "name": "闲聊", "topic": None}
    return {
        "guild": {"id": "1", "name": "游戏服"},
        "channel": channel,
        "dateRange": {},
        "messages": rows,
        "messageCount": 8,
    }


def _matrix() -> object:
    rows: list[object] = [
        {
            "type": "m.room.message",
            "event_id": f"$e{number}",
            "room_id": "!r:x.org",
            "sender": "@ann:x.org",
            "origin_server_ts": 1_709_600_000_000 + number,
            "content": {"msgtype": "m.text", "body": text},
        }
        for number, text in enumerate(SAID)
    ]
    recall = {
        "type": "m.room.redaction",
        "event_id": "$e99",
        "room_id": "!r:x.org",
        "sender": "@ann:x.org",
        "origin_server_ts": 1_709_600_100_000,
        "redacts": "$e1",
        "content": {},
    }
    header = {"room_name": "茶馆", "room_creator": "@ann:x.org", "topic": "", "export_date": "", "exported_by": ""}
    return {**header, "messages": [*rows, recall]}
