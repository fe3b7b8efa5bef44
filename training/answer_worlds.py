"""Banks to practise on, made from labelled questions: some entries are left out, so that what asks for them has no answer.

A world is one bank with questions to it. Which entries are left out, how many variants are in the bank and which chatter is mixed in
is drawn with a fixed seed.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qunying.judgement.answers import BankRow

SHOPS = ("curekart", "powerplay11", "sofmattress")
LABELLED = Path(__file__).parent / "labelled" / "answers_zh.tsv"
OTHER = LABELLED.with_name("answers_other_zh.tsv")  # measured, never learnt
_OUTSIDE = "NO_NODES_DETECTED"


@dataclass(frozen=True)
class Entry:
    """What is asked in several ways. In our set the first way is the one that stands in a bank, ``far`` ways share few words with it."""

    name: str
    ways: tuple[str, ...]
    far: tuple[str, ...] = ()
    answer: str = ""
    theme: str = ""


@dataclass(frozen=True)
class World:
    """A bank, and texts with the entry that answers them (None: nothing does). ``domain`` says where the texts are from."""

    domain: str
    rows: tuple[BankRow, ...]
    asked: tuple[tuple[str, str | None], ...]
    themes: frozenset[str] = field(default_factory=frozenset)


def read_shop(data: Path, shop: str) -> list[Entry]:
    """The intents of one shop of HINT3."""
    return _grouped(data / "hint3_en" / f"v1_train_{shop}_train.csv", "sentence", "label")


def read_banking(data: Path) -> list[Entry]:
    """The intents of Banking77."""
    return _grouped(data / "banking77_en" / "train.csv", "text", "category")


def _grouped(path: Path, text: str, label: str) -> list[Entry]:
    ways: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row[label] != _OUTSIDE and row[text].strip():
                ways[row[label]].append(row[text])
    return [Entry(name, tuple(dict.fromkeys(texts))) for name, texts in ways.items()]


def read_labelled(path: Path = LABELLED) -> tuple[list[Entry], list[str]]:
    """Our Chinese entries, and lines that none of them answers."""
    entries: list[Entry] = []
    outside: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        theme, name, answer, question, near, far = line.split("\t")
        if theme == "outside":
            outside += far.split("|")
        else:
            entries.append(Entry(name, (question, *near.split("|")), tuple(far.split("|")), answer, theme))
    return entries, outside


def read_forum(data: Path) -> list[Entry]:
    """Questions of the Egret forum, each with its answer; only those of four letters or more."""
    said: list[str] = []
    for line in (data / "egret_forum_qa_zh" / "egret_wenda_lines.txt").read_text("utf-8").splitlines():
        parts = line.split(" +++$+++ ")
        said.append(parts[2].strip() if len(parts) > 2 else "")
    pairs = dict(zip(said[::2], said[1::2], strict=False))
    return [
        Entry(f"f{number}", (asked,), (), answer)
        for number, (asked, answer) in enumerate(pairs.items())
        if len(asked) >= 4
    ]


def read_chatter(data: Path) -> dict[str, list[str]]:
    """Ordinary talk that asks no bank anything, by language."""
    chinese = (data / "telegram_spam_zh" / "train.tsv").read_text("utf-8").splitlines()[1:]
    english = (data / "sms_spam_en" / "SMSSpamCollection.tsv").read_text("utf-8").splitlines()
    return {
        "zh": [line[2:] for line in chinese if line.startswith("0\t")],
        "en": [line[4:] for line in english if line.startswith("ham\t")],
    }


def shop_worlds(data: Path, shop: str, chatter: Sequence[str], rng: random.Random, times: int = 4) -> Iterator[World]:
    """Banks of one shop: four fifths of the ways, a quarter of the entries left out; the rest, other shops' and chatter asked."""
    entries = read_shop(data, shop)
    foreign = [way for other in SHOPS if other != shop for entry in read_shop(data, other) for way in entry.ways]
    for time in range(times):
        kept = 0.8 if time % 2 == 0 else 0.5
        yield _many_ways(shop, entries, kept, 0.25, [*rng.sample(foreign, 40), *rng.sample(list(chatter), 60)], rng)


def banking_worlds(data: Path, chatter: Sequence[str], rng: random.Random, times: int = 8) -> Iterator[World]:
    """Banks of some of the 77 entries, with one to sixty variants each."""
    entries = read_banking(data)
    for time in range(times):
        some = rng.sample(entries, rng.choice((20, 40, 77)))
        most = (1, 2, 4, 8, 15, 30, 60, 100)[time % 8]
        short = [Entry(one.name, tuple(rng.sample(one.ways, min(len(one.ways), most + 6)))) for one in some]
        yield _many_ways("banking", short, most / (most + 6), 0.3, rng.sample(list(chatter), 40), rng)


def _many_ways(
    domain: str, entries: Sequence[Entry], kept: float, left_out: float, strange: Sequence[str], rng: random.Random
) -> World:
    rows: list[BankRow] = []
    asked: list[tuple[str, str | None]] = [(text, None) for text in strange]
    for entry in entries:
        ways = list(entry.ways)
        rng.shuffle(ways)
        cut = max(1, round(len(ways) * kept))
        if rng.random() < left_out:
            asked += [(way, None) for way in ways[: max(3, len(ways) // 2)]]
        else:
            rows += [BankRow(entry.name, way, entry.answer) for way in ways[:cut]]
            asked += [(way, entry.name) for way in ways[cut:]]
    return World(domain, tuple(rows), tuple(asked))


def course_worlds(
    entries: Sequence[Entry], outside: Sequence[str], chatter: Sequence[str], rng: random.Random, times: int = 16
) -> Iterator[World]:
    """Banks of our Chinese entries: mostly one question each, now and then two or three; a third of the far ways is asked."""
    for time in range(times):
        known = 1 if time % 4 < 2 else time % 4
        left_out = 0.0 if time % 4 == 0 else 0.3
        rows: list[BankRow] = []
        asked: list[tuple[str, str | None]] = [(text, None) for text in [*outside, *rng.sample(list(chatter), 80)]]
        for entry in entries:
            ways = [*entry.ways, *rng.sample(entry.far, max(1, len(entry.far) // 3))]
            if known > 1:
                rng.shuffle(ways)
            if rng.random() < left_out:
                asked += [(way, None) for way in ways]
            else:
                rows += [BankRow(entry.name, way, entry.answer) for way in ways[:known]]
                asked += [(way, entry.name) for way in ways[known:]]
        yield World("course", tuple(rows), tuple(asked), frozenset(entry.theme for entry in entries))


def other_world() -> World:
    """One bank of shops, offices and services that nothing is learnt from: one question for each entry, all other ways asked."""
    entries, _ = read_labelled(OTHER)
    rows = tuple(BankRow(entry.name, entry.ways[0], entry.answer) for entry in entries)
    asked = tuple((way, entry.name) for entry in entries for way in (*entry.ways[1:], *entry.far))
    return World("other", rows, asked, frozenset(entry.theme for entry in entries))


def forum_worlds(
    entries: Sequence[Entry], chatter: Sequence[str], rng: random.Random, times: int = 4
) -> Iterator[World]:
    """Banks of forum questions, asked with words left out and moved, and with questions that were left out of the bank."""
    for time in range(times):
        some = rng.sample(list(entries), (60, 200, 500, 1000)[time % 4])
        inside, left = some[: len(some) * 2 // 3], some[len(some) * 2 // 3 :]
        rows = tuple(BankRow(one.name, one.ways[0], one.answer) for one in inside)
        asked: list[tuple[str, str | None]] = [(reworded(one.ways[0], rng), one.name) for one in rng.sample(inside, 40)]
        asked += [(one.ways[0], None) for one in rng.sample(left, 20)]
        asked += [(text, None) for text in rng.sample(list(chatter), 30)]
        yield World("forum", rows, tuple(asked))


_PART = re.compile(r"[a-z0-9_.]+|[\u3400-\u9fff]{1,2}|[^\sa-z0-9_.\u3400-\u9fff]", re.IGNORECASE)
_AROUND = ("请问{}", "{}呢", "大佬们{}", "{}，求解", "我想问{}", "{}啊", "{}", "{}怎么弄")


def reworded(text: str, rng: random.Random) -> str:
    """A rough stand-in for a paraphrase: two fifths of the text gone, two parts exchanged, something said around it."""
    parts = [part for part in _PART.findall(text) if rng.random() > 0.4] or [text]
    if len(parts) > 3:
        place = rng.randrange(1, len(parts) - 1)
        parts = [*parts[place:], *parts[:place]]
    return rng.choice(_AROUND).format("".join(parts))
