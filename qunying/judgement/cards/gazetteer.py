"""The words by which fields are recognised: places, industries, employers, job titles (lists in ``words/``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LONGEST = 12  # letters of a Chinese word that is looked for inside a longer run


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a word can be: the field, what it is filed under, and how it was found (``kind``)."""

    field: str
    means: str
    kind: str


def each_of(listed: str) -> frozenset[str]:
    """The words of a text, parted by spaces."""
    return frozenset(listed.split())


def _lines(name: str) -> Iterator[list[str]]:
    text = (files(__package__) / "words" / f"{name}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split()


_RANK = {"市": "city", "省": "province", "区": "district", "外": "abroad", "国": "country"}
_ENDINGS = {"市": ("市", "地区"), "省": ("省",), "区": ("区", "新区", "县", "镇"), "外": ("市",), "国": ()}


def _places() -> Iterator[tuple[str, Meaning]]:
    for rank, name, *others in [*_lines("places"), *_lines("abroad")]:
        for word in others if rank == "区" else (name, *others):
            is_short = len(word) == 1 or (word.isascii() and len(word) <= 3)
            kind = f"{_RANK[rank]}-short" if is_short else _RANK[rank]
            yield word, Meaning("city", name, kind)
            if not word.isascii() and not is_short:
                for ending in _ENDINGS[rank]:
                    if not word.endswith(ending):
                        yield word + ending, Meaning("city", name, _RANK[rank])


def _listed(field: str) -> Iterator[tuple[str, Meaning]]:
    for name, *others in _lines({"industry": "industries", "company": "companies", "job": "jobs"}[field]):
        for word in (name, *others):
            yield (
                word,
                Meaning(field, name, "short" if len(word) == 1 or (word.isascii() and len(word) < 3) else "listed"),
            )


@cache
def words() -> dict[str, tuple[Meaning, ...]]:
    """Every word with all it can mean, one meaning a field: of two places with one name the first of the list."""
    found: dict[str, dict[str, Meaning]] = {}
    for source in (_places(), _listed("job"), _listed("industry"), _listed("company")):
        for word, meaning in source:
            found.setdefault(word, {}).setdefault(meaning.field, meaning)
    return {word: tuple(meanings.values()) for word, meanings in found.items()}


@cache
def firsts() -> frozenset[str]:
    """The first two letters of every word of two letters and more: most places of a card begin none."""
    return frozenset(word[:2] for word in words() if len(word) >= 2)


def longest_at(text: str, place: int) -> str:
    """The longest word of two letters and more that begins at ``place``; empty where none does.

    A Latin word is found only where no Latin letter goes before or after it.
    """
    if text[place : place + 2] not in firsts():
        return ""
    known = words()
    for size in range(min(LONGEST, len(text) - place), 1, -1):
        word = text[place : place + size]
        if word in known and _stands_free(text, place, place + size):
            return word
    return ""


def _stands_free(text: str, start: int, end: int) -> bool:
    return not (
        (start and _is_latin(text[start]) and _is_latin(text[start - 1]))
        or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))
    )


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


# places that are given names or nicknames as well: without another name on the card they are the name
NAME_LIKE = each_of(
    "朝阳 安宁 吉安 玉林 玉树 海宁 建阳 瑞安 乐山 怀柔 静安 安康 中山 伊宁 长乐 永康 东阳 海安 福安 福清 天水 红河 凤凰 文昌 云浮 "
    "弥勒 兴平 平阳 密云 青田 双流 平安 长兴 长宁 宜兰 云林 金山 黄浦 天河 海珠 南山 文山 金沙 宁海 安吉 "
    "paris florence sydney austin dallas vienna phoenix brooklyn nice milan lyon houston lima london geneva orlando "
    "leeds perth bali cologne turin denver portland madrid santiago milano america india jp kl ny cs cd zh km fs xm wh cz "
    "wx nb nj sg tw tj cq fz zz hf ldn uk us 申 秦 苏 鲁 蒙 甘 郑 青 藏 桂 贵 川 宁 汉 杭 榕 藏 琼 滇 蓉"
)
# employers that are everyday words: as the last piece of a card without a name they are the name
EVERYDAY = each_of(
    "小米 苹果 荣耀 移动 联通 大众 统一 美的 太平 全家 斑马 安利 平安 菜鸟 飞猪 头条 得到 自如 贝壳 蚂蚁 远景 金风 正大 旺旺 海天 "
    "悠星 叠纸 莉莉丝 有道 理想 李宁 立信 天健 方达 金杜 界面 如新 同济 完美世界 全球 明亚 闲鱼 转转 滴滴 猎聘 粉笔 得物 得到 apple "
    "realme honor meta grab sea dell intel mi lg ge hp mars bain ef ey amd oppo vivo anta oracle amazon 水滴 众安 保诚 "
    "追觅 公牛 方太 老板电器 新城 新浪 星巴克 旷视 高途 中意 阳光 极兔 同程 微医 丁香园 茅台 伊利 红杉 经纬 真格 嘉实"
)
