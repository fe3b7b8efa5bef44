"""Strangers who come in, drop an advert in several groups, and are shown out by staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.folk import Member, Person, Seat, World
from qunying.carriers.sandbox.demo.patterns import Line, load_phrasebook, render
from qunying.carriers.sandbox.demo.sheet import Sheet, user_words
from qunying.carriers.sandbox.demo.talk import draw_second, write_line
from qunying.carriers.sandbox.demo.tempers import is_exact

NAMES = (
    "茶厂老李直供",
    "优品团购小妹",
    "源头好货",
    "小鹿福利社",
    "批发阿强",
    "学习资料库",
    "清仓小铺",
    "甜甜兼职",
    "山里人家",
)
HANDLES = (
    "chayuan_88",
    "baicha_09",
    "tuan_xiaomei7",
    "fuli_lulu66",
    "huoyuan_a23",
    "ziliao_ku5",
    "qingcang_77",
    "jianzhi_tt1",
)
CHANCE_OF_CAMPAIGN = 0.4
PATIENCE_SECONDS = (60, 2400)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One stranger, one text, several groups within minutes."""

    person: Person
    line: Line
    text: str
    second: int
    groups: tuple[str, ...]


def tell_adverts(sheet: Sheet) -> None:
    """Writes the day's advert down where the campaign reaches this group; before the anchor staff also clear it away."""
    campaign = campaign_of(sheet.world, sheet.day)
    if campaign is None or sheet.group.ref not in campaign.groups or is_exact(sheet.world, sheet.group, sheet.day):
        return
    nth = campaign.groups.index(sheet.group.ref)
    second = campaign.second + nth * 70
    member = Member(campaign.person, Seat(sheet.group.ref, sheet.day, "link"))
    user = user_words(campaign.person, "")
    sheet.write(second, {"type": "join", "user": user, "via": "link"})
    posted = second + 240 + 11 * nth
    refs = [write_line(sheet, campaign.line, member, posted, campaign.text + "❗" * (nth % 3))]
    if sheet.rng.random() < 0.5:
        picture = Line("-", "image", ())
        refs.append(write_line(sheet, picture, member, posted + 9, ""))
    if sheet.day < sheet.world.anchor and sheet.staff:
        _clear_away(sheet, user, refs, posted)


@lru_cache(maxsize=2_000)
def campaign_of(world: World, day: date) -> Campaign | None:
    """The stranger of the day; most days have none, and never the day before the anchor, whose figures are told."""
    rng = dice(world.seed, "advert", day)
    if rng.random() > CHANCE_OF_CAMPAIGN or day in (world.anchor, world.anchor - timedelta(days=1)):
        return None
    book = load_phrasebook()
    open_groups = [group for group in world.groups if group.opened < day and group.temper != "carried"]
    reached = rng.sample(open_groups, min(len(open_groups), rng.randint(2, 6)))
    name, handle = rng.choice(NAMES), rng.choice(HANDLES)
    line = rng.choice(book.singles["adverts"])
    text = render(line.parts, rng.random, book.slots, {"账号": handle})
    person = stranger(f"s{day:%y%m%d}", name)
    second = max(8 * 3600, min(draw_second(rng, "tea"), 22 * 3600))
    return Campaign(person, line, text, second, tuple(group.ref for group in reached))


def stranger(ref: str, name: str) -> Person:
    """Somebody who is nobody's member for longer than a day."""
    return Person(ref, name, "", "", "", "member", (), 0.0, 0)


def _clear_away(sheet: Sheet, user: dict[str, str], refs: list[str], posted: int) -> None:
    guard = sheet.staff[1 % len(sheet.staff)].person.ref
    later = posted + sheet.rng.randint(*PATIENCE_SECONDS)
    for ref in refs:
        sheet.write(later, {"type": "recall", "of": ref, "by": guard})
    sheet.write(later + 20, {"type": "leave", "user": user, "operator": guard})
