"""A drill as written: parsed, checked line by line, nothing played yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qunying.communities.actions import check_zone
from qunying.kernel.capability import Capability
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.pipeline.drill.deposits import Deposit, read_deposits
from qunying.pipeline.drill.lined import Lined, check_keys, load, need
from qunying.pipeline.drill.shapes import check_shapes, rows_of
from qunying.pipeline.drill.typed import typed_settings

DEFAULT_ACTS = ("order", "onboarding", "incidents")
SECTIONS = {"drill", "title", "timezone", "community", "mode", "staff", "groups", "members", "crowd", "settings"}
SECTIONS |= {"acts", "deposits", "timeline", "expect"}
YEARS = (1990, 2200)
DUTIES = {"owner", "lead", "operator", "watcher", "teacher"}
VERBS = ("join", "leave", "kick", "recall", "edit", "whisper", "staff", "pass", "crash", "carrier", "from")
STAFF_DOES = ("approve", "soften", "dismiss", "escalate", "uphold", "done")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
MOST_IN_A_CROWD = 20_000
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "子涵雨桐一诺梓萱若溪浩然思远佳怡晓东明月建国文静海燕志强春梅"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody in the play. ``duty`` is empty for members."""

    id: str
    name: str
    group: str = ""
    card: str = ""
    duty: str = ""
    joined: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, its number from 1 and its moment."""

    number: int
    at: datetime
    verb: str
    words: Lined


@dataclass(frozen=True, slots=True)
class Script:
    """A whole drill, checked."""

    path: Path
    title: str
    zone: ZoneInfo
    community: Mapping[str, Any]
    modes: Mapping[str, Mode]
    settings: Mapping[str, Mapping[str, Any]]
    sections: Mapping[str, Any]
    groups: Sequence[Lined]
    players: Mapping[str, Player]
    timeline: Sequence[Line]
    expect: Sequence[Lined] = field(default=())
    deposits: Sequence[Deposit] = field(default=())


def read_script(path: Path, roster: Sequence[Capability]) -> Script:
    """Reads and checks a drill file. Raises ``BadUse`` with file and line for anything it does not understand."""
    words = load(path)
    try:
        return _script(path, words, roster)
    except BadUse as error:
        raise BadUse(f"{path}: {error}") from error


def _script(path: Path, words: Lined, roster: Sequence[Capability]) -> Script:
    own = {name for capability in roster for name in capability.drill_sections}
    check_keys(words, SECTIONS | own, "a drill")
    if need(words, "drill", "a drill") != "1":
        raise BadUse(f"line {words.line}: drill format {words['drill']!r} is not known; this is format 1")
    check_shapes(words)
    zone = _zone(words)
    groups = _groups(words)
    names = {group["id"] for group in groups}
    players = _players(words, zone, names)
    modes, settings = _choices(words, roster)
    does = (*STAFF_DOES, *(name for capability in roster for name in capability.drill_deeds))
    timeline = _timeline(words.get("timeline", []), zone, names, players, does)
    return Script(
        path=path,
        title=words.get("title", path.stem),
        zone=zone,
        community=_community(words),
        modes=modes,
        settings=settings,
        sections={name: words[name] for name in own if name in words},
        groups=groups,
        players=players,
        timeline=timeline,
        expect=list(words.get("expect", [])),
        deposits=read_deposits(words.get("deposits", []), _present(players, names)),
    )


def _zone(words: Lined) -> ZoneInfo:
    try:
        return check_zone(words.get("timezone", "Asia/Shanghai"))
    except BadUse as error:
        raise BadUse(f"line {words.line}: timezone: {error}") from error


def _groups(words: Lined) -> list[Lined]:
    need(words, "groups", "a drill")
    groups = rows_of(words, "groups")
    seen: set[str] = set()
    for group in groups:
        check_keys(group, {"id", "name", "capacity"}, "a group")
        if need(group, "id", "a group") in seen:
            raise BadUse(f"line {group.line}: group {group['id']!r} is in the play twice")
        seen.add(group["id"])
        number(group, "capacity", "500")
    return groups


def _community(words: Lined) -> Mapping[str, Any]:
    community: Lined = words.get("community", Lined(name="演练"))
    check_keys(community, {"name", "topic", "promise", "purpose", "language"}, "a community")
    return community


def _players(words: Lined, zone: ZoneInfo, groups: set[str]) -> dict[str, Player]:
    players: dict[str, Player] = {}
    for line in words.get("staff", []):
        check_keys(line, {"id", "name", "duty"}, "a staff line")
        if line.get("duty", "operator") not in DUTIES:
            raise BadUse(f"line {line.line}: duty {line['duty']!r} is none of {', '.join(sorted(DUTIES))}")
        _add(
            players,
            Player(need(line, "id", "staff"), need(line, "name", "staff"), duty=line.get("duty", "operator")),
            line,
        )
    for line in words.get("members", []):
        check_keys(line, {"id", "name", "group", "joined", "card"}, "a member")
        _known(need(line, "group", "a member"), groups, "group", line)
        joined = _moment(line["joined"], zone, line) if "joined" in line else None
        _add(
            players,
            Player(
                need(line, "id", "a member"),
                need(line, "name", "a member"),
                line["group"],
                line.get("card", ""),
                joined=joined,
            ),
            line,
        )
    crowds = words.get("crowd", [])
    for line in [crowds] if isinstance(crowds, Lined) else crowds:
        for player in _crowd(line, zone, groups):
            _add(players, player, line)
    for line in words.get("timeline", []):
        if "join" in line and line["join"] not in players:
            players[line["join"]] = Player(line["join"], line.get("name", line["join"]), card=line.get("card", ""))
    return players


def _present(players: Mapping[str, Player], groups: set[str]) -> set[str]:
    """Who sits in a group when the play begins; staff sit in every one."""
    return {one.id for one in players.values() if one.group or (one.duty and groups)}


def _crowd(line: Lined, zone: ZoneInfo, groups: set[str]) -> list[Player]:
    check_keys(line, {"prefix", "count", "group", "joined"}, "a crowd")
    _known(need(line, "group", "a crowd"), groups, "group", line)
    joined = _moment(line["joined"], zone, line) if "joined" in line else None
    prefix = line.get("prefix", "m")
    return [
        Player(f"{prefix}{number}", _plain_name(number), line["group"], joined=joined)
        for number in range(1, _count(line) + 1)
    ]


def _count(line: Lined) -> int:
    need(line, "count", "a crowd")
    count = number(line, "count", "0")
    if count > MOST_IN_A_CROWD:
        raise BadUse(f"line {line.line}: a crowd is at most {MOST_IN_A_CROWD} people")
    return count


def number(line: Lined, key: str, otherwise: str) -> int:
    """The whole number under a key. Raises ``BadUse`` with the line for anything else."""
    text = line.get(key, otherwise)
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise BadUse(f"line {line.line}: {key} {text!r} is not a number")
    return int(text)


def _plain_name(number: int) -> str:
    first, rest = number % len(SURNAMES), number // len(SURNAMES)
    return SURNAMES[first] + GIVEN[(number * 7) % len(GIVEN)] + GIVEN[(number * 3 + rest) % len(GIVEN)]


def _add(players: dict[str, Player], player: Player, line: Lined) -> None:
    if player.id in players:
        raise BadUse(f"line {line.line}: {player.id!r} is in the play twice")
    players[player.id] = player


def _choices(words: Lined, roster: Sequence[Capability]) -> tuple[dict[str, Mode], dict[str, dict[str, Any]]]:
    built = {capability.name: capability for capability in roster}
    settings: Lined = words.get("settings", Lined())
    check_keys(settings, set(built), "settings")
    expected = {key for line in words.get("expect", []) for key in line}
    used = {
        name
        for name, each in built.items()
        if each.drill_sections.keys() & words.keys() or (each.drill_checks.keys() | each.drill_finds.keys()) & expected
    }
    acts = words.get("acts")
    if acts is not None:
        acts = [acts] if isinstance(acts, str) else acts
        for name in acts:
            if name not in built:
                raise BadUse(f"line {words.line}: no capability named {name!r}; built: {', '.join(built)}")
    acting = {name for name in (DEFAULT_ACTS if acts is None else acts) if name in built} | set(settings) | used
    mode = _mode(words.get("mode", "act"), words)
    modes = {name: mode if name in acting else Mode.OFF for name in built}
    chosen: dict[str, dict[str, Any]] = {}
    for name, values in settings.items():
        plain = dict(values)
        if "mode" in plain:
            modes[name] = _mode(plain.pop("mode"), values)
        chosen[name] = typed_settings(built[name], plain, values)
    return modes, chosen


def _mode(word: str, line: Lined) -> Mode:
    if word not in {mode.value for mode in Mode}:
        raise BadUse(f"line {line.line}: mode {word!r} is none of off, observe, suggest, act")
    return Mode(word)


def _timeline(
    lines: Sequence[Lined], zone: ZoneInfo, groups: set[str], players: Mapping[str, Player], does: Sequence[str]
) -> list[Line]:
    timeline: list[Line] = []
    for number, words in enumerate(lines, start=1):
        before = timeline[-1].at if timeline else None
        verb = next((verb for verb in VERBS if verb in words and not (verb == "from" and "edit" in words)), None)
        if verb is None:
            raise BadUse(f"line {words.line}: nothing happens here; one of {', '.join(VERBS)} is needed")
        _check_line(words, verb, groups, players)
        if verb == "staff" and need(words, "do", "a line with 'staff'") not in does:
            raise BadUse(f"line {words.line}: staff cannot {words['do']!r}; they can {', '.join(does)}")
        _check_pointers(words, verb, timeline)
        timeline.append(Line(number, _when(words, before, zone), verb, words))
    return timeline


_ALLOWED = {
    "join": {"group", "join", "name", "via", "card", "inviter"},
    "leave": {"group", "leave"},
    "kick": {"group", "kick", "by"},
    "recall": {"group", "recall", "by"},
    "edit": {"group", "from", "edit", "say"},
    "whisper": {"whisper", "say"},
    "staff": {"staff", "do", "what", "to", "why"},
    "pass": {"pass"},
    "crash": {"crash"},
    "carrier": {"carrier", "for"},
    "from": {"group", "from", "say", "card", "image", "reply_to", "mention", "forward", "file"},
}


def _check_pointers(words: Lined, verb: str, before: Sequence[Line]) -> None:
    """What an edit, a recall or a reply points at is a message of an earlier line."""
    for key in {verb, "reply_to"} & {"edit", "recall", "reply_to"} & words.keys():
        pointed = pointed_line(words[key], len(before) + 1, words)
        if not 1 <= pointed <= len(before) or before[pointed - 1].verb not in {"from", "edit"}:
            raise BadUse(f"line {words.line}: {key} {words[key]!r} points at no message")
        if before[pointed - 1].words["group"] != words["group"]:
            raise BadUse(f"line {words.line}: {key} {words[key]!r} points into another group")


def pointed_line(where: str, from_line: int, words: Lined) -> int:
    """The number of the line that is meant: ``-2`` is two timeline lines before this one, ``4`` is line four."""
    plain = where.removeprefix("-")
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > 9:
        raise BadUse(f"line {words.line}: {where!r} points at no message")
    return from_line + int(where) if where.startswith("-") else int(where)


def _check_line(words: Lined, verb: str, groups: set[str], players: Mapping[str, Player]) -> None:
    check_keys(words, _ALLOWED[verb] | {"at", "after"}, f"a line with {verb!r}")
    if "group" in _ALLOWED[verb]:
        _known(need(words, "group", f"a line with {verb!r}"), groups, "group", words)
    for key in ("join", "leave", "kick", "by", "from", "whisper", "staff", "inviter"):
        if key in words and key in _ALLOWED[verb]:
            _known(words[key], players, "member", words)
    mention = words.get("mention", [])
    for name in [mention] if isinstance(mention, str) else mention:
        _known(name, players, "member", words)
    if verb == "edit":
        need(words, "from", "a line with 'edit'")
    if verb == "staff" and not players[words["staff"]].duty:
        raise BadUse(f"line {words.line}: {words['staff']!r} is not on the staff")
    if verb == "staff" and {"to", "why"} & words.keys():
        _check_escalation(words, players)
    if isinstance(words.get("what"), Lined):
        check_keys(words["what"], {"kind", "member"}, "what staff decide about")
        if "member" in words["what"]:
            _known(words["what"]["member"], players, "member", words)
    if verb == "carrier" and words["carrier"] not in {"down", "up"}:
        raise BadUse(f"line {words.line}: carrier {words['carrier']!r} is neither down nor up")
    if "for" in words:
        span(words["for"], words)


def _check_escalation(words: Lined, players: Mapping[str, Player]) -> None:
    """Only who gives something to a colleague says to whom, and why."""
    if words.get("do") != "escalate":
        raise BadUse(f"line {words.line}: 'to' and 'why' go with 'escalate'")
    if "to" in words:
        _known(words["to"], {name: one for name, one in players.items() if one.duty}, "member of the staff", words)


def _known(name: str, known: Mapping[str, object] | set[str], what: str, line: Lined) -> None:
    if name not in known:
        raise BadUse(f"line {line.line}: no {what} {name!r} in this play")


def _when(words: Lined, before: datetime | None, zone: ZoneInfo) -> datetime:
    if "at" in words and "after" in words:
        raise BadUse(f"line {words.line}: 'at' and 'after' are two moments; one is enough")
    if "at" in words:
        moment = _moment(words["at"], zone, words)
    elif before is None:
        raise BadUse(f"line {words.line}: the first line needs «at»")
    else:
        moment = _moment_after(before, words)
    if before is not None and moment < before:
        raise BadUse(f"line {words.line}: this lies before the line above it")
    return moment


def _moment_after(before: datetime, words: Lined) -> datetime:
    try:
        return before + span(need(words, "after", "a line"), words)
    except OverflowError as error:
        raise BadUse(f"line {words.line}: {words['after']!r} is too long") from error


def _moment(text: str, zone: ZoneInfo, line: Lined) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadUse(f"line {line.line}: {text!r} is no time; write 2024-03-01T20:00") from error
    if not YEARS[0] <= moment.year <= YEARS[1]:
        raise BadUse(f"line {line.line}: {text!r} lies outside of {YEARS[0]}–{YEARS[1]}")
    # in UTC, so that a span added to it is time gone by also where clocks are changed
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def span(text: str, line: Lined) -> timedelta:
    """``5s 3m 24h 1h30m`` as a duration. Raises ``BadUse`` with the line."""
    parts = _SPAN.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise BadUse(f"line {line.line}: {text!r} is no span; write 5s, 3m, 24h")
    try:
        return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))
    except OverflowError as error:
        raise BadUse(f"line {line.line}: {text!r} is too long") from error
