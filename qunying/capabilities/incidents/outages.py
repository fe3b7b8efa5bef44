"""An account of ours that stays away becomes an incident, which ends when it is back. Pure, but for what it reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from qunying.capabilities.incidents.actions import do_close_incident
from qunying.capabilities.incidents.models import Incident
from qunying.carriers.wire.lines import list_standings
from qunying.communities.queries_accounts import list_away
from qunying.kernel.effects import CancelWake, OpenIncident, WakeAt
from qunying.kernel.events import Event, FactHappened, TimerDue
from qunying.kernel.opinions import Decision, Opinion, Reason
from qunying.kernel.readings import Reading
from qunying.kernel.scene import Scene
from qunying.kernel.texts import mark

NAME = "incidents"
KIND = "carrier_down"
AWAY, BACK = "account.offline", "account.online"
PATIENCE = timedelta(minutes=5)  # most platforms let go and take up again within a minute
TIMER = "away"
REASONS = {
    "incidents.account_away": mark("账号掉线了，等 %(minutes)s 分钟，还不回来就立为事件"),
    "incidents.account_stays_away": mark("账号掉线 %(minutes)s 分钟了还没回来"),
    "incidents.account_is_back": mark("账号回来了"),
    "incidents.account_not_wanted": mark("账号回来了，或者是人让它停下的，不用立为事件"),
}


@dataclass(frozen=True, slots=True)
class Back:
    """An account that is there again, and where that matters."""

    community_id: int
    account: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Outages:
    """Which accounts are away though nobody wanted that, and which came back in this batch."""

    away: frozenset[int] = frozenset()
    back: tuple[Back, ...] = ()


def brief(events: Sequence[Event], scene: Scene) -> Outages:
    """Reads only when somebody waited for an account."""
    asked = {_account(event) for event in events if _is_waited_for(event)}
    if not asked:
        return Outages()
    wanted = {(one.carrier, one.account_ref) for one in list_standings() if not one.is_paused}
    away = list_away(asked)
    return Outages(away=frozenset(pk for pk, place in away.items() if place in wanted))


def consider(event: Event, reading: Reading, scene: Scene, memory: Outages) -> Opinion | None:
    """Waits for an account that is away, opens an incident when it does not come back."""
    match event:
        case FactHappened(capability="incidents", name="account.offline"):
            wake = WakeAt(key=_timer(event), at=event.at + PATIENCE, payload={"account": _account(event)})
            return _opinion("account_away", wake)
        case FactHappened(capability="incidents", name="account.online"):
            return _opinion("account_is_back", CancelWake(key=_timer(event)))
        case TimerDue(capability="incidents") if _account(event) in memory.away:
            return _opinion("account_stays_away", OpenIncident(key=_key(_account(event)), kind=KIND, group_id=None))
        case TimerDue(capability="incidents"):
            return _opinion("account_not_wanted")
        case _:
            return None


def remember(memory: Outages, event: Event, decision: Decision, scene: Scene) -> Outages:
    """Who came back."""
    if isinstance(event, FactHappened) and event.capability == NAME and event.name == BACK:
        back = Back(event.community_id, _account(event), event.at)
        return replace(memory, back=(*memory.back, back))
    return memory


def save(memory: Outages) -> None:
    """What was opened because an account was away is over when it is back; people may open it again."""
    for one in memory.back:
        open_ones = Incident.objects.filter(community=one.community_id, key=_key(one.account), closed_at=None)
        for incident_id in open_ones.values_list("pk", flat=True):
            do_close_incident(incident_id, "", user_id=None, at=one.at)


def _opinion(code: str, *effects: Any) -> Opinion:
    minutes = int(PATIENCE.total_seconds() // 60)
    return Opinion(NAME, Reason(f"incidents.{code}", {"minutes": minutes}), effects)


def _is_waited_for(event: Event) -> bool:
    """Also the fact itself: told late, its waiting may end within the same batch."""
    match event:
        case TimerDue(capability="incidents"):
            return True
        case FactHappened(capability="incidents", name="account.offline"):
            return True
        case _:
            return False


def _account(event: Event) -> int:
    payload = event.payload if isinstance(event, FactHappened | TimerDue) else {}
    account = payload.get("account", 0)
    return account if isinstance(account, int) else 0


def _timer(event: Event) -> str:
    return f"{TIMER}:{_account(event)}"


def _key(account: int) -> str:
    return f"{KIND}:{account}"
