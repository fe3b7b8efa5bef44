"""How well families hold together: ads reworded at five strengths are placed among ordinary messages.

    python -m training.families [--data DIR] [--ads 2000] [--ordinary 9000]

Nothing is trained here and nothing is written. Home: ``telegram_spam_zh``; away: ordinary sentences of ``cold_offensive_zh``
and English ones of ``sms_spam_en``. The rewordings are made anew from a fixed seed and never kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapidfuzz.fuzz import partial_ratio, ratio

from qunying.judgement.families import Families
from qunying.judgement.families.place import says_enough
from qunying.judgement.folding import folded
from qunying.judgement.sounds import sound

SEED = 20240305
_COPY = 60.0  # of 100: the edit likeness from which two messages are one sent twice
_EMOJI = "🌸🔥💰❤✨👉🎁🎉☀💎🍀📣"
_FILLERS = "的了啊呢吧哦呀嘛哈就都也还很最好新大家亲们快来看这里真"
_SMALL_TALK = ("大家好，", "亲们，", "家人们看过来，", "刚刚得到消息：", "不好意思打扰一下，", "各位群友，", "", "")
_WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
# (homophones, deleted, inserted, clauses turned, words before and after): parts of all characters
STRENGTHS = (
    (0.0, 0.0, 0.05, False, False),
    (0.15, 0.0, 0.08, False, False),
    (0.15, 0.03, 0.1, True, True),
    (0.3, 0.08, 0.12, True, True),
    (0.4, 0.15, 0.2, True, True),
)


def _by_sound() -> dict[str, list[str]]:
    """The common characters (first level of GB 2312) by their sound."""
    table: dict[str, list[str]] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            letter = bytes((high, low)).decode("gb2312", "ignore")
            if letter:
                table.setdefault(sound(letter), []).append(letter)
    return table


_HOMOPHONES = _by_sound()


def reword(text: str, strength: int, chance: random.Random) -> str:
    """The text as a spammer would send it again; ``strength`` 1 to 5."""
    homophones, deleted, inserted, turns, wraps = STRENGTHS[strength - 1]
    clauses = _clauses(text)
    if turns:
        chance.shuffle(clauses)
    letters: list[str] = []
    for letter in "，".join(clauses):
        if "\u4e00" <= letter <= "\u9fff" and chance.random() < deleted:
            continue
        letters.append(_changed(letter, homophones, chance))
        if chance.random() < inserted:
            letters.append(chance.choice(_EMOJI if strength < 3 or chance.random() < 0.5 else _FILLERS))
    wrapped = "".join(letters)
    return f"{chance.choice(_SMALL_TALK)}{wrapped}{chance.choice(_EMOJI)}" if wraps else wrapped


def _clauses(text: str) -> list[str]:
    for sign in "，,。！!；;、 \n~":
        text = text.replace(sign, "\t")
    return [clause for clause in text.split("\t") if clause]


def _changed(letter: str, homophones: float, chance: random.Random) -> str:
    if letter.isdigit():
        return str(chance.randrange(10))  # another contact
    if letter in _WIDE and chance.random() < homophones:
        return _WIDE[letter]
    if chance.random() < homophones:
        return chance.choice(_HOMOPHONES.get(sound(letter), [letter]))
    return letter


def telegram(data: Path, target: str) -> list[str]:
    """Messages of one kind in the home set, in its order, each once."""
    with (data / "telegram_spam_zh" / "train.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return list(dict.fromkeys(row[1] for row in rows if row[0] == target and len(row) > 1))


def adverts(data: Path) -> list[str]:
    """The ads that say enough to have a family, in an order of chance."""
    ads = [text for text in telegram(data, "1") if says_enough(text)]
    random.Random(SEED).shuffle(ads)
    return ads


def measure(ads: Sequence[str], ordinary: Sequence[str]) -> Iterator[dict[str, object]]:
    """One row a strength: how many reworded ads are placed with the ad they were made from, how many with another."""
    for strength in range(1, 6):
        chance = random.Random(SEED + strength)
        families = Families()
        origins = [_family_of(families, f"ad{number}", text) for number, text in enumerate(ads)]
        for number, text in enumerate(ordinary):
            families.place(f"talk{number}", text, 1.0)
        found = [_family_of(families, f"again{n}", reword(text, strength, chance)) for n, text in enumerate(ads)]
        right = sum(one == other for one, other in zip(found, origins, strict=True))
        wrong = sum(name.startswith("talk") for name in found)
        quiet = sum(name.startswith("again") for name in found)
        yield {
            "strength": strength,
            "ads": len(ads),
            "recall": round(right / len(ads), 3),
            "interval": interval(right, len(ads)),
            "with_talk": wrong,
            "alone": quiet,
        }


def _family_of(families: Families, key: str, text: str) -> str:
    """The family that a text is placed in; its own key where it begins one."""
    family = families.place(key, text, 2.0)
    return family.id if family is not None else key


def false_joins(name: str, texts: Sequence[str]) -> dict[str, object]:
    """Ordinary messages, all different, joined to another; ``false`` are those that are no copies by edit distance either.

    Much of «joined» is right: bots greet, members send templates and send again what they had misspelt.
    """
    families = Families(most_single=len(texts))
    start = time.process_time()
    found = [_family_of(families, str(number), text) for number, text in enumerate(texts)]
    spent = (time.process_time() - start) / max(1, len(texts)) * 1e6
    joined = [
        (texts[int(origin)], text)
        for number, (origin, text) in enumerate(zip(found, texts, strict=True))
        if origin != str(number)
    ]
    false = sum(not _are_copies(*pair) for pair in joined)
    able = sum(says_enough(text) for text in texts)
    low, high = interval(false, len(texts))
    return {
        "ordinary": name,
        "texts": len(texts),
        "long_enough": able,
        "joined": len(joined),
        "false": false,
        "false_share": round(false / len(texts), 5),
        "interval": [low, high],
        "microseconds": round(spent, 1),
    }


def _are_copies(one: str, other: str) -> bool:
    one, other = folded(one), folded(other)
    return max(ratio(one, other), partial_ratio(one, other) - 10) >= _COPY


def interval(some: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z, share = 1.96, some / of
    middle, half = share + z * z / (2 * of), z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return round((middle - half) / (1 + z * z / of), 5), round((middle + half) / (1 + z * z / of), 5)


def chinese_sentences(data: Path) -> list[str]:
    """Sentences of the abuse set, rude or not: long, on few topics, none an ad."""
    with (data / "cold_offensive_zh" / "dev.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(dict.fromkeys(row["TEXT"] for row in csv.DictReader(lines)))


def english_messages(data: Path) -> list[str]:
    """Private English messages that are no spam."""
    lines = (data / "sms_spam_en" / "SMSSpamCollection.tsv").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line[4:] for line in lines if line.startswith("ham\t")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("QUNYING_DATA", "../shared/data")))
    parser.add_argument("--ads", type=int, default=2_000)
    parser.add_argument("--ordinary", type=int, default=9_000)
    asked = parser.parse_args(arguments)
    ordinary = telegram(asked.data, "0")[: asked.ordinary]
    ads = adverts(asked.data)
    for row in measure(ads[: asked.ads], ordinary[:3000]):
        _tell(row)
    _tell(false_joins("home: telegram_spam_zh", ordinary))
    _tell(false_joins("away: cold_offensive_zh", chinese_sentences(asked.data)))
    _tell(false_joins("away: sms_spam_en", english_messages(asked.data)))
    return 0


def _tell(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    sys.exit(main())
