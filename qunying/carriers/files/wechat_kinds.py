"""WeChat's message types by number and by the names its exporters give them."""

from __future__ import annotations

from .records import MessageKind

SYSTEM_TYPES = frozenset({10000, 10002})
PAT = (49, 62)

_BY_TYPE = {
    1: MessageKind.TEXT,
    3: MessageKind.IMAGE,
    34: MessageKind.VOICE,
    42: MessageKind.CONTACT,
    43: MessageKind.VIDEO,
    47: MessageKind.STICKER,
    48: MessageKind.LOCATION,
    50: MessageKind.CALL,
    62: MessageKind.VIDEO,
    66: MessageKind.CONTACT,
}
_BY_SUBTYPE = {
    1: MessageKind.TEXT,
    3: MessageKind.LINK,
    4: MessageKind.LINK,
    5: MessageKind.LINK,
    6: MessageKind.FILE,
    8: MessageKind.STICKER,
    17: MessageKind.LOCATION,
    19: MessageKind.FORWARD,
    33: MessageKind.LINK,
    36: MessageKind.LINK,
    40: MessageKind.FORWARD,
    51: MessageKind.LINK,
    53: MessageKind.TEXT,
    57: MessageKind.TEXT,
    63: MessageKind.LINK,
    74: MessageKind.FILE,
    87: MessageKind.NOTICE,
    2000: MessageKind.TRANSFER,
    2001: MessageKind.RED_PACKET,
}
_BY_NAME = {
    "文本消息": MessageKind.TEXT,
    "引用消息": MessageKind.TEXT,
    "图片消息": MessageKind.IMAGE,
    "语音消息": MessageKind.VOICE,
    "视频消息": MessageKind.VIDEO,
    "文件消息": MessageKind.FILE,
    "动画表情": MessageKind.STICKER,
    "表情消息": MessageKind.STICKER,
    "名片消息": MessageKind.CONTACT,
    "卡片式链接": MessageKind.LINK,
    "链接消息": MessageKind.LINK,
    "图文消息": MessageKind.LINK,
    "小程序分享": MessageKind.LINK,
    "视频号直播卡片": MessageKind.LINK,
    "位置消息": MessageKind.LOCATION,
    "红包卡片": MessageKind.RED_PACKET,
    "红包消息": MessageKind.RED_PACKET,
    "转账卡片": MessageKind.TRANSFER,
    "转账消息": MessageKind.TRANSFER,
    "聊天记录合并转发": MessageKind.FORWARD,
    "聊天记录": MessageKind.FORWARD,
    "通话消息": MessageKind.CALL,
    "语音通话": MessageKind.CALL,
    "视频通话": MessageKind.CALL,
    "群公告": MessageKind.NOTICE,
}


def kind_of_type(number: int | None, sub_number: int | None = None) -> MessageKind:
    """The kind for a type number, and for 49 its subtype; a type that packs both into 64 bits is unpacked."""
    if number is None:
        return MessageKind.OTHER
    if number > 2**32:
        number, sub_number = number & 0xFFFFFFFF, number >> 32
    if number == 49:
        return _BY_SUBTYPE.get(sub_number or 0, MessageKind.OTHER)
    return _BY_TYPE.get(number, MessageKind.OTHER)


def kind_of_name(name: str) -> MessageKind:
    """The kind for a Chinese type name; ``OTHER`` where the name is not known."""
    return _BY_NAME.get(name, MessageKind.OTHER)
