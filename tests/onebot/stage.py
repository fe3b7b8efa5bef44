"""What these tests stand on: a QQ world, lines to its accounts through a gateway, and a community whose groups they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from types import MappingProxyType
from typing import Any

from qunying.carriers.base import Answer, Delivery
from qunying.carriers.onebot.carrier import NAME
from qunying.carriers.onebot.simulator.running import running, wait_until_heard
from qunying.carriers.onebot.simulator.simulator import Simulator
from qunying.carriers.onebot.simulator.wiring import Reverse, Wiring
from qunying.carriers.onebot.simulator.world import World
from qunying.carriers.onebot.wiring import wire_up
from qunying.carriers.wire.lines import do_open_line, find_line
from qunying.carriers.wire.mishaps import list_mishaps
from qunying.carriers.wire.models import Heard
from qunying.carriers.wire.switchboard import sending
from qunying.communities.actions import NewGroup, do_found_community, do_know_account, do_register_group
from qunying.kernel import clock
from qunying.kernel.effects import Outside
from qunying.pipeline import loops
from qunying.talk.models import Message
from tests.lines import gateway, until

BOT, SECOND, OWNER, ADMIN, ANN, LI, STRANGER = 10001, 10002, 30000, 30001, 30002, 30003, 30009
GROUP, OTHER = 20001, 20002
TOKEN, SIGNATURE = "open-sesame-31415", "seal-of-27182"
NOW = datetime(2024, 3, 5, 6, 0, tzinfo=UTC)


def build_world(**options: Any) -> World:
    """Two accounts (the first an administrator), owner, administrator and two members in a group; a second group beside it."""
    world = World(**options)
    for account, name in ((BOT, "小助手"), (SECOND, "二号")):
        world.add_account(account, name)
    for user, name in ((OWNER, "群主"), (ADMIN, "管理"), (ANN, "安安"), (LI, "小李"), (STRANGER, "路人")):
        world.add_person(user, name)
    world.add_group(GROUP, "体验课1群", OWNER)
    world.seat(GROUP, BOT, role="admin")
    world.seat(GROUP, ADMIN, role="admin")
    for user in (SECOND, ANN, LI):
        world.seat(GROUP, user)
    world.add_group(OTHER, "老学员群", OWNER)
    world.seat(OTHER, BOT)
    return world


def build_community(*refs: int, account: int = BOT) -> dict[int, int]:
    """A community to which these groups belong; their ids by number."""
    home = do_found_community(name="悦读会", at=NOW, timezone="Asia/Shanghai", language="zh-hans")
    account_id = do_know_account(NAME, str(account), "小助手", at=NOW)
    return {
        ref: do_register_group(
            home, NewGroup(carrier=NAME, ref=str(ref), carrier_name=str(ref), account_id=account_id), at=NOW
        )
        for ref in refs
    }


def token_of(account: int) -> str:
    """The token of an account's line: by it, and by nothing else, we know the line."""
    return TOKEN if account == BOT else f"{TOKEN}-{account}"


def open_line(*, account: int = BOT, **options: str) -> int:
    """A line that waits for an account with its token."""
    return do_open_line(NAME, options, {"token": token_of(account), "signature": SIGNATURE}, at=NOW)


@dataclass
class Live:
    """Everything running: the world, its simulator, the gateway's address, and lines by account."""

    world: World
    simulator: Simulator
    address: str
    groups: dict[int, int]
    lines: dict[int, int]
    _keys: Iterator[int] = field(default_factory=lambda: count(1))

    def do(
        self,
        effect: Outside,
        *,
        member: int = 0,
        group: int = GROUP,
        account: int = BOT,
        mentions: tuple[int, ...] = (),
    ) -> Answer:
        """Has a worker's sender do something, and waits for the answer."""
        delivery = Delivery(
            f"k{next(self._keys)}",
            replace(effect, group_id=self.groups[group]),
            str(account),
            str(group),
            str(member) if member else "",
            tuple(str(each) for each in mentions),
        )
        return sending(NAME)(delivery, clock.now())

    def tell(self) -> None:
        """Works until nothing is left to do."""
        while loops.step(clock.now()):
            pass

    def said(self, group: int = GROUP) -> list[str]:
        """What we have kept of a group's talk."""
        return list(Message.objects.filter(group=self.groups[group]).order_by("id").values_list("text", flat=True))

    def until_said(self, *texts: str, group: int = GROUP, within: float = 10.0) -> None:
        """Waits until that, and exactly that, was told."""

        def is_so() -> bool:
            self.tell()
            return sorted(self.said(group)) == sorted(texts)

        try:
            until(is_so, within)
        except AssertionError as error:
            raise AssertionError(f"{self.said(group)} instead of {texts}") from error

    def mishaps(self, account: int = BOT) -> dict[str, int]:
        """What went wrong on a line, how often."""
        return mishaps_of(self.lines[account])

    def state(self, account: int = BOT) -> str:
        """How a line stands."""
        line = find_line(self.lines[account])
        assert line is not None
        return line.state


def mishaps_of(line: int) -> dict[str, int]:
    """What went wrong on a line, how often; 0: on none."""
    return {one.what: one.times for one in list_mishaps(line, clock.now())}


@contextmanager
def live(world: World | None = None, *accounts: int, again_after: float = 0.1, **wiring: Any) -> Iterator[Live]:
    """The world connected by reverse WebSocket, all accounts online and everything that they tell of themselves taken in."""
    world = world or build_world()
    accounts = accounts or (BOT,)
    groups = build_community(GROUP, OTHER)
    lines = {account: open_line(account=account) for account in accounts}
    with gateway(MappingProxyType({NAME: wire_up()})) as address:
        ends = tuple(_wiring(address, each, again_after, wiring) for each in accounts)
        with running(world, *ends) as simulator:
            play = Live(world, simulator, address, groups, lines)
            for account in accounts:
                wait_until_heard(simulator, account)
            until(lambda: _accounts_known(play))
            until(lambda: Heard.objects.count() >= 2)
            play.tell()
            yield play


def _wiring(address: str, account: int, again_after: float, more: dict[str, Any]) -> Wiring:
    url = address.replace("http", "ws") + "/onebot/v11/ws"
    reverse = (Reverse(url, again_after=again_after),)
    return Wiring(account, token=token_of(account), reverse=reverse, **more)


def _accounts_known(play: Live) -> bool:
    found = {}
    for line_id in play.lines.values():
        line = find_line(line_id)
        if line is None or line.state != "online":
            return False
        found[int(line.account_ref)] = line_id
    play.lines = found
    return True
