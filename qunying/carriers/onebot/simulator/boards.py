"""What hangs on a group's walls: essence, announcements, files."""

from __future__ import annotations

from typing import Any

from . import rights
from .parts import Announcement, Essence, Group, Message, StoredFile
from .refusals import Refusal
from .state import State
from .talking import find_heard

BUSID = 102


def do_add_essence(state: State, message_id: int, actor_id: int) -> None:
    """Makes a message essence."""
    message = find_heard(state, message_id, actor_id)
    rights.need_admin(state, message.group_id, actor_id)
    group = state.group(message.group_id)
    if message_id not in group.essence:
        group.essence[message_id] = Essence(message_id, actor_id, state.now())
        _tell_essence(state, group, message, actor_id, "add")


def do_delete_essence(state: State, message_id: int, actor_id: int) -> None:
    """Takes a message out of the essence."""
    message = find_heard(state, message_id, actor_id)
    rights.need_admin(state, message.group_id, actor_id)
    group = state.group(message.group_id)
    if group.essence.pop(message_id, None) is None:
        raise Refusal("not an essence message", "这条消息不是精华消息")
    _tell_essence(state, group, message, actor_id, "delete")


def _tell_essence(state: State, group: Group, message: Message, actor_id: int, kind: str) -> None:
    for self_id in state.accounts_in(group):
        state.tell(
            self_id,
            {
                "post_type": "notice",
                "notice_type": "essence",
                "sub_type": kind,
                "group_id": group.group_id,
                "user_id": message.sender_id,
                "sender_id": message.sender_id,
                "operator_id": actor_id,
                "message_id": state.id_for(self_id, message.message_id),
            },
        )


def do_announce(state: State, group_id: int, actor_id: int, text: str, image: str = "") -> Announcement:
    """Hangs up an announcement. QQ tells bots nothing about it."""
    rights.need_admin(state, group_id, actor_id)
    if not text:
        raise Refusal("empty notice", "公告不能是空的")
    notice = Announcement(f"notice-{state.next_flag()}", actor_id, state.now(), text, image)
    state.group(group_id).announcements[notice.notice_id] = notice
    return notice


def do_take_down(state: State, group_id: int, actor_id: int, notice_id: str) -> None:
    """Takes an announcement down."""
    rights.need_admin(state, group_id, actor_id)
    if state.group(group_id).announcements.pop(notice_id, None) is None:
        raise Refusal("no such notice", "没有这条公告")


def do_upload(state: State, group_id: int, user_id: int, name: str, size: int) -> StoredFile:
    """Puts a file into the group's folder."""
    group = state.group(group_id)
    rights.need_voice(state, group, user_id)
    file = StoredFile(f"/{state.next_flag()}", name, size, BUSID, user_id, state.now())
    group.files[file.file_id] = file
    told = {"id": file.file_id, "name": name, "size": size, "busid": BUSID}
    words = {"post_type": "notice", "notice_type": "group_upload", "group_id": group_id, "user_id": user_id}
    state.tell_all(state.accounts_in(group), {**words, "file": told})
    return file


def do_delete_file(state: State, group_id: int, actor_id: int, file_id: str) -> None:
    """Removes a file; one's own, or as administrator."""
    file = find_file(state, group_id, file_id)
    if file.uploader_id != actor_id:
        rights.need_admin(state, group_id, actor_id)
    del state.group(group_id).files[file_id]


def find_file(state: State, group_id: int, file_id: str) -> StoredFile:
    """A file of the group, or a refusal."""
    found = state.group(group_id).files.get(file_id)
    if found is None:
        raise Refusal("no such file", "没有这个文件")
    return found


def announcement_info(notice: Announcement) -> dict[str, Any]:
    """As ``_get_group_notice`` lists it."""
    images = [{"id": notice.image, "height": "0", "width": "0"}] if notice.image else []
    return {
        "notice_id": notice.notice_id,
        "sender_id": notice.sender_id,
        "publish_time": notice.published_at,
        "message": {"text": notice.text, "image": images, "images": images},
    }


def file_info(group_id: int, file: StoredFile) -> dict[str, Any]:
    """As ``get_group_root_files`` lists it."""
    return {
        "group_id": group_id,
        "file_id": file.file_id,
        "file_name": file.name,
        "busid": file.busid,
        "file_size": file.size,
        "upload_time": file.uploaded_at,
        "dead_time": 0,
        "modify_time": file.uploaded_at,
        "download_times": 0,
        "uploader": file.uploader_id,
        "uploader_name": str(file.uploader_id),
    }
