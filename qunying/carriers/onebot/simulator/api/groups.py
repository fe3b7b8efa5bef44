"""Leading a group and its members."""

from __future__ import annotations

from typing import Any

from .. import governing, joining, rights, talking
from ..refusals import Refusal
from ..shapes import group_info, member_info
from .call import Call, Handler

STANDARD_MUTE = 30 * 60


def set_group_kick(call: Call) -> None:
    """Removes a member."""
    block = call.params.boolean("reject_add_request", default=False)
    joining.do_remove(call.state, call.group_id(), call.user_id(), call.self_id, block=block)


def set_group_kick_members(call: Call) -> None:
    """Removes several; the first refusal ends it, and who went before is gone."""
    group_id, block = call.group_id(), call.params.boolean("reject_add_request", default=False)
    name = "user_id" if call.params.raw("user_id", None) is not None else "user_ids"
    for user_id in call.params.integers(name):
        joining.do_remove(call.state, group_id, user_id, call.self_id, block=block)


def set_group_ban(call: Call) -> None:
    """Mutes a member. Without ``duration`` the standard mutes for half an hour, and NapCat lets speak again."""
    seconds = call.params.integer("duration", 0 if call.wiring.napcat else STANDARD_MUTE)
    governing.do_mute(call.state, call.group_id(), call.user_id(), call.self_id, seconds)


def set_group_whole_ban(call: Call) -> None:
    """Mutes everybody."""
    enable = call.params.boolean("enable", default=True)
    governing.do_mute_all(call.state, call.group_id(), call.self_id, enable=enable)


def set_group_admin(call: Call) -> None:
    """Makes an administrator."""
    enable = call.params.boolean("enable", default=True)
    governing.do_set_admin(call.state, call.group_id(), call.user_id(), call.self_id, enable=enable)


def set_group_card(call: Call) -> None:
    """Names a member."""
    card = call.params.string("card", "")
    governing.do_set_card(call.state, call.group_id(), call.user_id(), call.self_id, card)


def set_group_special_title(call: Call) -> None:
    """Gives a title."""
    title = call.params.string("special_title", "")
    governing.do_set_title(call.state, call.group_id(), call.user_id(), call.self_id, title)


def set_group_name(call: Call) -> None:
    """Renames the group."""
    governing.do_rename(call.state, call.group_id(), call.self_id, call.params.string("group_name"))


def set_group_leave(call: Call) -> None:
    """Goes; the owner with ``is_dismiss`` ends the group."""
    group_id = call.group_id()
    if call.params.boolean("is_dismiss", default=False):
        joining.do_dismiss(call.state, group_id, call.self_id)
    else:
        joining.do_leave(call.state, group_id, call.self_id)


def set_group_remark(call: Call) -> None:
    """A name for the group that only the account sees."""
    call.group().remark = call.params.string("remark", "")


def set_group_add_option(call: Call) -> None:
    """The question that who asks to come in has to answer."""
    group_id = call.group_id()
    rights.need_admin(call.state, group_id, call.self_id)
    call.state.group(group_id).question = call.params.string("group_question", "")


def get_group_info(call: Call) -> dict[str, Any]:
    """One group."""
    return group_info(call.group())


def get_group_list(call: Call) -> list[dict[str, Any]]:
    """The groups in which the account sits."""
    return [group_info(each) for each in call.state.groups.values() if call.self_id in each.members]


def get_group_member_info(call: Call) -> dict[str, Any]:
    """One member. With and without ``no_cache`` the same: nothing here grows stale."""
    group = call.group()
    call.params.boolean("no_cache", default=False)
    return member_info(call.state, group, call.state.member(group.group_id, call.user_id()))


def get_group_member_list(call: Call) -> list[dict[str, Any]]:
    """All members."""
    group = call.group()
    return [member_info(call.state, group, each) for each in group.members.values()]


def get_group_shut_list(call: Call) -> list[dict[str, Any]]:
    """Who may not speak now."""
    group = call.group()
    muted = governing.list_muted(call.state, group.group_id)
    return [_muted(member_info(call.state, group, group.members[each])) for each in muted]


def _muted(info: dict[str, Any]) -> dict[str, Any]:
    until = info["shut_up_timestamp"]
    napcat = {"uin": str(info["user_id"]), "nick": info["nickname"], "cardName": info["card"], "shutUpTime": until}
    return info | napcat | {"shut_up_time": until}


def get_group_at_all_remain(call: Call) -> dict[str, Any]:
    """How often everybody can still be mentioned today."""
    group = call.group()
    used = group.at_all_used.get((call.state.now() // talking.DAY, call.self_id), 0)
    can = group.members[call.self_id].role != "member"
    left = talking.AT_ALL_A_DAY - used if can else 0
    return {
        "can_at_all": can and left > 0,
        "remain_at_all_count_for_group": 2 * talking.AT_ALL_A_DAY,
        "remain_at_all_count_for_uin": left,
    }


def get_group_honor_info(call: Call) -> dict[str, Any]:
    """Honours, of which nobody has any."""
    kind = call.params.string("type", "all")
    lists = ("talkative_list", "performer_list", "legend_list", "strong_newbie_list", "emotion_list")
    return {"group_id": call.group_id(), "type": kind, "current_talkative": None} | {each: [] for each in lists}


def no_anonymity(call: Call) -> None:
    """QQ has no anonymous talk any more."""
    call.group_id()
    raise Refusal("anonymous is not supported", "QQ 已经没有匿名聊天")


def group_poke(call: Call) -> None:
    """Pokes a member, or a friend where no group is named."""
    target = call.params.integer("target_id", 0) or call.user_id()
    group_id = call.params.integer("group_id", 0)
    talking.do_poke(call.state, call.self_id, target, group_id)


def friend_poke(call: Call) -> None:
    """Pokes a friend."""
    talking.do_poke(call.state, call.self_id, call.params.integer("target_id", 0) or call.user_id())


def do_nothing_in_group(call: Call) -> None:
    """What only changes the account's own client."""
    call.group_id()


def do_nothing_as_admin(call: Call) -> None:
    """A setting of the group on which nothing here depends."""
    rights.need_admin(call.state, call.group_id(), call.self_id)


ACTIONS: dict[str, Handler] = {
    "set_group_kick": set_group_kick,
    "set_group_kick_members": set_group_kick_members,
    "batch_delete_group_member": set_group_kick_members,
    "set_group_ban": set_group_ban,
    "set_group_whole_ban": set_group_whole_ban,
    "set_group_admin": set_group_admin,
    "set_group_card": set_group_card,
    "set_group_special_title": set_group_special_title,
    "set_group_name": set_group_name,
    "set_group_leave": set_group_leave,
    "set_group_remark": set_group_remark,
    "set_group_add_option": set_group_add_option,
    "set_group_member_invite_policy": do_nothing_as_admin,
    "set_group_todo": do_nothing_in_group,
    "set_group_sign": do_nothing_in_group,
    "send_group_sign": do_nothing_in_group,
    "set_group_anonymous": no_anonymity,
    "set_group_anonymous_ban": no_anonymity,
    "get_group_info": get_group_info,
    "get_group_list": get_group_list,
    "get_group_member_info": get_group_member_info,
    "get_group_member_list": get_group_member_list,
    "get_group_shut_list": get_group_shut_list,
    "get_group_at_all_remain": get_group_at_all_remain,
    "get_group_honor_info": get_group_honor_info,
    "group_poke": group_poke,
    "send_poke": group_poke,
    "friend_poke": friend_poke,
}
