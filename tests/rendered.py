"""A pytest plug-in: with ``--every-template`` a run of the whole set fails when a template of ours was never rendered.

A template that no test renders is one in which a misspelt variable shows as nothing, on somebody's morning. Loaded by
``-p tests.rendered``; workers of xdist hand what they saw to the process that started them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test.signals import template_rendered

PACKAGE = Path(__file__).resolve().parent.parent / "qunying"
KEY = "rendered_templates"


def all_templates(package: Path = PACKAGE) -> dict[str, str]:
    """Resolved path → where it lies in the package, of every template of ours."""
    paths = (path for path in package.rglob("*.html") if "templates" in path.parts and "tests" not in path.parts)
    return {str(path.resolve()): path.relative_to(package).as_posix() for path in paths}


def never_rendered(templates: Mapping[str, str], seen: set[str]) -> list[str]:
    """The templates, by their place in the package, that are not among the paths seen."""
    return sorted(place for path, place in templates.items() if path not in seen)


class Rendered:
    """What was rendered in this process and, at the end, in the workers."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def note(self, template: Any, **_: object) -> None:
        """Receives Django's signal; templates made from strings have no file."""
        origin = getattr(template, "origin", None)
        if origin is not None and origin.name:
            self.seen.add(str(Path(origin.name).resolve()))

    def pytest_sessionstart(self) -> None:
        """Listens from the first test on."""
        template_rendered.connect(self.note, dispatch_uid=(KEY, id(self)))

    def stop(self) -> None:
        """Listens no more."""
        template_rendered.disconnect(dispatch_uid=(KEY, id(self)))

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """A worker hands over what it saw; whoever has all of it judges, after the workers have ended."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[KEY] = sorted(self.seen)
        yield
        if output is None and session.exitstatus == pytest.ExitCode.OK and never_rendered(all_templates(), self.seen):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes over what a worker saw."""
        self.seen.update(getattr(node, "workeroutput", {}).get(KEY, ()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Names the templates nobody rendered."""
        missing = never_rendered(all_templates(), self.seen)
        if missing:
            terminalreporter.section("templates that no test rendered")
            for place in missing:
                terminalreporter.line(place, red=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch: a run of a few tests cannot render everything."""
    parser.addoption("--every-template", action="store_true", help="fail when a template of ours was never rendered")


def pytest_configure(config: pytest.Config) -> None:
    """Begins to listen where it was asked for."""
    if config.getoption("--every-template"):
        config.pluginmanager.register(Rendered(), "rendered-templates")
