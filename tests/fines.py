"""A capability that only tests have: it takes the deposit of whoever advertises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qunying.kernel.capability import Capability
from qunying.kernel.effects import Forfeit
from qunying.kernel.events import Event, MessageReceived
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.scene import Scene
from qunying.pipeline.roster import ROSTER


def _fines(event: Event, reading: Mapping[str, Any], scene: Scene, memory: Any) -> Opinion | None:
    if not isinstance(event, MessageReceived) or event.is_own or "广告" not in event.text:
        return None
    member = scene.member(event, event.sender).identity_id
    return Opinion("fines", Reason("fines.ad"), (Forfeit(group_id=event.group_id, member=member),))


FINES = Capability(name="fines", title="罚款", consider=_fines)
WITH_FINES = (*(one for one in ROSTER if one.name != "order"), FINES)  # order would have its own view of the same words
