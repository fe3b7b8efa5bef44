"""How right it is who is asked about as one person: a made-up country of cards in which it is known whose each account is.

    python -m tests.bench.alike            400,000 people, one in thirty with a second account
    python -m tests.bench.alike --people 50000

Names as common as they are in China, employers from one-person shops to companies of thousands, cards written in several
ways, some by title («王总») only, some copied with a colleague's phone. Prints one JSON object per band of scores: pairs,
how many of them are one person, and which share of all second accounts were found.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from time import perf_counter

from qunying.judgement.cards import parse_card
from qunying.people.traits import LIKELY, SHARED_BY_AT_MOST, Told, Trait, likely, traits_of

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬鹏浩宇欣悦佳怡子涵梓轩思雨晨阳雪梅建国志强海波文博晓东小红春梅立新国庆永健俊豪嘉琪雅婷诗涵一诺浩然"
BIG = [
    "腾讯",
    "阿里巴巴",
    "字节跳动",
    "华为",
    "美团",
    "京东",
    "百度",
    "小米",
    "网易",
    "中国移动",
    "中国银行",
    "平安",
    "招商银行",
    "比亚迪",
    "海尔",
    "格力",
    "顺丰",
    "滴滴",
    "拼多多",
    "快手",
]
FIRST = [
    "云上",
    "青禾",
    "远航",
    "珩一",
    "木棉",
    "南山",
    "海纳",
    "蓝鲸",
    "星火",
    "朴石",
    "大象",
    "小满",
    "知行",
    "启明",
    "博雅",
    "长风",
    "万象",
    "鼎新",
    "同创",
    "汇智",
]
KINDS = [
    "科技",
    "网络",
    "教育",
    "物流",
    "传媒",
    "餐饮",
    "建材",
    "服装",
    "医药",
    "咨询",
    "广告",
    "电子",
    "贸易",
    "食品",
    "家居",
    "文化",
    "健康",
    "设计",
    "农业",
    "旅游",
]
JOBS = [
    "产品经理",
    "运营",
    "销售",
    "CTO",
    "前端",
    "后端",
    "设计师",
    "HR",
    "财务",
    "行政",
    "总监",
    "店长",
    "老师",
    "采购",
    "客服",
    "市场",
    "律师",
    "编辑",
    "顾问",
    "创始人",
]
CITIES = [
    "北京",
    "上海",
    "广州",
    "深圳",
    "杭州",
    "成都",
    "武汉",
    "南京",
    "西安",
    "重庆",
    "苏州",
    "长沙",
    "郑州",
    "天津",
    "青岛",
    "厦门",
]
SECOND = 30  # one in so many has a second account
BANDS = (0.7, 0.8, 0.85, 0.9, 1.01)


class Country:
    """People and the accounts they have, from a seed."""

    def __init__(self, people: int, seed: int = 7) -> None:
        self.dice = random.Random(seed)
        self.people = people
        self.companies = [
            a + b + c for a in FIRST for b in ("", "新", "大", "佳", "优") for c in KINDS for _ in range(1)
        ]
        self.weights = [1 / (1 + place) ** 0.35 for place in range(len(self.companies))]

    def accounts(self) -> Iterator[tuple[int, Told]]:
        """(whose, card) of every account."""
        for person in range(self.people):
            mine = self._person()
            yield person, self._card(mine)
            if self.dice.randrange(SECOND) == 0:
                yield person, self._card(mine)

    def _person(self) -> tuple[str, ...]:
        dice = self.dice
        surname = SURNAMES[min(int(dice.expovariate(1 / 14)), len(SURNAMES) - 1)]
        name = surname + "".join(dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2, 2))))
        company = dice.choice(BIG) if dice.random() < 0.12 else dice.choices(self.companies, self.weights)[0]
        phone = f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"
        return name, company, dice.choice(JOBS), dice.choice(CITIES), phone

    def _card(self, mine: tuple[str, ...]) -> Told:
        name, company, job, city, phone = mine
        dice = self.dice
        shown = dice.choices((name, name[0] + "总", name[0] + "老师", "小" + name[-1]), (70, 10, 8, 12))[0]
        text = dice.choice(("{c}-{o}-{j}-{n}", "{c}｜{o}｜{j}｜{n}", "{o} {j} {n}", "{n}-{o}-{j}", "{c} {n}", "{n}"))
        if dice.random() < 0.04:
            text += " " + phone
        text = text.format(c=city, o=company, j=job, n=shown)
        card = parse_card(text)
        return Told(text, card.city or "", card.company or "", card.job or "", card.name or "")


def pairs_of(country: Country) -> tuple[list[tuple[float, bool]], int, float]:
    """(score, is one person) of every pair somebody would be asked about, how many second accounts there are, seconds of
    reading traits."""
    sharing: dict[tuple[str, str], dict[int, Trait]] = defaultdict(dict)
    whose: list[int] = []
    spent = 0.0
    for person, told in country.accounts():
        whose.append(person)
        began = perf_counter()
        for trait in traits_of(told):
            sharing[trait.kind, trait.value][len(whose) - 1] = trait
        spent += perf_counter() - began
    best: dict[tuple[int, int], float] = {}
    for (kind, value), found in sharing.items():
        if 1 < len(found) <= SHARED_BY_AT_MOST:
            for one, other in combinations(found, 2):
                score = likely(kind, value, found[one], found[other], sit_together=False)
                best[one, other] = max(best.get((one, other), 0.0), score)
    asked = [(score, whose[one] == whose[other]) for (one, other), score in best.items() if score >= LIKELY]
    return asked, len(whose) - country.people, spent / len(whose)


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=400_000)
    asked, second, each = pairs_of(Country(parser.parse_args().people))
    for low, high in [*pairwise(BANDS), (LIKELY, BANDS[-1])]:
        band = [is_one for score, is_one in asked if low <= score < high]
        right = sum(band) / len(band) if band else None
        print(json.dumps({"from": low, "below": high, "pairs": len(band), "right": right and round(right, 4)}))
    found = sum(is_one for _score, is_one in asked)
    print(json.dumps({"second_accounts": second, "found": round(found / second, 4), "traits_us": round(each * 1e6, 1)}))


if __name__ == "__main__":
    main()
