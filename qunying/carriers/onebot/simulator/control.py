"""``POST /control/<verb>``: lets tests in other languages and demonstrations make people act and lines break."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from .faults import Fault
from .line import Line
from .parts import Announcement, Message, Request, StoredFile
from .refusals import Refusal

SCRIPT = frozenset(
    [
        "add_person",
        "add_account",
        "add_group",
        "seat",
        "make_friends",
        "say",
        "whisper",
        "recall",
        "like",
        "poke",
        "join",
        "ask",
        "approve",
        "reject",
        "invite",
        "befriend",
        "leave",
        "kick",
        "dismiss",
        "mute",
        "mute_all",
        "set_admin",
        "set_card",
        "set_title",
        "rename",
        "notify",
        "add_essence",
        "delete_essence",
        "announce",
        "upload",
        "go_offline",
        "go_online",
    ]
)


async def control(line: Line, lines: Mapping[int, Line], request: web.Request) -> web.Response:
    """Does a verb of the script interface, or one of the line's; its words are the JSON body."""
    verb = request.match_info["verb"]
    try:
        words = await request.json() if request.can_read_body else {}
        done = _verb(line, lines, verb)(**words)
    except KeyError as error:
        return _no(404, f"unknown: {error.args[0]}")
    except (TypeError, ValueError) as error:
        return _no(400, str(error))
    except Refusal as refusal:
        return _no(409, refusal.wording)
    return web.json_response({"ok": True, "data": _told(done)})


def _verb(line: Line, lines: Mapping[int, Line], verb: str) -> Callable[..., Any]:
    if verb in SCRIPT:
        act: Callable[..., Any] = getattr(line.world, verb)
        return act
    verbs: dict[str, Callable[..., Any]] = {
        "cut": line.cut,
        "mend": line.mend,
        "drop": line.drop,
        "become": line.become,
        "send_raw": line.send_raw,
        "fault": lambda **words: line.faults.add(Fault(**words)),
        "state": lambda: _state(line, lines),
    }
    return verbs[verb]


def _state(line: Line, lines: Mapping[int, Line]) -> dict[str, Any]:
    state = line.world.state
    return {
        "accounts": {each: {"listeners": len(lines[each].outlets)} for each in sorted(lines)},
        "groups": {
            group.group_id: {
                "name": group.name,
                "members": sorted(group.members),
                "said": [each.text for each in line.world.list_said(group.group_id)],
            }
            for group in state.groups.values()
        },
    }


def _told(done: Any) -> Any:
    match done:
        case Message():
            return {"message_id": done.message_id}
        case Request():
            return {"flag": done.flag}
        case Announcement():
            return {"notice_id": done.notice_id}
        case StoredFile():
            return {"file_id": done.file_id}
        case dict():
            return json.loads(json.dumps(done))
        case _:
            return None


def _no(code: int, why: str) -> web.Response:
    return web.json_response({"ok": False, "why": why}, status=code)
