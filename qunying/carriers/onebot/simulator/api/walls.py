"""Essence, announcements and files."""

from __future__ import annotations

from typing import Any

from .. import boards
from ..parts import Essence
from .call import Call, Handler


def set_essence_msg(call: Call) -> None:
    """Makes a message essence."""
    boards.do_add_essence(call.state, call.message_id(), call.self_id)


def delete_essence_msg(call: Call) -> None:
    """Takes it out again."""
    boards.do_delete_essence(call.state, call.message_id(), call.self_id)


def get_essence_msg_list(call: Call) -> list[dict[str, Any]]:
    """All essence of a group."""
    return [_essence(call, each) for each in call.group().essence.values()]


def _essence(call: Call, essence: Essence) -> dict[str, Any]:
    message = call.state.messages[essence.message_id]
    people = call.state.people
    return {
        "message_id": call.seen(essence.message_id),
        "msg_seq": message.seq,
        "sender_id": message.sender_id,
        "sender_nick": people[message.sender_id].nickname,
        "sender_time": message.at,
        "operator_id": essence.operator_id,
        "operator_nick": people[essence.operator_id].nickname,
        "operator_time": essence.added_at,
        "content": [each.wire() for each in message.segments],
    }


def send_group_notice(call: Call) -> dict[str, Any]:
    """Hangs up an announcement."""
    content, image = call.params.string("content"), call.params.string("image", "")
    notice = boards.do_announce(call.state, call.group_id(), call.self_id, content, image)
    return {"notice_id": notice.notice_id}


def get_group_notice(call: Call) -> list[dict[str, Any]]:
    """All announcements, the newest first."""
    return [boards.announcement_info(each) for each in reversed(call.group().announcements.values())]


def del_group_notice(call: Call) -> None:
    """Takes one down."""
    boards.do_take_down(call.state, call.group_id(), call.self_id, call.params.string("notice_id"))


def upload_group_file(call: Call) -> dict[str, Any]:
    """Puts a file into the folder; its content is not looked at."""
    call.params.string("file")
    file = boards.do_upload(call.state, call.group_id(), call.self_id, call.params.string("name"), 1024)
    return {"file_id": file.file_id}


def delete_group_file(call: Call) -> None:
    """Removes a file."""
    boards.do_delete_file(call.state, call.group_id(), call.self_id, call.params.string("file_id"))


def get_group_root_files(call: Call) -> dict[str, Any]:
    """The folder."""
    group = call.group()
    return {"files": [boards.file_info(group.group_id, each) for each in group.files.values()], "folders": []}


def get_group_file_url(call: Call) -> dict[str, Any]:
    """Where a file could be fetched."""
    file = boards.find_file(call.state, call.group_id(), call.params.string("file_id"))
    return {"url": f"{call.state.files_at}/_file{file.file_id}"}


ACTIONS: dict[str, Handler] = {
    "set_essence_msg": set_essence_msg,
    "delete_essence_msg": delete_essence_msg,
    "get_essence_msg_list": get_essence_msg_list,
    "_send_group_notice": send_group_notice,
    "_get_group_notice": get_group_notice,
    "_del_group_notice": del_group_notice,
    "upload_group_file": upload_group_file,
    "delete_group_file": delete_group_file,
    "get_group_root_files": get_group_root_files,
    "get_group_file_url": get_group_file_url,
}
