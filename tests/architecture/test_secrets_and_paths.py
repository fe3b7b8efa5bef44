"""Nothing of the machine it was written on, no address to fetch things from behind the reader's back, no secret."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rendered import all_templates
from tools.sizes import ROOT

LEFT_OUT = {".git", ".venv", "var", "node_modules", "build", "__pycache__", "shots"}
TEXTS = {
    ".py",
    ".md",
    ".html",
    ".css",
    ".ts",
    ".js",
    ".json",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".sh",
    ".sql",
    ".po",
    ".svg",
    "",
}
# put together here so that this file does not find itself
MACHINE = re.compile(r"(?<![\w.:/-])/(?:wor" + r"k|roo" + r"t|hom" + r"e/\w+|User" + r"s/\w+)/")
SECRETS = re.compile(
    "-----BEGIN [A-Z ]*PRIVATE " + r"KEY|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b|\bsk-[A-Za-z0-9]{32,}\b"
)
ABROAD = re.compile(r"""(?:src|href|action|hx-\w+)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s""")
REQUIREMENT = re.compile(r"^[a-z0-9][\w.-]*(\[[\w,]+\])?==", re.IGNORECASE)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every text file of the repository, by its path in it."""
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8", errors="replace") for path in text_files()}


def text_files() -> Iterator[Path]:
    """Walks down only where something of ours lies."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name == ".ci" or not (name in LEFT_OUT or name.startswith("."))]
        yield from (Path(folder, name) for name in files if Path(name).suffix in TEXTS)


def test_no_file_knows_the_machine_when_it_is_read(texts: dict[str, str]) -> None:
    assert [f"{path}: {found[0]}" for path, text in texts.items() if (found := MACHINE.search(text))] == []


def test_no_file_holds_a_secret_when_it_is_read(texts: dict[str, str]) -> None:
    assert [path for path, text in texts.items() if SECRETS.search(text)] == []


def test_the_files_a_machine_would_hide_in_are_read_when_listed(texts: dict[str, str]) -> None:
    assert {"Makefile", ".ci/run", ".importlinter", "pyproject.toml", "qunying/pipeline/inbound.py"} <= set(texts)


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_says_what_but_not_from_where_when_read(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"https?://|file:|^\s*-(?!-hash)", text, re.MULTILINE)
    pieces = re.split(r"\n(?=\S)", "\n".join(line for line in text.splitlines() if not line.strip().startswith("#")))
    assert pieces
    assert [piece.split()[0] for piece in pieces if not REQUIREMENT.match(piece) or "--hash=sha256:" not in piece] == []


def test_what_runs_is_what_is_tested_when_locks_are_compared() -> None:
    versions = {path.stem: _versions(path) for path in (ROOT / "requirements").glob("*.txt")}
    for name in ("run", "build", "node"):
        assert versions[name].items() <= versions["dev"].items(), name


def _versions(path: Path) -> dict[str, str]:
    lines = [line.split("\\")[0].strip() for line in path.read_text("utf-8").splitlines() if REQUIREMENT.match(line)]
    return {f"{name} {marker}".strip(): version for name, version, marker in map(_split, lines)}


def _split(line: str) -> tuple[str, str, str]:
    pinned, _, marker = line.partition(";")
    name, _, version = pinned.strip().partition("==")
    return name, version, marker.strip()


def test_the_lock_of_the_script_names_no_address_when_read() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_no_page_fetches_from_elsewhere_when_it_is_opened() -> None:
    styles = [*(ROOT / "qunying").rglob("static/**/*.css"), *map(Path, all_templates())]
    assert [str(path) for path in styles if "build" not in path.parts and ABROAD.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        "<img src='//cdn.example/x.png'>",
        "@import url(x.css)",
        "url(http://a/b)",
    ],
)
def test_an_address_elsewhere_is_found_when_a_page_would_fetch_it(text: str) -> None:
    assert ABROAD.search(text)


@pytest.mark.parametrize("text", ['<a href="/groups/">', "url(#gradient)", "<p>https://example.org</p>", "url(data:x)"])
def test_nothing_is_found_when_a_page_fetches_nothing(text: str) -> None:
    assert not ABROAD.search(text)
