"""The ``qunying`` command: prepares the installation's home, then runs one of the commands in ``management/commands``."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from qunying import __version__
from qunying.kernel.errors import BadUse, QunyingError
from qunying.runners.language import told

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

USAGE = """usage: qunying COMMAND [options]

{commands}

qunying COMMAND --help says more. QUNYING_HOME (default ./var) holds database, lake, files and secrets."""

COMMANDS = {
    "up": "serve the console, run the workers",
    "worker": "one more worker beside `up`",
    "gateway": "hold the lines to our accounts",
    "keeper": "imports, seals and the lake, beside workers",
    "import": "read a chat export into a group",
    "report": "tell a group's story in numbers",
    "metric": "one number of the catalogue, or all names",
    "kpi": "a community's KPIs and operating chain",
    "people": "find people by anything on their cards",
    "seeds": "who carries a community, with every part of the score",
    "layers": "who begins talk, goes on, looks on, sleeps",
    "segment": "who is in a segment, or what a rule would find",
    "judge": "say what texts are, by nine verdicts",
    "card": "read group cards into fields",
    "themes": "what a group or community talks about",
    "threads": "put lines of talk into threads",
    "answer": "answer questions from a bank, or refuse",
    "drill": "play drill files and check what they expect",
    "rehearse": "try a rule on the real past",
    "demo": "add or remove the demo community",
    "password": "a new one-time password for a sign-in",
    "backup": "copy everything into one file",
    "restore": "put such a file back",
    "doctor": "say what is in order and what is not",
    "audit": "verify the journal's chain",
    "bench": "measure, ours against others",
}
WITHOUT_HOME = {"judge", "card", "threads", "answer", "drill", "bench", "backup", "restore", "doctor"}
DJANGOS_OWN = {"version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks"}


def main() -> None:
    """Exit codes: 0 done, 1 failed, 2 bad use with one line on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.project.settings")
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        lines = "\n".join(f"  {name:<9} {what}" for name, what in COMMANDS.items())
        sys.stdout.write(USAGE.format(commands=lines) + "\n")
        sys.exit(0 if arguments else 2)
    if arguments[0] == "--version":
        sys.stdout.write(f"qunying {__version__}\n")
        sys.exit(0)
    if arguments[0] not in COMMANDS:
        _end(f"no command {arguments[0]!r}; try qunying --help", 2)
    try:
        import django

        django.setup()
    except OSError as error:  # the home cannot be made; nothing of ours can speak yet, not even the language is known
        _end(f"QUNYING_HOME: {error.filename or os.environ.get('QUNYING_HOME', 'var')}: {error.strerror}", 2)
    _run(arguments[0], arguments[1:])


def _run(name: str, words: list[str]) -> None:
    from django.core.management.base import CommandError
    from django.db import DatabaseError, connections

    try:
        command, options = _understand(name, words)
        _do(command, options, with_home=name not in WITHOUT_HOME)
    except BadUse as error:
        _end(told(error.sentence), 2)
    except QunyingError as error:
        _end(told(error.sentence), 1)
    except BrokenPipeError:
        sys.exit(1)
    except (CommandError, DatabaseError, OSError) as error:
        _end(f"{name}: {error}", 1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        connections.close_all()


def _understand(name: str, words: list[str]) -> tuple[BaseCommand, dict[str, Any]]:
    """The command and its options; ends with one line where they make no sense, before anything was made."""
    from django.core.management import load_command_class
    from django.core.management.base import CommandError

    command = load_command_class("qunying.runners", name)
    parser = command.create_parser("qunying", name)
    for action in parser._actions:
        if action.dest in DJANGOS_OWN:
            action.help = argparse.SUPPRESS
    try:
        return command, vars(parser.parse_args(words))
    except CommandError as error:
        _end(f"{name}: {str(error).removeprefix('Error: ')}; see qunying {name} --help", 2)


def _do(command: BaseCommand, options: dict[str, Any], *, with_home: bool) -> None:
    from qunying.runners.home import prepare_home

    if with_home:
        prepare_home()
    command.execute(*options.pop("args", ()), **options)


def _end(line: str, code: int) -> NoReturn:
    sys.stderr.write(f"qunying: {' '.join(line.split())}\n")
    sys.exit(code)
