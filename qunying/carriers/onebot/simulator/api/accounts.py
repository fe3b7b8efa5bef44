"""The account itself, its friends, and what asks for its answer."""

from __future__ import annotations

from typing import Any

from .. import joining
from ..parts import RANKS, Request
from ..refusals import Refusal, bad_params
from ..shapes import friend_info, request_info, status, stranger_info
from .call import Call, Handler

VERSION = {"app_name": "qunying-simulator", "app_version": "1.0.0", "protocol_version": "v11"}


def get_login_info(call: Call) -> dict[str, Any]:
    """Who the account is."""
    return {"user_id": call.self_id, "nickname": call.state.people[call.self_id].nickname}


def get_stranger_info(call: Call) -> dict[str, Any]:
    """Who somebody is."""
    return stranger_info(call.state.person(call.user_id()))


def get_friend_list(call: Call) -> list[dict[str, Any]]:
    """The account's friends."""
    pairs = [pair for pair in call.state.friends if call.self_id in pair]
    return [friend_info(call.state.person(each)) for each in sorted(_others(call, pairs))]


def _others(call: Call, pairs: list[frozenset[int]]) -> set[int]:
    return {each for pair in pairs for each in pair if each != call.self_id}


def delete_friend(call: Call) -> None:
    """Ends a friendship."""
    pair = frozenset((call.self_id, call.user_id()))
    if pair not in call.state.friends:
        raise Refusal("not a friend", "对方不是好友")
    call.state.friends.discard(pair)


def send_like(call: Call) -> None:
    """Likes somebody's card, at most twenty times a day."""
    call.state.person(call.user_id())
    if not 1 <= call.params.integer("times", 1) <= 20:
        raise bad_params("times must be between 1 and 20")


def set_group_add_request(call: Call) -> None:
    """Answers who asks to come in, or an invitation. ``sub_type`` is not looked at, as in NapCat."""
    _settle(call, ("add", "invite"))


def set_friend_add_request(call: Call) -> None:
    """Answers who wants to be a friend."""
    _settle(call, ("friend",))


def _settle(call: Call, kinds: tuple[str, ...]) -> None:
    request = call.state.request(call.params.string("flag"))
    if request.kind not in kinds:
        raise Refusal("No such request", "没有这条申请")
    approve = call.params.boolean("approve", default=True)
    reason = call.params.string("reason", "")
    joining.do_settle(call.state, request.flag, call.self_id, approve=approve, reason=reason)


def get_group_system_msg(call: Call) -> dict[str, Any]:
    """The latest requests to come in and invitations, answered ones too; the newest first."""
    seen = [each for each in reversed(call.state.requests) if _is_seen(call, each)][: call.params.integer("count", 50)]
    joins = [_info(call, each) for each in seen if each.kind == "add"]
    invites = [_info(call, each) for each in seen if each.kind == "invite"]
    return {"invited_requests": invites, "InvitedRequest": invites, "join_requests": joins}


def _info(call: Call, request: Request) -> dict[str, Any]:
    return request_info(call.state, request, napcat=call.wiring.napcat)


def _is_seen(call: Call, request: Request) -> bool:
    group = call.state.groups.get(request.group_id)
    if group is None:
        return False
    if request.kind == "invite":
        return request.to_id == call.self_id
    return call.self_id in group.members and RANKS[group.members[call.self_id].role] > 0


def get_group_ignored_notifies(call: Call) -> dict[str, Any]:
    """Requests that QQ itself holds back; there are none."""
    return {"invited_requests": [], "InvitedRequest": [], "join_requests": []}


def get_status(call: Call) -> dict[str, Any]:
    """Whether the account is online."""
    return status(call.state.accounts[call.self_id])


def get_version_info(call: Call) -> dict[str, Any]:
    """What we are."""
    return dict(VERSION)


def can_send(call: Call) -> dict[str, Any]:
    """Pictures and voices can be sent."""
    return {"yes": True}


def get_file(call: Call) -> dict[str, Any]:
    """A picture or voice that was sent here."""
    name = call.params.string("file", "") or call.params.string("file_id")
    if name not in call.state.files:
        raise Refusal("file not found", "没有这个文件")
    url = f"{call.state.files_at}/_file/{name}"
    return {"file": name, "url": url, "file_size": str(len(call.state.files[name])), "file_name": name}


def do_nothing(call: Call) -> None:
    """What a real client would do to itself."""


def get_credentials(call: Call) -> dict[str, Any]:
    """Keys to the account, as all three actions give them; here they open nothing."""
    return {"cookies": "", "bkn": "0", "token": 0, "csrf_token": 0}


ACTIONS: dict[str, Handler] = {
    "get_login_info": get_login_info,
    "get_stranger_info": get_stranger_info,
    "get_friend_list": get_friend_list,
    "delete_friend": delete_friend,
    "send_like": send_like,
    "set_group_add_request": set_group_add_request,
    "set_friend_add_request": set_friend_add_request,
    "get_group_system_msg": get_group_system_msg,
    "get_group_ignored_notifies": get_group_ignored_notifies,
    "get_status": get_status,
    "get_version_info": get_version_info,
    "can_send_image": can_send,
    "can_send_record": can_send,
    "get_image": get_file,
    "get_record": get_file,
    "get_file": get_file,
    "set_restart": do_nothing,
    "clean_cache": do_nothing,
    "get_cookies": get_credentials,
    "get_csrf_token": get_credentials,
    "get_credentials": get_credentials,
}
