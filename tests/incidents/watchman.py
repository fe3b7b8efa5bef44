"""A capability that only tests have: it finds what its words say, so that incidents have something to receive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qunying.kernel.capability import Capability
from qunying.kernel.effects import OpenIncident
from qunying.kernel.events import Event, MessageReceived
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.scene import Scene
from qunying.pipeline.roster import ROSTER

FINDS: Mapping[str, tuple[str, str]] = {
    "吵": ("quarrel", "quarrel:{group}"),
    "加我微信": ("competitor_wave", "wave:{group}"),
    "货坏了": ("damaged_goods", "goods:{group}"),
    "整个社群": ("mass_leaving", "everywhere"),
}


def _consider(event: Event, reading: Mapping[str, Any], scene: Scene, memory: Any) -> Opinion | None:
    """Whoever says one of the words is in it, and whoever they mention."""
    if not isinstance(event, MessageReceived) or event.is_own or event.group_id is None:
        return None
    members = tuple(scene.member(event, one).identity_id for one in (event.sender, *event.mentions))
    effects = tuple(
        OpenIncident(
            key=key.format(group=event.group_id),
            kind=kind,
            group_id=event.group_id,
            members=members,
            message_keys=(event.source_key,),
        )
        for word, (kind, key) in FINDS.items()
        if word in event.text
    )
    return Opinion("watchman", Reason("watchman.saw"), effects) if effects else None


WATCHMAN = Capability(name="watchman", title="看门的", consider=_consider, reasons={"watchman.saw": "看到了"})
WATCHED = (*ROSTER, WATCHMAN)
