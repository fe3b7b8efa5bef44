"""The ``qunying`` command: prepares the installation's home, then runs one of the commands in ``management/commands``."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from qunying.kernel.errors import BadUse, QunyingError
from qunying.kernel.texts import mark
from qunying.runners.language import told

USAGE = """usage: qunying COMMAND [options]

{commands}

qunying COMMAND --help says more. QUNYING_HOME (default ./var) holds database, lake, files and secrets."""

COMMANDS = {
    "up": "serve the console, run the workers",
    "worker": "one more worker beside `up`",
    "keeper": "imports, seals and the lake, beside workers",
    "import": "read a chat export into a group",
    "report": "tell a group's story in numbers",
    "metric": "one number of the catalogue, or all names",
    "drill": "play drill files and check what they expect",
    "demo": "add or remove the demo community",
    "password": "a new one-time password for a sign-in",
    "audit": "verify the journal's chain",
    "bench": "measure, ours against others",
}
WITHOUT_HOME = {"drill", "bench"}


def main() -> None:
    """Exit codes: 0 done, 1 failed, 2 bad use with one line on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.project.settings")
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        lines = "\n".join(f"  {name:<9} {what}" for name, what in COMMANDS.items())
        sys.stdout.write(USAGE.format(commands=lines) + "\n")
        sys.exit(0 if arguments else 2)
    if arguments[0] not in COMMANDS:
        sys.stderr.write(f"qunying: no command {arguments[0]!r}; try qunying --help\n")
        sys.exit(2)
    _run(arguments)


def _run(arguments: list[str]) -> None:
    from django.core.management import CommandParser, execute_from_command_line

    from qunying.runners.home import prepare_home

    CommandParser.error = _refuse  # type: ignore[method-assign, assignment]  # argparse would print its usage first
    try:
        if arguments[0] not in WITHOUT_HOME and "--help" not in arguments:
            prepare_home()
        execute_from_command_line(["qunying", *arguments])
    except BadUse as error:
        _end(error, 2)
    except QunyingError as error:
        _end(error, 1)
    except BrokenPipeError:
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _refuse(parser: object, message: str) -> NoReturn:
    """In the place of argparse's own words about bad options, which take many lines."""
    raise BadUse(mark("%(why)s（qunying %(command)s --help）"), why=message, command=sys.argv[1])


def _end(error: QunyingError, code: int) -> None:
    sys.stderr.write(f"qunying: {' '.join(told(error.sentence).split())}\n")
    sys.exit(code)
