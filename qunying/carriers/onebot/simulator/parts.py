"""What a QQ world is made of: people, groups, members, messages, requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["owner", "admin", "member"]
RANKS: Mapping[Role, int] = {"member": 0, "admin": 1, "owner": 2}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a message: its type and what belongs to it."""

    type: str
    data: Mapping[str, Any]

    def wire(self) -> dict[str, Any]:
        """As OneBot's array format has it."""
        return {"type": self.type, "data": dict(self.data)}


@dataclass(slots=True)
class Person:
    """Somebody with a QQ number; accounts that we serve are persons too."""

    user_id: int
    nickname: str
    sex: str = "unknown"
    age: int = 0


@dataclass(slots=True)
class Member:
    """A person in a group. Times are Unix seconds; ``muted_until`` lies in the past for who may speak."""

    user_id: int
    role: Role = "member"
    card: str = ""
    title: str = ""
    level: int = 1
    joined_at: int = 0
    last_sent_at: int = 0
    muted_until: int = 0


@dataclass(frozen=True, slots=True)
class Announcement:
    """A group's announcement."""

    notice_id: str
    sender_id: int
    published_at: int
    text: str
    image: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in a group's folder."""

    file_id: str
    name: str
    size: int
    busid: int
    uploader_id: int
    uploaded_at: int


@dataclass(frozen=True, slots=True)
class Essence:
    """That a message was made essence, by whom and when."""

    message_id: int
    operator_id: int
    added_at: int


@dataclass(slots=True)
class Group:
    """A QQ group. ``blocked`` are those who were removed and may not ask again."""

    group_id: int
    name: str
    capacity: int = 500
    question: str = ""
    remark: str = ""
    is_muted: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    essence: dict[int, Essence] = field(default_factory=dict)
    announcements: dict[str, Announcement] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    at_all_used: dict[tuple[int, int], int] = field(default_factory=dict)  # per day and sender
    next_seq: int = 1


@dataclass(slots=True)
class Message:
    """Something said: in a group, or in private to ``to_id`` (``via_group`` where that is a temporary session)."""

    message_id: int
    seq: int
    at: int
    sender_id: int
    segments: tuple[Segment, ...]
    group_id: int = 0
    to_id: int = 0
    via_group: int = 0
    is_recalled: bool = False
    missed_by: frozenset[int] = frozenset()  # accounts that were offline
    likes: dict[str, set[int]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its words without anything else."""
        return "".join(str(each.data.get("text", "")) for each in self.segments if each.type == "text")


@dataclass(slots=True)
class Request:
    """Somebody asks to come in (``add``), an account is invited (``invite``), or somebody wants to be a friend."""

    flag: str
    kind: Literal["add", "invite", "friend"]
    user_id: int
    comment: str
    asked_at: int
    group_id: int = 0
    to_id: int = 0
    handled_by: int = 0
    is_approved: bool | None = None
    reason: str = ""


@dataclass(slots=True)
class Account:
    """A person whose QQ client is ours to serve."""

    self_id: int
    is_online: bool = True
