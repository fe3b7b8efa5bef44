"""How an account of ours does, for the header and its own page: one look, the same words everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from qunying.carriers.wire.lines import ONLINE, REFUSED, LineState, Standing
from qunying.console.platforms import tell_platform
from qunying.kernel.texts import Sentence
from qunying.ui.figures import duration

QUIET_AFTER = timedelta(minutes=30)  # heartbeats and empty answers count as heard


class OwnAccount(Protocol):
    """An account of ours as far as these pages need it."""

    carrier: str
    ref: str
    name: str
    is_online: bool
    online_since: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """``tone`` is ``on``, ``look``, ``act`` or ``hollow``; ``words`` say how it does, ``why`` what is wrong with it."""

    tone: str
    words: str
    why: str = ""
    is_online: bool = False
    is_paused: bool = False


def tell_health(line: Standing | LineState, now: datetime, *, held: bool) -> Health:
    """How a line does; ``held`` is whether the process that holds the lines is at work."""
    why = Sentence.of_text(line.why).said(_) if line.why else ""
    if line.is_paused:
        return Health("look", _("停着，不听也不说"), is_paused=True)
    if not held:
        return Health("act", _("线路进程没有在跑"), _("用 qunying up 启动时它会一起起来；单独起是 qunying gateway"))
    if line.state == REFUSED:
        return Health("act", _("平台不让连"), why)
    if line.state == ONLINE:
        return _online(line, now)
    if not line.account_ref:
        return Health("look", _("还没连上过"), why)
    return Health("act", _("掉线了"), why)


def _online(line: Standing | LineState, now: datetime) -> Health:
    if line.heard_at is not None and now - line.heard_at > QUIET_AFTER:
        silent = _("%(time)s没有动静，也许断了") % {"time": duration(now - line.heard_at)}
        return Health("look", _("在线"), silent, is_online=True)
    return Health("on", _("在线"), is_online=True)


def tell_name(line: Standing | LineState) -> str:
    """What a line is called: its platform, and the account once the platform said who we are."""
    return f"{tell_platform(line.carrier)} · {line.name or _('还不知道是哪个号')}"
