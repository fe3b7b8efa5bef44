"""What our account sees when it looks around: its groups, who sits there, what it may do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from qunying.carriers.base import NotReachable
from qunying.carriers.onebot.acts import DOES, SPEAKS, number
from qunying.carriers.onebot.answers import is_done
from qunying.carriers.onebot.calls import Asking, NoAnswer, NotConnected
from qunying.carriers.onebot.fields import as_list, as_map, as_name, as_ref, as_size, as_text
from qunying.carriers.onebot.mutes import Mutes
from qunying.carriers.onebot.parse import ROLES
from qunying.carriers.wire.line import GroupLook
from qunying.kernel.events import Who

AT_ONCE = 4
LIST_WITHIN = 9.0
MUTED_WITHIN = 4.0
RULERS = frozenset(["owner", "admin"])


Count = Callable[[str, str], Awaitable[None]]


async def look_around(
    asking: Asking, account: str, ours: frozenset[str], count: Count, mutes: Mutes
) -> list[GroupLook]:
    """Every group of the account; our own accounts are no members there. Raises ``NotReachable``.

    A list that lacks people is none: believed, it would have them gone. It is counted instead.
    """
    groups = await _data(asking, "get_group_list", {"no_cache": True})
    if groups is None:
        raise NotReachable
    listed = [as_map(each) for each in as_list(groups) if as_ref(as_map(each).get("group_id"))]
    for each in listed:
        mutes.see_whole(as_ref(each["group_id"]), is_on=each.get("group_all_shut") not in (None, 0, False, ""))
    turn = asyncio.Semaphore(AT_ONCE)
    return list(await asyncio.gather(*(_look(asking, each, account, ours, count, turn) for each in listed)))


async def _look(
    asking: Asking,
    group: Mapping[str, Any],
    account: str,
    ours: frozenset[str],
    count: Count,
    turn: asyncio.Semaphore,
) -> GroupLook:
    ref = as_ref(group["group_id"])
    async with turn:
        listed = await _data(asking, "get_group_member_list", {"group_id": number(ref), "no_cache": True})
    members = {who.ref: who for each in as_list(listed) if (who := who_of(as_map(each))).ref}
    role = members[account].role if account in members else ""
    others = tuple(who for who in members.values() if who.ref not in ours)
    name = as_name(group.get("group_name"))
    if listed is not None and is_partial(len(members), as_size(group.get("member_count")) or 0):
        await count("partial_list", f"{ref} {len(members)}/{as_text(group.get('member_count'))}"[:80])
        return GroupLook(ref, name, *_rights(role), None)
    return GroupLook(ref, name, *_rights(role), others if members else None)


def is_partial(listed: int, counted: int) -> bool:
    """Whether a list lacks more people than may have gone between the count and the list."""
    return counted - listed > 1 + counted // 50


def _rights(role: str) -> tuple[frozenset[str], dict[str, str]]:
    if role in RULERS:
        return DOES, {}
    why = "not_admin" if role else "not_known"
    return SPEAKS, dict.fromkeys(sorted(DOES - SPEAKS), why)


def who_of(member: Mapping[str, Any]) -> Who:
    """A member as lists have them."""
    role = as_text(member.get("role"))
    name, card = as_name(member.get("nickname")), as_name(member.get("card"))
    return Who(as_ref(member.get("user_id")), name, card, role if role in ROLES else "member")


async def _data(asking: Asking, action: str, params: Mapping[str, Any], within: float = LIST_WITHIN) -> object:
    """What was asked for, None where it was not given."""
    try:
        answered = await asking.ask(action, params, within)
    except (NotConnected, NoAnswer):
        return None
    return answered.get("data") if is_done(answered) else None


async def find_member(asking: Asking, group: str, user: str, within: float = LIST_WITHIN) -> Who | None:
    """One member as the platform knows them now."""
    params = {"group_id": number(group), "user_id": number(user), "no_cache": True}
    found = as_map(await _data(asking, "get_group_member_info", params, within))
    return who_of(found) if as_ref(found.get("user_id")) else None


async def find_stranger(asking: Asking, user: str, within: float) -> Who | None:
    """Somebody who need not sit in any group of ours."""
    found = as_map(await _data(asking, "get_stranger_info", {"user_id": number(user), "no_cache": True}, within))
    return Who(user, as_name(found.get("nickname"))) if found else None


async def muted_in(asking: Asking, group: str) -> dict[str, int] | None:
    """Who may not speak there and until which second, None where nobody would say."""
    data = await _data(asking, "get_group_shut_list", {"group_id": number(group)}, MUTED_WITHIN)
    if not isinstance(data, list):
        return None
    read = [(as_ref(each.get("user_id") or each.get("uin")), _muted_until(each)) for each in map(as_map, data)]
    return {user: until for user, until in read if user and until is not None} if all(u for u, _ in read) else None


def _muted_until(muted: Mapping[str, Any]) -> int | None:
    named = (muted.get(name) for name in ("shut_up_timestamp", "shutUpTime", "shut_up_time"))
    return next((size for each in named if (size := as_size(each)) is not None), None)


async def pending_requests(asking: Asking, account: str, now: int) -> list[dict[str, Any]]:
    """Who asked to come in and is still waiting, as the events that told it, or would have."""
    data = as_map(await _data(asking, "get_group_system_msg", {"count": 50}))
    waiting = [as_map(each) for each in as_list(data.get("join_requests"))]
    return [_request(each, account, now) for each in waiting if each.get("checked") is False]


def _request(request: Mapping[str, Any], account: str, now: int) -> dict[str, Any]:
    return {
        "time": now,
        "self_id": account,
        "post_type": "request",
        "request_type": "group",
        "sub_type": "add",
        "group_id": request.get("group_id"),
        "user_id": request.get("requester_uin") or request.get("invitor_uin"),
        "comment": as_text(request.get("message")),
        "flag": as_text(request.get("flag")) or as_text(request.get("request_id")),
    }


async def history_since(
    asking: Asking, group: str, since: int, *, pages: int, count: int
) -> tuple[Sequence[dict[str, Any]], bool]:
    """What was said in a group since that second, oldest first, and whether that is all of it."""
    said: dict[str, dict[str, Any]] = {}
    before = ""
    for _ in range(pages):
        earlier = {"message_seq": number(before), "reverse_order": True, "reverseOrder": True} if before else {}
        params = {"group_id": number(group), "count": count, **earlier}
        data = await _data(asking, "get_group_msg_history", params)
        if data is None:
            return _oldest_first(said, since), False
        page = [dict(each) for each in as_list(as_map(data).get("messages")) if as_ref(as_map(each).get("message_id"))]
        new = {as_ref(each["message_id"]): each for each in page if as_ref(each["message_id"]) not in said}
        said.update(new)
        if not new or min(second_of(each) for each in page) < since:
            return _oldest_first(said, since), True
        oldest = min(page, key=second_of)
        before = as_ref(oldest.get("message_seq")) or as_ref(oldest["message_id"])
    return _oldest_first(said, since), False


def _oldest_first(said: Mapping[str, dict[str, Any]], since: int) -> list[dict[str, Any]]:
    return sorted((each for each in said.values() if second_of(each) >= since), key=second_of)


def second_of(message: Mapping[str, Any]) -> int:
    """When it was said; 0 where that is not told."""
    told = message.get("time")
    return int(told) if isinstance(told, int | float) and not isinstance(told, bool) else 0
