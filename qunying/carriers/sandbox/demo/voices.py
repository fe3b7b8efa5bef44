"""How one person types: habits of words, commas, endings and the odd slip, the same every day."""

from __future__ import annotations

from collections.abc import Callable

Draw = Callable[[], float]

_HABITS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("怎么", "咋"), ("什么", "啥")),
    (("非常", "超"), ("特别", "超级")),
    (("没有", "没"), ("不知道", "不造")),
    (("什么", "啥"), ("特别", "贼")),
    (),
    (("怎么", "咋"), ("真的", "真滴")),
    (("我们", "咱们"), ("有没有", "有木有")),
    (),
    (("今天", "今儿"), ("特别", "倍儿")),
    (("喜欢", "稀饭"), ("没有", "木有")),
    (("可以", "阔以"),),
    (),
)
_COMMAS = ("，", "，", "，", " ", ",", " ", "，", "  ", "~ ", "，")
_SLIPS = (("在", "再"), ("的", "得"), ("做", "作"), ("吗", "嘛"), ("带", "戴"), ("已经", "以经"), ("那", "哪"))
_LEADS_QUESTION = (
    "问一下，",
    "请教一下，",
    "请教大家，",
    "求助，",
    "话说",
    "各位，",
    "想问下，",
    "弱弱问一句，",
    "小白提问，",
    "有人在吗，",
    "请问",
    "大家好，",
    "借楼问下，",
    "急，",
    "诶，",
)
_LEADS_TELL = ("嗯，", "话说", "其实", "诶", "讲真，", "说实话，", "个人感觉，", "我感觉", "哦，", "嗯嗯，")
_ENDS_QUESTION = ("？", "？", "?", "？？", "，求教", "🙏", "，谢谢", "，在线等", "🤔", "，求解", "～")
_ENDS_TELL = (
    "～",
    "。",
    "哈哈",
    "😂",
    "。。",
    "！",
    "…",
    "😄",
    "hh",
    "~",
    "！！",
    "🙂",
    "哈",
    "😊",
    "。",
    "哈哈哈",
    "☺️",
    "。。。",
    "😁",
)
_ENDS_PLAIN = ("。", "……", "！", "。。", "😔", "😮‍💨", "🙃", "，唉", "！！", "😭")
_CLOSED = frozenset("。！？?!…～~）)」》🎂🌙☀️👍哈吗呢吧啊呀了嘛")


def say(text: str, voice: int, kind: str, draw: Draw, *, is_opener: bool = False) -> str:
    """The text as this person types it; `kind` is the kind of conversation, texts of a few characters stay as they are."""
    if len(text) < 7:
        return text
    for word, habit in _HABITS[voice % len(_HABITS)]:
        text = text.replace(word, habit)
    is_asking = is_opener and kind == "question"
    text = _led(text, kind, draw, is_asking=is_asking)
    text = _ended(text, voice, kind, draw, is_asking=is_asking)
    comma = _COMMAS[(voice >> 4) % len(_COMMAS)]
    if comma != "，":
        text = text.replace("，", comma)
    return _slipped(text, draw) if draw() < 0.012 else text


def _led(text: str, kind: str, draw: Draw, *, is_asking: bool) -> str:
    if kind in ("greet", "host", "checkin", "help", "price") or text[0] in "@「哈早晚":
        return text
    if is_asking:
        return _LEADS_QUESTION[int(draw() * len(_LEADS_QUESTION))] + text if draw() < 0.45 else text
    return _LEADS_TELL[int(draw() * len(_LEADS_TELL))] + text if draw() < 0.12 else text


def _ended(text: str, voice: int, kind: str, draw: Draw, *, is_asking: bool) -> str:
    if is_asking:
        return text + _ENDS_QUESTION[int(draw() * len(_ENDS_QUESTION))] if draw() < 0.7 else text
    chance = 0.35 if text[-1] in _CLOSED else 0.6
    if draw() > chance or text[-1] in "。！？?!…～~":
        return text
    ends = _ENDS_PLAIN if kind == "complaint" else _ENDS_TELL
    return text + ends[int(draw() * len(ends))]


def _slipped(text: str, draw: Draw) -> str:
    right, wrong = _SLIPS[int(draw() * len(_SLIPS))]
    return text.replace(right, wrong, 1)
