"""Check-ins of the early readers: twenty-one mornings, a week of rest, and again; the anchor is a twenty-first day."""

from __future__ import annotations

from datetime import date

from qunying.carriers.sandbox.demo.folk import Member, World
from qunying.carriers.sandbox.demo.patterns import load_phrasebook, render
from qunying.carriers.sandbox.demo.sheet import Sheet
from qunying.carriers.sandbox.demo.talk import write_line
from qunying.carriers.sandbox.demo.voices import say

CAMP_DAYS = 21
CYCLE_DAYS = 28
SHARE_OF_CHECKINS = 0.24
FIRST_CHECKIN, LAST_CHECKIN = 5 * 3600 + 1500, 8 * 3600 + 1800


def camp_day(world: World, day: date) -> int | None:
    """Which day of the camp it is, 1 to 21; None in the week of rest."""
    number = ((day - world.anchor).days + CAMP_DAYS - 1) % CYCLE_DAYS + 1
    return number if number <= CAMP_DAYS else None


def tell_checkins(sheet: Sheet) -> None:
    """Reading groups check in between half past five and half past eight, everybody once."""
    number = camp_day(sheet.world, sheet.day)
    if sheet.group.community != "read" or number is None:
        return
    seen: set[str] = set()
    for _ in range(round(len(sheet.deck) * SHARE_OF_CHECKINS)):
        member = sheet.deal(*seen)
        if member is None:
            break
        seen.add(member.person.ref)
        _check_in(sheet, member, number)


def _check_in(sheet: Sheet, member: Member, number: int) -> None:
    book, rng = load_phrasebook(), sheet.rng
    line = book.singles["checkins"][int(rng.random() * len(book.singles["checkins"]))]
    bound = {"天序": str(number), "剩天": str(CAMP_DAYS - number)}
    text = say(render(line.parts, rng.random, book.slots, bound), member.person.voice, "checkin", rng.random)
    second = int(rng.triangular(FIRST_CHECKIN, LAST_CHECKIN, 7 * 3600 + 600))
    write_line(sheet, line, member, second, text)
