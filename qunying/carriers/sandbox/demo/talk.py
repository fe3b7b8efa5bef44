"""Conversations: somebody opens, others follow, some thank, staff answer; now and then nobody does."""

from __future__ import annotations

from bisect import bisect
from random import Random

from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.folk import Member
from qunying.carriers.sandbox.demo.patterns import Line, Pattern, Phrasebook, load_phrasebook, render
from qunying.carriers.sandbox.demo.sheet import LAST_SECOND, Payload, Sheet
from qunying.carriers.sandbox.demo.tempers import HOUR_WEIGHTS
from qunying.carriers.sandbox.demo.voices import say

TOPICS_OF = {
    "tea": ("tea", "daily"),
    "read": ("read", "daily"),
    "light": ("light", "daily"),
    "trial": ("trial", "daily"),
}
LEFT_OPEN = 0.1
LATE_HOUR = 23
OTHERS_OPEN = 0.8
MOST_FOLLOWERS = 12
FEW_WAYS, MANY_WAYS = 8, 40
MEAN_THREAD = 6.5
STICKERS = (
    "捂脸",
    "抱抱",
    "点赞",
    "撒花",
    "吃瓜",
    "笑哭",
    "比心",
    "鞠躬",
    "摸鱼",
    "喝茶",
    "打卡",
    "冲鸭",
    "裂开",
    "旺柴",
)
FILES = ("共品安排.pdf", "讲义.pdf", "书单.xlsx", "菜单.docx", "报名表.xlsx", "笔记.pdf")


def tell_talk(sheet: Sheet) -> None:
    """Holds conversations until every card of the deck has been played."""
    book = load_phrasebook()
    patterns = _patterns_of_the_day(sheet, book)
    cards = -1
    while sheet.deck and cards != len(sheet.deck):
        cards = len(sheet.deck)
        start = draw_second(sheet.rng, sheet.group.community)
        _hold(sheet, book, _next_fitting(patterns, start // 3600, sheet.day.weekday()), start)


def draw_second(rng: Random, community: str) -> int:
    """A second of the day at which people of this community like to talk."""
    weights = HOUR_WEIGHTS[community]
    return bisect(weights, rng.random() * weights[-1]) * 3600 + int(rng.random() * 3600)


def write_line(sheet: Sheet, line: Line, speaker: Member, second: int, words: str, **more: object) -> str:
    """Writes one message of any kind down and answers its ref."""
    payload: Payload = {"type": "message", "from": sheet.who(speaker, second), "kind": line.kind, "text": words}
    if line.kind not in ("text", "link"):
        payload["media"] = [{"kind": line.kind, "name": _media_name(sheet.rng, line.kind)}]
    payload.update(more)
    return sheet.write(second, payload)


def _patterns_of_the_day(sheet: Sheet, book: Phrasebook) -> list[Pattern]:
    """All patterns of the group's topics, those longest unused first: each turn of the wheel uses every one once."""
    pool = [pattern for topic in TOPICS_OF[sheet.group.community] for pattern in book.patterns[topic]]
    if sheet.is_exact:
        pool = [pattern for pattern in pool if not pattern.is_staffs]
    a_day = max(1, round(sheet.group.pace / MEAN_THREAD))
    days = max(1, len(pool) // a_day)
    turn, part = divmod(sheet.day.toordinal(), days)
    dice(sheet.world.seed, "wheel", sheet.group.ref, turn).shuffle(pool)
    start = part * len(pool) // days
    return pool[start:] + pool[:start]


def _next_fitting(patterns: list[Pattern], hour: int, weekday: int) -> Pattern:
    """The first pattern that fits the hour, or, in the small hours, a late evening; it goes to the end of the list."""
    for when in (hour, LATE_HOUR):
        for at, pattern in enumerate(patterns):
            if pattern.fits(when, weekday):
                del patterns[at]
                patterns.append(pattern)
                return pattern
    return patterns[0]


def _hold(sheet: Sheet, book: Phrasebook, pattern: Pattern, start: int) -> None:
    rng = sheet.rng
    opener = _opener(sheet, pattern)
    if opener is None:
        return
    bound = {"城": _city(sheet, rng), "开头": opener.person.name}
    line = pattern.openers[int(rng.random() * len(pattern.openers))]
    text = say(
        render(line.parts, rng.random, book.slots, bound), opener.person.voice, pattern.kind, rng.random, is_opener=True
    )
    first = write_line(sheet, line, opener, start, text)
    last, second = opener, start
    for reply in _replies(sheet, book, pattern):
        second += _pause(rng)
        if second > LAST_SECOND or not sheet.deck:
            break
        speaker = _speaker(sheet, reply, opener, last)
        if speaker is not None:
            _reply(sheet, book, pattern, reply, speaker, opener, second, first, bound)
            last = speaker


def _opener(sheet: Sheet, pattern: Pattern) -> Member | None:
    if not pattern.is_staffs:
        avoided = sheet.leaders if sheet.rng.random() < OTHERS_OPEN else ()
        return sheet.deal(*avoided) or sheet.deal()
    host = sheet.rng.choice(sheet.staff) if sheet.staff else None
    return host if host and sheet.take(host) else None


def _city(sheet: Sheet, rng: Random) -> str:
    return "杭州" if sheet.group.city == "全国" and rng.random() < 0.5 else sheet.group.city.replace("全国", "上海")


def _replies(sheet: Sheet, book: Phrasebook, pattern: Pattern) -> list[Line]:
    """The pattern's own lines in their order, some left out, with short reactions strewn in between."""
    rng = sheet.rng
    if rng.random() < LEFT_OPEN and not pattern.is_staffs:
        return []
    sayable = (line for line in pattern.lines if line.sigil != "*" or (sheet.staff and not sheet.is_exact))
    told = [line for line in sayable if rng.random() < _share_used(line)]
    reactions = book.reactions[pattern.kind]
    for _ in range(min(MOST_FOLLOWERS - len(told), int(rng.expovariate(0.4)))):
        reaction = reactions[int(rng.random() * len(reactions))]
        told.insert(1 + int(rng.random() * len(told)), reaction)
    return told


def _share_used(line: Line) -> float:
    """Lines that can be said in few ways are said less often, else they would be heard too often."""
    if line.ways < FEW_WAYS:
        return 0.4
    return 0.65 if line.ways < MANY_WAYS else 0.85


def _pause(rng: Random) -> int:
    return 7 + int(rng.expovariate(0.014)) if rng.random() < 0.95 else int(rng.uniform(400, 2200))


def _speaker(sheet: Sheet, reply: Line, opener: Member, last: Member) -> Member | None:
    """Whose turn a line is; None when the one who would have to say it has nothing more to say today."""
    if reply.sigil == "=":
        return opener if last is not opener and sheet.take(opener) else None
    if reply.sigil == "*":
        colleague = sheet.staff[int(sheet.rng.random() * len(sheet.staff))]
        return colleague if sheet.take(colleague) else None
    return sheet.deal(opener.person.ref, last.person.ref)


def _reply(
    sheet: Sheet,
    book: Phrasebook,
    pattern: Pattern,
    line: Line,
    speaker: Member,
    opener: Member,
    second: int,
    first: str,
    bound: dict[str, str],
) -> None:
    rng = sheet.rng
    text = render(line.parts, rng.random, book.slots, bound)
    mood = "host" if speaker.person.is_staff else pattern.kind
    text = say(text, speaker.person.voice, mood, rng.random)
    more: dict[str, object] = {}
    chance = rng.random()
    if line.sigil == "@" or (line.sigil in "-*" and chance < 0.03 and line.kind == "text"):
        text = f"@{opener.person.name} {text}"
        more["mentions"] = [opener.person.ref]
    if line.sigil == "^" or (line.sigil in "-*" and 0.03 < chance < 0.11):
        more["reply_to"] = first
    ref = write_line(sheet, line, speaker, second, text, **more)
    if line.kind == "text" and chance > 0.987:
        _regret(sheet, speaker, ref, second, text, more)


def _regret(sheet: Sheet, speaker: Member, ref: str, second: int, text: str, more: dict[str, object]) -> None:
    """A minute later the speaker puts the words right, or takes them back."""
    later = second + sheet.rng.randint(15, 100)
    if later > LAST_SECOND:
        return
    if len(text) > 8 and sheet.rng.random() < 0.45:
        better = text + sheet.rng.choice(("（打错字了）", "，补一句：仅供参考", "（更正）", "，刚少打了半句"))
        sheet.write(later, {"type": "edit", "of": ref, "from": sheet.who(speaker, later), "text": better})
    elif not sheet.is_exact:
        sheet.write(later, {"type": "recall", "of": ref, "by": speaker.person.ref})


def _media_name(rng: Random, kind: str) -> str:
    number = int(rng.random() * 9000) + 1000
    match kind:
        case "image":
            return f"IMG_{number}.jpg"
        case "voice":
            return f"voice_{number % 50 + 2}s.amr"
        case "sticker":
            return STICKERS[number % len(STICKERS)]
        case _:
            return FILES[number % len(FILES)]
