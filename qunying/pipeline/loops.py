"""Every loop of the machine, as one step: runners drive it with the wall clock, drills jump from due to due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qunying.intake import gateway
from qunying.intake.queries import next_due_after as intake_due_after
from qunying.intake.queries import next_lease_end
from qunying.intake.questions import next_try_after
from qunying.kernel.capability import Capability
from qunying.outbox import delivery
from qunying.outbox.queries import next_due_after as outbox_due_after
from qunying.pipeline import looking, relay, worker
from qunying.pipeline.roster import ROSTER


def step(now: datetime, roster: Sequence[Capability] = ROSTER) -> int:
    """Takes in, tells, relays, delivers and looks at pictures once each; answers how much was done. 0 means: nothing to do now."""
    told = gateway.step(now) + worker.step(now, roster) + relay.step(now, roster)
    return told + delivery.step(now) + looking.step(now)


def next_due_after(now: datetime) -> datetime | None:
    """The next moment after ``now`` at which something will have to be done; None when nothing is planned."""
    moments = [intake_due_after(now), next_lease_end(now), outbox_due_after(now), next_try_after(now)]
    return min((moment for moment in moments if moment is not None), default=None)
