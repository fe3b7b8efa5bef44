"""How soon a QQ message that breaks a rule is taken back: from the frame that tells it to the frame that asks for its recall.

    python -m tests.bench.onebot

The gateway is a process of its own, as people run it; worker and simulator share the other. Prints one JSON object; ``peer`` is the budget,
``ratio`` above 1 is better than it.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any

from tests.bench.live import ROOT, SAYINGS, home_of_its_own

ACCOUNT, FIRST_GROUP, FIRST_PERSON = 10001, 20001, 30001
GROUPS, PEOPLE = 20, 200
PER_SECOND, SECONDS = 100, 30
ONE_OF = 80  # breaks a rule: a carrier does 120 acts a minute
P99_SECONDS = 0.4
TOKEN = "a-token-for-a-bench"


def build_world() -> Any:
    """Groups of an account that may recall, each with a tenth of the people."""
    from qunying.carriers.onebot.simulator.world import World

    world = World()
    world.add_account(ACCOUNT, "小助手")
    people = [world.add_person(FIRST_PERSON + number, f"书友{number}").user_id for number in range(PEOPLE)]
    for number in range(GROUPS):
        world.add_group(FIRST_GROUP + number, f"书友{number}群", people[number])
        world.seat(FIRST_GROUP + number, ACCOUNT, role="admin")
        for user in people[number + GROUPS :: 10]:
            world.seat(FIRST_GROUP + number, user)
    return world


def build_community() -> None:
    """The community of these groups, in which order acts and has a list of words."""
    from django.contrib.auth.models import User

    from qunying.capabilities.order.lists_kept import do_make_list, do_switch_list, do_write_words
    from qunying.communities.actions import (
        NewGroup,
        do_found_community,
        do_know_account,
        do_register_group,
        do_set_mode,
    )
    from qunying.kernel.scene import Mode

    now = datetime.now(UTC)
    home = do_found_community(name="书友会", at=now)
    account = do_know_account("qq", str(ACCOUNT), "小助手", at=now)
    for number in range(GROUPS):
        ref = str(FIRST_GROUP + number)
        do_register_group(home, NewGroup(carrier="qq", ref=ref, carrier_name=ref, account_id=account), at=now)
    user = User.objects.create_user("bench").pk
    made = do_make_list(home, "禁词", "delete", user_id=user, at=now)
    do_write_words(made, ["代购"], user_id=user, at=now)
    do_switch_list(made, is_on=True, user_id=user, at=now)
    do_set_mode("order", Mode.ACT, community_id=home, at=now, actor="system")


class Talk(threading.Thread):
    """People talk at a steady pace; ``broke`` says when which message broke a rule."""

    def __init__(self, world: Any) -> None:
        super().__init__(daemon=True)
        self._world, self._rng = world, random.Random(7)
        self.broke: dict[int, float] = {}

    def run(self) -> None:
        begin = time.perf_counter()
        for number in range(PER_SECOND * SECONDS):
            time.sleep(max(0.0, begin + number / PER_SECOND - time.perf_counter()))
            group = FIRST_GROUP + number % GROUPS
            sitting = [
                each.user_id for each in self._world.state.groups[group].members.values() if each.role == "member"
            ]
            is_bad = number % ONE_OF == ONE_OF // 2
            text = f"专业代购包邮 {number}" if is_bad else f"{self._rng.choice(SAYINGS)} {number}"
            at = time.perf_counter()
            said = self._world.say(group, self._rng.choice(sitting), text)
            if is_bad:
                self.broke[said.message_id] = at


def measure() -> list[float]:
    """Seconds from the one to the other, of every message that broke a rule."""
    from qunying.carriers.onebot.simulator.running import running, wait_until_heard
    from qunying.carriers.onebot.simulator.wiring import Reverse, Wiring
    from qunying.carriers.wire.lines import do_open_line
    from qunying.pipeline import loops

    world, recalled = build_world(), dict[int, float]()
    build_community()

    def hear(_: int, event: dict[str, Any]) -> None:
        if event.get("notice_type") == "group_recall":
            recalled.setdefault(int(event["message_id"]), time.perf_counter())

    world.state.listeners.append(hear)
    do_open_line("qq", {}, {"token": TOKEN}, at=datetime.now(UTC))
    with gateway_of_its_own() as address:
        url = address.replace("http", "ws") + "/onebot/v11/ws"
        with running(world, Wiring(ACCOUNT, token=TOKEN, reverse=(Reverse(url, again_after=0.2),))) as simulator:
            wait_until_heard(simulator, ACCOUNT)
            _work(loops, until=time.perf_counter() + 3)  # member lists are taken in
            talk = Talk(world)
            talk.start()
            _work(loops, until=time.perf_counter() + SECONDS + 3)
            talk.join()
    return [recalled.get(key, float("inf")) - at for key, at in talk.broke.items()]


@contextmanager
def gateway_of_its_own(log: int | IO[bytes] = subprocess.DEVNULL) -> Iterator[str]:
    """The process that holds the lines, which writes into ``log``; gives its address."""
    from qunying.carriers.wire.switchboard import find_address

    command = [sys.executable, "-m", "qunying", "gateway", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        while not find_address():
            time.sleep(0.05)
        yield find_address()
    finally:
        process.terminate()
        process.wait(10)


def _work(loops: Any, *, until: float) -> None:
    """As a worker does: at once while there is something to do, else after a rest."""
    while time.perf_counter() < until:
        if not loops.step(datetime.now(UTC)):
            time.sleep(0.05)


def run() -> Iterator[dict[str, Any]]:
    """The line, measured in a process of its own: an installation is chosen once per process."""
    told = subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, capture_output=True, text=True, check=True)
    yield from map(json.loads, (line for line in told.stdout.splitlines() if line.startswith("{")))


def main() -> None:
    """Prints the line."""
    with home_of_its_own():
        waited = measure()
    p99 = statistics.quantiles(waited, n=100, method="inclusive")[98]
    line = {"name": "onebot_frame_to_act_p99", "unit": "s", "ours": round(p99, 4), "peer": P99_SECONDS}
    spread = [round(each, 4) for each in (min(waited), statistics.median(waited), max(waited))]
    print(json.dumps({**line, "ratio": round(P99_SECONDS / p99, 2), "runs": spread}), flush=True)


if __name__ == "__main__":
    main()
