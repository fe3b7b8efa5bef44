"""Only carriers call out. import-linter sees top packages only; this sees ``urllib.request`` beside ``urllib.parse``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tools.sizes import ROOT

CALLERS = {
    "urllib.request",
    "http.client",
    "xmlrpc.client",
    "smtplib",
    "ftplib",
    "socket",
    "ssl",
    "httpx",
    "requests",
    "aiohttp",
}
MAY_CALL = {"carriers", "assistant", "runners"}  # runners serve the console, and doctor looks whether its port is free


def calls(source: str) -> Iterator[str]:
    """What a Python source imports that can reach another machine."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name in CALLERS)
            case ast.ImportFrom(module=str(module), names=names):
                full = {module, *(f"{module}.{each.name}" for each in names)}
                yield from sorted(full & CALLERS)


def test_nobody_calls_out_when_it_is_not_a_carrier() -> None:
    found = []
    for path in (ROOT / "qunying").rglob("*.py"):
        parts = path.relative_to(ROOT / "qunying").parts
        if parts[0] not in MAY_CALL and "tests" not in parts:
            found += [f"{path.relative_to(ROOT)}: {name}" for name in calls(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("source", ["import urllib.request", "from urllib import request", "from http.client import X"])
def test_a_caller_is_found_when_its_package_is_harmless(source: str) -> None:
    assert list(calls(source))


def test_nothing_is_found_when_an_address_is_only_read() -> None:
    assert list(calls("from urllib.parse import urlsplit\nfrom http import HTTPStatus")) == []
