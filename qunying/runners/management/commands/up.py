"""``qunying up``: the whole machine with one command – console, worker, keeper."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from qunying.carriers.sandbox.worlds import find_world
from qunying.communities.queries import count_communities
from qunying.insights import keeping
from qunying.insights.parts import lake_folder
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.demo.build import DemoIsThere, do_add_demo
from qunying.pipeline.demo.live import do_catch_up
from qunying.pipeline.demo.remove import was_removed
from qunying.runners.alone import only_one
from qunying.runners.first_sign_in import do_make_first_sign_in
from qunying.runners.supervise import Child, Supervisor

THREADS = "4"
LEASHED = (sys.executable, "-m", "qunying.runners.leash")


class Command(BaseCommand):
    """Serves until Ctrl-C, which ends every process."""

    help = "Serve the console and run the workers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; only this machine by default")
        parser.add_argument("--port", type=int, default=8000, help="port of the console")
        parser.add_argument("--lines-port", type=int, help="where platforms call us; by default the one after --port")
        demo = parser.add_mutually_exclusive_group()
        demo.add_argument("--demo", action="store_true", default=None, help="add the demo even beside your own groups")
        demo.add_argument("--no-demo", dest="demo", action="store_false", help="begin empty")
        parser.add_argument("--demo-groups", type=int, default=40, help="how many groups the demo has")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepares, says where to go, then watches over the processes."""
        host, port, home = options["host"], options["port"], Path(settings.HOME)
        _check_port(host, port)
        lines = _lines_port(host, port, options["lines_port"])
        with only_one(home, f"qunying up, {_address(host, port)}"):
            self._do_prepare_demo(wanted=options["demo"], groups=options["demo_groups"])
            sign_in = do_make_first_sign_in(home)
            code = Supervisor(
                _children(host, port, lines), lambda: _is_listening(host, port), lambda: self._say(host, port, sign_in)
            ).run()
        self.stdout.write("\n群营已停，数据都在。 Stopped; everything is kept.")
        sys.exit(code)

    def _do_prepare_demo(self, *, wanted: bool | None, groups: int) -> None:
        """A demo that is there catches up with the time it slept."""
        if not wants_demo(asked=wanted):
            return
        bar = tqdm(total=100, unit="%", desc="演示社群 demo", disable=not sys.stderr.isatty(), leave=False)
        with bar:
            with suppress(DemoIsThere):
                do_add_demo(clock.now(), groups=groups, watch=lambda done, all_: bar.update(80 * done // all_ - bar.n))
            do_catch_up(clock.now(), watch=lambda done, all_: bar.update(80 + 15 * done // all_ - bar.n))
            keeping.catch_up(clock.now(), lake_folder())
            bar.update(100 - bar.n)

    def _say(self, host: str, port: int, sign_in: tuple[str, str] | None) -> None:
        self.stdout.write(f"\n  群营 Qunying  →  {_address(host, port)}\n")
        if sign_in:
            self.stdout.write(f"  登录 sign in  →  {sign_in[0]}  /  {sign_in[1]}\n")
        self.stdout.write("  停下 stop     →  Ctrl-C\n")
        self.stdout.flush()


def wants_demo(*, asked: bool | None) -> bool:
    """What was asked; else a fresh installation wants it, and one that has it. Who removed it is not given it again."""
    if asked is not None:
        return asked
    return find_world() is not None or (count_communities() == 0 and not was_removed())


def _children(host: str, port: int, lines: int) -> list[Child]:
    web = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1", "--no-ws"]
    web += ["--blocking-threads", THREADS, "--log-level", "warning", "qunying.project.wsgi:application"]
    gateway = ["qunying", "gateway", "--host", host, "--port", str(lines)]
    programs = {"web": web, "worker": ["qunying", "worker"], "keeper": ["qunying", "keeper"], "gateway": gateway}
    return [Child(name, [*LEASHED, *program]) for name, program in programs.items()]


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_listening(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _lines_port(host: str, port: int, asked: int | None) -> int:
    """Where platforms call us: what was asked for, else the port after the console's, or any where that one is taken."""
    if asked is not None:
        _check_port(host, asked)
        return asked
    try:
        _check_port(host, port + 1)
    except BadUse:
        return 0
    return port + 1


def _check_port(host: str, port: int) -> None:
    """A taken port is said before anything is started."""
    if not 0 < port < 65536:
        raise BadUse(mark("--port 要在 1 到 65535 之间，不是 %(port)s"), port=port)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadUse(
                mark("%(place)s 用不了：%(why)s；用 --port 换一个"), place=f"{host}:{port}", why=error.strerror
            ) from error
