"""How an account is connected to applications: what the settings page of a real implementation offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ClientRole = Literal["Universal", "API", "Event"]


@dataclass(frozen=True, slots=True)
class Reverse:
    """An application that we dial by WebSocket; ``token`` where it wants another than the account's."""

    url: str
    role: ClientRole = "Universal"
    token: str = ""
    again_after: float = 3.0


@dataclass(frozen=True, slots=True)
class Post:
    """An address to which every event is posted, signed with ``secret`` where there is one."""

    url: str
    secret: str = ""
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Wiring:
    """One account's connections. ``port`` 0 takes a free one. ``heartbeat`` in seconds, 0 is none.

    ``report_self``: whether the account hears its own messages, and as which kind of event.
    ``napcat``: where NapCat differs from others, do as NapCat does (``set_group_ban`` without ``duration`` lifts, the
    history goes forward from ``message_seq``, requests are listed with ``invitor_uin``).
    ``remembers_absence``: whether the history has what was said while the account was offline; NapCat's often has not.
    """

    self_id: int
    port: int = 0
    token: str = ""
    message_format: Literal["array", "string"] = "array"
    report_self: Literal["", "message", "message_sent"] = ""
    napcat: bool = False
    remembers_absence: bool = True
    heartbeat: float = 0.0
    rate_limit: float = 0.5
    reverse: tuple[Reverse, ...] = ()
    posts: tuple[Post, ...] = ()
