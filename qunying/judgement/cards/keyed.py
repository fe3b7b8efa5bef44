"""Cards that say what each thing is: «城市：成都 行业：医美 昵称：阿花», «Name: Emma City: Sydney»."""

from __future__ import annotations

from collections.abc import Sequence

from qunying.judgement.cards.pieces import Piece
from qunying.judgement.cards.readings import Reading

_KEYS = {
    "city": "城市 地区 坐标 所在地 所在城市 现居 现居地 地点 位置 常驻 居住地 base city location from",
    "industry": "行业 领域 从事行业 所属行业 赛道 industry field sector",
    "company": "公司 单位 企业 机构 学校 就职 company org organization employer",
    "job": "职业 职位 岗位 工作 职务 职能 身份 title job role position occupation",
    "name": "昵称 姓名 名字 称呼 网名 name nickname nick",
    "group_no": "群 群号 组 小组 班 班级 group team",
}
_FIELD_OF = {key: field for field, keys in _KEYS.items() for key in keys.split()}


def keyed_readings(pieces: Sequence[Piece], text: str) -> list[Reading]:
    """A reading for every key with a colon behind it: what follows, up to the next key or a strong sign."""
    if ":" not in text:
        return []
    keys = [place for place, piece in enumerate(pieces) if _is_key(pieces, place, text) and piece.text in _FIELD_OF]
    readings: list[Reading] = []
    for key, following in zip(keys, [*keys[1:], len(pieces)][: len(keys)], strict=True):
        value = _value(pieces[key + 1 : following])
        if value:
            start, end = value[0].start, value[-1].end
            readings.append(Reading(_FIELD_OF[pieces[key].text], start, end, "keyed", text[start:end]))
    return readings


def _is_key(pieces: Sequence[Piece], place: int, text: str) -> bool:
    end = pieces[place].end
    return place + 1 < len(pieces) and (text[end : end + 1] == ":" or ":" in pieces[place + 1].gap)


def _value(pieces: Sequence[Piece]) -> list[Piece]:
    """The first of the pieces with what only spaces part from it."""
    run: list[Piece] = list(pieces[:1])
    for piece in pieces[1:]:
        if not piece.follows_space:
            break
        run.append(piece)
    return run
