"""Plays in a lab: opens one that copies a group, lets people of it do something, lets its time go by."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User as SignIn
from django.db import transaction

from qunying.carriers.sandbox import room
from qunying.carriers.sandbox.pictures import do_put_up_shelf
from qunying.communities.actions import (
    NewGroup,
    NewStaff,
    do_change_community,
    do_found_community,
    do_know_account,
    do_name_staff,
    do_register_group,
    do_set_mode,
    do_set_settings,
)
from qunying.communities.queries import places_of_groups
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.kernel.texts import mark
from qunying.people.actions import Enrolled, do_enrol
from qunying.pipeline import loops
from qunying.pipeline.lab.database import do_make_empty, own_database, schema
from qunying.pipeline.lab.labs import (
    GROUP_REF,
    MOST_LINES,
    Lab,
    Person,
    do_remember,
    do_restore,
    do_write_lab,
    find_lab,
    folder_of,
    held,
    labs_folder,
    pictures_of,
    world_of,
)

ACT_TAKES = timedelta(seconds=5)
LONGEST_PASS = timedelta(days=7)
STEPS_AT_ONCE = 10_000
TEXT_AT_MOST = 5000


def do_open_lab(lab: Lab) -> Lab:
    """Builds the world of a new lab (or builds it anew, with nothing played) and keeps it."""
    folder_of(lab.token).mkdir(mode=0o700, exist_ok=True)
    with held(lab.token):
        return _do_rebuild(replace(lab, lines=(), refs=(), now=lab.starts_at))


def do_play(token: str, lines: Sequence[Mapping[str, Any]], *, playing: str | None = None) -> Lab:
    """Plays timeline lines one after the other; each brings ``after`` (seconds) or takes ``ACT_TAKES``.

    ``playing`` is remembered as whose part is taken. Raises ``BadUse`` for what the platform would refuse; what was
    played before the refused line stays.
    """
    with held(token):
        lab = _current(token)
        if lines:
            do_remember(token)
        lab = lab if playing is None else replace(lab, playing=playing)
        try:
            with own_database(world_of(token)):
                for line in lines:
                    lab = _do_line(lab, line)
        finally:
            do_write_lab(lab)
    return lab


def do_take_back(token: str) -> Lab:
    """The lab as it was before what was played last; that can be done once. Raises ``BadUse`` where nothing is left."""
    with held(token):
        if not do_restore(token):
            raise BadUse(mark("没有可以撤掉的一步"))
        return _current(token)


def do_cast(token: str, people: Sequence[Person]) -> Lab:
    """More people to be played; who has ``joined`` sits in the group from now on. Raises ``BadUse`` for a taken name."""
    with held(token):
        lab = _current(token)
        taken = {person.name for person in lab.cast}
        for person in people:
            if person.name in taken and person.kind == "own":
                raise BadUse(mark("已经有一位叫「%(name)s」了，换个名字"), name=person.name)
        with own_database(world_of(token)), clock.at(lab.now):
            _do_seat([person for person in people if person.joined], lab.now)
        lab = replace(lab, cast=(*lab.cast, *people))
        do_write_lab(lab)
    return lab


def find_next_due(lab: Lab) -> datetime | None:
    """The next moment at which something will happen by itself in a lab; to be asked inside its database."""
    return loops.next_due_after(lab.now)


def new_ref() -> str:
    """A reference for somebody new."""
    return f"p{secrets.token_hex(4)}"


def _current(token: str) -> Lab:
    """The lab as it was kept; a world made by another version of the tables is played anew."""
    lab = find_lab(token)
    if lab is None:
        raise BadUse(mark("这个试群已经不在了"))
    if lab.schema == schema() and world_of(token).exists():
        return lab
    lines = lab.lines
    lab = _do_rebuild(replace(lab, lines=(), refs=(), now=lab.starts_at))
    with own_database(world_of(token)):
        for line in lines:
            lab = _do_line_at(lab, line, datetime.fromisoformat(line["at"]))
    do_write_lab(lab)
    return lab


def do_freshen(token: str) -> Lab:
    """The lab with a world that this version of the program can read. Raises ``BadUse`` where it is gone."""
    with held(token):
        return _current(token)


def _do_rebuild(lab: Lab) -> Lab:
    do_make_empty(world_of(lab.token), labs_folder())
    lab = replace(lab, schema=schema())
    with own_database(world_of(lab.token)), clock.at(lab.starts_at):
        _do_build(lab)
    do_write_lab(lab)
    return lab


@transaction.atomic
def _do_build(lab: Lab) -> None:
    at = lab.starts_at
    do_put_up_shelf(pictures_of(lab.token))
    user_id = SignIn.objects.create_user("lab").pk
    community_id = do_found_community(
        name=lab.community, at=at, timezone=lab.timezone, language=lab.language, actor=f"user:{user_id}"
    )
    quiet_from, quiet_to = lab.quiet
    do_change_community(community_id, {"quiet_from": quiet_from, "quiet_to": quiet_to}, at=at, actor="lab")
    account = do_know_account("sandbox", room.ACCOUNT_REF, room.ACCOUNT_NAME, at=at)
    new = NewGroup(carrier="sandbox", ref=GROUP_REF, carrier_name=lab.group_name, account_id=account)
    do_register_group(community_id, new, at=at)
    staff = [person for person in lab.cast if person.duty]
    do_name_staff(community_id, [NewStaff("sandbox", one.ref, one.name, one.duty) for one in staff])
    _do_choose(lab)
    _do_seat([person for person in lab.cast if person.joined], at)


def _do_choose(lab: Lab) -> None:
    community_id, _ = ids_in_world()
    for name, mode in lab.modes.items():
        do_set_mode(name, Mode(mode), community_id=community_id, at=lab.now, actor="lab")
    for name, values in lab.settings.items():
        do_set_settings(name, values, community_id=community_id, at=lab.now, actor="lab")


def ids_in_world() -> tuple[int, int]:
    """The community and the group of the lab whose database is in use."""
    place = places_of_groups("sandbox", [GROUP_REF])[GROUP_REF]
    return place.community_id, place.group_id


@transaction.atomic
def _do_seat(people: Sequence[Person], now: datetime) -> None:
    community_id, group_id = ids_in_world()
    room.do_seat(GROUP_REF, [_user(person) for person in people])
    enrolled = [Enrolled(one.ref, one.name, one.card, one.role, datetime.fromisoformat(one.joined)) for one in people]
    do_enrol("sandbox", community_id, group_id, enrolled, now)


def _do_line(lab: Lab, line: Mapping[str, Any]) -> Lab:
    words = dict(line)
    after = words.pop("after", None)
    gap = ACT_TAKES if after is None else min(timedelta(seconds=after), LONGEST_PASS)
    return _do_line_at(lab, words, lab.now + gap)


def _do_line_at(lab: Lab, line: Mapping[str, Any], at: datetime) -> Lab:
    if len(lab.lines) >= MOST_LINES:
        raise BadUse(mark("一个试群最多演 %(n)d 步；清空再来，或者先存成一幕演练"), n=MOST_LINES)
    _run_until(lab.now, at)
    lab = replace(lab, now=at)
    with clock.at(at):
        ref = _do_act(lab, line)
        _do_settle(at)
    kept = {**line, "at": at.astimezone(lab.zone).isoformat()}
    return replace(lab, lines=(*lab.lines, kept), refs=(*lab.refs, ref))


def _run_until(now: datetime, moment: datetime) -> None:
    """Lets the machine of the lab do what comes due after ``now`` and up to this moment."""
    while True:
        with clock.at(now):
            due = loops.next_due_after(now)
        if due is None or due > moment:
            return
        now = due
        with clock.at(now):
            _do_settle(now)


def _do_settle(now: datetime) -> None:
    for _step in range(STEPS_AT_ONCE):
        if not loops.step(now):
            return
    raise RuntimeError(f"the lab does not come to rest at {now}")


def _do_act(lab: Lab, line: Mapping[str, Any]) -> str:
    """Carries out one line; answers the reference of what it became."""
    match line:
        case {"join": ref}:
            return room.do_join(GROUP_REF, _user(_known(lab, ref)), lab.now, via=str(line.get("via", "")))
        case {"leave": ref}:
            return room.do_leave(GROUP_REF, _present(lab, ref).ref, lab.now)
        case {"kick": ref, "by": by}:
            return room.do_leave(GROUP_REF, _present(lab, ref).ref, lab.now, operator=_staff(lab, by).ref)
        case {"from": ref, "edit": of, "say": text}:
            return _do_edit(lab, _author(lab, ref, of), of, text)
        case {"recall": of, "by": by}:
            return _do_recall(lab, _present(lab, by), of)
        case {"from": ref}:
            return _do_speak(lab, _present(lab, ref), line)
        case _:
            return ""


def _do_edit(lab: Lab, person: Person, of: int, text: str) -> str:
    room.do_edit(GROUP_REF, person.ref, lab.refs[of], _text(text), lab.now)
    return lab.refs[of]


def _do_recall(lab: Lab, person: Person, of: int) -> str:
    """Staff may withdraw anybody's words, members their own."""
    if person.role == "member":
        _author(lab, person.ref, of)
    elif not 0 <= of < len(lab.refs) or "from" not in lab.lines[of]:
        raise BadUse(mark("没有这条消息"))
    room.do_recall(GROUP_REF, lab.refs[of], person.ref, lab.now)
    return lab.refs[of]


def _do_speak(lab: Lab, person: Person, line: Mapping[str, Any]) -> str:
    image, text, reply_to = line.get("image", ""), line.get("say", ""), line.get("reply_to")
    return room.do_speak(
        GROUP_REF,
        person.ref,
        text if image and not text else _text(text),
        lab.now,
        kind="image" if image else "text",
        reply_to="" if reply_to is None else lab.refs[reply_to],
        mentions=line.get("mention", []),
        media=[{"kind": "image", "name": image, "url": image}] if image else [],
    )


def _text(text: str) -> str:
    if not text.strip():
        raise BadUse(mark("一个字也没写"))
    if len(text) > TEXT_AT_MOST:
        raise BadUse(mark("太长了：一条最多 %(n)d 个字"), n=TEXT_AT_MOST)
    return text


def _known(lab: Lab, ref: str) -> Person:
    person = lab.person(ref)
    if person is None:
        raise BadUse(mark("没有这个人"))
    return person


def _present(lab: Lab, ref: str) -> Person:
    person = _known(lab, ref)
    if all(seat.user_ref != ref for seat in room.list_seats(GROUP_REF)):
        raise BadUse(mark("「%(name)s」不在群里，先让他进群"), name=person.name)
    return person


def _staff(lab: Lab, ref: str) -> Person:
    person = _present(lab, ref)
    if person.role == "member":
        raise BadUse(mark("「%(name)s」不是管理员，动不了别人"), name=person.name)
    return person


def _author(lab: Lab, ref: str, line: int) -> Person:
    if not 0 <= line < len(lab.lines) or lab.lines[line].get("from") != ref or "edit" in lab.lines[line]:
        raise BadUse(mark("只能改自己说的话"))
    return _present(lab, ref)


def _user(person: Person) -> room.User:
    return room.User(person.ref, person.name, person.card, person.role)
