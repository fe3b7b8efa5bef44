"""Writes a large ChatLab JSONL export: ``python -m tests.bench.make_chatlab FILE [--messages N] [--people N]``.

The same seed gives the same bytes. Lengths of texts, the share of pictures and who speaks how much are those of a lively
Chinese group: most lines have 4–20 characters, a few have hundreds, a tenth of the members say most.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

START = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp())
WORDS = [
    "今天",
    "明天",
    "群里",
    "老师",
    "作业",
    "打卡",
    "茶",
    "咖啡",
    "上海",
    "北京",
    "出差",
    "加班",
    "孩子",
    "妈妈",
    "朋友",
    "周末",
    "天气",
    "下雨",
    "高铁",
    "地铁",
    "快递",
    "发货",
    "退款",
    "课程",
    "直播",
    "回放",
    "链接",
    "资料",
    "文档",
    "表格",
    "图片",
    "视频",
    "红包",
    "谢谢",
    "不客气",
    "请问",
    "有没有",
    "怎么",
    "为什么",
    "多少",
    "哪里",
    "什么时候",
    "可以",
    "应该",
    "觉得",
    "喜欢",
    "推荐",
    "便宜",
    "太贵",
    "好吃",
    "难喝",
    "排队",
    "推迟",
    "开始",
    "结束",
    "报名",
    "名额",
    "活动",
    "线下",
    "聚会",
    "分享",
    "学习",
    "阅读",
    "写作",
    "跑步",
    "早起",
    "睡觉",
]
CHARACTERS = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多"
    "经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性"
    "知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度"
)
ENDINGS = ("", "", "", "。", "！", "？", "~", "哈哈", "呀", "呢", "吧", "😂", "👍", "[捂脸]", "……")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
LENGTHS = (1, 2, 3, 4, 6, 9, 14, 40, 160)
LENGTH_WEIGHTS = (14, 22, 22, 16, 12, 8, 4, 1.6, 0.4)
KINDS = (0, 1, 5, 7, 4)  # text, picture, sticker, link, file
KIND_WEIGHTS = (86, 7, 5, 1.5, 0.5)


@dataclass(frozen=True, slots=True)
class Size:
    """How large an export to write."""

    messages: int = 1_000_000
    people: int = 5_000


def main() -> None:
    """Writes the file that the arguments name."""
    parser = argparse.ArgumentParser(description="Write a large ChatLab JSONL export.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--messages", type=int, default=Size().messages)
    parser.add_argument("--people", type=int, default=Size().people)
    options = parser.parse_args()
    write_chatlab(options.file, Size(options.messages, options.people))


def write_chatlab(path: Path, size: Size, number: int = 7) -> None:
    """Writes an export of that size; ``number`` seeds it."""
    rng = random.Random(number)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in _rows(size, rng))


def _rows(size: Size, rng: random.Random) -> Iterator[dict[str, object]]:
    yield {
        "_type": "header",
        "chatlab": {"version": "0.0.2", "exportedAt": START},
        "meta": {"name": "千人茶友群", "platform": "wechat", "type": "group", "groupId": "g1"},
    }
    for number in range(size.people):
        yield {"_type": "member", "platformId": f"wxid_{number:05}", "accountName": name_of(number)}
    at = START
    for number in range(size.messages):
        at += rng.choice((0, 0, 1, 2, 3, 8, 20, 60))
        yield _message(number, at, int(size.people * rng.random() ** 5), rng)


def name_of(number: int) -> str:
    """What the member of that number is called."""
    return f"{SURNAMES[number % len(SURNAMES)]}{WORDS[number % len(WORDS)]}{number}"


def _message(number: int, at: int, who: int, rng: random.Random) -> dict[str, object]:
    kind = rng.choices(KINDS, KIND_WEIGHTS)[0]
    words = "".join(_word(rng) for _ in range(rng.choices(LENGTHS, LENGTH_WEIGHTS)[0]))
    return {
        "_type": "message",
        "sender": f"wxid_{who:05}",
        "accountName": name_of(who),
        "timestamp": at,
        "type": kind,
        "content": words + rng.choice(ENDINGS) if kind in {0, 7} else "",
        "platformMessageId": str(7_000_000_000_000 + number),
    }


def _word(rng: random.Random) -> str:
    """Half of the words are those of every day, the others any two characters: an index must not meet few pairs only."""
    return rng.choice(WORDS) if rng.random() < 0.5 else "".join(rng.choices(CHARACTERS, k=2))


if __name__ == "__main__":
    main()
