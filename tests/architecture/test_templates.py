"""Templates: no style and script between the lines, and the plug-in that tells which of them no test renders."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Engine

from tests.rendered import PACKAGE, Rendered, all_templates, never_rendered

INLINE = {
    "a style attribute": re.compile(r"<[^>{%]*\sstyle\s*=", re.IGNORECASE),
    "a script between the lines": re.compile(
        r"<script(?![^>]*\b(src=|type=\"application/json\"))[^>]*>", re.IGNORECASE
    ),
    "a handler in an attribute": re.compile(r"<[^>{%]*\son[a-z]+\s*=", re.IGNORECASE),
}
SELF_CONTAINED = {"style sheet in the page": re.compile(r"<style\b", re.IGNORECASE)}


def complaints(text: str) -> list[str]:
    """What the content policy would refuse in this template."""
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


def test_no_template_breaks_the_content_policy_when_read() -> None:
    found = {place: complaints(Path(path).read_text("utf-8")) for path, place in all_templates().items()}
    assert {place: what for place, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">x</p>',
        "<script>go()</script>",
        '<a href="/" onclick="go()">x</a>',
        "<SCRIPT defer>1</SCRIPT>",
    ],
)
def test_a_complaint_is_made_when_something_is_inline(text: str) -> None:
    assert len(complaints(text)) == 1


@pytest.mark.parametrize(
    "text",
    ['<script src="a.js"></script>', '<script type="application/json">{}</script>', '<a href="#on=1">style=</a>'],
)
def test_no_complaint_is_made_when_nothing_is_inline(text: str) -> None:
    assert complaints(text) == []


def test_every_template_is_listed_when_the_package_is_searched() -> None:
    assert "ui/templates/ui/base.html" in all_templates().values()
    assert all(Path(path).is_file() for path in all_templates())


def test_a_template_is_missed_when_no_path_of_it_was_seen() -> None:
    templates = {"/q/ui/a.html": "ui/a.html", "/q/ui/b.html": "ui/b.html"}
    assert never_rendered(templates, {"/q/ui/a.html", "/elsewhere/b.html"}) == ["ui/b.html"]


def test_included_and_extended_templates_are_seen_when_a_page_is_rendered(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_text("<{% block main %}{% endblock %}>", "utf-8")
    (tmp_path / "_row.html").write_text("一行", "utf-8")
    (tmp_path / "page.html").write_text(
        "{% extends 'base.html' %}{% block main %}{% include '_row.html' %}{% endblock %}"
    )
    rendered = Rendered()
    rendered.pytest_sessionstart()
    try:
        page = Engine(dirs=[str(tmp_path)]).get_template("page.html")
        assert page.render(Context()) == "<一行>"
    finally:
        rendered.stop()
    assert {Path(path).name for path in rendered.seen} == {"base.html", "_row.html", "page.html"}


def test_what_a_worker_saw_counts_when_it_ends() -> None:
    rendered = Rendered()
    rendered.pytest_testnodedown(SimpleNamespace(workeroutput={"rendered_templates": ["/q/a.html"]}))
    rendered.pytest_testnodedown(SimpleNamespace())  # a worker that died handed over nothing
    assert rendered.seen == {"/q/a.html"}


def test_pages_for_reading_elsewhere_are_the_only_ones_with_a_style_sheet_inside() -> None:
    inside = {
        place
        for path, place in all_templates().items()
        if SELF_CONTAINED["style sheet in the page"].search(Path(path).read_text("utf-8"))
    }
    assert {place for place in inside if not place.startswith("insights/")} == set(), PACKAGE
