"""The worker's loop: claim, tell, release. A claim that cannot be told is told in smaller parts, down to the one thing
that fails, which is set aside with its error and never blocks its lane."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import datetime

import structlog

from qunying.intake.actions import Claim, do_claim, do_fail, do_release, reread
from qunying.kernel import clock
from qunying.kernel.capability import Capability
from qunying.kernel.errors import LostLease
from qunying.pipeline.inbound import tell
from qunying.pipeline.roster import ROSTER

TRIES = 2

log = structlog.get_logger()


def step(now: datetime, roster: Sequence[Capability] = ROSTER) -> int:
    """Tells one claim; answers how many things were told. 0 means that nothing is due now."""
    claim = do_claim(now)
    if not claim.lanes:
        return 0
    told = 0
    try:
        told = _tell_all(claim, roster)
    except LostLease as lost:
        log.info("lease lost", why=str(lost))
    finally:
        do_release(claim)
    return max(told, 1)


def _tell_all(claim: Claim, roster: Sequence[Capability]) -> int:
    told, part, tries = 0, claim.size, 0
    now = claim.now
    while claim.size:
        batch = claim.first(part)
        try:
            told += len(tell(batch, roster))
        except LostLease:
            raise
        except Exception:  # noqa: BLE001 - goes_together it is, it is written beside the envelope and shown
            if batch.size > 1:
                part = batch.size // 2
                continue
            tries += 1
            if tries < TRIES:  # it may have been the moment, not the thing: two workers who met the same stranger
                continue
            _do_set_aside(batch)
        tries = 0
        if batch is claim:
            break
        part = max(1, part * 2)
        claim = reread(claim, now)
    return told


def _do_set_aside(batch: Claim) -> None:
    error = traceback.format_exc(limit=-6)
    log.error("not told", keys=[envelope.key for envelope in batch.envelopes], error=error)
    do_fail(batch, error, clock.now())
