"""The script interface: what people do in the world, for tests and demonstrations. Safe to call from any thread.

Every verb checks what QQ would check and raises ``Refusal`` where QQ would say no.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from qunying.kernel import clock as kernel_clock

from . import boards, governing, joining, talking
from .parts import Account, Announcement, Group, Member, Message, Person, Request, Role, StoredFile
from .segments import read_message
from .state import State


class World:
    """Accounts and members, groups and what is said in them."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = kernel_clock.now,
        ids: Iterator[int] | None = None,
        own_ids: bool = False,
    ) -> None:
        self.state = State(clock=clock, ids=ids or itertools.count(1), own_ids=own_ids)
        self.lock = threading.RLock()

    # who and what there is, before anything happens

    def add_person(self, user_id: int, nickname: str) -> Person:
        """Somebody with a QQ number."""
        return self.state.people.setdefault(user_id, Person(user_id, nickname))

    def add_account(self, self_id: int, nickname: str) -> Account:
        """Somebody whose client we serve."""
        self.add_person(self_id, nickname)
        return self.state.accounts.setdefault(self_id, Account(self_id))

    def add_group(self, group_id: int, name: str, owner: int, *, capacity: int = 500) -> Group:
        """A group with its owner."""
        group = self.state.groups[group_id] = Group(group_id, name, capacity)
        self.seat(group_id, owner, role="owner")
        return group

    def seat(self, group: int, user: int, *, role: Role = "member", card: str = "", title: str = "") -> Member:
        """Somebody who was there before the story begins; nobody is told."""
        self.state.person(user)
        member = Member(user, role, card, title, joined_at=self.state.now())
        self.state.group(group).members[user] = member
        return member

    def make_friends(self, one: int, other: int) -> None:
        """Two who can write to each other."""
        self.state.friends.add(frozenset((one, other)))

    # what is said

    def say(self, group: int, user: int, message: Any) -> Message:
        """Speaks in a group: words (CQ codes are read), a segment or several."""
        with self.lock:
            return talking.do_say(self.state, group, user, read_message(message))

    def whisper(self, user: int, to: int, message: Any, *, via_group: int = 0) -> Message:
        """Writes in private; through a group where they are no friends."""
        with self.lock:
            return talking.do_whisper(self.state, user, to, read_message(message), via_group)

    def recall(self, message: Message | int, *, by: int) -> Message:
        """Takes a message back."""
        with self.lock:
            return talking.do_recall(self.state, _id(message), by)

    def like(self, message: Message | int, user: int, emoji: str, *, add: bool = True) -> None:
        """Puts an emoji below a message, or takes it away."""
        with self.lock:
            talking.do_like(self.state, _id(message), user, emoji, is_add=add)

    def poke(self, user: int, target: int, *, group: int = 0) -> None:
        """Pokes somebody."""
        with self.lock:
            talking.do_poke(self.state, user, target, group)

    def list_said(self, group: int) -> list[Message]:
        """What was said in a group and is still there."""
        with self.lock:
            return talking.list_said(self.state, group)

    def list_private(self, one: int, other: int) -> list[Message]:
        """What two wrote to each other."""
        with self.lock:
            return talking.list_private(self.state, one, other)

    def id_for(self, account: int, message: Message | int) -> int:
        """The number by which an account knows a message."""
        return self.state.id_for(account, _id(message))

    # who comes and goes

    def join(self, group: int, user: int, *, by: int = 0) -> Member:
        """Comes in at once, as if somebody had nodded."""
        with self.lock:
            return joining.do_enter(self.state, group, user, by or _owner(self.state.group(group)))

    def ask(self, group: int, user: int, answer: str, *, question: str = "") -> Request:
        """Asks to come in, answering the group's question where it has one."""
        with self.lock:
            asked = question or self.state.group(group).question
            comment = f"问题：{asked}\n答案：{answer}" if asked else answer
            return joining.do_ask(self.state, group, user, comment)

    def approve(self, request: Request | str, *, by: int) -> Request:
        """Lets somebody in."""
        with self.lock:
            return joining.do_settle(self.state, _flag(request), by, approve=True)

    def reject(self, request: Request | str, *, by: int, reason: str = "") -> Request:
        """Turns somebody down."""
        with self.lock:
            return joining.do_settle(self.state, _flag(request), by, approve=False, reason=reason)

    def invite(self, group: int, user: int, *, by: int) -> Request | Member:
        """Brings somebody; an account of ours is asked first."""
        with self.lock:
            return joining.do_invite(self.state, group, user, by)

    def befriend(self, user: int, account: int, comment: str = "") -> Request:
        """Asks an account to be friends."""
        with self.lock:
            return joining.do_befriend(self.state, user, account, comment)

    def leave(self, group: int, user: int) -> None:
        """Goes by themselves."""
        with self.lock:
            joining.do_leave(self.state, group, user)

    def kick(self, group: int, user: int, *, by: int, block: bool = False) -> None:
        """Removes somebody."""
        with self.lock:
            joining.do_remove(self.state, group, user, by, block=block)

    def dismiss(self, group: int, *, by: int) -> None:
        """Ends the group."""
        with self.lock:
            joining.do_dismiss(self.state, group, by)

    # how a group is led

    def mute(self, group: int, user: int, *, by: int, seconds: int) -> None:
        """Silences somebody; zero seconds lets them speak."""
        with self.lock:
            governing.do_mute(self.state, group, user, by, seconds)

    def mute_all(self, group: int, *, by: int, enable: bool = True) -> None:
        """Silences everybody."""
        with self.lock:
            governing.do_mute_all(self.state, group, by, enable=enable)

    def set_admin(self, group: int, user: int, *, by: int, enable: bool = True) -> None:
        """Makes somebody administrator."""
        with self.lock:
            governing.do_set_admin(self.state, group, user, by, enable=enable)

    def hand_over(self, group: int, heir: int, *, by: int) -> None:
        """The owner makes somebody else the owner; QQ tells bots nothing about it."""
        with self.lock:
            governing.do_hand_over(self.state, group, by, heir)

    def set_card(self, group: int, user: int, card: str, *, by: int = 0) -> None:
        """Names somebody in the group; without ``by`` they name themselves."""
        with self.lock:
            governing.do_set_card(self.state, group, user, by or user, card)

    def set_title(self, group: int, user: int, title: str, *, by: int) -> None:
        """Gives somebody a title."""
        with self.lock:
            governing.do_set_title(self.state, group, user, by, title)

    def rename(self, group: int, name: str, *, by: int) -> None:
        """Gives the group another name."""
        with self.lock:
            governing.do_rename(self.state, group, by, name)

    def notify(self, group: int, words: dict[str, Any]) -> None:
        """Any other notice, word by word."""
        with self.lock:
            governing.do_notify(self.state, group, words)

    # what hangs on the walls

    def add_essence(self, message: Message | int, *, by: int) -> None:
        """Makes a message essence."""
        with self.lock:
            boards.do_add_essence(self.state, _id(message), by)

    def delete_essence(self, message: Message | int, *, by: int) -> None:
        """Takes a message out of the essence."""
        with self.lock:
            boards.do_delete_essence(self.state, _id(message), by)

    def announce(self, group: int, text: str, *, by: int) -> Announcement:
        """Hangs up an announcement."""
        with self.lock:
            return boards.do_announce(self.state, group, by, text)

    def upload(self, group: int, user: int, name: str, *, size: int = 1024) -> StoredFile:
        """Puts a file into the folder."""
        with self.lock:
            return boards.do_upload(self.state, group, user, name, size)

    # accounts

    def go_offline(self, account: int, *, tag: str = "KickedOffLine", message: str = "账号已在别处登录") -> None:
        """An account is logged out: it says so once, then hears and does nothing more."""
        with self.lock:
            words = {"post_type": "notice", "notice_type": "bot_offline", "user_id": account}
            self.state.tell(account, {**words, "tag": tag, "message": message})
            self.state.accounts[account].is_online = False

    def go_online(self, account: int) -> None:
        """An account is logged in again; what happened meanwhile is in the history only."""
        with self.lock:
            self.state.accounts[account].is_online = True


def _id(message: Message | int) -> int:
    return message.message_id if isinstance(message, Message) else message


def _flag(request: Request | str) -> str:
    return request.flag if isinstance(request, Request) else request


def _owner(group: Group) -> int:
    return next((each.user_id for each in group.members.values() if each.role == "owner"), 0)
