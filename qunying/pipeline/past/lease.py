"""Who reads an import run: one process at a time, and whoever was killed is followed by the next after a minute."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from qunying.kernel import clock
from qunying.kernel.errors import QunyingError
from qunying.kernel.texts import mark
from qunying.pipeline.models import ImportRun
from qunying.pipeline.past.keys import storable

LEASE = timedelta(seconds=60)
_STOPPED = {"paused": mark("这次导入歇下了，可以再接着导"), "dropped": mark("这次导入不做了，已经导进来的留着")}


class Stopped(QunyingError):
    """The run was paused or dropped by a person, or taken over by another worker, while it was read."""


class TakenElsewhere(Stopped):
    """Somebody else is reading this run."""


def do_take(run_id: int) -> ImportRun:
    """Nobody else reads this run while we keep renewing the lease."""
    now = clock.now()
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.state == "running" and run.leased_until and run.leased_until > now:
            raise TakenElsewhere(mark("这次导入正在别处进行"))
        if run.state in {"done", "dropped"}:
            raise TakenElsewhere(mark("这次导入已经结束了"))
        run.state, run.leased_until, run.error = "running", now + LEASE, ""
        run.started_at = run.started_at or now
        run.save(update_fields=["state", "leased_until", "started_at", "error"])
    return run


def do_stay(run: ImportRun) -> None:
    """Passing over what was kept before an interruption takes time too."""
    if run.leased_until is not None and run.leased_until - clock.now() < LEASE / 2:
        with transaction.atomic():
            do_renew(run)


def do_renew(run: ImportRun) -> None:
    """Raises ``Stopped`` unless this run is still ours; renews the lease, within the caller's transaction."""
    held = ImportRun.objects.select_for_update().filter(pk=run.pk).values_list("state", "leased_until")
    state, leased_until = held.get()
    if state in _STOPPED:
        raise Stopped(_STOPPED[state])
    if state != "running" or leased_until != run.leased_until:
        raise TakenElsewhere(mark("这次导入被别处接着做了"))
    run.leased_until = clock.now() + LEASE
    ImportRun.objects.filter(pk=run.pk).update(leased_until=run.leased_until)


def do_let_go(run: ImportRun, state: str, why: str) -> None:
    """Whoever wants to go on need not wait for the lease to end."""
    ours = ImportRun.objects.filter(pk=run.pk, state="running", leased_until__lte=run.leased_until)
    ours.update(state=state, error=storable(why)[:2000], leased_until=None)
