"""What each head learns from, what it is measured on, and what must not disturb it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from qunying.judgement.texts import reads_chinese
from training.texts import sets
from training.texts.disguise import disguised
from training.texts.sets import Text

SEED = 20240306
OF_ADS_ZH, OF_ADS_EN = 0.003, 0.01  # false alarms allowed on ordinary talk
RARE_ELSEWHERE = ("introduction", "checkin", "intent", "abuse")
OURS_ALONE = ("complaint", "need", "intent", "introduction", "checkin")
_MARKS = re.compile(r"[?？\s]+$")
_ASKING = re.compile("[?？]|怎么|什么|吗")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One head.

    ``asked`` are measured while held out (all at once where ``parts`` is 1), ``always`` are learnt by every machine, ``ordinary``
    by none, or only by the one that is shipped if ``learns_ordinary``; ``elsewhere`` by none. ``budget`` is the mean share of the
    sets of ``ordinary`` that may be called so (and of what is false of ``asked`` if it ``counts_own``); without one the threshold
    has the best F1 on the sources ``measured``. ``left_out`` are sources measured once more by machines that never saw any of
    them.
    """

    name: str
    asked: Sequence[Text]
    always: Sequence[Text] = ()
    ordinary: Mapping[str, Sequence[Text]] = field(default_factory=dict)
    parts: int = 5
    strength: float = 4.0
    budget: float | None = None
    measured: tuple[str, ...] = ()
    elsewhere: Mapping[str, Sequence[Text]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    is_disguised: bool = False
    counts_own: bool = False
    learns_ordinary: bool = False


def recipes(data: Path) -> dict[str, Callable[[], Recipe]]:
    """All heads by name; each is made when it is asked for."""
    made: dict[str, Callable[[], Recipe]] = {
        "ad_zh": partial(ad_zh, data),
        "ad_en": partial(ad_en, data),
        "abuse_zh": partial(abuse_zh, data),
        "abuse_en": partial(from_ours, "abuse", data, is_chinese=False),
        "question_zh": partial(question_zh, data),
        "question_en": partial(question_en, data),
    }
    for verdict in OURS_ALONE:
        made[f"{verdict}_zh"] = partial(from_ours, verdict, data, is_chinese=True)
        made[f"{verdict}_en"] = partial(from_ours, verdict, data, is_chinese=False)
    return made


def ad_zh(data: Path) -> Recipe:
    """Ads of Chinese groups, against other members, comments and a forum; half the forum and of the themes stay unseen."""
    talk = ordinary_zh(data)
    ours = sets.ours("ad", is_chinese=True)
    return Recipe(
        "ad_zh",
        asked=[text for text in sets.telegram_zh(data) if reads_chinese(text.text)],
        always=[*_false(sets.cold(data, 0)), *talk["forum, learnt"], *_of(ours, "ours_train")],
        ordinary={**{name: talk[name] for name in ("comments", "forum")}, "ours": _plain(ours, "ad", "contact")},
        elsewhere={"ours": _of(ours, "ours_test")},
        budget=OF_ADS_ZH,
        learns_ordinary=True,
    )


def ordinary_zh(data: Path) -> dict[str, list[Text]]:
    """Chinese talk without ads that no machine but the last learns, and the half of the forum that all do."""
    forum = _false(sets.forum(data))
    return {
        "comments": _false(sets.cold(data, 1)),
        "forum": [text for text in forum if int(text.group) % 4 < 2],
        "forum, learnt": [text for text in forum if int(text.group) % 4 >= 2],
    }


def ad_en(data: Path) -> Recipe:
    """Ads of English groups, against rooms of programmers, which count less, and our themes."""
    ours = sets.ours("ad", is_chinese=False)
    rooms = sets.rooms(data)
    return Recipe(
        "ad_en",
        asked=sets.telegram_en(data),
        always=[*_weighing(0.3, (text for text in rooms if text.group in sets.ROOMS[:2])), *_of(ours, "ours_train")],
        ordinary={
            "rooms": [text for text in rooms if text.group not in sets.ROOMS[:2]],
            "ours": _plain(ours, "ad", "contact"),
            "bank": _false(sets.banking(data))[:2000],
        },
        elsewhere={"ours": _of(ours, "ours_test"), "sms": sets.sms_en(data)},
        budget=OF_ADS_EN,
        counts_own=True,
    )


def abuse_zh(data: Path) -> Recipe:
    """Comments and our lines; every comment learnt also stands there disguised."""
    ours = sets.ours("abuse", is_chinese=True, weight=3.0)
    learnt = [*sets.cold(data, 0), *_of(ours, "ours_train")]
    chance = random.Random(SEED)
    return Recipe(
        "abuse_zh",
        asked=[*sets.cold(data, 1), *_of(ours, "ours_test")],
        always=[*learnt, *(replace(text, text=disguised(text.text, chance)) for text in learnt)],
        ordinary={"forum": _false(sets.forum(data))},
        parts=1,
        strength=1.0,
        measured=("cold_race", "cold_region", "cold_gender"),
        left_out=("cold_race", "cold_region", "cold_gender"),
        is_disguised=True,
    )


def question_zh(data: Path) -> Recipe:
    """Our lines, and what begins threads of a forum; each with its question mark and without, measured without."""
    forum = [text for text in sets.forum(data) if text.is_true or not _ASKING.search(text.text)]
    return Recipe(
        "question_zh",
        asked=[*_both(sets.ours("question", is_chinese=True)), *_weighing(0.2, _both(forum))],
        measured=("ours_train", "ours_test"),
        left_out=("forum",),
    )


def question_en(data: Path) -> Recipe:
    """Our lines; each with its question mark and without, measured without."""
    asked = _both(sets.ours("question", is_chinese=False))
    return Recipe(
        "question_en", asked=asked, ordinary={"rooms": sets.rooms(data)}, measured=("ours_train", "ours_test")
    )


def from_ours(verdict: str, data: Path, *, is_chinese: bool) -> Recipe:
    """Our lines; where it is rare elsewhere, half of other talk stands against it, which is read for that by nobody."""
    if is_chinese:
        talk = [text for text in sets.telegram_zh(data) if not text.is_true and reads_chinese(text.text)]
    else:
        talk = sets.rooms(data)
    against = _weighing(0.1, _false(talk[::2])) if verdict in RARE_ELSEWHERE else []
    name = f"{verdict}_{'zh' if is_chinese else 'en'}"
    return Recipe(name, asked=sets.ours(verdict, is_chinese=is_chinese), always=against, ordinary={"talk": talk[1::2]})


def _false(texts: Iterable[Text]) -> list[Text]:
    return [replace(text, is_true=False) for text in texts]


def _weighing(weight: float, texts: Iterable[Text]) -> list[Text]:
    return [replace(text, weight=weight) for text in texts]


def _of(texts: Iterable[Text], source: str) -> list[Text]:
    return [text for text in texts if text.source == source]


def _plain(texts: Sequence[Text], *verdicts: str) -> list[Text]:
    """Those lines of the test themes of which none of the verdicts is true."""
    is_chinese = reads_chinese(texts[0].text)
    loud = {line.text for line in sets.lines_of(is_chinese=is_chinese) if line.verdicts & set(verdicts)}
    return [text for text in _of(texts, "ours_test") if text.text not in loud]


def _both(texts: Iterable[Text]) -> list[Text]:
    """The texts without the question marks at their ends, and those that had one also as they were."""
    found = []
    for text in texts:
        bare = _MARKS.sub("", text.text) or text.text
        found.append(replace(text, text=bare))
        if bare != text.text:
            found.append(replace(text, source=f"{text.source}, marked"))
    return found
