"""How fast the past is read in, end to end and beside chat-miner: ``qunying bench past``.

Everything is measured in processes of their own, by the clock and by processor time: on a machine that others use too, the
second is the one to compare. Sizes come from the environment: ``QUNYING_BENCH_MESSAGES`` (default 1,000,000) for the large
export, ``QUNYING_BENCH_RUNS`` (default 3) for how often the comparisons are repeated. ``QUNYING_DATA`` names the real data.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.make_chatlab import Size, write_chatlab
from tests.bench.measured import Measured, measure

ROOT = Path(__file__).resolve().parents[2]
WHATSAPP_LINES = 200_000
GITTER_MESSAGES = 200_000
WHATSAPP_TIME = "%d/%m/%y, %H:%M"  # lorem's own style is not known to chat-miner

OUR_PARSE = """
import sys
from pathlib import Path
from qunying.carriers.files.discovery import plan_jobs, read_job, survey_job
from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import PastMessage
jobs, _ = plan_jobs([Path(sys.argv[1])])
records = read_job(jobs[0], Choices().filled_by(survey_job(jobs[0])))
print(sum(isinstance(record, PastMessage) for record in records))
"""
THEIR_PARSE = """
import sys
from chatminer.chatparsers import WhatsAppParser
parser = WhatsAppParser(sys.argv[1])
parser.parse_file()
print(len(parser.parsed_messages.get_df()))
"""


def run() -> Iterator[dict[str, Any]]:
    """One line per measurement; those on real data are left out, and said so, where it is not at hand."""
    with tempfile.TemporaryDirectory(prefix="qunying-bench-") as folder:
        yield from _large_export(Path(folder))
        yield from _gitter(Path(folder))
        yield from _whatsapp(Path(folder))


def _large_export(folder: Path) -> Iterator[dict[str, Any]]:
    count = int(os.environ.get("QUNYING_BENCH_MESSAGES", "1000000"))
    file = folder / "large.jsonl"
    write_chatlab(file, Size(messages=count))
    _prepare(folder / "large")
    keeper = _keeper(folder / "large")
    measured = _read_in(file, folder / "large")
    kept = json.loads(keeper.communicate()[0])
    yield _line("past: ChatLab import", "messages/s", [count / measured.seconds])
    yield _line("past: ChatLab import", "messages per processor second", [count / measured.cpu_seconds])
    yield _line("past: ChatLab import, memory at its peak", "MB", [measured.peak_mb])
    yield _line("past: ChatLab import, memory of the last fifth to the second", "ratio", [measured.growth])
    yield from _beside(kept, measured)
    file.unlink()


def _beside(kept: dict[str, float], measured: Measured) -> Iterator[dict[str, Any]]:
    """What the lake took of the processor while the import ran beside it, as a share of what the import took."""
    for name, what in (("writing", "writing to the lake"), ("counting", "counting days, seats and figures anew")):
        share = [100 * kept[name] / measured.cpu_seconds]
        yield _line(f"past: {what}, {kept['times']:.0f} times", "% of the import's processor time", share)


def _gitter(folder: Path) -> Iterator[dict[str, Any]]:
    raw = _data("gitter_livechat/raw/gitter_gitter_chatFormat.ascii.txt")
    if raw is None:
        yield _left_out("past: Gitter import")
        return
    file = folder / "gitter.txt"
    count = write_repeated_gitter(raw, file, GITTER_MESSAGES)
    measured = _import(file, folder / "gitter")
    yield _line("past: Gitter import", "messages/s", [count / measured.seconds])
    yield _line("past: Gitter import", "messages per processor second", [count / measured.cpu_seconds])
    yield _line("past: Gitter import, memory at its peak", "MB", [measured.peak_mb])


def _whatsapp(folder: Path) -> Iterator[dict[str, Any]]:
    raw = _data("native_exports/whatsapp_whatstk/lorem-2000.txt")
    if raw is None:
        yield _left_out("past: WhatsApp beside chat-miner")
        return
    file = folder / "WhatsApp Chat with Lorem.txt"
    count = write_repeated_whatsapp(raw, file, WHATSAPP_LINES)
    rounds = int(os.environ.get("QUNYING_BENCH_RUNS", "3"))
    theirs = [count / measure(_python(THEIR_PARSE, file)).cpu_seconds for _ in range(rounds)]
    ours = [count / measure(_python(OUR_PARSE, file)).cpu_seconds for _ in range(rounds)]
    whole = [count / _import(file, folder / f"whatsapp{number}").cpu_seconds for number in range(rounds)]
    unit = "messages per processor second"
    yield _line("past: WhatsApp parse, beside chat-miner's parse", unit, ours, theirs)
    yield _line("past: WhatsApp whole import, beside chat-miner's parse alone", unit, whole, theirs)


def write_repeated_gitter(raw: Path, file: Path, count: int) -> int:
    """The room again and again until there are ``count`` messages, a year later each time; answers how many."""
    lines = [line for line in raw.read_text("utf-8").splitlines() if line.startswith("[")]
    written = 0
    with file.open("w", encoding="utf-8") as stream:
        for year in range(2000, 2100):
            for line in lines:
                stream.write(f"[{year}{line[5:]}\n")
            written += len(lines)
            if written >= count:
                break
    return written


def write_repeated_whatsapp(raw: Path, file: Path, count: int) -> int:
    """The chat again and again, each time after the end of the time before; answers how many messages."""
    texts = [line.partition("] ")[2] for line in raw.read_text("utf-8").splitlines() if line.startswith("[")]
    at, step = datetime(2015, 1, 1, 8), timedelta(minutes=7)
    with file.open("w", encoding="utf-8") as stream:
        for number in range(count):
            stream.write(f"{(at + number * step).strftime(WHATSAPP_TIME)} - {texts[number % len(texts)]}\n")
    return count


def _import(file: Path, home: Path) -> Measured:
    """A whole import into an installation of its own, made before the clock starts."""
    _prepare(home)
    return _read_in(file, home)


def _prepare(home: Path) -> None:
    home.mkdir()
    prepare = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'qunying.project.settings'\n"
    prepare += "from qunying.runners.home import prepare_home; prepare_home()"
    measure([sys.executable, "-c", prepare], _environment(home))


def _environment(home: Path) -> dict[str, str]:
    return {"QUNYING_HOME": str(home), "DATABASE_URL": ""}


def _keeper(home: Path) -> subprocess.Popen[str]:
    """Keeps the lake of that installation until its input ends."""
    command = [sys.executable, "-m", "tests.bench.keeping"]
    given = {**os.environ, **_environment(home)}
    keeper = subprocess.Popen(command, env=given, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert keeper.stdout is not None
    if keeper.stdout.readline() != "ready\n":
        raise RuntimeError("the keeper did not start")
    return keeper


def _read_in(file: Path, home: Path) -> Measured:
    main = "from qunying.runners.main import main; main()"
    command = [sys.executable, "-c", main, "import", str(file), "--group", "茶友群", "--json"]
    return measure([*command, "--timezone", "Asia/Shanghai"], _environment(home))


def _python(source: str, file: Path) -> list[str]:
    return [sys.executable, "-c", source, str(file)]


def _data(inner: str) -> Path | None:
    path = Path(os.environ.get("QUNYING_DATA", ROOT.parent / "shared" / "data")) / inner
    return path if path.exists() else None


def _left_out(name: str) -> dict[str, Any]:
    return {"name": name, "unit": "", "ours": None, "peer": None, "ratio": None, "runs": [], "why": "no QUNYING_DATA"}


def _line(name: str, unit: str, ours: list[float], peer: list[float] | None = None) -> dict[str, Any]:
    """Medians, and of ours also the least and the most."""
    middle = statistics.median(ours)
    beside = statistics.median(peer) if peer else None
    return {
        "name": name,
        "unit": unit,
        "ours": _rounded(middle),
        "peer": _rounded(beside) if beside else None,
        "ratio": _rounded(middle / beside) if beside else None,
        "runs": [_rounded(value) for value in (min(ours), middle, max(ours))],
    }


def _rounded(value: float) -> float:
    return round(value) if value >= 100 else round(value, 2)
