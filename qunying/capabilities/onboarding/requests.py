"""Whoever asks to be let in: a person decides, with what was written before their eyes. Pure."""

from __future__ import annotations

from datetime import timedelta

from qunying.kernel.effects import ApproveJoin
from qunying.kernel.events import JoinRequested
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.scene import GroupScene, Scene

STAYS_GOOD = timedelta(days=3)
WORDS_SHOWN = 120


def about_request(capability: str, event: JoinRequested, scene: Scene, group: GroupScene) -> Opinion:
    """Lets them in once a person says so."""
    member = scene.member(event, event.member)
    let_in = ApproveJoin(
        group_id=group.id, request_ref=event.request_ref, member=member.identity_id, expires_after=STAYS_GOOD
    )
    words = " ".join(event.words.split())[:WORDS_SHOWN]
    code = "onboarding.asks_to_join" if words else "onboarding.asks_without_a_word"
    reason = Reason(code, {"name": member.shown_name, "words": words})
    return Opinion(capability, reason, (let_in,), asks_first=True)
