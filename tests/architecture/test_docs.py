"""The docs are tested: what exists is described, and what is described exists."""

from __future__ import annotations

import argparse
import dataclasses
import re
from pathlib import Path

import pytest

from qunying.insights.catalogue import CATALOGUE
from qunying.insights.journeys.catalogue import JOURNEYS
from qunying.insights.kpis.catalogue import KPIS
from qunying.kernel.facts import FACTS
from qunying.pipeline.roster import ROSTER
from qunying.runners.main import COMMANDS
from tools import make_reference
from tools.sizes import ROOT

DOCS = ROOT / "docs"
NAME = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PLANNED = "## Still to come"


def page(name: str) -> str:
    return (DOCS / "reference" / name).read_text("utf-8")


def described(name: str) -> list[str]:
    """The names in the first column of a reference page."""
    return NAME.findall(page(name))


def section(text: str, heading: str) -> str:
    """What stands under a «## » heading of a page."""
    start = text.index(heading)
    end = text.find("\n## ", start)
    return text[start : end if end > 0 else len(text)]


def test_every_fact_is_described_when_the_journal_knows_it() -> None:
    assert described("facts.md") == list(FACTS)


def test_every_setting_is_described_when_a_capability_has_it() -> None:
    for capability in ROSTER:
        names = NAME.findall(section(page("settings.md"), f"## {capability.title} `{capability.name}`"))
        assert names == [field.name for field in dataclasses.fields(capability.settings)]


def test_no_capability_is_described_when_it_is_gone() -> None:
    assert re.findall(r"^## \S+ `(\w+)`", page("settings.md"), re.MULTILINE) == [each.name for each in ROSTER]


def test_every_metric_is_described_when_the_catalogue_has_it() -> None:
    assert described("metrics.md") == [one.name for one in (*CATALOGUE, *JOURNEYS)]


def test_every_kpi_is_described_when_the_catalogue_has_it() -> None:
    assert described("kpis.md") == [one.name for one in KPIS]


def test_every_command_is_described_when_it_can_be_typed() -> None:
    assert re.findall(r"^## `qunying (\w+)`", page("commands.md"), re.MULTILINE) == list(make_reference.parsers())


def test_every_option_is_described_when_a_command_takes_it() -> None:
    for name, parser in make_reference.parsers().items():
        expected = [make_reference.spelling(action) for action in make_reference.own_actions(parser)]
        assert NAME.findall(section(page("commands.md"), f"## `qunying {name}`")) == expected, name


def test_every_option_explains_itself_when_a_person_types_it() -> None:
    unexplained = {
        f"{name} {make_reference.spelling(action)}"
        for name, parser in make_reference.parsers().items()
        for action in make_reference.own_actions(parser)
        if not action.help
    }
    assert unexplained == set()


def test_usage_names_only_commands_that_exist() -> None:
    assert sorted(set(COMMANDS) - set(make_reference.parsers())) == []


def test_every_screen_is_described_when_it_has_an_address() -> None:
    assert described("screens.md") == [each.path for each in make_reference.addresses()]


def test_every_screen_promises_something_when_it_is_ours() -> None:
    silent = [each.name for each in make_reference.addresses() if not each.promise and ":" in each.name]
    assert silent == []


def test_the_reference_is_current_when_compared_with_the_sources() -> None:
    assert make_reference.stale_pages(make_reference.make_pages(), DOCS / "reference") == []


def test_every_folder_of_the_house_is_on_the_map_and_nothing_else() -> None:
    there = section((DOCS / "map.md").read_text("utf-8"), "## The house today")
    folders = sorted(path.parent.name for path in (ROOT / "qunying").glob("*/__init__.py"))
    assert sorted(re.findall(r"^\| `qunying/(\w+)/` \|", there, re.MULTILINE)) == folders


def test_nothing_on_the_map_is_called_planned_when_it_exists() -> None:
    planned = section((DOCS / "map.md").read_text("utf-8"), PLANNED)
    named = re.findall(r"^\| `(qunying/[\w/]+)/` \|", planned, re.MULTILINE)
    assert named
    assert [name for name in named if (ROOT / name / "__init__.py").exists()] == []


def test_every_decision_is_listed_when_it_was_written_down() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text("utf-8")
    records = sorted(path.name for path in (DOCS / "decisions").glob("0*.md"))
    assert sorted(re.findall(r"\]\((0\d+[^)]*)\)", listed)) == records


@pytest.mark.parametrize("path", [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))], ids=lambda path: path.name)
def test_a_link_leads_somewhere_when_it_stands_in_the_docs(path: Path) -> None:
    targets = [target for target in LINK.findall(path.read_text("utf-8")) if not target.startswith("docs/pictures/")]
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_only_make_targets_that_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)`?", (ROOT / name).read_text("utf-8")))
    assert {"run", "test"} <= named <= targets


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_only_commands_that_exist(name: str) -> None:
    typed = set(re.findall(r"qunying ([a-z]+)\b", (ROOT / name).read_text("utf-8")))
    assert typed <= set(make_reference.parsers())


def test_a_sub_commands_arguments_are_found_when_a_command_has_sub_commands() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--settings", help="Django's own")
    parser.add_subparsers().add_parser("verify").add_argument("--community", help="only this one")
    assert [make_reference.spelling(action) for action in make_reference.own_actions(parser)] == ["--community"]


def test_a_page_is_stale_when_missing_changed_or_left_over(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("a", "utf-8")
    (tmp_path / "changed.md").write_text("a", "utf-8")
    (tmp_path / "gone.md").write_text("a", "utf-8")
    pages = {"same.md": "a", "changed.md": "b", "new.md": "c"}
    assert make_reference.stale_pages(pages, tmp_path) == ["changed.md", "gone.md", "new.md"]
    make_reference.write_pages(pages, tmp_path)
    assert make_reference.stale_pages(pages, tmp_path) == []
