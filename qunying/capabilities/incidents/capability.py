"""Incidents: what others find and a person must lead through gets an owner, a clock, tasks and a course. The only thing found here
is an account of ours that stays away."""

from __future__ import annotations

from qunying.capabilities.incidents.drills import do_accept, list_happened
from qunying.capabilities.incidents.opening import NAME, do_open_incidents
from qunying.capabilities.incidents.outages import AWAY, BACK, REASONS, TIMER, brief, consider, remember, save
from qunying.capabilities.incidents.queries import count_open_incidents
from qunying.capabilities.incidents.today import list_today
from qunying.capabilities.incidents.words import tell_fact
from qunying.kernel.capability import Capability, Screen
from qunying.kernel.drills import DrillFind
from qunying.kernel.effects import INCIDENTS as KINDS_OF_INCIDENTS
from qunying.kernel.texts import mark

FACTS_TOLD = ("incident.opened", "incident.owner_changed", "incident.closed", "incident.reopened")


INCIDENTS = Capability(
    name=NAME,
    title=mark("事件"),
    brief=brief,
    consider=consider,
    remember=remember,
    save=save,
    facts_in=frozenset({AWAY, BACK}),
    reasons=REASONS,
    timers={TIMER: mark("看掉线的账号回来没有")},
    performs={"OpenIncident": do_open_incidents},
    screens=(Screen(title=mark("事件"), icon="incidents", url_name="incidents:desk", count=count_open_incidents),),
    today=list_today,
    tells=dict.fromkeys(FACTS_TOLD, tell_fact),
    drill_finds={"incident": DrillFind(kinds=KINDS_OF_INCIDENTS, list_happened=list_happened)},
    drill_deeds={"accept": do_accept},
)
