"""One day of one group, as the sandbox carrier would have delivered it."""

from __future__ import annotations

from datetime import date

from qunying.carriers.sandbox.demo.adverts import tell_adverts
from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.evening import tell_evening
from qunying.carriers.sandbox.demo.folk import Group, Member, Person, World
from qunying.carriers.sandbox.demo.mornings import tell_checkins
from qunying.carriers.sandbox.demo.newcomers import newcomers_of, settled_newcomers
from qunying.carriers.sandbox.demo.patterns import load_phrasebook, render
from qunying.carriers.sandbox.demo.sheet import Payload, Sheet, is_there, user_words
from qunying.carriers.sandbox.demo.talk import draw_second, tell_talk, write_line
from qunying.carriers.sandbox.demo.tempers import deck_of, is_exact, leaders_of, message_count
from qunying.carriers.sandbox.demo.voices import say

WAVE = 5
INTRODUCTIONS = {"tea": 0.35, "read": 0.3, "light": 0.2, "trial": 0.45}


def day_of(world: World, group: Group, day: date) -> list[Payload]:
    """Everything the group sends on the day, in order of time; nothing before it opened or the world's first day.

    The answer depends on world, group and day alone, so days may be asked for in any order, and history and live agree.
    """
    if day < max(group.opened, world.first_day):
        return []
    sheet = _open_sheet(world, group, day)
    _tell_cards(sheet)
    joined = _tell_turnover(sheet)
    sheet.deck = deck_of(world, group, day, _talkers(sheet), message_count(world, group, day), sheet.rng)
    tell_evening(sheet)
    _tell_introductions(sheet, joined)
    tell_checkins(sheet)
    tell_talk(sheet)
    tell_adverts(sheet)
    return sheet.payloads()


def members_at_start(world: World, group: Group, day: date | None = None) -> list[Person]:
    """Who is in the group when the day begins (the world's first day when none is given).

    Staff of a group that opens later are named too: they are there without joining. Between two days, the joins and
    leaves of `day_of` lead from one answer to the next.
    """
    when = day or world.first_day
    return [
        member.person
        for member in (*world.rolls[group.ref], *settled_newcomers(world, group, when))
        if (member.seat.joined < when or member.person.is_staff)
        and (member.seat.left is None or member.seat.left >= when)
    ]


def _open_sheet(world: World, group: Group, day: date) -> Sheet:
    everybody = (*world.rolls[group.ref], *settled_newcomers(world, group, day))
    present = [member for member in everybody if is_there(member, day)]
    staff = [member for member in present if member.person.is_staff]
    rng = dice(world.seed, "day", group.ref, day)
    leaders = tuple(member.person.ref for member in leaders_of(group, present))
    return Sheet(world, group, day, rng, present, staff, is_exact(world, group, day), leaders)


def _talkers(sheet: Sheet) -> list[Member]:
    return [member for member in sheet.present if not member.person.is_staff]


def _tell_cards(sheet: Sheet) -> None:
    """Newcomers of the last days put their group card right."""
    for member in sheet.present:
        if member.seat.carded == sheet.day:
            second = draw_second(sheet.rng, sheet.group.community)
            sheet.carded_at[member.person.ref] = second
            sheet.write(second, {"type": "card", "user": user_words(member.person, member.person.card)})


def _tell_turnover(sheet: Sheet) -> list[tuple[Member, int]]:
    """Who comes and who goes; answers the newcomers with the second they came."""
    world, group, day = sheet.world, sheet.group, sheet.day
    roll = world.rolls[group.ref]
    coming = [member for member in roll if member.seat.joined == day and not member.person.is_staff]
    coming.extend(newcomers_of(world, group, day))
    joined = list(zip(coming, _arrivals(sheet, len(coming)), strict=True))
    for member, second in joined:
        _tell_join(sheet, member, second)
    for member in roll:
        if member.seat.left == day:
            card = sheet.card(member, 0)
            second = draw_second(sheet.rng, group.community)
            sheet.write(second, {"type": "leave", "user": user_words(member.person, card)})
    return joined


def _arrivals(sheet: Sheet, count: int) -> list[int]:
    """Single arrivals spread over the day; many come as a wave within a quarter of an hour, as after a shared code."""
    if count < WAVE:
        return [draw_second(sheet.rng, sheet.group.community) for _ in range(count)]
    start = min(max(draw_second(sheet.rng, sheet.group.community), 8 * 3600), 22 * 3600)
    return sorted(start + int(sheet.rng.random() * 900) for _ in range(count))


def _tell_join(sheet: Sheet, member: Member, second: int) -> None:
    card = sheet.card(member, second)
    payload: Payload = {"type": "join", "user": user_words(member.person, card), "via": member.seat.via}
    if member.seat.via == "invite" and sheet.present:
        payload["inviter"] = sheet.rng.choice(sheet.present).person.ref
    sheet.write(second, payload)


def _tell_introductions(sheet: Sheet, joined: list[tuple[Member, int]]) -> None:
    """Some newcomers say who they are, and are welcomed; not where every message of the day is told already."""
    if sheet.is_exact:
        return
    for member, second in joined:
        if sheet.rng.random() < INTRODUCTIONS[sheet.group.community] and second < 22 * 3600:
            _introduce(sheet, member, second + sheet.rng.randint(90, 5400))


def _introduce(sheet: Sheet, member: Member, second: int) -> None:
    book, rng, person = load_phrasebook(), sheet.rng, member.person
    bound = {"名": person.name, "本城": person.city, "本职": person.job}
    line = rng.choice(book.singles["intros"])
    if not sheet.take(member):
        return
    text = say(render(line.parts, rng.random, book.slots, bound), person.voice, "host", rng.random)
    first = write_line(sheet, line, member, second, text)
    for _ in range(rng.randint(0, 5)):
        speaker = sheet.deal(person.ref)
        if speaker is None:
            return
        second += rng.randint(6, 90)
        reply = rng.choice(book.singles["welcomes"])
        words = render(reply.parts, rng.random, book.slots, bound)
        more = {"reply_to": first} if rng.random() < 0.2 else {}
        write_line(sheet, reply, speaker, second, words, **more)
