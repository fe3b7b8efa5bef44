"""``qunying bench [NAME…]``: measures ours against others, where the sources with ``tests/bench`` are at hand."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

CHECKOUT = Path(__file__).resolve().parents[4]
FOLDER = CHECKOUT / "tests" / "bench"

Bench = Callable[[], Iterator[dict[str, Any]]]


class Command(BaseCommand):
    """One JSON object per measurement, as soon as it is there."""

    help = "Measure, ours against others."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="which benches; all where none is named")
        parser.add_argument("--list", action="store_true", help="say which benches there are")
        parser.add_argument("--full", action="store_true", help="as large as the budgets say; takes half an hour")

    def handle(self, *args: Any, **options: Any) -> None:
        """Looks for all named benches first, so that a wrong name is said before the first one has run for minutes."""
        names = list_benches(FOLDER)
        if options["list"]:
            self.stdout.write("\n".join(names))
            return
        if options["full"]:
            os.environ["QUNYING_BENCH_FULL"] = "1"  # benches run in processes of their own
        for bench in [find_bench(name, names) for name in options["names"] or names]:
            for line in bench():
                self.stdout.write(json.dumps(line, ensure_ascii=False))
                self.stdout.flush()


def list_benches(folder: Path) -> list[str]:
    """The modules of that folder that define ``run``. Raises ``BadUse`` where there is no such folder: not a checkout."""
    if not folder.is_dir():
        raise BadUse(mark("qunying bench 只在源码目录里能用：安装包里没有 tests/bench"))
    return sorted(path.stem for path in folder.glob("*.py") if "\ndef run() ->" in path.read_text("utf-8"))


def find_bench(name: str, names: list[str]) -> Bench:
    """The ``run`` of that bench. Raises ``BadUse`` naming the known ones."""
    if name not in names:
        raise BadUse(mark("没有「%(name)s」这个测速；有的是 %(known)s"), name=name, known=list(names))
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))
    bench: Bench = importlib.import_module(f"tests.bench.{name}").run
    return bench
