"""How the platform says no: a code for programs and words for people, as QQ implementations give them."""

from __future__ import annotations

FAILED = 200  # understood, not done
BAD_PARAMS = 1400
NO_SUCH_ACTION = 1404
WRONG_TOKEN = 1403


class Refusal(Exception):
    """The platform said no; ``wording`` says why in words for people, ``message`` may be a code of QQ's own."""

    def __init__(self, message: str, wording: str = "", retcode: int = FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.wording = wording or message
        self.retcode = retcode


def not_admin() -> Refusal:
    """Whoever tries is no administrator there."""
    return Refusal("ERR_NOT_GROUP_ADMIN", "没有群管理权限")


def not_owner() -> Refusal:
    """Only the owner may."""
    return Refusal("ERR_NOT_GROUP_OWNER", "只有群主可以这样做")


def protected(role: str) -> Refusal:
    """The target is of the owner or of the administrators, and whoever tries is not above them."""
    who = {"owner": "群主", "admin": "管理员"}[role]
    return Refusal(f"cannot operate {role}", f"对方是{who}，不能这样做")


def no_group(group_id: int) -> Refusal:
    """There is no such group, or the account is not in it; the platform tells nobody which."""
    return Refusal(f"群{group_id}不存在", f"群{group_id}不存在，或不在群里")


def no_member(group_id: int, user_id: int) -> Refusal:
    """That person is not in that group."""
    return Refusal(f"群({group_id})成员{user_id}不存在")


def no_person(user_id: int) -> Refusal:
    """No such QQ number."""
    return Refusal(f"用户{user_id}不存在")


def no_message(message_id: object) -> Refusal:
    """No such message, or it is not there any more."""
    return Refusal(f"消息{message_id}不存在")


def no_request() -> Refusal:
    """No request carries that flag, or it has scrolled out of the list."""
    return Refusal("No such request", "没有这条申请")


def bad_params(what: str) -> Refusal:
    """A parameter is missing or not what it has to be."""
    return Refusal(what, what, BAD_PARAMS)
