"""The texts to learn from: public sets, and the lines that we wrote and labelled."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qunying.judgement.families import Families
from qunying.judgement.folding import fold, tighten
from qunying.judgement.texts import reads_chinese
from training.answer_worlds import LABELLED as BANK
from training.answer_worlds import read_labelled
from training.labelled.lines import TALK, TITLES, Line, key_of, read_lines, read_rows, read_talk

TELEGRAM_ZH = "telegram_spam_zh/train.tsv"
TELEGRAM_EN = ("telegram_spam_en/spam-samples.txt", "telegram_spam_en/ham-samples.txt")
SMS_EN = "sms_spam_en/SMSSpamCollection.tsv"
COLD = ("cold_offensive_zh/train.csv", "cold_offensive_zh/dev.csv")
FORUM = ("egret_forum_qa_zh/egret_wenda_lines.txt", "egret_forum_qa_zh/egret_wenda_conversations.txt")
BANKING = "banking77_en/train.csv"
ROOMS = ("Appium", "angular", "docker", "ethereum")
OURS = ("labelled/zh_groups.tsv", "labelled/en_groups.tsv", *(f"labelled/{one.name}" for one in (TALK, TITLES, BANK)))
PUBLIC = (TELEGRAM_ZH, *TELEGRAM_EN, SMS_EN, *COLD, *FORUM, BANKING, "gitter_livechat/manual")

_SEPARATOR = " +++$+++ "
_SAID = re.compile(r"^(?:\d+ )?\[[^\]]*\] <[^>]+> ?(.*)$")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of which it is known whether something is true of it.

    ``group`` names what must not stand on both sides when one part is learnt from and the other measured.
    """

    text: str
    is_true: bool
    source: str
    group: str
    weight: float = 1.0


def telegram_zh(data: Path) -> list[Text]:
    """Chinese group messages, true of ads; near-equal ones are one group."""
    with (data / TELEGRAM_ZH).open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 1][1:]
    return near_together([Text(row[1], row[0] == "1", "telegram_zh", "") for row in rows])


def talk_zh(data: Path) -> list[Text]:
    """The Chinese group messages that are no ads."""
    return [text for text in telegram_zh(data) if not text.is_true and reads_chinese(text.text)]


def not_so(talk: Sequence[Text], verdict: str) -> list[Text]:
    """The messages of which nobody who read them said that the verdict is or may be true."""
    so = read_talk()
    return [text for text in talk if verdict not in so.get(key_of(text.text), ())]


def telegram_en(data: Path) -> list[Text]:
    """English group messages, true of ads."""
    found = [
        Text(line, name == TELEGRAM_EN[0], "telegram_en", "")
        for name in TELEGRAM_EN
        for line in (data / name).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return near_together(found)


def sms_en(data: Path) -> list[Text]:
    """Private English messages, true of ads."""
    lines = (data / SMS_EN).read_text(encoding="utf-8").splitlines()
    return [
        Text(text, kind == "spam", "sms_en", text) for kind, _, text in (line.partition("\t") for line in lines) if text
    ]


def cold(data: Path, part: int) -> list[Text]:
    """Chinese comments on region, race and gender, true of abuse; part 0 to learn from, part 1 to measure on."""
    with (data / COLD[part]).open(encoding="utf-8-sig", newline="") as lines:
        return [
            Text(row["TEXT"], row["label"] == "1", f"cold_{row['topic']}", row["TEXT"]) for row in csv.DictReader(lines)
        ]


def forum(data: Path) -> list[Text]:
    """A Chinese forum of programmers, true of what begins a thread; a thread is a group."""
    lines = {}
    for row in (data / FORUM[0]).read_text(encoding="utf-8").splitlines():
        number, _, rest = row.partition(_SEPARATOR)
        lines[number] = rest.partition(_SEPARATOR)[2]
    found = []
    for row in (data / FORUM[1]).read_text(encoding="utf-8").splitlines():
        asked, answer = re.findall(r"\d+", row.split(_SEPARATOR)[-1])[:2]
        found += [Text(lines[one], one == asked, "forum", asked) for one in (asked, answer) if lines.get(one)]
    return found


def banking(data: Path) -> list[Text]:
    """Questions of customers of a bank, in English; true of each."""
    with (data / BANKING).open(encoding="utf-8", newline="") as lines:
        return [Text(row["text"], is_true=True, source="banking", group=row["text"]) for row in csv.DictReader(lines)]


def rooms(data: Path) -> list[Text]:
    """Lines of English rooms of programmers: nothing is known of them but that they are ordinary."""
    found = []
    for room in ROOMS:
        for row in (data / "gitter_livechat" / "manual" / f"{room}.txt").read_text(encoding="utf-8").splitlines():
            said = _SAID.match(row)
            if said and said[1].strip():
                found.append(Text(said[1], is_true=False, source="rooms", group=room))
    return found


def ours(verdict: str, *, is_chinese: bool, weight: float = 1.0) -> list[Text]:
    """Our labelled lines of one script; a theme is a group."""
    return [
        Text(line.text, verdict in line.verdicts, f"ours_{line.split}", f"theme {line.theme}", weight)
        for line in lines_of(is_chinese=is_chinese)
    ]


def titles_zh() -> list[Text]:
    """Our lines in the form of titles and of what is answered to them, true of questions; a theme is a group."""
    return [
        Text(row["text"], row["question"] == "1", "titles", f"titles of {row['theme']}") for row in read_rows(TITLES)
    ]


def bank_zh() -> list[Text]:
    """Our questions to a bank in all their wordings, true, and the answers, which are none; a theme is a group."""
    entries, _ = read_labelled()
    return [
        Text(text, is_true, "bank", f"bank of {entry.theme}")
        for entry in entries
        for text, is_true in (*((way, True) for way in entry.ways + entry.far), (entry.answer, False))
    ]


def lines_of(*, is_chinese: bool) -> list[Line]:
    """Our labelled lines that the Chinese heads read, or the others."""
    return [line for line in read_lines() if reads_chinese(line.text) == is_chinese]


def near_together(texts: Sequence[Text]) -> list[Text]:
    """The same texts, near-equal ones in one group, and of equal ones with one truth only the first."""
    families = Families(most_single=len(texts) + 1)
    once: dict[tuple[str, bool], Text] = {}
    for text in texts:
        once.setdefault((tighten(fold(text.text)).text or text.text, text.is_true), text)
    return list(_grouped(once, families))


def _grouped(once: dict[tuple[str, bool], Text], families: Families) -> Iterator[Text]:
    for (tight, _), text in once.items():
        family = families.place(tight, text.text, 1.0)
        yield replace(text, group=family.id if family is not None else tight)
