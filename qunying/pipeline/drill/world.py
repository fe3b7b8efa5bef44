"""The world of one play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qunying.kernel.capability import Capability
from qunying.pipeline.drill.script import Script
from qunying.pipeline.drill.stage import Stage


@dataclass
class World:
    """The world of one play: where it stands in time, what our ids are for its names, what each line became."""

    script: Script
    roster: Sequence[Capability]
    stage: Stage
    now: datetime
    community_id: int = 0
    groups: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    refs: dict[int, str] = field(default_factory=dict)
    dies_next: bool = False

    def account_of(self, actor: str) -> tuple[str, str]:
        """The account of somebody of the play: carrier and reference."""
        return self.stage.carrier, self.stage.ref_of(actor)
