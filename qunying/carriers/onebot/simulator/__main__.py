"""``python -m qunying.carriers.onebot.simulator``: a QQ world on 127.0.0.1, one port for every account."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .sheet import DEMO, BadSheet, load_world
from .simulator import Simulator
from .state import scattered_ids
from .wiring import Post, Reverse, Wiring


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until it is interrupted; 2 where the world's file is no such file."""
    options = _parser().parse_args(arguments)
    try:
        world = load_world(options.world, own_ids=options.own_ids, ids=_ids(options))
    except BadSheet as error:
        sys.stderr.write(f"{error}\n")
        return 2
    simulator = Simulator(world, *_wirings(options, sorted(world.state.accounts)))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(simulator))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qunying.carriers.onebot.simulator", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=3001, help="of the first account; the next has the next one; 0: free"
    )
    parser.add_argument("--token", default="", help="what applications have to show")
    parser.add_argument("--world", type=Path, default=DEMO, help="a YAML file with accounts, people and groups")
    parser.add_argument("--format", choices=("array", "string"), default="array", help="of messages in events")
    parser.add_argument("--report-self", choices=("", "message", "message_sent"), default="")
    parser.add_argument("--heartbeat", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--reverse", action="append", default=[], metavar="URL", help="an application to dial")
    parser.add_argument("--post", action="append", default=[], metavar="URL", help="where to post events")
    parser.add_argument("--secret", default="", help="signs posted events")
    parser.add_argument("--napcat", action="store_true", help="differ from the standard where NapCat does")
    parser.add_argument("--own-ids", action="store_true", help="every account has numbers of its own for messages")
    parser.add_argument(
        "--scattered-ids", action="store_true", help="such numbers are large, unordered, often negative"
    )
    parser.add_argument("--forget-absence", action="store_true", help="no history of what was said while offline")
    return parser


def _ids(options: argparse.Namespace) -> Iterator[int] | None:
    return scattered_ids() if options.scattered_ids else None


def _wirings(options: argparse.Namespace, accounts: list[int]) -> list[Wiring]:
    return [
        Wiring(
            self_id,
            port=options.port + place if options.port else 0,
            token=options.token,
            message_format=options.format,
            report_self=options.report_self,
            napcat=options.napcat,
            remembers_absence=not options.forget_absence,
            heartbeat=options.heartbeat,
            reverse=tuple(Reverse(url) for url in options.reverse),
            posts=tuple(Post(url, options.secret) for url in options.post),
        )
        for place, self_id in enumerate(accounts)
    ]


async def _serve(simulator: Simulator) -> None:
    async with simulator:
        for self_id in simulator.lines:
            sys.stdout.write(json.dumps({"account": self_id, "url": simulator.url(self_id)}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
