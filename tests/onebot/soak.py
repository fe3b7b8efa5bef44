"""A QQ world that goes on for long: people talk, the line breaks, the worker is killed; nothing may be lost, told or said twice.

    python -m tests.onebot.soak --minutes 2

Gateway and worker are processes of their own, as people run them. Prints one JSON object and ends with 1 where something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from tests.bench.live import ROOT, home_of_its_own
from tests.bench.onebot import ACCOUNT, FIRST_GROUP, FIRST_PERSON, TOKEN, gateway_of_its_own

CUT_FOR = 3.0
SETTLE_WITHIN = 120.0
SAY_EVERY = 2.0
GROWTH_MB = 60.0  # what is remembered of messages' names has a bound; before it is reached memory grows a little
PAGE_MB = 4096 / 1024 / 1024


@dataclass(frozen=True, slots=True)
class Choices:
    """How long, how much, how rough."""

    minutes: float = 30.0
    groups: int = 50
    per_second: float = 20.0
    cut_every: float = 120.0
    kills: int = 5


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    said: int = 0
    lost: int = 0
    twice: int = 0
    asked: int = 0
    sent_twice: int = 0
    cuts: int = 0
    kills: int = 0
    logged: int = 0
    shown: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost or doubled, memory stayed flat, and the secret stands nowhere."""
        grown = self.memory_mb[-1] - self.memory_mb[0] if self.memory_mb else 0.0
        is_whole = not (self.lost or self.twice or self.sent_twice) and self.asked > 0
        return is_whole and grown < GROWTH_MB and self.logged > 0 and not self.shown


class Worker:
    """A worker that is killed and started anew, and writes into ``log``."""

    def __init__(self, log: IO[bytes]) -> None:
        self._log = log
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "qunying", "worker"]
        return subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=self._log)

    def kill(self) -> None:
        """In the middle of whatever it does."""
        self._process.kill()
        self._process.wait()
        self._process = self._start()

    def end(self) -> None:
        """As it should be ended."""
        self._process.terminate()
        self._process.wait(20)


def build_world(groups: int) -> Any:
    """So many groups with three people each, and our account."""
    from qunying.carriers.onebot.simulator.world import World

    world = World()
    world.add_account(ACCOUNT, "小助手")
    for number in range(groups):
        owner, *others = (
            world.add_person(FIRST_PERSON + number * 3 + seat, f"书友{seat}").user_id for seat in range(3)
        )
        world.add_group(FIRST_GROUP + number, f"书友{number}群", owner)
        world.seat(FIRST_GROUP + number, ACCOUNT, role="admin")
        for user in others:
            world.seat(FIRST_GROUP + number, user)
    return world


def build_community(groups: int) -> tuple[int, int, dict[int, int]]:
    """The community, somebody of its staff, and our groups by number."""
    from django.contrib.auth.models import User

    from qunying.communities.actions import NewGroup, do_found_community, do_know_account, do_register_group

    now = datetime.now(UTC)
    home = do_found_community(name="书友会", at=now)
    account = do_know_account("qq", str(ACCOUNT), "小助手", at=now)
    known = {
        FIRST_GROUP + number: do_register_group(
            home,
            NewGroup(carrier="qq", ref=str(FIRST_GROUP + number), carrier_name=f"{number}群", account_id=account),
            at=now,
        )
        for number in range(groups)
    }
    return home, User.objects.create_user("soak").pk, known


class Soak:
    """One run."""

    def __init__(self, choices: Choices) -> None:
        self.choices, self.outcome, self.rng = choices, Outcome(), random.Random(11)
        self.world = build_world(choices.groups)
        self.home, self.user, self.groups = build_community(choices.groups)
        self.told: set[tuple[int, str]] = set()

    def run(self) -> Outcome:
        """Everything, to the end."""
        from qunying.carriers.onebot.simulator.running import running, wait_until_heard
        from qunying.carriers.onebot.simulator.wiring import Reverse, Wiring
        from qunying.carriers.wire.lines import do_open_line

        do_open_line("qq", {}, {"token": TOKEN}, at=datetime.now(UTC))
        log = Path(os.environ["QUNYING_HOME"]) / "soak.log"
        with log.open("ab") as out, gateway_of_its_own(out) as address, working(out) as worker:
            reverse = Reverse(address.replace("http", "ws") + "/onebot/v11/ws", again_after=0.5)
            with running(self.world, Wiring(ACCOUNT, token=TOKEN, reverse=(reverse,))) as simulator:
                wait_until_heard(simulator, ACCOUNT)
                time.sleep(3)
                self._live(simulator, worker)
                self._settle()
        self._count()
        self.outcome.logged, self.outcome.shown = log.stat().st_size, files_that_show(TOKEN, log.parent)
        return self.outcome

    def _live(self, simulator: Any, worker: Worker) -> None:
        """People talk while what goes wrong goes wrong."""
        begin, choices = time.monotonic(), self.choices
        ends = begin + choices.minutes * 60
        cut_at, mend_at = begin + choices.cut_every, float("inf")
        kill_every = choices.minutes * 60 / (choices.kills + 1)
        kill_at, say_at, weigh_at = begin + kill_every, begin, begin + (ends - begin) / 4
        while (now := time.monotonic()) < ends:
            if now >= begin + self.outcome.said / choices.per_second:
                self._talk()
            if now >= cut_at:
                simulator.cut(ACCOUNT)
                self.outcome.cuts += 1
                cut_at, mend_at = now + choices.cut_every, now + CUT_FOR
            if now >= mend_at:
                simulator.mend(ACCOUNT)
                mend_at = float("inf")
            if now >= kill_at and self.outcome.kills < choices.kills:
                worker.kill()
                self.outcome.kills += 1
                kill_at = now + kill_every
            if now >= say_at:
                self._order()
                say_at = now + SAY_EVERY
            if now >= weigh_at:
                self.outcome.memory_mb.append(memory_of_gateway())
                weigh_at = now + (ends - begin) / 4
            time.sleep(0.005)
        simulator.mend(ACCOUNT)

    def _talk(self) -> None:
        group = self.rng.choice(list(self.groups))
        user = self.rng.choice([each for each in self.world.state.groups[group].members if each != ACCOUNT])
        text = f"今天读到第 {self.outcome.said} 页"
        self.world.say(group, user, text)
        self.told.add((self.groups[group], text))
        self.outcome.said += 1

    def _order(self) -> None:
        """A person has us say something that nobody else says."""
        from qunying.kernel.effects import Say
        from qunying.outbox.actions import do_order

        group = self.rng.choice(list(self.groups.values()))
        number = self.outcome.asked
        words = Say(group_id=group, text=f"读书会第 {number} 次提醒")
        now = datetime.now(UTC)
        do_order(words, community_id=self.home, user_id=self.user, key=f"soak-{number}", at=now, carrier="qq")
        self.outcome.asked += 1

    def _settle(self) -> None:
        ends = time.monotonic() + SETTLE_WITHIN
        while time.monotonic() < ends and self._missing():
            time.sleep(1)
        self.outcome.memory_mb.append(memory_of_gateway())

    def _missing(self) -> set[tuple[int, str]]:
        from qunying.talk.models import Message

        return self.told - set(Message.objects.filter(is_own=False).values_list("group_id", "text"))

    def _count(self) -> None:
        from qunying.talk.models import Message

        kept = Counter(Message.objects.filter(is_own=False).values_list("group_id", "text"))
        own = Counter(each.text for each in self.world.state.messages.values() if each.sender_id == ACCOUNT)
        self.outcome.lost = len(self._missing())
        self.outcome.twice = sum(times - 1 for times in kept.values())
        self.outcome.sent_twice = sum(times - 1 for times in own.values())


@contextmanager
def working(log: IO[bytes]) -> Iterator[Worker]:
    """A worker at work."""
    worker = Worker(log)
    try:
        yield worker
    finally:
        worker.end()


def files_that_show(secret: str, folder: Path) -> list[str]:
    """Which files of an installation hold a secret as it is: logs, the database and what stands beside it."""
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and secret.encode() in file.read_bytes()
    ]


def memory_of_gateway() -> float:
    """Megabytes that the process with the lines holds."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\x00")
            parent = int((folder / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            if b"gateway" in words and parent == os.getpid():
                return int((folder / "statm").read_text("ascii").split()[1]) * PAGE_MB
        except (OSError, ValueError, IndexError):
            continue
    return 0.0


def main(arguments: list[str] | None = None) -> int:
    """Prints what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in asdict(Choices()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    choices = Choices(**vars(parser.parse_args(arguments)))
    with home_of_its_own():
        outcome = Soak(choices).run()
    print(json.dumps({**asdict(outcome), "is_well": outcome.is_well}), flush=True)
    return 0 if outcome.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
