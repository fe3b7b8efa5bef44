"""What learning from corrections brings and what it can spoil, on texts that neither the head nor the lessons have seen.

    python -m training.learning [--data DIR] [--only WORLD…]

Nothing is trained for the package and nothing is written. Two worlds: ads of Chinese groups, and abuse in comments on other topics.
In each a head learns one part, reviewers correct it on a second one, and all is measured on a third.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import numpy as np

from qunying.judgement.grams import dress
from qunying.judgement.learning import Learnt, Lesson, learn
from qunying.judgement.learning.guard import Guard, shipped_guard
from training.families import interval, reword
from training.guard import above_threshold
from training.records import DATA
from training.texts.fit import Flags, Floats, fit, folds_of, lesson_of, runs_of
from training.texts.recipes import Recipe, ad_zh
from training.texts.sets import Text, cold

SEED = 20240306
START = datetime(2024, 3, 6, tzinfo=UTC)
DOUBTFUL = 2.0  # so far in log-odds from the threshold is a text doubtful, and asked about
OFFERS = (
    "今晚{m}点开团，{thing}{n}元一份，限量{m}0份，要的接龙",
    "{thing}到货了，群内价{n}，需要的私信我留货",
    "家人们，{thing}特价{n}，{gift}，先到先得",
    "老客户福利来啦，{thing}买二送一，{gift}，加我下单",
    "明早截单，{thing}{n}元包邮，想要的扫码付款",
    "新品{thing}上架，下单就{gift}，链接在群公告",
    "{thing}最后{m}箱，{n}一箱，拼团的联系我",
    "会员充{n}0送{m}0，{thing}也能用，{gift}",
    "限时秒杀，{thing}只要{n}，点小程序抢，{gift}",
    "代购的{thing}还剩{m}件，{n}出，要的加微信转账",
)
SLOTS = {
    "thing": (
        "红富士苹果",
        "土鸡蛋",
        "草莓蛋糕",
        "羽绒服",
        "面膜",
        "车厘子",
        "儿童绘本",
        "跑鞋",
        "坚果礼盒",
        "纯棉四件套",
        "护手霜",
        "牛腱子",
    ),
    "gift": ("送小礼品", "立减五块", "免费送货上门", "送优惠券", "返现三元", "当天发货"),
}
TAUGHT = 20


@dataclass(frozen=True, slots=True)
class World:
    """Texts nobody learnt from, how far the head has them above its threshold, and what is true of them."""

    verdict: str
    texts: Sequence[str]
    above: Floats
    truth: Flags


Judge = Callable[[Sequence[str]], Floats]


def ads(data: Path) -> tuple[World, Judge]:
    """A third of the messages of Chinese groups, near-equal ones together, by a head that learnt the others."""
    recipe = ad_zh(data)
    learns = [*recipe.asked, *recipe.always]
    return _world("ad_zh", recipe, learns, folds_of(learns, 3) == 0, only="telegram_zh")


def abuse(data: Path) -> tuple[World, Judge]:
    """Comments of the part for development, by a head that learnt the part to learn from."""
    texts = [*cold(data, 0), *cold(data, 1)]
    held = np.arange(len(texts)) >= len(cold(data, 0))
    return _world("abuse_zh", Recipe("abuse_zh", texts, strength=1.0), texts, held, only="cold")


WORLDS: dict[str, Callable[[Path], tuple[World, Judge]]] = {"ads": ads, "abuse": abuse}


def _world(name: str, recipe: Recipe, texts: Sequence[Text], held: Flags, only: str) -> tuple[World, Judge]:
    lesson = lesson_of(texts)
    head = fit(lesson.only(np.flatnonzero(~held)), recipe.strength)
    meant = [n for n in np.flatnonzero(held).tolist() if texts[n].source.startswith(only)]
    random.Random(SEED).shuffle(meant)
    part = [texts[n] for n in meant]
    world = World(
        name.split("_")[0],
        [text.text for text in part],
        above_threshold(name, head.scores(lesson.runs[meant])),
        np.array([text.is_true for text in part], dtype=bool),
    )
    return world, lambda asked: above_threshold(name, head.scores(runs_of(asked)))


def halves(world: World) -> tuple[World, World]:
    """What is corrected, and what is measured."""
    middle = len(world.texts) // 2
    return _some(world, range(middle)), _some(world, range(middle, len(world.texts)))


def _some(world: World, numbers: Sequence[int]) -> World:
    which = np.array(numbers, dtype=np.int64)
    return World(world.verdict, [world.texts[n] for n in which], world.above[which], world.truth[which])


def taught(world: World, reviewer: str, many: int, wrong: float, chance: random.Random) -> list[Lesson]:
    """What one reviewer says of doubtful texts, being wrong that often; of others too, if there are not so many."""
    doubtful = np.abs(world.above) < DOUBTFUL
    asked = chance.sample(range(len(doubtful)), len(doubtful))
    asked = sorted(asked, key=lambda n: not doubtful[n])[:many]
    return [
        Lesson(
            id=f"{reviewer}-{n}",
            text=world.texts[n],
            verdict=world.verdict,
            is_so=bool(world.truth[n]) != (chance.random() < wrong),
            reviewer=reviewer,
            at=START + timedelta(minutes=n),
        )
        for n in asked
    ]


def shifts_of(learnt: Learnt, world: World) -> Floats:
    """How far each text is moved, in log-odds."""
    moved = [learnt.why(text).get(world.verdict) for text in world.texts]
    return np.array([move.shift if move else 0.0 for move in moved])


def told(world: World, shifts: Floats) -> dict[str, object]:
    """F1 and false alarms before and after, and how many verdicts of texts that are not doubtful became others."""
    clear = np.abs(world.above) >= DOUBTFUL
    return {
        "before": _figures(world.above, world.truth),
        "after": _figures(world.above + shifts, world.truth),
        "clear ones turned": int(((world.above >= 0) != (world.above + shifts >= 0))[clear].sum()),
    }


def _figures(above: Floats, truth: Flags) -> dict[str, float]:
    said = above >= 0
    hits, false = int((said & truth).sum()), int((said & ~truth).sum())
    return {
        "f1": round(2 * hits / max(1, hits + false + int(truth.sum())), 4),
        "recall": round(hits / max(1, int(truth.sum())), 4),
        "false_alarms": round(false / max(1, int((~truth).sum())), 4),
    }


def reviewers(world: World) -> Iterator[tuple[str, dict[str, object]]]:
    """Five reviewers of a hundred lessons, wrong never, in a tenth and in three tenths; then with and without an angry one."""
    corrected, measured = halves(world)
    for name, wrong, many, angry in (
        ("five, never wrong", 0.0, 5, 0),
        ("five, wrong in 10 %", 0.1, 5, 0),
        ("five, wrong in 30 %", 0.3, 5, 0),
        ("one, wrong in 10 %", 0.1, 1, 0),
        ("five, wrong in 10 %, and one who says the opposite 500 times", 0.1, 5, 500),
        ("nobody but one who says the opposite 500 times", 0.1, 0, 500),
    ):
        chance = random.Random(SEED)
        lessons = [one for r in range(many) for one in taught(corrected, f"r{r}", 100, wrong, chance)]
        lessons += taught(corrected, "angry", angry, 1.0, chance)
        learnt = learn(lessons)
        shares = {"shares": [*np.round(learnt.shares, 2).tolist(), learnt.wholes[world.verdict]]}
        yield name, {"lessons": len(lessons), **told(measured, shifts_of(learnt, measured)), **shares}


def own_kind(world: World, judge: Judge) -> Iterator[tuple[str, dict[str, object]]]:
    """A shop's own group: twenty dismissals by so many reviewers of what is called an ad there, then 200 unseen messages.

    «other wording» are sentences of which none was among the lessons.
    """
    chance = random.Random(SEED)
    offers = list(dict.fromkeys(_offer(n, chance) for _ in range(400) for n in range(len(OFFERS))))
    above = judge([text for text, _ in offers])
    called = [n for n in range(len(offers)) if above[n] >= 0]
    known, new = ([n for n in called if (offers[n][1] % 2 == 0) == is_known] for is_known in (True, False))
    ads = _some(world, np.flatnonzero(world.truth & (world.above >= 0)).tolist())
    ordinary = _some(world, np.flatnonzero(~world.truth).tolist())
    for many in (1, 2, 3, 5):
        lessons = [
            Lesson(str(n), offers[n][0], world.verdict, is_so=False, reviewer=f"r{place % many}", at=START)
            for place, n in enumerate(known[:TAUGHT])
        ]
        learnt = learn(lessons)
        row: dict[str, object] = {"called ads": f"{len(called)} of {len(offers)}"}
        for name, numbers in (("same wording", known[TAUGHT:][:200]), ("other wording", new[:200])):
            unseen = World(world.verdict, [offers[n][0] for n in numbers], above[numbers], np.zeros(len(numbers), bool))
            row[name] = f"{_changed(unseen, learnt)} of {len(numbers)} freed"
        row["ads lost"] = f"{_changed(ads, learnt)} of {len(ads.texts)}"
        row["ordinary changed"] = f"{_changed(ordinary, learnt)} of {len(ordinary.texts)}"
        yield f"a shop's own group, {many} reviewers", row


def _offer(sentence: int, chance: random.Random) -> tuple[str, int]:
    """A message of a shop to its own customers, and which sentence it is."""
    parts = {name: chance.choice(words) for name, words in SLOTS.items()}
    return OFFERS[sentence].format(**parts, n=chance.randrange(2, 90), m=chance.randrange(1, 10)), sentence


def _changed(world: World, learnt: Learnt) -> int:
    return int(((world.above >= 0) != (world.above + shifts_of(learnt, world) >= 0)).sum())


def near_equal(world: World, guard: Guard) -> Iterator[tuple[str, dict[str, object]]]:
    """Three reviewers dismiss three rewordings of a doubtful text, 100 times anew; then it comes in yet another wording."""
    chance = random.Random(SEED)
    doubtful = [n for n, above in enumerate(world.above) if 0 <= above < DOUBTFUL and len(world.texts[n]) >= 12][:100]
    for strength in (1, 2, 3):
        freed = 0
        for n in doubtful:
            text = world.texts[n]
            lessons = [
                Lesson(str(r), reword(text, strength, chance), world.verdict, is_so=False, reviewer=str(r), at=START)
                for r in range(3)
            ]
            move = learn(lessons, guard).why(reword(text, strength, chance)).get(world.verdict)
            freed += int(world.above[n] + (move.shift if move else 0.0) < 0)
        yield (
            f"reworded, strength {strength}",
            {"texts": len(doubtful), "freed": freed, "interval": interval(freed, len(doubtful))},
        )


def speed(world: World) -> dict[str, float]:
    """Microseconds of processor time to adjust a text after 1,000 lessons, and milliseconds to learn them."""
    chance = random.Random(SEED)
    lessons = [one for r in range(10) for one in taught(world, f"r{r}", 100, 0.0, chance)]
    begin = process_time()
    learnt = learn(lessons)
    learning = process_time() - begin
    dressed = [dress(text) for text in world.texts[:2000]]
    begin = process_time()
    for each in dressed:
        learnt.adjust(each, {world.verdict: 0.5})
    return {"adjust_us": round((process_time() - begin) / len(dressed) * 1e6, 1), "learn_ms": round(learning * 1e3)}


def main() -> None:
    """Prints a row per trial."""
    parser = argparse.ArgumentParser(prog="python -m training.learning", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public sets")
    parser.add_argument("--only", nargs="*", choices=sorted(WORLDS), help="these worlds alone")
    asked = parser.parse_args()
    for name in asked.only or WORLDS:
        world, judge = WORLDS[name](asked.data)
        rows: list[tuple[str, Mapping[str, object]]] = [
            *reviewers(world),
            *near_equal(world, shipped_guard()),
            ("speed", speed(world)),
        ]
        rows += [*own_kind(world, judge)] if name == "ads" else []
        for trial, found in rows:
            sys.stdout.write(json.dumps({"world": name, "trial": trial, **found}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
