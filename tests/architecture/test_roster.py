"""A capability is a folder and one line in the roster; here is what the folder must hold."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

import pytest
from django.apps import apps

from qunying.kernel.capability import Capability
from qunying.kernel.effects import EFFECTS
from qunying.kernel.facts import FACTS
from qunying.pipeline.roster import ROSTER, find_capability
from tools.sizes import ROOT

FOLDERS = ROOT / "qunying" / "capabilities"
PARAMETERS = re.compile(r"(?<!%)(?:%%)*%(?!\(\w+\)s|%)")

each_capability = pytest.mark.parametrize("capability", ROSTER, ids=[capability.name for capability in ROSTER])


def folder_of(capability: Capability) -> Path:
    return FOLDERS / capability.name


def test_every_folder_has_one_line_when_it_holds_a_capability() -> None:
    folders = sorted(path.parent.name for path in FOLDERS.glob("*/capability.py"))
    assert sorted(capability.name for capability in ROSTER) == folders


@each_capability
def test_a_capability_is_found_when_named(capability: Capability) -> None:
    assert find_capability(capability.name) is capability
    assert capability.title


@each_capability
def test_a_capability_is_known_to_django_when_it_has_tables(capability: Capability) -> None:
    if (folder_of(capability) / "models.py").exists():
        assert apps.get_app_config(capability.name).name == f"qunying.capabilities.{capability.name}"
        assert list((folder_of(capability) / "migrations").glob("0001_*.py"))


@each_capability
def test_a_setting_explains_itself_when_listed(capability: Capability) -> None:
    fields = dataclasses.fields(capability.settings)
    assert [field.name for field in fields if not field.metadata.get("help")] == []
    assert capability.settings() == capability.settings()


@each_capability
def test_settings_cannot_change_when_somebody_tries(capability: Capability) -> None:
    settings = capability.settings()
    for field in dataclasses.fields(capability.settings):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(settings, field.name, getattr(settings, field.name))


@each_capability
def test_facts_exist_when_a_capability_listens_to_them(capability: Capability) -> None:
    assert capability.facts_in - set(FACTS) == set()


@each_capability
def test_effects_exist_when_a_capability_performs_them(capability: Capability) -> None:
    assert set(capability.performs) - set(EFFECTS) == set()


@each_capability
def test_reasons_are_sentences_of_the_capability_when_listed(capability: Capability) -> None:
    for code, sentence in capability.reasons.items():
        assert code.startswith(f"{capability.name}."), code
        assert not PARAMETERS.search(sentence), f"{code}: a parameter without a name"


@each_capability
def test_a_reason_has_its_sentence_when_the_code_gives_it(capability: Capability) -> None:
    given = {
        node.value
        for path in folder_of(capability).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason" and node.args
        for node in ast.walk(node.args[0])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    endings = {code.removeprefix(f"{capability.name}.") for code in capability.reasons}
    known = {*capability.reasons, *endings}
    # a code built of a beginning and a variable is known when some sentence begins so
    unknown = {code for code in given if code not in known and not any(each.startswith(code) for each in known)}
    assert unknown == set()


@each_capability
def test_a_folder_explains_itself_when_it_is_read(capability: Capability) -> None:
    guide = (folder_of(capability) / "guide.md").read_text("utf-8")
    missing = [field.name for field in dataclasses.fields(capability.settings) if f"`{field.name}`" not in guide]
    drilled = (capability.drill_sections, capability.drill_checks, capability.drill_finds, capability.drill_deeds)
    missing += [name for names in drilled for name in names if f"`{name}`" not in guide]
    assert missing == []


@each_capability
def test_a_capability_has_a_play_when_it_is_in_the_roster(capability: Capability) -> None:
    plays = [*(ROOT / "tests" / "drills").glob("*.yaml"), *folder_of(capability).rglob("*.drill.yaml")]
    assert any(capability.name in path.read_text("utf-8") for path in plays)
